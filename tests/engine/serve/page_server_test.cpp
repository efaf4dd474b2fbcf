// SPDX-License-Identifier: GPL-3.0-or-later
#include "serve/page_server.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QTcpSocket>
#include <QTest>

namespace tiphys::serve {
namespace {

/// What the server says to \p request, all of it.
QByteArray answerTo(const PageServer &server, const QByteArray &request)
{
    QTcpSocket socket;
    QByteArray answer;
    bool isOver = false;
    QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [&] { answer += socket.readAll(); });
    QObject::connect(&socket, &QTcpSocket::disconnected, &socket, [&] { isOver = true; });
    socket.connectToHost(QStringLiteral("127.0.0.1"), server.port());
    socket.write(request);
    EXPECT_TRUE(QTest::qWaitFor([&] { return isOver; }, 5000));
    return answer + socket.readAll();
}

PageServer onePage()
{
    return PageServer([](std::string_view path) {
        return path == "/metrics" ? std::optional(Page{"text/plain", "wind 7\n"}) : std::nullopt;
    });
}

TEST(PageServer, ShowsThePageOfAPath)
{
    PageServer server = onePage();
    ASSERT_TRUE(server.listen(0));
    EXPECT_EQ(answerTo(server, "GET /metrics?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\nConnection: close\r\n\r\nwind 7\n");
}

TEST(PageServer, RefusesWhatIsNotThereAndWhatIsNoGet)
{
    PageServer server = onePage();
    ASSERT_TRUE(server.listen(0));
    EXPECT_TRUE(answerTo(server, "GET / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_TRUE(answerTo(server, "POST /metrics HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
    EXPECT_TRUE(answerTo(server, "ahoy\r\n\r\n").startsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST(PageServer, EndsARequestWithoutEnd)
{
    PageServer server = onePage();
    ASSERT_TRUE(server.listen(0));
    EXPECT_EQ(answerTo(server, "GET /metrics HTTP/1.1\r\nX: " + QByteArray(20'000, 'a')), "");
}

TEST(PageServer, SaysThatAPortIsTaken)
{
    PageServer first = onePage();
    ASSERT_TRUE(first.listen(0));
    PageServer second = onePage();
    const Expected<void> listens = second.listen(first.port());
    ASSERT_FALSE(listens);
    EXPECT_EQ(listens.error().code(), ErrorCode::Unavailable);
}

} // namespace
} // namespace tiphys::serve

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
