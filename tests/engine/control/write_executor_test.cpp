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
        client = kube::connect(kube::loadKubeConfig({cluster->kubeconfigPath().toStdString()}, read), "demo", connect).value();
    }
    void TearDown() override
    {
        client.reset();
        pool.waitForDone();
    }

    /// Who owns fields of a ConfigMap that is made in \p mode.
    std::string ownerAfter(sync::ApplyMode mode)
    {
        const Object target(object::parseYaml("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: z}\n").value());
        sync::Write write;
        write.act = sync::Act::Apply;
        write.mode = mode;
        write.gvk = target.gvk();
        write.ns = target.ns();
        write.name = target.name();
        write.target = target;
        WriteExecutor executor(client);
        const auto results = async::waitFor(executor.execute({write}, {}));
        EXPECT_TRUE(results && !results->front().isFailed) << (results ? results->front().message : results.error().text());
        const auto live = async::waitFor(client->get({{"", "v1", "configmaps", "ConfigMap", true}, "default", "a"}, {}, {}));
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

TEST(ServedKind, MustBeReadable)
{
    const auto resource = [](ports::ResourceType type, std::vector<std::string> verbs) {
        return ports::ApiResource{.type = std::move(type), .singular = {}, .verbs = std::move(verbs), .shortNames = {},
                                  .categories = {}, .subresources = {}, .isPreferred = true};
    };
    const ports::Discovery discovery({resource({"networking.k8s.io", "v1", "ingresses", "Ingress"}, {"get", "list"}),
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
