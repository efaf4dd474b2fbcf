// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kube/fixture.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;
using object::Object;
using object::Value;

namespace {

class ApiClusterOnHttp : public OnHttpServer
{
};

const ports::ObjectRef kRef{kConfigMaps, "shop", "a"};

Object sampleObject()
{
    return Object(Value::map({{"apiVersion", "v1"},
                              {"kind", "ConfigMap"},
                              {"metadata", Value::map({{"name", "a"}, {"namespace", "shop"}})}}));
}

} // namespace

TEST_F(ApiClusterOnHttp, ListsPageByPage)
{
    std::vector<std::size_t> progress;
    const ports::ClusterPtr api = cluster([](const SeenRequest &request, const Responder &responder) {
        const bool isFirst = request.path.find("continue=") == std::string::npos;
        responder.answer(200, isFirst ? R"({"metadata":{"resourceVersion":"9","continue":"x y"},"items":[)"
                                            + configMap("s", "a", "1") + "]}"
                                      : R"({"metadata":{"resourceVersion":"9"},"items":[)" + configMap("s", "b", "2")
                                            + "]}");
    });
    ports::ListOptions options;
    options.pageSize = 1;
    options.onProgress = [&](std::size_t loaded, std::size_t) { progress.push_back(loaded); };
    const Expected<ports::ObjectList> list = async::waitFor(api->list(kConfigMaps, options, {}));
    ASSERT_TRUE(list) << list.error().text();
    EXPECT_EQ(list->items.size(), 2u);
    EXPECT_EQ(list->resourceVersion, "9");
    EXPECT_EQ(progress, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(m_server->seen().at(1).path, "/api/v1/configmaps?limit=1&continue=x%20y");
}

TEST_F(ApiClusterOnHttp, ListsAnewWhenALaterPageExpires)
{
    const ports::ClusterPtr api = cluster([](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("continue=") != std::string::npos)
            responder.answer(410, status(410, "Expired", "too old"));
        else if (request.path.find("limit=0") != std::string::npos)
            responder.answer(200, R"({"metadata":{"resourceVersion":"8"},"items":[)" + configMap("s", "b", "2") + "]}");
        else
            responder.answer(200, R"({"metadata":{"resourceVersion":"7","continue":"x"},"items":[)"
                                      + configMap("s", "a", "1") + "]}");
    });
    const Expected<ports::ObjectList> list = async::waitFor(api->list(kConfigMaps, {}, {}));
    ASSERT_TRUE(list) << list.error().text();
    ASSERT_EQ(list->items.size(), 1u);
    EXPECT_EQ(list->items[0].name(), "b");
}

TEST_F(ApiClusterOnHttp, RepeatsWhatTheServerRefusesForNow)
{
    int asked = 0;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &responder) {
        if (++asked < 4)
            responder.answer(429, "slow down", "Retry-After: 1\r\n");
        else
            responder.answer(201, configMap("shop", "a", "1"));
    });
    const Expected<ports::Written> written = async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {}));
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(asked, 4);
    EXPECT_EQ(m_server->seen().back().body, m_server->seen().front().body);
}

TEST_F(ApiClusterOnHttp, GivesUpAfterTenRefusals)
{
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &responder) {
        responder.answer(429, status(429, "TooManyRequests", "slow down"), "Retry-After: 1\r\n");
    });
    const Expected<Object> got = async::waitFor(api->get(kRef, {}, {}));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code(), ErrorCode::Unavailable);
    EXPECT_EQ(m_server->seen().size(), 11u);
}

TEST_F(ApiClusterOnHttp, DoesNotWaitForAServerThatAsksForADay)
{
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &responder) {
        responder.answer(429, status(429, "TooManyRequests", "slow down"), "Retry-After: 86400\r\n");
    });
    const Expected<Object> got = async::waitFor(api->get(kRef, {}, {}));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code(), ErrorCode::Unavailable);
    EXPECT_EQ(got.error().message(), "slow down: the server asks to wait 86400 seconds before the next try");
    EXPECT_EQ(m_server->seen().size(), 1u);
}

TEST_F(ApiClusterOnHttp, WaitsTwoMinutesForAServerInAll)
{
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &responder) {
        responder.answer(429, status(429, "TooManyRequests", "slow down"), "Retry-After: 50\r\n");
    });
    ASSERT_FALSE(async::waitFor(api->get(kRef, {}, {})));
    EXPECT_EQ(m_server->seen().size(), 3u);
}

TEST_F(ApiClusterOnHttp, AWriteWhoseAnswerIsLostIsUnknownAndNotRepeated)
{
    for (const char *method : {"POST", "PATCH", "PUT", "DELETE"}) {
        const ports::ClusterPtr api =
            cluster([&](const SeenRequest &, const Responder &responder) { responder.drop(); });
        std::optional<Error> error;
        if (std::string(method) == "POST")
            error = async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {})).error();
        else if (std::string(method) == "PATCH")
            error = async::waitFor(api->patch(kRef, {ports::PatchType::Merge, Value::map({})}, {}, {})).error();
        else if (std::string(method) == "PUT")
            error = async::waitFor(api->replace(kConfigMaps, sampleObject(), {}, {})).error();
        else
            error = async::waitFor(api->remove(kRef, {}, {})).error();
        EXPECT_EQ(error->code(), ErrorCode::Unknown) << method << ": " << error->text();
        EXPECT_EQ(m_server->count(method), 1u) << method;
    }
}

TEST_F(ApiClusterOnHttp, AWriteOnAConnectionThatDiesIsUnknownAndNotRepeated)
{
    const ports::ClusterPtr api = cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.method == "GET")
            responder.answer(200, configMap("shop", "a", "1"));
        else
            responder.drop();
    });
    ASSERT_TRUE(async::waitFor(api->get(kRef, {}, {}))); // leaves an open connection behind
    const Expected<ports::Written> written = async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {}));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::Unknown) << written.error().text();
    EXPECT_EQ(m_server->count("POST"), 1u);
}

TEST_F(ApiClusterOnHttp, AWriteThatNeverLeftIsNotUnknown)
{
    const ports::ClusterPtr api = cluster([](const SeenRequest &, const Responder &) {});
    m_server.reset(); // nobody listens any more
    const Expected<ports::Written> written = async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {}));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::Unavailable) << written.error().text();
    EXPECT_EQ(written.error().reason(), kNotSent);
}

TEST_F(ApiClusterOnHttp, ACancelledWriteThatWasSentIsUnknown)
{
    CancelSource source;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &) { source.cancel(); });
    const Expected<ports::Written> written =
        async::waitFor(api->create(kConfigMaps, sampleObject(), {}, source.token()));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::Unknown) << written.error().text();
}

TEST_F(ApiClusterOnHttp, ALostReadIsRepeatedOnce)
{
    int asked = 0;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &responder) {
        if (++asked == 1)
            responder.drop();
        else
            responder.answer(200, configMap("shop", "a", "1"));
    });
    const Expected<Object> got = async::waitFor(api->get(kRef, {}, {}));
    ASSERT_TRUE(got) << got.error().text();
}

TEST_F(ApiClusterOnHttp, ACancelledReadEnds)
{
    CancelSource source;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &, const Responder &) { source.cancel(); });
    const Expected<Object> got = async::waitFor(api->get(kRef, {}, source.token()));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code(), ErrorCode::Cancelled);
}

TEST_F(ApiClusterOnHttp, FollowsRedirectsOnTheServerOnly)
{
    HttpServer other([](const SeenRequest &, const Responder &responder) { responder.answer(200, "{}"); });
    const ports::ClusterPtr api = cluster(
        [&](const SeenRequest &request, const Responder &responder) {
            if (request.path == "/here")
                responder.answer(302, "", "Location: /there?x=1\r\n");
            else if (request.path == "/away")
                responder.answer(302, "", "Location: " + other.url() + "/steal\r\n");
            else
                responder.answer(200, "arrived");
        },
        {.impersonation = {.user = "jane"}});
    EXPECT_EQ(async::waitFor(api->getRaw("/here", {})), "arrived");
    const Expected<std::string> away = async::waitFor(api->getRaw("/away", {}));
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code(), ErrorCode::Unsupported);
    EXPECT_TRUE(other.seen().empty()) << "credentials must not leave the server";
}

TEST_F(ApiClusterOnHttp, SendsImpersonationHeaders)
{
    const ports::ClusterPtr api =
        cluster([](const SeenRequest &, const Responder &responder) { responder.answer(200, "{}"); },
                {.impersonation = {"jane", "7", {"g1"}, {{"Reason/x", {"r"}}}}});
    ASSERT_TRUE(async::waitFor(api->getRaw("/version", {})));
    const std::map<std::string, std::string> &headers = m_server->seen().at(0).headers;
    EXPECT_EQ(headers.at("impersonate-user"), "jane");
    EXPECT_EQ(headers.at("impersonate-uid"), "7");
    EXPECT_EQ(headers.at("impersonate-group"), "g1");
    EXPECT_EQ(headers.at("impersonate-extra-reason%2fx"), "r");
}

TEST_F(ApiClusterOnHttp, ReadsATokenFileAgainWhenItIsRefused)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("token"));
    const auto write = [&](const char *token) {
        QFile file(path);
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(token);
    };
    write("old\n");
    std::string accepted = "Bearer old";
    const ports::ClusterPtr api = cluster(
        [&](const SeenRequest &request, const Responder &responder) {
            const bool isKnown = request.headers.at("authorization") == accepted;
            responder.answer(isKnown ? 201 : 401,
                             isKnown ? configMap("shop", "a", "1") : status(401, "Unauthorized", "Unauthorized"));
        },
        {.tokenFile = path.toStdString()});
    ASSERT_TRUE(async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {})));
    accepted = "Bearer new";
    write("new");
    EXPECT_TRUE(async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {})))
        << "a refused write was not done, so it is sent again";
    EXPECT_EQ(m_server->seen().size(), 3u);
    accepted = "none";
    const Expected<Object> refused = async::waitFor(api->get(kRef, {}, {}));
    EXPECT_EQ(refused.error().code(), ErrorCode::Unauthorized);
    EXPECT_EQ(m_server->seen().size(), 5u) << "one second try, not more";
}

TEST_F(ApiClusterOnHttp, NamesATokenFileThatIsMissing)
{
    const ports::ClusterPtr api =
        cluster([](const SeenRequest &, const Responder &) {}, {.name = "u", .tokenFile = "/no/such/token"});
    EXPECT_EQ(async::waitFor(api->getRaw("/x", {})).error().text(),
              "tokenFile of user 'u': open /no/such/token: no such file or directory");
}

TEST_F(ApiClusterOnHttp, ASingleObjectGoesPastListsThatTakeTurns)
{
    std::vector<Responder> waiting;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("limit=") != std::string::npos)
            waiting.push_back(responder);
        else
            responder.answer(200, configMap("shop", "a", "1"));
    });
    std::vector<Async<ports::ObjectList>> lists;
    for (int i = 0; i < 100; ++i)
        lists.push_back(api->list(kConfigMaps, {}, {}));
    EXPECT_TRUE(async::waitFor(api->get(kRef, {}, {}))) << "while no list is answered";
    EXPECT_LT(waiting.size(), 30u);
    ASSERT_TRUE(QTest::qWaitFor([&] {
        for (const Responder &responder : std::exchange(waiting, {}))
            responder.answer(200, R"({"metadata":{"resourceVersion":"1"},"items":[]})");
        return m_server->seen().size() == 101;
    }));
    for (const Responder &responder : std::exchange(waiting, {}))
        responder.answer(200, R"({"metadata":{"resourceVersion":"1"},"items":[]})");
    for (Async<ports::ObjectList> &list : lists)
        EXPECT_TRUE(async::waitFor(std::move(list)));
    m_server->fallSilent();
}

TEST_F(ApiClusterOnHttp, NoticesThatAConnectionIsDead)
{
    bool isAlive = true;
    m_server = std::make_unique<HttpServer>([&](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("/log") != std::string::npos) {
            responder.beginChunks();
            responder.chunk("first\n");
        } else if (isAlive) {
            responder.answer(403, status(403, "Forbidden", "no"));
        }
    });
    ConnectOptions quick = options(&m_pool);
    quick.limits.idle = std::chrono::milliseconds(60);
    quick.limits.probe = std::chrono::milliseconds(100);
    const ports::ClusterPtr api =
        connect(
            Target{.context = "test", .cluster = {.name = "c", .server = m_server->url()}, .user = {}, .ns = "shop"},
            quick)
            .value();
    std::vector<std::string> lines;
    Async<void> following =
        api->logs({{"", "v1", "pods", "Pod", true}, "shop", "web"}, {.follows = true},
                  [&](std::vector<std::string> more) { lines.insert(lines.end(), more.begin(), more.end()); }, {});
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_server->seen().size() >= 3; }))
        << "a silent one is probed, again and again";
    EXPECT_EQ(m_server->seen().back().path, "/version");
    EXPECT_EQ(lines, std::vector<std::string>{"first"});
    isAlive = false;
    const Expected<void> ended = async::waitFor(std::move(following));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), ErrorCode::Unavailable);
    EXPECT_TRUE(ended.error().message().ends_with("was lost: the server does not answer any more"))
        << ended.error().text();
    m_server->fallSilent();
}

TEST_F(ApiClusterOnHttp, LeavesADeadConnectionLongBeforeARequestTimesOut)
{
    int asked = 0;
    m_server = std::make_unique<HttpServer>([&](const SeenRequest &request, const Responder &responder) {
        // Until it is given up nothing is answered at all.
        if (request.path != "/version" && ++asked > 1)
            responder.answer(200, configMap("shop", "a", "1"));
    });
    ConnectOptions quick = options(&m_pool);
    quick.limits.idle = std::chrono::milliseconds(60);
    quick.limits.probe = std::chrono::milliseconds(100);
    const Target target{
        .context = "test", .cluster = {.name = "c", .server = m_server->url()}, .user = {}, .ns = "shop"};
    const ports::ClusterPtr api = connect(target, quick).value();
    QElapsedTimer time;
    time.start();
    const Expected<Object> got = async::waitFor(api->get(kRef, {}, {}));
    EXPECT_TRUE(got) << got.error().text();
    EXPECT_EQ(asked, 2) << "a read is repeated";
    EXPECT_LT(time.elapsed(), 20'000);

    asked = -10;
    const Expected<ports::Written> written = async::waitFor(api->create(kConfigMaps, sampleObject(), {}, {}));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::Unknown) << written.error().text();
    EXPECT_EQ(asked, -9) << "a write is not";
    m_server->fallSilent();
}

TEST_F(ApiClusterOnHttp, WaitsForASlowAnswerOfAServerThatIsThere)
{
    std::vector<Responder> slow;
    m_server = std::make_unique<HttpServer>([&](const SeenRequest &request, const Responder &responder) {
        if (request.path != "/version")
            slow.push_back(responder);
        else
            responder.answer(200, "{}");
    });
    ConnectOptions quick = options(&m_pool);
    quick.limits.idle = std::chrono::milliseconds(60);
    quick.limits.probe = std::chrono::seconds(5);
    const Target target{
        .context = "test", .cluster = {.name = "c", .server = m_server->url()}, .user = {}, .ns = "shop"};
    const ports::ClusterPtr api = connect(target, quick).value();
    Async<Object> asking = api->get(kRef, {}, {});
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_server->seen().size() >= 4; })) << "it is probed, again and again";
    ASSERT_EQ(slow.size(), 1u);
    slow.front().answer(200, configMap("shop", "a", "1"));
    EXPECT_TRUE(async::waitFor(std::move(asking)));
    m_server->fallSilent();
}

TEST_F(ApiClusterOnHttp, GivesWarningsOfAWrite)
{
    const ports::ClusterPtr api = cluster([](const SeenRequest &, const Responder &responder) {
        responder.answer(201, configMap("shop", "a", "1"), "Warning: 299 - \"deprecated\"\r\n");
    });
    const Expected<ports::Written> written =
        async::waitFor(api->create(kConfigMaps, sampleObject(), {.dryRun = ports::DryRun::All}, {}));
    ASSERT_TRUE(written);
    EXPECT_EQ(written->warnings, std::vector<std::string>{"deprecated"});
    EXPECT_EQ(m_server->seen().at(0).path,
              "/api/v1/namespaces/shop/configmaps?fieldManager=tiphys&dryRun=All&fieldValidation=Warn");
}

TEST_F(ApiClusterOnHttp, KeepsAnswersAboutRights)
{
    const ports::ClusterPtr api = cluster([](const SeenRequest &, const Responder &responder) {
        responder.answer(201, R"({"status":{"allowed":true,"reason":"RBAC"}})");
    });
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(async::waitFor(api->canI({"get", "", "pods"}, {})), (ports::Access{true, "RBAC"}));
    EXPECT_EQ(m_server->seen().size(), 1u);
}

TEST_F(ApiClusterOnHttp, AsksAnewForRightsWhenTheCredentialsChange)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("token"));
    const auto write = [&](const char *token) {
        QFile file(path);
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(token);
    };
    write("ann");
    std::string accepted = "Bearer ann";
    const ports::ClusterPtr api = cluster(
        [&](const SeenRequest &request, const Responder &responder) {
            const std::string who = request.headers.at("authorization");
            if (who != accepted)
                responder.answer(401, status(401, "Unauthorized", "Unauthorized"));
            else if (request.path.find("selfsubjectreviews") != std::string::npos)
                responder.answer(201, R"({"status":{"userInfo":{"username":")" + who.substr(7) + R"("}}})");
            else
                responder.answer(201, who == "Bearer ann" ? R"({"status":{"allowed":true}})"
                                                          : R"({"status":{"allowed":false}})");
        },
        {.tokenFile = path.toStdString()});
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(async::waitFor(api->selfSubject({}))->name, "ann");
        EXPECT_TRUE(async::waitFor(api->canI({"get", "", "pods"}, {}))->isAllowed);
        EXPECT_TRUE(async::waitFor(api->rules("shop", {})));
    }
    EXPECT_EQ(m_server->seen().size(), 3u);
    accepted = "Bearer bob";
    write("bob");
    EXPECT_TRUE(async::waitFor(api->getRaw("/version", {})));
    const std::size_t asked = m_server->seen().size();
    EXPECT_EQ(async::waitFor(api->selfSubject({}))->name, "bob");
    EXPECT_FALSE(async::waitFor(api->canI({"get", "", "pods"}, {}))->isAllowed);
    EXPECT_TRUE(async::waitFor(api->rules("shop", {})));
    EXPECT_EQ(m_server->seen().size(), asked + 3);
}

TEST_F(ApiClusterOnHttp, StreamsLogLinesWhateverTheirPieces)
{
    std::vector<std::string> got;
    const ports::ClusterPtr api = cluster([](const SeenRequest &, const Responder &responder) {
        responder.beginChunks();
        responder.chunk("one\ntw");
        responder.chunk("o\r\nthree");
        responder.endChunks();
    });
    const ports::ObjectRef pod{{"", "v1", "pods", "Pod", true}, "shop", "p"};
    const Expected<void> ended = async::waitFor(
        api->logs(pod, {.tailLines = 5},
                  [&](std::vector<std::string> lines) { got.insert(got.end(), lines.begin(), lines.end()); }, {}));
    ASSERT_TRUE(ended) << ended.error().text();
    EXPECT_EQ(got, (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(m_server->seen().at(0).path, "/api/v1/namespaces/shop/pods/p/log?tailLines=5");
}

TEST_F(ApiClusterOnHttp, GivesALogLineThatNeverEndsInPieces)
{
    std::size_t got = 0;
    const ports::ClusterPtr api = cluster([](const SeenRequest &, const Responder &responder) {
        responder.beginChunks();
        responder.chunk(std::string((1 << 20) + 10, '.'));
    });
    CancelSource source;
    const ports::ObjectRef pod{{"", "v1", "pods", "Pod", true}, "shop", "p"};
    Async<void> following = api->logs(
        pod, {.follows = true},
        [&](std::vector<std::string> lines) {
            for (const std::string &line : lines)
                got += line.size();
        },
        source.token());
    EXPECT_TRUE(QTest::qWaitFor([&] { return got > std::size_t(1) << 20; }));
    source.cancel();
    EXPECT_EQ(async::waitFor(std::move(following)).error().code(), ErrorCode::Cancelled);
}

TEST_F(ApiClusterOnHttp, RefusesAnAnswerBeyondTheLimit)
{
    HttpServer server(
        [](const SeenRequest &, const Responder &responder) { responder.answer(200, std::string(5000, ' ') + "{}"); });
    ConnectOptions limited = options(&m_pool);
    limited.limits.bytes = 1000;
    const ports::ClusterPtr api = connect(Target{.cluster = {.server = server.url()}}, limited).value();
    EXPECT_EQ(async::waitFor(api->getRaw("/x", {})).error().code(), ErrorCode::LimitExceeded);
}

TEST_F(ApiClusterOnHttp, EndsAFollowedLogThatIsSilentForTooLong)
{
    HttpServer server([](const SeenRequest &, const Responder &responder) {
        responder.beginChunks();
        responder.chunk("one\n");
    });
    ConnectOptions impatient = options(&m_pool);
    impatient.watchSilence = std::chrono::milliseconds(400);
    const ports::ClusterPtr api = connect(Target{.cluster = {.server = server.url()}}, impatient).value();
    bool isStarted = false;
    std::vector<std::string> got;
    const ports::ObjectRef pod{{"", "v1", "pods", "Pod", true}, "shop", "p"};
    ports::LogOptions following{.follows = true};
    following.onStarted = [&isStarted] { isStarted = true; };
    const Expected<void> ended = async::waitFor(
        api->logs(pod, following,
                  [&](std::vector<std::string> lines) { got.insert(got.end(), lines.begin(), lines.end()); }, {}));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), ErrorCode::Timeout);
    EXPECT_TRUE(isStarted);
    EXPECT_EQ(got, std::vector<std::string>{"one"});
}

TEST_F(ApiClusterOnHttp, EndsALogThatIsReadOnceAndIsSilentForTooLong)
{
    HttpServer server([](const SeenRequest &, const Responder &responder) { responder.beginChunks(); });
    ConnectOptions impatient = options(&m_pool);
    impatient.watchSilence = std::chrono::milliseconds(20);
    const ports::ClusterPtr api = connect(Target{.cluster = {.server = server.url()}}, impatient).value();
    const ports::ObjectRef pod{{"", "v1", "pods", "Pod", true}, "shop", "p"};
    const Expected<void> ended = async::waitFor(api->logs(pod, {}, [](std::vector<std::string>) {}, {}));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), ErrorCode::Timeout) << ended.error().text();
}

TEST_F(ApiClusterOnHttp, EndsAWatchThatIsSilentForTooLong)
{
    HttpServer server([](const SeenRequest &, const Responder &responder) { responder.beginChunks(); });
    ConnectOptions impatient = options(&m_pool);
    impatient.watchSilence = std::chrono::milliseconds(20);
    const ports::ClusterPtr api = connect(Target{.cluster = {.server = server.url()}}, impatient).value();
    const Expected<void> ended = async::waitFor(api->watch(kConfigMaps, {}, [](std::vector<ports::WatchEvent>) {}, {}));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), ErrorCode::Timeout) << ended.error().text();
}

TEST_F(ApiClusterOnHttp, WatchesMoreThanSixThingsOverPlainHttp)
{
    const ports::ClusterPtr api = cluster([](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("watch=true") == std::string::npos) {
            responder.answer(200, "{}");
            return;
        }
        responder.beginChunks();
        responder.chunk(event("ADDED", configMap("s", "a", "1")));
    });
    CancelSource stop;
    int events = 0;
    std::vector<Async<void>> watches;
    for (int i = 0; i < 150; ++i) {
        watches.push_back(api->watch(
            kConfigMaps, {},
            [&](std::vector<ports::WatchEvent> batch) {
                events += static_cast<int>(batch.size());
                if (events == 150)
                    stop.cancel();
            },
            stop.token()));
    }
    for (Async<void> &watch : watches)
        EXPECT_EQ(async::waitFor(std::move(watch)).error().code(), ErrorCode::Cancelled);
    EXPECT_EQ(events, 150);
    EXPECT_TRUE(async::waitFor(api->getRaw("/x", {})));
}
