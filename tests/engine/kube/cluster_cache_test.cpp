// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kube/fixture.h"
#include "kube/cluster_cache.h"

#include <QTest>

#include <algorithm>

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;

namespace {

class ClusterCacheOnHttp : public OnHttpServer
{
protected:
    ports::ClusterCachePtr cache(ports::ClusterPtr cluster, std::vector<std::string> knownNamespaces = {})
    {
        m_cache = makeClusterCache(std::move(cluster), {.clock = std::make_shared<ports::SystemClock>(),
                                                        .linger = std::chrono::milliseconds(0),
                                                        .firstBackoff = std::chrono::milliseconds(1),
                                                        .lastBackoff = std::chrono::milliseconds(5),
                                                        .deniedRetry = std::chrono::milliseconds(5),
                                                        .knownNamespaces = std::move(knownNamespaces)});
        return m_cache;
    }
    void TearDown() override
    {
        if (m_server)
            m_server->fallSilent();
        m_user.reset();
        if (m_cache) {
            EXPECT_TRUE(async::waitFor(m_cache->close()));
        }
    }
    void use(std::string ns = {})
    {
        m_user = m_cache->use({.type = kConfigMaps, .ns = std::move(ns)},
                              [this](ports::CacheSnapshotPtr snapshot) { m_seen.push_back(snapshot); });
    }
    std::string names() const
    {
        std::string text;
        for (const object::Object &object : m_user->snapshot()->objects.sorted())
            text += std::string(object.ns()) + "/" + std::string(object.name()) + "@"
                    + std::string(object.resourceVersion()) + " ";
        return text;
    }
    bool waitForNames(const std::string &wanted)
    {
        return QTest::qWaitFor([&] { return names() == wanted; });
    }

    ports::ClusterCachePtr m_cache;
    ports::CacheUserPtr m_user;
    std::vector<ports::CacheSnapshotPtr> m_seen;
};

bool isWatch(const SeenRequest &request)
{
    return request.path.find("watch=true") != std::string::npos;
}

std::string listOf(const std::string &version, const std::string &items)
{
    return R"({"metadata":{"resourceVersion":")" + version + R"("},"items":[)" + items + "]}";
}

} // namespace

TEST_F(ClusterCacheOnHttp, FollowsListAndWatch)
{
    cache(cluster([](const SeenRequest &request, const Responder &responder) {
        if (!isWatch(request)) {
            responder.answer(200, listOf("5", configMap("s", "a", "1") + "," + configMap("s", "b", "2")));
            return;
        }
        responder.beginChunks();
        responder.chunk(event("MODIFIED", configMap("s", "a", "6")) + event("DELETED", configMap("s", "b", "7"))
                        + event("ADDED", configMap("t", "c", "8")));
    }));
    use();
    EXPECT_EQ(m_user->snapshot()->state, ports::CacheState::Listing);
    ASSERT_TRUE(async::waitFor(m_user->synced({})));
    EXPECT_TRUE(waitForNames("s/a@6 t/c@8 ")) << names();
    EXPECT_EQ(m_user->snapshot()->state, ports::CacheState::Live);
    const ports::CacheSnapshot &last = *m_seen.back();
    ASSERT_EQ(last.changes.size(), 3u);
    EXPECT_EQ(last.changes[0].before.resourceVersion(), "1");
    EXPECT_EQ(last.changes[0].after.resourceVersion(), "6");
    EXPECT_TRUE(last.changes[1].after.isNull());
    EXPECT_TRUE(last.changes[2].before.isNull());
    EXPECT_EQ(last.resourceVersion, "8");
    EXPECT_NE(m_server->seen().at(1).path.find("resourceVersion=5"), std::string::npos);
}

TEST_F(ClusterCacheOnHttp, ListsAgainWhenTheVersionExpired)
{
    int lists = 0;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (!isWatch(request)) {
            ++lists;
            responder.answer(200, listOf(std::to_string(10 * lists), configMap("s", "a", std::to_string(lists))));
            return;
        }
        responder.beginChunks();
        if (lists == 1)
            responder.chunk(event("ERROR", status(410, "Expired", "too old resource version")));
    }));
    use();
    EXPECT_TRUE(waitForNames("s/a@2 ")) << names();
    EXPECT_EQ(lists, 2);
    EXPECT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Live; }));
    for (const ports::CacheSnapshotPtr &snapshot : m_seen)
        EXPECT_EQ(snapshot->objects.size(), 1u) << "the objects must not blink";
}

TEST_F(ClusterCacheOnHttp, ListsAgainWhereTheServerCannotGoOn)
{
    int lists = 0;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (!isWatch(request)) {
            ++lists;
            responder.answer(200, listOf(std::to_string(10 * lists), configMap("s", "a", std::to_string(lists))));
        } else if (lists == 1) {
            responder.answer(504, status(504, "Timeout", "Too large resource version: 10, current: 3"));
        } else {
            responder.beginChunks();
        }
    }));
    use();
    EXPECT_TRUE(waitForNames("s/a@2 ")) << "a store that was restored counts from less: " << names();
    EXPECT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Live; }));
    EXPECT_EQ(lists, 2);
}

TEST_F(ClusterCacheOnHttp, ResumesABrokenWatchFromItsLastVersion)
{
    int watches = 0;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (!isWatch(request)) {
            responder.answer(200, listOf("5", configMap("s", "a", "1")));
            return;
        }
        responder.beginChunks();
        if (++watches == 1) {
            responder.chunk(event("BOOKMARK", R"({"metadata":{"resourceVersion":"44"}})"));
            responder.endChunks();
        } else {
            responder.chunk(event("MODIFIED", configMap("s", "a", "45")));
        }
    }));
    use();
    EXPECT_TRUE(waitForNames("s/a@45 ")) << names();
    EXPECT_EQ(m_server->count("GET"), 3u);
    EXPECT_NE(m_server->seen().back().path.find("resourceVersion=44"), std::string::npos)
        << m_server->seen().back().path;
}

TEST_F(ClusterCacheOnHttp, KeepsStaleObjectsWhileTheServerIsAway)
{
    bool isAway = false;
    std::vector<Responder> watches;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (isAway) {
            responder.drop();
        } else if (!isWatch(request)) {
            responder.answer(200, listOf("5", configMap("s", "a", "1")));
        } else {
            responder.beginChunks();
            watches.push_back(responder);
        }
    }));
    use();
    ASSERT_TRUE(QTest::qWaitFor([&] { return watches.size() == 1; }));
    isAway = true;
    watches[0].drop();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Stale; }));
    EXPECT_EQ(names(), "s/a@1 ");
    EXPECT_TRUE(m_user->snapshot()->error);
    EXPECT_GT(m_user->snapshot()->retryAt, 0);
    isAway = false;
    EXPECT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Live; }));
    EXPECT_FALSE(m_user->snapshot()->error);
}

TEST_F(ClusterCacheOnHttp, WaitsBetweenWatchesThatBreakAsSoonAsTheyBegin)
{
    for (const auto &[code, reason] :
         std::vector<std::pair<int, std::string>>{{500, "InternalError"}, {410, "Expired"}}) {
        int watches = 0;
        m_cache = makeClusterCache(cluster([&](const SeenRequest &request, const Responder &responder) {
                                       if (!isWatch(request)) {
                                           responder.answer(200, listOf("5", configMap("s", "a", "1")));
                                           return;
                                       }
                                       ++watches;
                                       responder.beginChunks();
                                       responder.chunk(event("ERROR", status(code, reason, "it does not convert")));
                                   }),
                                   {.clock = std::make_shared<ports::SystemClock>(),
                                    .linger = std::chrono::milliseconds(0),
                                    .firstBackoff = std::chrono::seconds(60),
                                    .lastBackoff = std::chrono::seconds(60)});
        use();
        ASSERT_TRUE(QTest::qWaitFor([&] { return watches == 2; })) << reason;
        QTest::qWait(50);
        EXPECT_EQ(watches, 2) << reason;
        m_user.reset();
        EXPECT_TRUE(async::waitFor(m_cache->close()));
    }
}

TEST_F(ClusterCacheOnHttp, FallsBackToNamespacesWhenAllTogetherAreRefused)
{
    const auto refuse = [](const Responder &responder) {
        responder.answer(403, status(403, "Forbidden", "cannot list"));
    };
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("/namespaces/shop/") != std::string::npos && !isWatch(request))
            responder.answer(200, listOf("5", configMap("shop", "a", "1")));
        else if (request.path.find("/namespaces/extra/") != std::string::npos && !isWatch(request))
            responder.answer(200, listOf("6", configMap("extra", "b", "2")));
        else if (request.path.find("/configmaps?") != std::string::npos && isWatch(request))
            responder.beginChunks();
        else if (request.method == "POST")
            responder.answer(201, R"({"status":{"allowed":false}})");
        else
            refuse(responder);
    }));
    m_cache->setKnownNamespaces({"extra", "closed"});
    use();
    ASSERT_TRUE(async::waitFor(m_user->synced({})));
    EXPECT_TRUE(waitForNames("extra/b@2 shop/a@1 ")) << names();
    const ports::CacheSnapshotPtr snapshot = m_user->snapshot();
    EXPECT_EQ(snapshot->limitedTo, (std::vector<std::string>{"closed", "extra", "shop"}));
    EXPECT_EQ(snapshot->deniedNamespaces, std::vector<std::string>{"closed"});
    EXPECT_EQ(snapshot->state, ports::CacheState::Live);
    // Somebody else names others: those that were named before stay.
    m_cache->setKnownNamespaces({"extra", "other"});
    EXPECT_TRUE(QTest::qWaitFor([&] {
        return m_user->snapshot()->limitedTo == (std::vector<std::string>{"closed", "extra", "other", "shop"});
    }));
    EXPECT_EQ(names(), "extra/b@2 shop/a@1 ");
}

TEST_F(ClusterCacheOnHttp, LeavesOutKnownNamespacesThatAreNotAmongThoseThatThereAre)
{
    bool isThere = true;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
              if (request.path.find("/namespaces/shop/") != std::string::npos && !isWatch(request))
                  responder.answer(200, listOf("5", configMap("shop", "a", "1")));
              else if (request.path.find("/namespaces/young/") != std::string::npos && !isWatch(request) && isThere)
                  responder.answer(200, listOf("6", configMap("young", "b", "2")));
              else if (request.path.find("/configmaps?") != std::string::npos && isWatch(request))
                  responder.beginChunks();
              else if (request.path.find("/namespaces?") != std::string::npos)
                  responder.answer(200,
                                   listOf("7", R"({"metadata":{"name":"shop"}})"
                                                   + std::string(isThere ? R"(,{"metadata":{"name":"young"}})" : "")));
              else if (request.method == "POST")
                  responder.answer(201, R"({"status":{"allowed":false}})");
              else
                  responder.answer(403, status(403, "Forbidden", "cannot list"));
          }),
          {"typo"});
    m_cache->setKnownNamespaces({"gone", "young"});
    use();
    ASSERT_TRUE(waitForNames("shop/a@1 young/b@2 ")) << names();
    // What a person named is told of, whether it is there or not.
    ASSERT_TRUE(QTest::qWaitFor(
        [&] { return m_user->snapshot()->limitedTo == (std::vector<std::string>{"shop", "typo", "young"}); }));
    EXPECT_EQ(m_user->snapshot()->absentNamespaces, std::vector<std::string>{"gone"});
    EXPECT_TRUE(std::ranges::none_of(m_server->seen(), [](const SeenRequest &request) {
        return request.path.find("/namespaces/gone") != std::string::npos;
    }));

    isThere = false;
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return m_user->snapshot()->absentNamespaces == (std::vector<std::string>{"gone", "young"}); }));
    EXPECT_EQ(names(), "shop/a@1 ");
    isThere = true;
    EXPECT_TRUE(waitForNames("shop/a@1 young/b@2 ")) << names();
    EXPECT_EQ(m_user->snapshot()->absentNamespaces, std::vector<std::string>{"gone"});
}

TEST_F(ClusterCacheOnHttp, AsksForKnownNamespacesThatAreRefusedWhereNoneMayBeListed)
{
    std::string found = "closed";
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("/namespaces/shop/") != std::string::npos && !isWatch(request))
            responder.answer(200, listOf("5", configMap("shop", "a", "1")));
        else if (request.path.find("/configmaps?") != std::string::npos && isWatch(request))
            responder.beginChunks();
        else if (request.path.ends_with("/namespaces/" + found))
            responder.answer(200, R"({"kind":"Namespace","apiVersion":"v1","metadata":{"name":")" + found + R"("}})");
        else if (request.path.ends_with("/namespaces/gone"))
            responder.answer(404, status(404, "NotFound", "no such namespace"));
        else if (request.method == "POST")
            responder.answer(201, R"({"status":{"allowed":false}})");
        else
            responder.answer(403, status(403, "Forbidden", "cannot list"));
    }));
    m_cache->setKnownNamespaces({"closed", "gone"});
    use();
    ASSERT_TRUE(
        QTest::qWaitFor([&] { return m_user->snapshot()->absentNamespaces == std::vector<std::string>{"gone"}; }));
    EXPECT_EQ(m_user->snapshot()->limitedTo, (std::vector<std::string>{"closed", "shop"}));
    // Whoever is refused to know may not know: it may be there.
    found = "";
    EXPECT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->absentNamespaces.empty(); }));
    EXPECT_EQ(m_user->snapshot()->limitedTo, (std::vector<std::string>{"closed", "gone", "shop"}));
}

TEST_F(ClusterCacheOnHttp, KeepsWhatIsKnownWhileItGoesBetweenAllAndSingleNamespaces)
{
    // All together are refused after the first time, though the server says that they may be listed.
    bool mayListAll = true;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        const bool isPart = request.path.find("/namespaces/") != std::string::npos;
        if (request.method == "POST") {
            responder.answer(201, R"({"status":{"allowed":true}})");
        } else if (isWatch(request)) {
            responder.beginChunks();
        } else if (isPart && request.path.find("/namespaces/shop/") != std::string::npos) {
            responder.answer(200, listOf("9", configMap("shop", "a", "1")));
        } else if (!mayListAll || request.path.find("/namespaces?") != std::string::npos) {
            responder.answer(403, status(403, "Forbidden", "cannot list"));
        } else {
            responder.answer(200, listOf("5", configMap("shop", "a", "1") + "," + configMap("closed", "b", "2")));
        }
    }));
    use();
    ASSERT_TRUE(waitForNames("closed/b@2 shop/a@1 ")) << names();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_server->count("GET") >= 2; }));
    mayListAll = false;
    m_seen.clear();
    m_user->refresh();
    ASSERT_TRUE(waitForNames("shop/a@1 ")) << names();
    const std::size_t asked = m_server->count("GET");
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_server->count("GET") > asked + 12; }));
    for (const ports::CacheSnapshotPtr &snapshot : m_seen) {
        EXPECT_TRUE(snapshot->objects.find("shop", "a").has_value());
        EXPECT_TRUE(snapshot->state == ports::CacheState::Live || snapshot->state == ports::CacheState::Stale)
            << static_cast<int>(snapshot->state);
    }
}

TEST_F(ClusterCacheOnHttp, IsAsOldAsTheOldestOfItsNamespaces)
{
    bool mayListAll = true;
    bool isSlow = true;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.method == "POST")
            responder.answer(201, R"({"status":{"allowed":false}})");
        else if (isWatch(request))
            responder.beginChunks();
        else if (request.path.find("/namespaces/shop/") != std::string::npos)
            responder.answer(200, listOf("9", configMap("shop", "a", "7")));
        else if (request.path.find("/namespaces/slow/") != std::string::npos && isSlow)
            return; // never answered
        else if (request.path.find("/namespaces/slow/") != std::string::npos)
            responder.answer(200, listOf("9", configMap("slow", "b", "8")));
        else if (!mayListAll || request.path.find("/namespaces?") != std::string::npos)
            responder.answer(403, status(403, "Forbidden", "cannot list"));
        else
            responder.answer(200, listOf("5", configMap("shop", "a", "1") + "," + configMap("slow", "b", "2")));
    }));
    m_cache->setKnownNamespaces({"slow"});
    use();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Live; }));
    QTest::qWait(10);
    mayListAll = false;
    const ports::WallTime refreshed = ports::SystemClock().now();
    m_user->refresh();
    // One namespace is live again, of the other one what is shown is what was known before.
    ASSERT_TRUE(waitForNames("shop/a@7 slow/b@2 ")) << names();
    QTest::qWait(20);
    EXPECT_EQ(m_user->snapshot()->state, ports::CacheState::Stale);
    EXPECT_LE(m_user->snapshot()->lastContact, refreshed);
    isSlow = false;
    m_user->refresh();
    EXPECT_TRUE(waitForNames("shop/a@7 slow/b@8 ")) << names();
    EXPECT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Live; }));
}

TEST_F(ClusterCacheOnHttp, SaysWhichNamespacesHaveNeverBeenListed)
{
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.path.find("/namespaces/shop/") != std::string::npos && isWatch(request))
            responder.beginChunks();
        else if (request.path.find("/namespaces/shop/") != std::string::npos)
            responder.answer(200, listOf("5", configMap("shop", "a", "1")));
        else if (request.path.find("/namespaces/young/") != std::string::npos)
            return; // never answered
        else if (request.method == "POST")
            responder.answer(201, R"({"status":{"allowed":false}})");
        else
            responder.answer(403, status(403, "Forbidden", "cannot list"));
    }));
    use();
    ASSERT_TRUE(waitForNames("shop/a@1 ")) << names();
    EXPECT_TRUE(m_user->snapshot()->unlistedNamespaces.empty());
    m_cache->setKnownNamespaces({"young"});
    // The others tell their news meanwhile.
    bool isTold = false;
    for (int i = 0; i < 20 && !isTold; ++i) {
        m_user->refresh();
        isTold = QTest::qWaitFor([&] { return !m_user->snapshot()->unlistedNamespaces.empty(); }, 500);
    }
    ASSERT_TRUE(isTold);
    EXPECT_EQ(m_user->snapshot()->unlistedNamespaces, std::vector<std::string>{"young"});
    EXPECT_TRUE(QTest::qWaitFor([&] { return m_user->snapshot()->state == ports::CacheState::Live; }));
}

TEST_F(ClusterCacheOnHttp, KeepsTheNamespacesOfItsOptionsBesideThoseThatOthersName)
{
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
              if (request.path.find("/namespaces/kept/") != std::string::npos && !isWatch(request))
                  responder.answer(200, listOf("5", configMap("kept", "a", "1")));
              else if (request.path.find("/configmaps?") != std::string::npos && isWatch(request))
                  responder.beginChunks();
              else if (request.method == "POST")
                  responder.answer(201, R"({"status":{"allowed":false}})");
              else
                  responder.answer(403, status(403, "Forbidden", "cannot list"));
          }),
          {"kept"});
    m_cache->setKnownNamespaces({"other"});
    use();
    ASSERT_TRUE(async::waitFor(m_user->synced({})));
    EXPECT_TRUE(waitForNames("kept/a@1 ")) << names();
    EXPECT_EQ(m_user->snapshot()->limitedTo, (std::vector<std::string>{"kept", "other", "shop"}));
}

TEST_F(ClusterCacheOnHttp, AsksSoonAgainForNamespacesThatCouldNotBeListed)
{
    int asked = 0;
    m_cache = makeClusterCache(cluster([&](const SeenRequest &request, const Responder &responder) {
                                   if (request.path.find("/namespaces/shop/") != std::string::npos && isWatch(request))
                                       responder.beginChunks();
                                   else if (request.path.find("/namespaces/shop/") != std::string::npos)
                                       responder.answer(200, listOf("5", configMap("shop", "a", "1")));
                                   else if (request.method == "POST")
                                       responder.answer(201, R"({"status":{"allowed":false}})");
                                   else if (request.path.find("/namespaces?") != std::string::npos && ++asked == 1)
                                       responder.answer(500, status(500, "InternalError", "not now"));
                                   else
                                       responder.answer(403, status(403, "Forbidden", "cannot list"));
                               }),
                               {.clock = std::make_shared<ports::SystemClock>(),
                                .linger = std::chrono::milliseconds(0),
                                .firstBackoff = std::chrono::milliseconds(1),
                                .lastBackoff = std::chrono::milliseconds(5),
                                .deniedRetry = std::chrono::minutes(5)});
    use();
    EXPECT_TRUE(waitForNames("shop/a@1 ")) << names();
}

TEST_F(ClusterCacheOnHttp, SaysWhoIsDenied)
{
    cache(cluster([&](const SeenRequest &, const Responder &responder) {
        responder.answer(403, status(403, "Forbidden", "you cannot list"));
    }));
    use("closed");
    const Expected<ports::CacheSnapshotPtr> synced = async::waitFor(m_user->synced({}));
    ASSERT_FALSE(synced);
    EXPECT_EQ(synced.error().code(), ErrorCode::Denied);
    EXPECT_EQ(m_user->snapshot()->state, ports::CacheState::Denied);
    EXPECT_EQ(m_user->snapshot()->error->message(), "you cannot list");
}

TEST_F(ClusterCacheOnHttp, SharesOneWatchBetweenUsersAndEndsItAfterTheLast)
{
    std::vector<Responder> watches;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (!isWatch(request)) {
            responder.answer(200, listOf("5", ""));
            return;
        }
        responder.beginChunks();
        watches.push_back(responder);
    }));
    use();
    ports::CacheUserPtr second = m_cache->use({.type = kConfigMaps}, {});
    ASSERT_TRUE(QTest::qWaitFor([&] { return watches.size() == 1; }));
    EXPECT_EQ(second->snapshot(), m_user->snapshot());
    m_user.reset();
    second.reset();
    // A new user after the end lists again.
    ASSERT_TRUE(QTest::qWaitFor([&] {
        ports::CacheUserPtr later = m_cache->use({.type = kConfigMaps}, {});
        return later->snapshot()->state == ports::CacheState::Listing;
    }));
}

TEST_F(ClusterCacheOnHttp, RefreshListsAgain)
{
    int lists = 0;
    cache(cluster([&](const SeenRequest &request, const Responder &responder) {
        if (isWatch(request))
            responder.beginChunks();
        else
            responder.answer(200, listOf("5", configMap("s", "a", std::to_string(++lists))));
    }));
    use();
    ASSERT_TRUE(waitForNames("s/a@1 "));
    m_user->refresh();
    EXPECT_TRUE(waitForNames("s/a@2 ")) << names();
}

TEST_F(ClusterCacheOnHttp, StartsNoWatchOnceItIsClosed)
{
    cache(cluster([](const SeenRequest &request, const Responder &responder) {
        if (isWatch(request))
            responder.beginChunks();
        else
            responder.answer(200, listOf("5", configMap("s", "a", "1")));
    }));
    ASSERT_TRUE(async::waitFor(m_cache->close()));
    use();
    const Expected<ports::CacheSnapshotPtr> synced = async::waitFor(m_user->synced({}));
    ASSERT_FALSE(synced);
    EXPECT_EQ(synced.error().code(), ErrorCode::Cancelled);
    m_user->refresh();
    QTest::qWait(20);
    EXPECT_EQ(m_server->count("GET"), 0u);
    EXPECT_EQ(m_user->snapshot()->state, ports::CacheState::Listing);
}
