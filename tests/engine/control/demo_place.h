// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/delay.h"
#include "async/wait_for.h"
#include "demo/demo_cluster.h"
#include "kube/connect.h"
#include "object/yaml.h"
#include "ports/system_clock.h"

#include <gtest/gtest.h>

#include <QThreadPool>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>

namespace tiphys::control {

/// A demo cluster without the sample, and a client of it.
class DemoPlace : public testing::Test
{
protected:
    void SetUp() override
    {
        demo::DemoOptions options;
        options.hasSample = false;
        cluster = std::move(demo::DemoCluster::start(options).value());
        client = connected("demo");
    }
    void TearDown() override
    {
        client.reset();
        pool.waitForDone();
    }

    ports::ClusterPtr connected(const std::string &context)
    {
        kube::ConnectOptions options{.pool = &pool, .clock = std::make_shared<ports::SystemClock>()};
        options.second = second;
        options.environment = [](const std::string &) { return std::string(); };
        const auto read = [](const std::string &path) -> Expected<std::string> {
            std::ifstream file(path);
            return std::string(std::istreambuf_iterator<char>(file), {});
        };
        return kube::connect(kube::loadKubeConfig({cluster->kubeconfigPath().toStdString()}, read), context, options)
            .value();
    }

    void make(std::string_view yaml)
    {
        const object::Object object(object::parseYaml(yaml).value());
        cluster->run([&](demo::Store &store) {
            const auto made = store.create(*store.catalog().byKind(object.groupKind()), object.ns(), object);
            EXPECT_TRUE(made) << made.error().message;
        });
    }
    void merge(const object::ObjectKey &key, std::string_view yaml)
    {
        const object::Value patch = object::parseYaml(yaml).value();
        cluster->run([&](demo::Store &store) {
            EXPECT_TRUE(store.patch(*store.catalog().byKind({key.group, key.kind}), {key.ns, key.name},
                                    demo::PatchKind::Merge, patch, ""));
        });
    }
    object::Object live(const object::ObjectKey &key)
    {
        object::Object found;
        cluster->run([&](demo::Store &store) { found = store.find({key.group, key.kind}, {key.ns, key.name}); });
        return found;
    }

    static bool until(const std::function<bool()> &isReached)
    {
        for (int i = 0; i < 2400; ++i) {
            if (isReached())
                return true;
            ignoreError(async::waitFor(async::delay(std::chrono::milliseconds(25), {})), "a look at the state follows");
        }
        return false;
    }

    std::chrono::milliseconds second{1000}; ///< until what was lost is asked again
    QThreadPool pool;
    std::unique_ptr<demo::DemoCluster> cluster;
    ports::ClusterPtr client;
};

} // namespace tiphys::control
