// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/wait_for.h"
#include "fetch/qt_http.h"

#include <QCoreApplication>
#include <QTcpServer>
#include <QTcpSocket>
#include <gtest/gtest.h>

#include <functional>

using namespace tiphys;

namespace {

/// Whether \p request, in lower case, has come with its body.
bool isWhole(const std::string &request)
{
    const auto end = request.find("\r\n\r\n");
    const auto length = request.find("content-length: ");
    if (end == std::string::npos)
        return false;
    return length == std::string::npos || request.size() - end - 4 >= std::stoul(request.substr(length + 16));
}

/// Answers requests on loopback with what \p respond makes of them (in lower case); "" leaves them without an answer.
class Server
{
public:
    explicit Server(std::function<std::string(const std::string &request)> respond) : m_respond(std::move(respond))
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket,
                             [this, socket, received = std::string()]() mutable {
                                 received += socket->readAll().toLower().toStdString();
                                 if (!isWhole(received))
                                     return;
                                 requests.push_back(received);
                                 const std::string answer = m_respond(requests.back());
                                 if (answer.empty())
                                     return;
                                 socket->write(QByteArray::fromStdString(answer));
                                 socket->disconnectFromHost();
                             });
        });
    }

    std::string url(const std::string &path) const
    {
        return "http://127.0.0.1:" + std::to_string(m_server.serverPort()) + path;
    }

    std::vector<std::string> requests;

private:
    QTcpServer m_server;
    std::function<std::string(const std::string &)> m_respond;
};

std::string response(const std::string &status, const std::string &body, const std::string &headers = {})
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n"
           + headers + "\r\n" + body;
}

Expected<ports::HttpAnswer> sent(ports::HttpRequest request, CancelToken cancel = {})
{
    return async::waitFor(fetch::qtHttp()->send(std::move(request), std::move(cancel)));
}

} // namespace

TEST(Http, GivesStatusHeadersAndBodyOfAnyAnswer)
{
    Server server([](const std::string &) { return response("404 Not Found", "no such thing", "X-Kind: test\r\n"); });
    const auto answer = sent({.url = server.url("/a?b=c")});
    ASSERT_TRUE(answer.has_value()) << answer.error().text();
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->body, "no such thing");
    EXPECT_EQ(answer->headers.at("x-kind"), "test");
    EXPECT_TRUE(server.requests.front().starts_with("get /a?b=c http/1.1"));
}

TEST(Http, SendsMethodHeadersAndBody)
{
    Server server([](const std::string &) { return response("200 OK", "ok"); });
    const auto answer = sent({.method = "POST", .url = server.url("/"), .headers = {{"X-One", "1"}}, .body = "hello"});
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(server.requests.front().starts_with("post / "));
    EXPECT_TRUE(server.requests.front().contains("x-one: 1\r\n"));
    EXPECT_TRUE(server.requests.front().ends_with("hello"));
}

TEST(Http, AuthorizationStaysAtItsOriginWhenRedirected)
{
    Server other([](const std::string &) { return response("200 OK", "there"); });
    Server server([&](const std::string &request) {
        return request.starts_with("get /here") ? response("302 Found", "", "Location: /again\r\n")
                                                : response("302 Found", "", "Location: " + other.url("/x") + "\r\n");
    });
    const auto answer = sent({.url = server.url("/here"), .headers = {{"Authorization", "Bearer secret"}}});
    ASSERT_TRUE(answer.has_value()) << answer.error().text();
    EXPECT_EQ(answer->body, "there");
    EXPECT_EQ(answer->url, other.url("/x"));
    EXPECT_TRUE(server.requests.at(1).contains("bearer secret"));
    EXPECT_FALSE(other.requests.front().contains("secret"));
}

TEST(Http, ABodyIsSentAgainOnlyWhereTheRedirectSaysSo)
{
    for (const auto &[status, isRepeated] : std::vector<std::pair<std::string, bool>>{{"301 Moved", false},
                                                                                      {"302 Found", false},
                                                                                      {"303 See Other", false},
                                                                                      {"307 Temporary", true},
                                                                                      {"308 Permanent", true}}) {
        Server server([&status](const std::string &request) {
            return request.starts_with("post /here") ? response(status, "", "Location: /there\r\n")
                                                     : response("200 OK", "ok");
        });
        ASSERT_TRUE(sent({.method = "POST", .url = server.url("/here"), .body = "hello"})) << status;
        const std::string &last = server.requests.back();
        EXPECT_TRUE(last.starts_with(isRepeated ? "post /there" : "get /there")) << last;
        EXPECT_EQ(last.ends_with("hello"), isRepeated) << last;
    }
}

TEST(Http, RedirectsEnd)
{
    Server server([](const std::string &) { return response("302 Found", "", "Location: /again\r\n"); });
    const auto answer = sent({.url = server.url("/")});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(server.requests.size(), 11u);
    EXPECT_EQ(sent({.url = server.url("/"), .followsRedirects = false})->status, 302);
}

TEST(Http, AnAnswerThatIsTooLargeIsCutOff)
{
    Server server([](const std::string &) { return response("200 OK", std::string(100'000, 'x')); });
    const auto answer = sent({.url = server.url("/"), .limitBytes = 1000});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code(), ErrorCode::LimitExceeded);
}

TEST(Http, ASilentServerIsGivenUp)
{
    Server server([](const std::string &) { return std::string(); });
    const auto answer = sent({.url = server.url("/secret?token=t"), .timeout = std::chrono::milliseconds(100)});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code(), ErrorCode::Timeout);
    EXPECT_FALSE(answer.error().text().contains("token"));
}

TEST(Http, CancellingEndsIt)
{
    CancelSource source;
    Server server([&](const std::string &) {
        source.cancel();
        return std::string();
    });
    const auto answer = sent({.url = server.url("/")}, source.token());
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code(), ErrorCode::Cancelled);
}

TEST(Http, NamesTheHostThatIsNotReached)
{
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    const std::string host = "http://127.0.0.1:" + std::to_string(closed.serverPort());
    closed.close();
    const auto answer = sent({.url = host + "/x"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code(), ErrorCode::Unavailable);
    EXPECT_TRUE(answer.error().text().starts_with(host + ": ")) << answer.error().text();
}

TEST(Http, BadInputIsNamed)
{
    for (const char *url : {"", "ftp://host/x", "not a url", "http://"})
        EXPECT_EQ(sent({.url = url}).error().code(), ErrorCode::InvalidInput) << url;
    EXPECT_EQ(sent({.url = "https://127.0.0.1:1/", .security = {.caPem = "nothing"}}).error().code(),
              ErrorCode::InvalidInput);
    EXPECT_EQ(sent({.url = "http://127.0.0.1:1/", .security = {.proxy = "https://p:1"}}).error().code(),
              ErrorCode::Unsupported);
    Server server([](const std::string &) { return response("200 OK", "ok"); });
    const ports::HttpPtr http = fetch::qtHttp();
    for (const char *attempt : {"first", "second"}) {
        const auto answer =
            async::waitFor(http->send({.url = server.url("/"), .security = {.proxy = "https://p:1"}}, {}));
        ASSERT_FALSE(answer.has_value()) << attempt << ": the proxy was passed by";
        EXPECT_EQ(answer.error().code(), ErrorCode::Unsupported) << attempt;
    }
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
