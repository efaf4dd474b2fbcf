// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/session.h"

#include "engine/kube/fixture.h"
#include "engine/kube/tls_servers.h"

#include <QTest>

#include <fstream>

namespace tiphys::kube {
namespace {

/// The system's clock, set forward.
class MovedClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return m_system.now() + ahead; }
    ports::BootTime sinceBoot() const override { return m_system.sinceBoot() + ahead; }
    std::int64_t ahead = 0;

private:
    ports::SystemClock m_system;
};

} // namespace

TEST(Session, GivesUpTheConnectionsOfFormerCredentialsToo)
{
    const auto first = test::selfSigned();
    const auto second = test::selfSigned();
    if (!first || !second)
        GTEST_SKIP() << "openssl is not there";
    const QTemporaryDir folder;
    const std::string caFile = folder.filePath(QStringLiteral("ca.pem")).toStdString();
    std::ofstream(caFile) << first->pem;
    // It never answers.
    test::HttpServer server([](const test::SeenRequest &, const test::Responder &) {});
    QThreadPool pool;
    const auto clock = std::make_shared<MovedClock>();
    ConnectOptions options{.pool = &pool, .clock = clock};
    options.second = std::chrono::milliseconds(1);
    options.environment = [](const std::string &) { return std::string(); };
    Target target{
        .context = "test", .cluster = {.name = "c", .server = server.url(), .caFile = caFile}, .user = {}, .ns = {}};
    const auto session = std::make_shared<Session>(std::move(target), std::move(options));
    CancelSource end;
    HttpRequest request;
    request.path = "/before";
    Async<HttpAnswer> before = session->send(request, end.token());
    ASSERT_TRUE(QTest::qWaitFor([&] { return server.seen().size() == 1; }));
    const std::shared_ptr<Transport> transport = session->transport();

    std::ofstream(caFile) << second->pem;
    clock->ahead = 360'000;
    request.path = "/after";
    Async<HttpAnswer> after = session->send(request, end.token());
    ASSERT_TRUE(QTest::qWaitFor([&] { return server.seen().size() == 2; }));
    ASSERT_NE(session->transport(), transport);

    // Both are reads: each is sent once more, over a new connection.
    session->dropConnections();
    EXPECT_TRUE(QTest::qWaitFor([&] { return server.seen().size() == 4; }));
    const auto sent = [&server](const std::string &path) {
        return std::ranges::count(server.seen(), path, &test::SeenRequest::path);
    };
    EXPECT_EQ(sent("/before"), 2);
    EXPECT_EQ(sent("/after"), 2);
    end.cancel();
    EXPECT_FALSE(async::waitFor(std::move(before)));
    EXPECT_FALSE(async::waitFor(std::move(after)));
    pool.waitForDone();
}

} // namespace tiphys::kube
