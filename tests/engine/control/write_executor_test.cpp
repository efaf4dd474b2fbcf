// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/write_executor.h"

#include "async/wait_for.h"
#include "demo/demo_cluster.h"
#include "kube/connect.h"
#include "object/yaml.h"
#include "ports/system_clock.h"

#include <gtest/gtest.h>

#include <QThreadPool>

#include <fstream>
#include <iterator>

namespace tiphys::control {
namespace {

using object::Object;

/// A demo cluster, and writes of a sync that are carried out there.
class Executed : public testing::Test
{
protected:
    void SetUp() override
    {
        demo::DemoOptions options;
        options.hasSample = false;
        cluster = std::move(demo::DemoCluster::start(options).value());
        kube::ConnectOptions connect{.pool = &pool, .clock = std::make_shared<ports::SystemClock>()};
        connect.environment = [](const std::string &) { return std::string(); };
        const auto read = [](const std::string &path) -> Expected<std::string> {
            std::ifstream file(path);
            return std::string(std::istreambuf_iterator<char>(file), {});
        };
        client = kube::connect(kube::loadKubeConfig({cluster->kubeconfigPath().toStdString()}, read), "demo", connect)
                     .value();
    }
    void TearDown() override
    {
        client.reset();
        pool.waitForDone();
    }

    static sync::Write writeOf(const std::string &name, sync::ApplyMode mode)
    {
        const Object target(object::parseYaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name
                                              + ", namespace: default}, data: {x: z}}")
                                .value());
        sync::Write write;
        write.act = sync::Act::Apply;
        write.mode = mode;
        write.gvk = target.gvk();
        write.ns = target.ns();
        write.name = target.name();
        write.target = target;
        return write;
    }

    /// Who owns fields of a ConfigMap that is made in \p mode.
    std::string ownerAfter(sync::ApplyMode mode)
    {
        const sync::Write write = writeOf("a", mode);
        WriteExecutor executor(client, [] { return true; });
        const auto results = async::waitFor(executor.execute({write}, {}));
        EXPECT_TRUE(results && !results->front().isFailed)
            << (results ? results->front().message : results.error().text());
        const auto live =
            async::waitFor(client->get({{"", "v1", "configmaps", "ConfigMap", true}, "default", "a"}, {}, {}));
        if (!live)
            return live.error().text();
        return std::string(live->path({"metadata", "managedFields"}).at(0)["manager"].stringOr());
    }

    QThreadPool pool;
    std::unique_ptr<demo::DemoCluster> cluster;
    ports::ClusterPtr client;
};

TEST_F(Executed, ApplyOwnsItsFieldsAsTheControllersApply)
{
    EXPECT_EQ(ownerAfter(sync::ApplyMode::ClientSide), "argocd-controller");
}

TEST_F(Executed, CreationWithoutAnApplyOwnsItsFieldsAsTheControllersProgram)
{
    EXPECT_EQ(ownerAfter(sync::ApplyMode::Create), "argocd-application-controller");
}

TEST_F(Executed, NothingIsWrittenOnceTheLeaseIsLost)
{
    constexpr int groups = 3;
    int asked = 0;
    std::vector<sync::Write> writes;
    for (int i = 0; i < 40; ++i)
        writes.push_back(writeOf("map-" + std::to_string(i), sync::ApplyMode::Create));
    WriteExecutor executor(client, [&asked] { return ++asked < groups; });
    const auto results = async::waitFor(executor.execute(writes, {}));
    ASSERT_FALSE(results);
    EXPECT_EQ(results.error().code(), ErrorCode::Conflict);
    ports::ListOptions options;
    options.ns = "default";
    const auto live = async::waitFor(client->list({"", "v1", "configmaps", "ConfigMap", true}, options, {}));
    ASSERT_TRUE(live);
    int made = 0;
    for (const Object &object : live->items)
        made += object.name().starts_with("map-") ? 1 : 0;
    EXPECT_EQ(made, 32);
}

TEST(ServedKind, MustBeReadable)
{
    const auto resource = [](ports::ResourceType type, std::vector<std::string> verbs) {
        return ports::ApiResource{.type = std::move(type),
                                  .singular = {},
                                  .verbs = std::move(verbs),
                                  .shortNames = {},
                                  .categories = {},
                                  .subresources = {},
                                  .isPreferred = true};
    };
    const ports::Discovery discovery(
        {resource({"networking.k8s.io", "v1", "ingresses", "Ingress"}, {"get", "list"}),
         resource({"authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false}, {"create"})},
        {});
    const auto ingress = servedKind(discovery, {"networking.k8s.io", "v1", "Ingress"});
    ASSERT_TRUE(ingress);
    EXPECT_EQ(ingress->resource, "ingresses");
    const auto review = servedKind(discovery, {"authentication.k8s.io", "v1", "TokenReview"});
    ASSERT_FALSE(review);
    EXPECT_EQ(review.error().text(), "get is not supported on resources of kind \"TokenReview.authentication.k8s.io\"");
    EXPECT_EQ(servedKind(discovery, {"networking.k8s.io", "v1", "Ingresz"}).error().code(), ErrorCode::NotFound);
}

} // namespace
} // namespace tiphys::control
