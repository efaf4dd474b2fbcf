// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/event_recorder.h"

#include "async/wait_for.h"
#include "demo/demo_cluster.h"
#include "kube/connect.h"
#include "object/yaml.h"
#include "ports/system_clock.h"

#include <gtest/gtest.h>

#include <QThreadPool>

#include <fstream>
#include <iterator>
#include <set>

namespace tiphys::control {
namespace {

using object::Object;

const ports::ResourceType kEvents{"", "v1", "events", "Event", true};

/// A clock that stands still until it is set.
class StandingClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return moment; }
    ports::BootTime sinceBoot() const override { return {}; }
    ports::WallTime moment = 1'780'000'000'000;
};

/// A demo cluster, and what a recorder writes there.
class RecordedEvents : public testing::Test
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
        recorder = std::make_unique<EventRecorder>(client, clock, "tester");
    }
    void TearDown() override
    {
        recorder.reset();
        client.reset();
        pool.waitForDone();
    }

    void record(bool isWarning, const std::string &message)
    {
        const Object about(
            object::parseYaml("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default, uid: u}")
                .value());
        ASSERT_TRUE(async::waitFor(recorder->record(about, {isWarning, "Happened", message}, {})));
    }
    /// Messages of a type, and how often all of it was said.
    std::pair<int, std::int64_t> recorded(const std::string &type)
    {
        ports::ListOptions options;
        options.ns = "default";
        const ports::ObjectList list = async::waitFor(client->list(kEvents, options, {})).value();
        std::pair<int, std::int64_t> result;
        for (const Object &event : list.items) {
            if (event.path({"type"}).stringOr() != type || event.path({"source", "component"}).stringOr() != "tester")
                continue;
            ++result.first;
            result.second += event.path({"count"}).intOr(0);
        }
        return result;
    }

    std::set<std::string> messages()
    {
        ports::ListOptions options;
        options.ns = "default";
        const ports::ObjectList list = async::waitFor(client->list(kEvents, options, {})).value();
        std::set<std::string> texts;
        for (const Object &event : list.items)
            texts.emplace(event.path({"message"}).stringOr());
        return texts;
    }

    QThreadPool pool;
    std::shared_ptr<StandingClock> clock = std::make_shared<StandingClock>();
    std::unique_ptr<demo::DemoCluster> cluster;
    ports::ClusterPtr client;
    std::unique_ptr<EventRecorder> recorder;
};

TEST_F(RecordedEvents, ThatAreEqualCountUp)
{
    record(false, "a");
    record(false, "a");
    record(false, "b");
    EXPECT_EQ(recorded("Normal"), (std::pair<int, std::int64_t>(2, 3)));
}

TEST_F(RecordedEvents, ManyNormalOnesLeaveRoomForWarnings)
{
    for (int i = 0; i < 30; ++i)
        record(false, std::to_string(i));
    record(true, "aborted");
    EXPECT_EQ(recorded("Normal"), (std::pair<int, std::int64_t>(10, 25)));
    EXPECT_EQ(recorded("Warning").first, 1);
}

TEST_F(RecordedEvents, AreLetThroughAgainAfterFiveMinutes)
{
    for (int i = 0; i < 26; ++i)
        record(false, std::to_string(i));
    clock->moment += 300'000;
    record(false, "later");
    record(false, "too much");
    // The one in between was held back, and counted.
    EXPECT_EQ(recorded("Normal"), (std::pair<int, std::int64_t>(10, 27)));
}

TEST_F(RecordedEvents, ThatAreAlikeAreToldTogetherFromTheTenthOn)
{
    for (int i = 0; i < 12; ++i)
        record(true, "m" + std::to_string(10 + i));
    EXPECT_EQ(recorded("Warning"), (std::pair<int, std::int64_t>(10, 12)));
    EXPECT_EQ(messages().count("(combined from similar events): m21"), 1U);
    // After a quiet time they are told one by one again.
    clock->moment += 601'000;
    record(true, "m30");
    EXPECT_EQ(messages().count("m30"), 1U);
}

} // namespace
} // namespace tiphys::control
