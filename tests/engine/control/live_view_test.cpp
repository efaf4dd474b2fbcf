// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/live_view.h"

#include "engine/control/demo_place.h"
#include "kube/cluster_cache.h"

namespace tiphys::control {
namespace {

class LiveViewOnDemo : public DemoPlace
{
protected:
    void SetUp() override
    {
        second = std::chrono::milliseconds(1);
        DemoPlace::SetUp();
        kube::CacheOptions options{.clock = std::make_shared<ports::SystemClock>()};
        options.firstBackoff = std::chrono::milliseconds(10);
        options.lastBackoff = std::chrono::milliseconds(50);
        cache = kube::makeClusterCache(client, options);
    }
    void TearDown() override
    {
        ignoreError(async::waitFor(cache->close()), "the test is over");
        cache.reset();
        DemoPlace::TearDown();
    }

    ports::ClusterCachePtr cache;
};

} // namespace

TEST_F(LiveViewOnDemo, TellsWhenTheClusterFallsSilentAndIsBack)
{
    LiveView view(client, cache, {}, compare::TrackingSettings{});
    ASSERT_TRUE(async::waitFor(view.cover({"default"}, {})));
    std::vector<bool> told;
    const auto listener = std::make_shared<LiveListener>(
        LiveListener{"shop", "", [](compare::CompareLevel, const compare::ObjectChange &) {},
                     [&] { told.push_back(view.isStale()); }});
    view.listen(listener);
    EXPECT_FALSE(view.isStale());
    cluster->inject(
        {.kind = demo::Fault::Kind::CutConnection, .method = "GET", .pathPart = "/configmaps", .times = 12});
    cluster->cutWatches();
    ASSERT_TRUE(until([&] { return told.size() >= 2; }));
    EXPECT_EQ(told[0], true);
    EXPECT_EQ(told[1], false);
}

TEST_F(LiveViewOnDemo, GoesOnWithoutAListThatDoesNotComeAndNamesIt)
{
    make("{apiVersion: v1, kind: Secret, metadata: {name: token, namespace: default}}");
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: default}}");
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "default/configmaps",
                     .times = 1,
                     .milliseconds = 45000});
    LiveView view(client, cache, {}, compare::TrackingSettings{});
    int told = 0;
    const auto listener = std::make_shared<LiveListener>(
        LiveListener{"shop", "", [](compare::CompareLevel, const compare::ObjectChange &) {}, [&] { ++told; }});
    view.listen(listener);
    ASSERT_TRUE(async::waitFor(view.cover({"default"}, {}, std::chrono::seconds(4))));
    const service::Arrival arrival = view.arrival();
    EXPECT_EQ(arrival.listed + 1, arrival.asked);
    EXPECT_TRUE(arrival.waitsFor.contains("configmaps")) << arrival.waitsFor;
    EXPECT_TRUE(view.isKnown({"", "Secret"}, "default"));
    EXPECT_FALSE(view.find({"", "Secret", "default", "token"}).isNull());
    EXPECT_FALSE(view.isKnown({"", "ConfigMap"}, "default"));
    // It is not waited for again, and is told when it comes.
    ASSERT_TRUE(async::waitFor(view.cover({"default"}, {}, std::chrono::minutes(1))));
    EXPECT_FALSE(view.arrival().waitsFor.empty());
    EXPECT_EQ(told, 0);
    cache
        ->use({.type = {"", "v1", "configmaps", "ConfigMap", true}, .ns = "default"},
              [](const ports::CacheSnapshotPtr &) {})
        ->refresh();
    ASSERT_TRUE(until([&] { return told == 1; }));
    EXPECT_TRUE(view.arrival().waitsFor.empty());
    EXPECT_FALSE(view.find({"", "ConfigMap", "default", "settings"}).isNull());
}

TEST_F(LiveViewOnDemo, TellsWhenListsHaveComeThatOthersAskedForMeanwhile)
{
    const auto askAgain = [this](const std::string &ns) {
        cache
            ->use({.type = {"", "v1", "configmaps", "ConfigMap", true}, .ns = ns},
                  [](const ports::CacheSnapshotPtr &) {})
            ->refresh();
    };
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "default/configmaps",
                     .times = 1,
                     .milliseconds = 45000});
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "kube-system/configmaps",
                     .times = 1,
                     .milliseconds = 45000});
    LiveView view(client, cache, {}, compare::TrackingSettings{});
    int told = 0;
    const auto listener = std::make_shared<LiveListener>(
        LiveListener{"shop", "", [](compare::CompareLevel, const compare::ObjectChange &) {}, [&] { ++told; }});
    view.listen(listener);
    Async<void> covering = view.cover({"default"}, {});
    ASSERT_TRUE(until([&] { return view.arrival().asked > 0; }));
    ASSERT_TRUE(async::waitFor(view.begin({"kube-system"}, {})));
    ASSERT_TRUE(until([&] {
        return cluster->requestCount("GET", "default/configmaps") > 0
               && cluster->requestCount("GET", "kube-system/configmaps") > 0;
    }));
    askAgain("default");
    ASSERT_TRUE(async::waitFor(std::move(covering)));
    EXPECT_FALSE(view.arrival().waitsFor.empty());
    EXPECT_EQ(told, 0);
    askAgain("kube-system");
    EXPECT_TRUE(until([&] { return told == 1; }));
    EXPECT_TRUE(view.arrival().waitsFor.empty());
}

TEST_F(LiveViewOnDemo, DoesNotSeeANamespaceThatIsRefusedAfterItWasListed)
{
    // So many are watched together, which is refused: then one by one.
    make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: looker}, "
         "rules: [{apiGroups: [''], resources: [configmaps], verbs: [list, watch]}]}");
    std::vector<std::string> namespaces;
    for (int i = 0; i < 21; ++i) {
        const std::string &ns = namespaces.emplace_back("team-" + std::to_string(i));
        make("{apiVersion: v1, kind: Namespace, metadata: {name: " + ns + "}}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: looker, namespace: " + ns
             + "}, "
               "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: looker}, "
               "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
    }
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: team-3}}");
    const object::GroupKind configMaps{"", "ConfigMap"};
    const ports::ClusterCachePtr limited =
        kube::makeClusterCache(connected("demo-none"), {.clock = std::make_shared<ports::SystemClock>()});
    {
        LiveView view(
            connected("demo-none"), limited,
            {.namespaces = {}, .isExcluded = [&](const object::GroupKind &kind) { return kind != configMaps; }},
            compare::TrackingSettings{});
        ASSERT_TRUE(async::waitFor(view.cover(namespaces, {})));
        ASSERT_TRUE(until([&] {
            return view.unseen({configMaps}, {"team-3"}).empty() && view.isKnown(configMaps, "team-3");
        })) << view.unseen({configMaps}, {"team-3"});
        EXPECT_FALSE(view.find({"", "ConfigMap", "team-3", "settings"}).isNull());
        cluster->run([](demo::Store &store) {
            EXPECT_TRUE(store.remove(*store.catalog().byKind({"rbac.authorization.k8s.io", "RoleBinding"}),
                                     {"team-3", "looker"}));
        });
        limited->use({.type = {"", "v1", "configmaps", "ConfigMap", true}}, [](const ports::CacheSnapshotPtr &) {})
            ->refresh();
        EXPECT_TRUE(until([&] {
            return view.unseen({configMaps}, {"team-3"}) == "configmaps in namespace team-3 may not be listed";
        })) << view.unseen({configMaps}, {"team-3"});
        // Where nothing of the kind is looked for nothing is missed, nor in other namespaces.
        EXPECT_EQ(view.unseen({{"", "Secret"}}, {"team-3"}), "");
        EXPECT_EQ(view.unseen({configMaps}, {"team-4"}), "");
        // What is not there hides nothing, once it may be known that it is not.
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: namer}, "
             "rules: [{apiGroups: [''], resources: [namespaces], verbs: [get]}]}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: namer}, "
             "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: namer}, "
             "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
        cluster->run([](demo::Store &store) {
            EXPECT_TRUE(store.remove(*store.catalog().byKind({"", "Namespace"}), {"", "team-3"}));
        });
        ASSERT_TRUE(until([&] { return live({"", "Namespace", "", "team-3"}).isNull(); }));
        limited->use({.type = {"", "v1", "configmaps", "ConfigMap", true}}, [](const ports::CacheSnapshotPtr &) {})
            ->refresh();
        EXPECT_TRUE(until([&] { return view.unseen({configMaps}, {"team-3"}).empty(); }))
            << view.unseen({configMaps}, {"team-3"});
        EXPECT_TRUE(view.find({"", "ConfigMap", "team-3", "settings"}).isNull());
        EXPECT_FALSE(view.isKnown(configMaps, "team-3")) << "one that is made now is not seen at once";
    }
    ignoreError(async::waitFor(limited->close()), "the test is over");
}

TEST_F(LiveViewOnDemo, TakesNoNamespaceForGoneThatCameSinceItAsked)
{
    make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: looker}, "
         "rules: [{apiGroups: [''], resources: [configmaps], verbs: [list, watch]}]}");
    make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: namer}, "
         "rules: [{apiGroups: [''], resources: [namespaces], verbs: [get]}]}");
    make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: namer}, "
         "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: namer}, "
         "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
    const auto makeNamespace = [this](const std::string &ns) {
        make("{apiVersion: v1, kind: Namespace, metadata: {name: " + ns + "}}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: looker, namespace: " + ns
             + "}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: looker}, "
               "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
    };
    std::vector<std::string> namespaces{"young", "never"};
    for (int i = 0; i < 20; ++i)
        makeNamespace(namespaces.emplace_back("team-" + std::to_string(i)));
    const object::GroupKind configMaps{"", "ConfigMap"};
    const ports::ClusterCachePtr limited =
        kube::makeClusterCache(connected("demo-none"), {.clock = std::make_shared<ports::SystemClock>()});
    {
        LiveView view(
            connected("demo-none"), limited,
            {.namespaces = {}, .isExcluded = [&](const object::GroupKind &kind) { return kind != configMaps; }},
            compare::TrackingSettings{});
        ASSERT_TRUE(async::waitFor(view.cover(namespaces, {})));
        // That they are gone is asked after they were refused.
        limited->use({.type = {"", "v1", "configmaps", "ConfigMap", true}}, [](const ports::CacheSnapshotPtr &) {})
            ->refresh();
        ASSERT_TRUE(until([&] { return view.unseen({configMaps}, {"young", "never"}).empty(); }));
        EXPECT_EQ(async::waitFor(view.whyNotGone({"young", "never", "team-1"}, {})), "");
        makeNamespace("young");
        make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: young}}");
        ASSERT_EQ(view.unseen({configMaps}, {"young"}), "") << "the cache does not know yet";
        EXPECT_EQ(async::waitFor(view.whyNotGone({"young"}, {})),
                  "objects in namespace young are being listed, which has come meanwhile");
        // It is looked into at once, not only when the caches ask the next time.
        EXPECT_TRUE(until([&] { return !view.find({"", "ConfigMap", "young", "settings"}).isNull(); }));
        EXPECT_EQ(async::waitFor(view.whyNotGone({"young", "never"}, {})), "");
        // The same where this program made it.
        makeNamespace("never");
        make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: never}}");
        view.lookInto({"never"});
        EXPECT_TRUE(until([&] { return !view.find({"", "ConfigMap", "never", "settings"}).isNull(); }));
    }
    ignoreError(async::waitFor(limited->close()), "the test is over");
}

TEST_F(LiveViewOnDemo, SaysThatNothingIsUnseenWhereARefusalIsForAnotherNamespace)
{
    make("{apiVersion: v1, kind: Namespace, metadata: {name: team-a}}");
    make("{apiVersion: v1, kind: Namespace, metadata: {name: team-b}}");
    make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: looker}, "
         "rules: [{apiGroups: [''], resources: [configmaps], verbs: [list, watch]}]}");
    make("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: looker, namespace: team-a}, "
         "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: looker}, "
         "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
    const object::GroupKind configMaps{"", "ConfigMap"};
    const ports::ClusterCachePtr limited =
        kube::makeClusterCache(connected("demo-none"), {.clock = std::make_shared<ports::SystemClock>()});
    {
        LiveView view(
            connected("demo-none"), limited,
            {.namespaces = {}, .isExcluded = [&](const object::GroupKind &kind) { return kind != configMaps; }},
            compare::TrackingSettings{});
        ASSERT_TRUE(async::waitFor(view.cover({"team-a", "team-b"}, {})));
        EXPECT_EQ(view.unseen({configMaps}, {"team-a"}), "");
        EXPECT_NE(view.unseen({configMaps}, {"team-a", "team-b"}), "");
    }
    ignoreError(async::waitFor(limited->close()), "the test is over");
}

TEST_F(LiveViewOnDemo, ForgetsATypeThatTheClusterServesNoMore)
{
    make("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: boats.example.org}, "
         "spec: {group: example.org, scope: Namespaced, names: {kind: Boat, plural: boats, singular: boat}, "
         "versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
         "x-kubernetes-preserve-unknown-fields: true}}}]}}");
    make("{apiVersion: example.org/v1, kind: Boat, metadata: {name: ferry, namespace: default}}");
    LiveView view(client, cache, {}, compare::TrackingSettings{});
    ASSERT_TRUE(async::waitFor(view.cover({"default"}, {})));
    const object::ObjectKey ferry{"example.org", "Boat", "default", "ferry"};
    ASSERT_FALSE(view.find(ferry).isNull());
    const int asked = view.arrival().asked;
    cluster->run([](demo::Store &store) {
        EXPECT_TRUE(store.remove(*store.catalog().byKind({"apiextensions.k8s.io", "CustomResourceDefinition"}),
                                 {"", "boats.example.org"}));
    });
    cluster->cutWatches();
    ASSERT_TRUE(until([&] { return !view.refusals().empty(); }));
    EXPECT_EQ(view.unseen({ferry.groupKind()}, {"default"}), "");
    ASSERT_TRUE(async::waitFor(view.cover({"default"}, {})));
    EXPECT_TRUE(view.refusals().empty());
    EXPECT_EQ(view.arrival().asked, asked - 1);
    EXPECT_TRUE(view.find(ferry).isNull());
}

} // namespace tiphys::control
