// SPDX-License-Identifier: GPL-3.0-or-later
// The cluster adapter against a real API server.
#include "async/wait_for.h"
#include "cluster/real_cluster.h"
#include "kube/cluster_cache.h"
#include "kube/connect.h"
#include "ports/system_clock.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTest>
#include <QThreadPool>
#include <QTimer>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

using namespace tiphys;
using namespace tiphys::kube;
using object::Object;
using object::Value;

namespace {

cluster_test::RealCluster *s_cluster = nullptr;
const ports::ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};
const ports::ResourceType kNamespaces{"", "v1", "namespaces", "Namespace", false};
const ports::ResourceType kDeployments{"apps", "v1", "deployments", "Deployment", true};

class StoppedClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return time; }
    ports::BootTime sinceBoot() const override { return time; }
    ports::WallTime time = 1'000'000'000'000;
};

Object configMap(const std::string &ns, const std::string &name, const std::string &text = "x")
{
    return Object(Value::map({{"apiVersion", "v1"},
                              {"kind", "ConfigMap"},
                              {"metadata", Value::map({{"name", name}, {"namespace", ns}})},
                              {"data", Value::map({{"text", text}})}}));
}

class OnRealServer : public testing::Test
{
protected:
    static ConnectOptions options()
    {
        return {.pool = QThreadPool::globalInstance(), .clock = std::make_shared<ports::SystemClock>()};
    }
    static ports::ClusterPtr as(const std::string &identity)
    {
        return connect(s_cluster->target(identity), options()).value();
    }
    /// A new namespace for one test.
    static std::string makeNamespace(const ports::ClusterPtr &admin, const std::string &name)
    {
        const Object ns(
            Value::map({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", Value::map({{"name", name}})}}));
        const Expected<ports::Written> made = async::waitFor(admin->create(kNamespaces, ns, {}, {}));
        EXPECT_TRUE(made) << made.error().text();
        return name;
    }
    static bool create(const ports::ClusterPtr &cluster, const Object &object)
    {
        const Expected<ports::Written> made = async::waitFor(cluster->create(kConfigMaps, object, {}, {}));
        EXPECT_TRUE(made) << made.error().text();
        return made.has_value();
    }
};

std::string openssl(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral("openssl"), arguments);
    process.waitForFinished();
    return process.readAllStandardOutput().toStdString();
}

} // namespace

TEST_F(OnRealServer, TwoCertificatesAreTwoPeople)
{
    const ports::ClusterPtr admin = as("admin");
    const ports::ClusterPtr reader = as("readonly");
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(async::waitFor(admin->selfSubject({}))->name, "admin");
        EXPECT_EQ(async::waitFor(reader->selfSubject({}))->name, "readonly");
    }
    const Expected<ports::Written> refused =
        async::waitFor(reader->create(kConfigMaps, configMap("default", "mine"), {}, {}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::Denied);
    EXPECT_NE(refused.error().message().find("cannot create resource \"configmaps\""), std::string::npos)
        << refused.error().message();
    EXPECT_EQ(async::waitFor(admin->canI({"create", "", "configmaps", "", "default"}, {}))->isAllowed, true);
    EXPECT_EQ(async::waitFor(reader->canI({"create", "", "configmaps", "", "default"}, {}))->isAllowed, false);
    EXPECT_TRUE(async::waitFor(reader->rules("default", {}))->allows({"list", "", "configmaps"}));
}

TEST_F(OnRealServer, AVerifyingConnectionDoesNotProfitFromAnInsecureOne)
{
    Target insecure = s_cluster->target("admin");
    insecure.cluster.caPem.clear();
    insecure.cluster.skipsTlsVerification = true;
    const ports::ClusterPtr first = connect(insecure, options()).value();
    ASSERT_TRUE(async::waitFor(first->serverVersion({})));
    EXPECT_TRUE(first->identity().skipsTlsVerification);
    Target wrong = s_cluster->target("admin");
    wrong.cluster.caPem = openssl(
        {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
         QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-noenc"),
         QStringLiteral("-keyout"), QStringLiteral("/dev/null"), QStringLiteral("-subj"), QStringLiteral("/CN=other")});
    ASSERT_FALSE(wrong.cluster.caPem.empty());
    const Expected<ports::ServerVersion> refused = async::waitFor(connect(wrong, options()).value()->serverVersion({}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), kNotSent);
    EXPECT_NE(refused.error().text().find("TLS"), std::string::npos) << refused.error().text();
    EXPECT_TRUE(async::waitFor(as("admin")->serverVersion({})));
}

TEST_F(OnRealServer, AServerNameIsVerifiedInPlaceOfTheHost)
{
    Target renamed = s_cluster->target("admin");
    renamed.cluster.tlsServerName = "kubernetes.default.svc";
    EXPECT_TRUE(async::waitFor(connect(renamed, options()).value()->serverVersion({})));
    renamed.cluster.tlsServerName = "elsewhere.example.com";
    EXPECT_FALSE(async::waitFor(connect(renamed, options()).value()->serverVersion({})));
}

TEST_F(OnRealServer, DiscoversTypes)
{
    const ports::ClusterPtr admin = as("admin");
    const Expected<ports::DiscoveryPtr> discovery = async::waitFor(admin->discovery({}));
    ASSERT_TRUE(discovery) << discovery.error().text();
    const ports::ApiResource *deployments = (*discovery)->findByName("deploy");
    ASSERT_NE(deployments, nullptr);
    EXPECT_EQ(deployments->type, kDeployments);
    EXPECT_TRUE(deployments->can("watch"));
    EXPECT_TRUE(deployments->hasSubresource("scale"));
    EXPECT_EQ((*discovery)->typeOf(object::GroupKind{"", "ConfigMap"}), kConfigMaps);
    EXPECT_EQ((*discovery)->typeOf(object::GroupKind{"x", "Nope"}).error().code(), ErrorCode::NotFound);
    EXPECT_TRUE(async::waitFor(admin->serverVersion({}))->gitVersion.starts_with("v1."));
    const Expected<std::string> schema = async::waitFor(admin->openApi("apps/v1", {}));
    ASSERT_TRUE(schema) << schema.error().text();
    EXPECT_NE(schema->find("io.k8s.api.apps.v1.Deployment"), std::string::npos);
}

TEST_F(OnRealServer, WritesInEveryWay)
{
    const ports::ClusterPtr admin = as("admin");
    const std::string ns = makeNamespace(admin, "writes");
    const ports::ObjectRef ref{kConfigMaps, ns, "a"};
    ASSERT_TRUE(async::waitFor(admin->create(kConfigMaps, configMap(ns, "dry"), {.dryRun = ports::DryRun::All}, {})));
    EXPECT_EQ(async::waitFor(admin->get({kConfigMaps, ns, "dry"}, {}, {})).error().code(), ErrorCode::NotFound);

    ASSERT_TRUE(create(admin, configMap(ns, "a")));
    const Expected<ports::Written> again = async::waitFor(admin->create(kConfigMaps, configMap(ns, "a"), {}, {}));
    EXPECT_EQ(again.error().code(), ErrorCode::Conflict);
    EXPECT_EQ(again.error().reason(), "AlreadyExists");

    const Value merge = Value::map({{"data", Value::map({{"text", "merged"}})}});
    EXPECT_EQ(async::waitFor(admin->patch(ref, {ports::PatchType::Merge, merge}, {}, {}))
                  ->object.path({"data", "text"})
                  .stringOr(),
              "merged");
    const Value json = Value::list({Value::map({{"op", "replace"}, {"path", "/data/text"}, {"value", "json"}})});
    const Expected<ports::Written> patched = async::waitFor(admin->patch(ref, {ports::PatchType::Json, json}, {}, {}));
    EXPECT_EQ(patched->object.path({"data", "text"}).stringOr(), "json");
    EXPECT_TRUE(async::waitFor(admin->patch(ref, {ports::PatchType::StrategicMerge, merge}, {}, {})));

    // The version that the patch before the last one gave is old by now.
    const Expected<ports::Written> stale = async::waitFor(admin->replace(kConfigMaps, patched->object, {}, {}));
    EXPECT_EQ(stale.error().code(), ErrorCode::Conflict);
    EXPECT_EQ(stale.error().reason(), "Conflict");
    const Object fresh = async::waitFor(admin->get(ref, {}, {})).value();
    EXPECT_TRUE(async::waitFor(admin->replace(kConfigMaps, fresh.withLabel("l", "v"), {}, {})));
}

TEST_F(OnRealServer, ServerSideApplyNamesConflicts)
{
    const ports::ClusterPtr admin = as("admin");
    const std::string ns = makeNamespace(admin, "applies");
    const ports::ObjectRef ref{kConfigMaps, ns, "a"};
    const ports::Patch ours{ports::PatchType::Apply, configMap(ns, "a", "ours").value()};
    const ports::Patch theirs{ports::PatchType::Apply, configMap(ns, "a", "theirs").value()};
    ASSERT_TRUE(async::waitFor(admin->patch(ref, ours, {.fieldManager = "one"}, {})));
    const Expected<ports::Written> conflict = async::waitFor(admin->patch(ref, theirs, {.fieldManager = "two"}, {}));
    ASSERT_FALSE(conflict);
    EXPECT_EQ(conflict.error().code(), ErrorCode::Conflict);
    EXPECT_NE(conflict.error().message().find("conflict with \"one\": .data.text"), std::string::npos)
        << conflict.error().message();
    const Expected<ports::Written> forced =
        async::waitFor(admin->patch(ref, theirs, {.fieldManager = "two", .force = ports::Force::Yes}, {}));
    ASSERT_TRUE(forced) << forced.error().text();
    EXPECT_EQ(forced->object.path({"data", "text"}).stringOr(), "theirs");
}

TEST_F(OnRealServer, DeletesWithPropagationAndPreconditions)
{
    const ports::ClusterPtr admin = as("admin");
    const std::string ns = makeNamespace(admin, "deletes");
    const ports::ObjectRef ref{kConfigMaps, ns, "a"};
    ASSERT_TRUE(create(admin, configMap(ns, "a")));
    EXPECT_EQ(async::waitFor(admin->remove(ref, {.uid = "another"}, {})).error().code(), ErrorCode::Conflict);
    ASSERT_TRUE(async::waitFor(admin->remove(ref, {.dryRun = ports::DryRun::All}, {})));
    ASSERT_TRUE(async::waitFor(admin->remove(ref, {.propagation = ports::Propagation::Foreground}, {})));
    // No garbage collector runs here, so the object waits with the finalizer that foreground deletion gives.
    const Expected<Object> waiting = async::waitFor(admin->get(ref, {}, {}));
    ASSERT_TRUE(waiting) << waiting.error().text();
    EXPECT_TRUE(waiting->isBeingDeleted());
    EXPECT_TRUE(waiting->hasFinalizer("foregroundDeletion"));
    ASSERT_TRUE(create(admin, configMap(ns, "b")));
    ASSERT_TRUE(
        async::waitFor(admin->remove({kConfigMaps, ns, "b"}, {.propagation = ports::Propagation::Background}, {})));
    EXPECT_EQ(async::waitFor(admin->get({kConfigMaps, ns, "b"}, {}, {})).error().code(), ErrorCode::NotFound);
}

TEST_F(OnRealServer, ReadsAListThatCompressesAHundredfold)
{
    const ports::ClusterPtr admin = as("admin");
    const std::string ns = makeNamespace(admin, "large");
    for (int i = 0; i < 12; ++i)
        ASSERT_TRUE(create(admin, configMap(ns, "big" + std::to_string(i), std::string(900'000, 'a'))));
    ports::ListOptions all;
    all.ns = ns;
    const Expected<ports::ObjectList> list = async::waitFor(admin->list(kConfigMaps, all, {}));
    ASSERT_TRUE(list) << list.error().text();
    EXPECT_EQ(list->items.size(), 12u);
    all.pageSize = 5;
    all.detail = ports::Detail::Metadata;
    const Expected<ports::ObjectList> metadata = async::waitFor(admin->list(kConfigMaps, all, {}));
    ASSERT_TRUE(metadata) << metadata.error().text();
    ASSERT_EQ(metadata->items.size(), 12u);
    EXPECT_EQ(metadata->items[0].kind(), "ConfigMap");
    EXPECT_TRUE(metadata->items[0].path({"data"}).isNull());
}

TEST_F(OnRealServer, HundredsOfWatchesAndRequestsBesideThem)
{
    const ports::ClusterPtr admin = as("admin");
    const std::string ns = makeNamespace(admin, "watches");
    const ports::ClusterCachePtr cache = makeClusterCache(admin, {.clock = std::make_shared<ports::SystemClock>()});
    std::vector<ports::CacheUserPtr> users;
    for (int i = 0; i < 150; ++i)
        users.push_back(
            cache->use({.type = kConfigMaps, .ns = ns, .labelSelector = "number!=" + std::to_string(i)}, {}));
    for (const ports::CacheUserPtr &user : users)
        ASSERT_TRUE(async::waitFor(user->synced({})));
    ASSERT_TRUE(create(admin, configMap(ns, "news")));
    EXPECT_TRUE(QTest::qWaitFor(
        [&] {
            return std::ranges::all_of(users, [&](const ports::CacheUserPtr &user) {
                return user->snapshot()->objects.find(ns, "news").has_value();
            });
        },
        30'000));
    users.clear();
    EXPECT_TRUE(async::waitFor(cache->close()));
}

TEST_F(OnRealServer, ARefusedListFallsBackToTheNamespaceThatIsAllowed)
{
    ASSERT_TRUE(create(as("admin"), configMap("team-a", "visible")));
    const ports::ClusterPtr editor = as("editor");
    const ports::ClusterCachePtr cache = makeClusterCache(editor, {.clock = std::make_shared<ports::SystemClock>()});
    cache->setKnownNamespaces({"team-a"});
    ports::CacheUserPtr user = cache->use({.type = kConfigMaps}, {});
    const Expected<ports::CacheSnapshotPtr> synced = async::waitFor(user->synced({}));
    ASSERT_TRUE(synced) << synced.error().text();
    EXPECT_TRUE(
        QTest::qWaitFor([&] { return user->snapshot()->objects.find("team-a", "visible").has_value(); }, 10'000));
    EXPECT_FALSE(user->snapshot()->limitedTo.empty());
    user.reset();
    EXPECT_TRUE(async::waitFor(cache->close()));
}

TEST_F(OnRealServer, CachesRecoverWhenTheServerComesBack)
{
    const ports::ClusterPtr admin = as("admin");
    const std::string ns = makeNamespace(admin, "restarts");
    const ports::ClusterCachePtr cache = makeClusterCache(admin, {.clock = std::make_shared<ports::SystemClock>()});
    ports::CacheUserPtr user = cache->use({.type = kConfigMaps, .ns = ns}, {});
    ASSERT_TRUE(async::waitFor(user->synced({})));
    ASSERT_TRUE(create(admin, configMap(ns, "before")));
    ASSERT_TRUE(QTest::qWaitFor([&] { return user->snapshot()->objects.size() >= 1; }, 10'000));
    ASSERT_TRUE(s_cluster->run({QStringLiteral("stop-api")}));
    EXPECT_TRUE(QTest::qWaitFor([&] { return user->snapshot()->state == ports::CacheState::Stale; }, 20'000));
    EXPECT_TRUE(user->snapshot()->objects.find(ns, "before"));
    const Expected<ports::Written> lost = async::waitFor(admin->create(kConfigMaps, configMap(ns, "never"), {}, {}));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().reason(), kNotSent) << lost.error().text();
    ASSERT_TRUE(s_cluster->run({QStringLiteral("start-api")}));
    ASSERT_TRUE(create(admin, configMap(ns, "after")));
    EXPECT_TRUE(QTest::qWaitFor(
        [&] {
            return user->snapshot()->state == ports::CacheState::Live
                   && user->snapshot()->objects.find(ns, "after").has_value();
        },
        60'000));
    user.reset();
    EXPECT_TRUE(async::waitFor(cache->close()));

    // The new server remembers no events from before its start.
    CancelSource stop;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, &limit, [&] { stop.cancel(); });
    limit.start(30'000);
    ports::WatchOptions old;
    old.resourceVersion = "1";
    const Expected<void> ended =
        async::waitFor(admin->watch(kConfigMaps, old, [](std::vector<ports::WatchEvent>) {}, stop.token()));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), ErrorCode::Expired) << ended.error().text();
}

TEST_F(OnRealServer, AnExpiredExecCredentialIsRenewedOnceForManyRequests)
{
    const auto clock = std::make_shared<StoppedClock>();
    Target target = s_cluster->target("admin");
    const std::string folder = s_cluster->folder().toStdString();
    const auto write = [&](const std::string &name, const std::string &text) {
        QFile file(QString::fromStdString(folder + "/" + name));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(text.c_str());
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    };
    const auto jsonText = [](const std::string &text) {
        return QString::fromStdString(text).replace(QLatin1Char('\n'), QStringLiteral("\\n")).toStdString();
    };
    // The clock of the test says 2001-09-09T01:46:40Z; the credential lives ten minutes.
    write(
        "credential.json",
        R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"expirationTimestamp":"2001-09-09T01:56:40Z",)"
        R"("clientCertificateData":")"
            + jsonText(target.user.certificatePem) + R"(","clientKeyData":")" + jsonText(target.user.keyPem)
            + R"("}})");
    write("plugin", "#!/bin/sh\necho run >>'" + folder + "/runs'\ncat '" + folder + "/credential.json'\n");
    target.user = {.name = "exec",
                   .exec = ExecConfig{.apiVersion = "client.authentication.k8s.io/v1",
                                      .command = folder + "/plugin",
                                      .interactiveMode = InteractiveMode::Never}};
    ConnectOptions with = options();
    with.clock = clock;
    with.mayExec = [](ExecConfig, std::string) -> Async<bool> { co_return true; };
    const ports::ClusterPtr cluster = connect(target, with).value();
    const auto ask = [&] {
        std::vector<Async<ports::ServerVersion>> answers;
        for (int i = 0; i < 40; ++i)
            answers.push_back(cluster->serverVersion({}));
        for (Async<ports::ServerVersion> &answer : answers) {
            const Expected<ports::ServerVersion> version = async::waitFor(std::move(answer));
            EXPECT_TRUE(version) << version.error().text();
        }
        return std::ranges::count(readWholeFile(folder + "/runs").value_or(""), '\n');
    };
    EXPECT_EQ(ask(), 1);
    EXPECT_EQ(ask(), 1);
    clock->time += 11 * 60'000;
    // A credential that is expired already is used for those who wait for it.
    EXPECT_EQ(async::waitFor(cluster->selfSubject({}))->name, "admin");
    EXPECT_EQ(std::ranges::count(readWholeFile(folder + "/runs").value_or(""), '\n'), 2);
    EXPECT_EQ(ask(), 3) << "forty requests at once cost one run";
}

TEST_F(OnRealServer, NothingRunsWithoutConsent)
{
    Target target = s_cluster->target("admin");
    target.user = {.name = "exec",
                   .exec = ExecConfig{.apiVersion = "client.authentication.k8s.io/v1", .command = "/bin/false"}};
    const Expected<ports::ServerVersion> refused =
        async::waitFor(connect(target, options()).value()->serverVersion({}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text(), "getting credentials: exec plugin /bin/false may not run: nobody allowed it");
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    cluster_test::RealCluster cluster;
    if (!cluster.start()) {
        std::printf("skipped: %s\n", cluster.reason().c_str());
        return 77;
    }
    s_cluster = &cluster;
    return RUN_ALL_TESTS();
}
