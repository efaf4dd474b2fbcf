// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_worker.h"

#include "engine/control/demo_session.h"

namespace tiphys::control {
namespace {

using object::ObjectKey;

/// Git with one folder, which may take its time to answer.
class OneFolder final : public ports::Repositories
{
public:
    Async<std::string> resolve(ports::RevisionRequest, ports::Consistency, CancelToken cancel) override
    {
        while (mustWait && mustWait()) {
            isWaiting = true;
            const Expected<void> waited = co_await async::delay(std::chrono::milliseconds(5), cancel);
            if (!waited)
                co_return std::unexpected(waited.error());
        }
        co_return std::string(40, '1');
    }
    Async<std::shared_ptr<const render::FileTree>> tree(std::string, std::string, CancelToken) override
    {
        co_return render::memoryTree(
            {{"shop/config.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}"}});
    }
    Async<ports::CommitFacts> commit(std::string, std::string, CancelToken) override
    {
        co_return failure(ErrorCode::NotFound, "no commit");
    }
    Async<std::vector<ports::RevisionSignature>> signatures(ports::SignatureRequest, CancelToken) override
    {
        co_return failure(ErrorCode::NotFound, "no commit");
    }
    std::function<bool()> mustWait; ///< before a revision is told
    bool isWaiting = false;         ///< has waited
};

/// One application in a demo cluster, and its worker.
class AppWorkerOnDemo : public DemoSession
{
protected:
    void SetUp() override
    {
        DemoSession::SetUp();
        make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: default, annotations: "
             "{argocd.argoproj.io/tracking-id: 'shop:/ConfigMap:default/settings'}}}");
    }
    void TearDown() override
    {
        if (worker)
            ignoreError(async::waitFor(worker->close()), "the test is over");
        worker.reset();
        DemoSession::TearDown();
    }
    void makeShop(std::string_view destination = "server: 'https://kubernetes.default.svc', namespace: default",
                  std::string_view metadata = {}, std::string_view rest = {})
    {
        make(
            "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd"
            + std::string(metadata)
            + "}, spec: {project: default, source: {repoURL: 'https://git.test/config.git', path: shop}, destination: {"
            + std::string(destination) + "}}" + std::string(rest) + "}");
    }
    void switchOff() { merge({"", "ConfigMap", "argocd", "argocd-cm"}, "{data: {cluster.inClusterEnabled: 'false'}}"); }
    /// Starts the worker; its session is that of the own cluster, as before a setting changes.
    void work(ContextSession *destination = nullptr, ContextSession *home = nullptr)
    {
        if (session->state().reachability != service::Reachability::Live) {
            session->start();
            ASSERT_TRUE(async::waitFor(session->ready({})));
        }
        ObserverParts parts{.repositories = repositories, .clock = clock, .pool = &pool};
        worker = std::make_unique<AppWorker>(home ? *home : *session, destination ? destination : session.get(),
                                             service::AppId{"demo", "argocd", "shop"}, std::move(parts),
                                             [] { return true; });
        worker->start();
    }
    void applicationChanged(const service::AppId &) override
    {
        if (worker)
            worker->applicationChanged();
    }
    object::Object shop() { return live(kShop); }
    bool isThere(const ObjectKey &key) { return !live(key).isNull(); }
    std::string conditionText()
    {
        return std::string(shop().value().path({"status", "conditions"}).at(0)["message"].stringOr());
    }

    const ObjectKey kShop{"argoproj.io", "Application", "argocd", "shop"};
    const ObjectKey kSettings{"", "ConfigMap", "default", "settings"};
    const std::string kDisabled =
        "error getting cluster by server \"https://kubernetes.default.svc\": rpc error: code = "
        "NotFound desc = cluster \"https://kubernetes.default.svc\" is disabled";
    std::shared_ptr<OneFolder> repositories = std::make_shared<OneFolder>();
    std::unique_ptr<AppWorker> worker;
};

} // namespace

TEST_F(AppWorkerOnDemo, ComparesWithTheOwnCluster)
{
    makeShop();
    work();
    EXPECT_TRUE(until([&] { return !shop().value().path({"status", "sync", "status"}).stringOr().empty(); }));
    EXPECT_NE(shop().value().path({"status", "sync", "status"}).stringOr(), "Unknown");
    EXPECT_EQ(conditionText(), "");
}

TEST_F(AppWorkerOnDemo, TellsThatTheOwnClusterIsDisabled)
{
    switchOff();
    makeShop();
    work();
    EXPECT_TRUE(until([&] { return !conditionText().empty(); }));
    EXPECT_EQ(conditionText(), kDisabled);
    EXPECT_EQ(shop().value().path({"status", "conditions"}).at(0)["type"].stringOr(), "InvalidSpecError");
    EXPECT_EQ(shop().value().path({"status", "sync", "status"}).stringOr(), "Unknown");
}

TEST_F(AppWorkerOnDemo, SyncsNothingIntoADisabledCluster)
{
    switchOff();
    cluster->run([](demo::Store &store) {
        EXPECT_TRUE(store.remove(*store.catalog().byKind({"", "ConfigMap"}), {"default", "settings"}));
    });
    makeShop("server: 'https://kubernetes.default.svc', namespace: default", {}, ", operation: {sync: {}}");
    work();
    const auto phase = [&] { return shop().value().path({"status", "operationState", "phase"}).stringOr(); };
    EXPECT_TRUE(until([&] { return phase() == "Error"; }));
    EXPECT_EQ(shop().value().path({"status", "operationState", "message"}).stringOr(), kDisabled);
    EXPECT_FALSE(isThere(kSettings));
}

TEST_F(AppWorkerOnDemo, DeletesAndLeavesWhatIsInADisabledCluster)
{
    switchOff();
    makeShop("server: 'https://kubernetes.default.svc', namespace: default",
             ", finalizers: [resources-finalizer.argocd.argoproj.io]");
    cluster->run([](demo::Store &store) {
        EXPECT_TRUE(store.remove(*store.catalog().byKind({"argoproj.io", "Application"}), {"argocd", "shop"}));
    });
    ASSERT_TRUE(isThere(kShop));
    work();
    EXPECT_TRUE(until([&] { return !isThere(kShop); }));
    EXPECT_TRUE(isThere(kSettings));
}

namespace {

/// The same cluster as somebody who sees ConfigMaps of single namespaces and may ask for a Namespace by its name alone.
class AppWorkerWithFewRights : public AppWorkerOnDemo
{
protected:
    void SetUp() override
    {
        AppWorkerOnDemo::SetUp();
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: worker}, "
             "rules: [{apiGroups: [''], resources: [configmaps], verbs: ['*']}]}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: namer}, "
             "rules: [{apiGroups: [''], resources: [namespaces], verbs: [get]}]}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: namer}, "
             "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: namer}, "
             "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
        for (int i = 0; i < 21; ++i)
            makeNamespace(many.emplace_back("team-" + std::to_string(i)));
        limited = std::make_unique<ContextSession>(
            ports::ContextFacts{.name = "limited", .server = "https://far", .user = {}, .ns = {}, .problem = {}},
            std::make_shared<DemoConnections>(connected("demo-none"), clock), *clock,
            ContextSession::News{.clusterChanged = [] {},
                                 .applicationsChanged = [] {},
                                 .applicationChanged = [](const service::AppId &) {}});
    }
    void TearDown() override
    {
        if (worker)
            ignoreError(async::waitFor(worker->close()), "the test is over");
        worker.reset();
        view.reset();
        ignoreError(async::waitFor(limited->close()), "the test is over");
        limited.reset();
        AppWorkerOnDemo::TearDown();
    }
    void makeNamespace(const std::string &ns)
    {
        make("{apiVersion: v1, kind: Namespace, metadata: {name: " + ns + "}}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: worker, namespace: " + ns
             + "}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: worker}, "
               "subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
    }

    std::vector<std::string> many;
    std::unique_ptr<ContextSession> limited;
    LiveViewPtr view;
};

} // namespace

TEST_F(AppWorkerWithFewRights, DeletesWhatIsInANamespaceThatWasMadeSinceTheCachesAsked)
{
    merge({"", "ConfigMap", "argocd", "argocd-cm"},
          "{data: {resource.inclusions: '[{apiGroups: [\"\"], kinds: [ConfigMap]}]'}}");
    makeShop(
        "server: 'https://far', namespace: young", ", finalizers: [resources-finalizer.argocd.argoproj.io]",
        ", status: {resources: [{version: v1, kind: ConfigMap, namespace: young, name: leftover, status: Synced}]}");
    session->start();
    limited->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    ASSERT_TRUE(async::waitFor(limited->ready({})));
    view = session->liveView(*limited, "https://far");
    std::vector<std::string> namespaces = many;
    namespaces.emplace_back("young");
    ASSERT_TRUE(async::waitFor(view->cover(namespaces, {})));
    const object::GroupKind configMaps{"", "ConfigMap"};
    // That it is gone is asked after it was refused.
    limited->cache()
        ->use({.type = {"", "v1", "configmaps", "ConfigMap", true}}, [](const ports::CacheSnapshotPtr &) {})
        ->refresh();
    ASSERT_TRUE(until([&] { return view->unseen({configMaps}, {"young"}).empty(); }));
    makeNamespace("young");
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: leftover, namespace: young, annotations: "
         "{argocd.argoproj.io/tracking-id: 'shop:/ConfigMap:young/leftover'}}}");
    ASSERT_EQ(view->unseen({configMaps}, {"young"}), "") << "the caches do not know yet";
    cluster->run([](demo::Store &store) {
        EXPECT_TRUE(store.remove(*store.catalog().byKind({"argoproj.io", "Application"}), {"argocd", "shop"}));
    });
    work(limited.get());
    EXPECT_TRUE(until([&] { return !isThere(kShop); }));
    EXPECT_FALSE(isThere({"", "ConfigMap", "young", "leftover"})) << "left behind";
}

namespace {

/// Argo CD as somebody sees it who may read Secrets only as long as one role says so.
class AppWorkerWhoReadsSecrets : public AppWorkerOnDemo
{
protected:
    void SetUp() override
    {
        AppWorkerOnDemo::SetUp();
        grant("most", "{apiGroups: [argoproj.io, apps, coordination.k8s.io], resources: ['*'], verbs: ['*']}, "
                      "{apiGroups: [''], resources: [configmaps, namespaces, events], verbs: ['*']}");
        grant("secrets", "{apiGroups: [''], resources: [secrets], verbs: [get, list, watch]}");
        make("{apiVersion: v1, kind: Secret, metadata: {name: far, namespace: argocd, labels: "
             "{argocd.argoproj.io/secret-type: cluster}}, data: {name: ZmFy, server: aHR0cHM6Ly9mYXI=}}");
        home = std::make_unique<ContextSession>(
            ports::ContextFacts{.name = "demo", .server = "https://demo", .user = {}, .ns = {}, .problem = {}},
            std::make_shared<DemoConnections>(connected("demo-none"), clock), *clock,
            ContextSession::News{.clusterChanged = [] {},
                                 .applicationsChanged = [] {},
                                 .applicationChanged = [this](const service::AppId &app) { applicationChanged(app); }});
    }
    void TearDown() override
    {
        repositories->mustWait = {};
        if (worker)
            ignoreError(async::waitFor(worker->close()), "the test is over");
        worker.reset();
        ignoreError(async::waitFor(home->close()), "the test is over");
        home.reset();
        AppWorkerOnDemo::TearDown();
    }
    void grant(const std::string &name, const std::string &rules)
    {
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: " + name + "}, rules: ["
             + rules + "]}");
        make("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: " + name
             + "}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: " + name
             + "}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: none}]}");
    }
    void remove(const object::GroupKind &kind, const std::string &ns, const std::string &name)
    {
        cluster->run([&](demo::Store &store) { EXPECT_TRUE(store.remove(*store.catalog().byKind(kind), {ns, name})); });
    }

    std::unique_ptr<ContextSession> home;
};

} // namespace

TEST_F(AppWorkerWhoReadsSecrets, KeepsFinalizersWhereTheRegisteredClustersBecomeUnknownWhileItLooks)
{
    makeShop("name: far, namespace: default", ", finalizers: [resources-finalizer.argocd.argoproj.io]");
    remove({"argoproj.io", "Application"}, "argocd", "shop");
    home->start();
    ASSERT_TRUE(async::waitFor(home->ready({})));
    ASSERT_EQ(home->registry().unseen, "");
    ASSERT_EQ(home->registry().clusters.size(), 1U);
    // What asks once the comparison is stored is the deletion.
    repositories->mustWait = [this] { return !shop().value().path({"status", "sync", "status"}).isEmpty(); };
    work(session.get(), home.get());
    ASSERT_TRUE(until([&] { return repositories->isWaiting; }));
    remove({"rbac.authorization.k8s.io", "ClusterRole"}, "", "secrets");
    home->reconnect();
    ASSERT_TRUE(until([&] { return !home->registry().unseen.empty(); }));
    repositories->mustWait = {};
    EXPECT_TRUE(until([&] { return !isThere(kShop) || !conditionText().empty(); }));
    ASSERT_TRUE(isThere(kShop));
    EXPECT_EQ(conditionText(), "the clusters that the instance registers are not known: " + home->registry().unseen);
    EXPECT_EQ(shop().finalizers(), std::vector<std::string>{"resources-finalizer.argocd.argoproj.io"});
    EXPECT_TRUE(isThere(kSettings));
}

} // namespace tiphys::control
