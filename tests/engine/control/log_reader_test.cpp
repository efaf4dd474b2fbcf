// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_reader.h"

#include "async/delay.h"
#include "async/task_scope.h"
#include "async/wait_for.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>

namespace tiphys::control {
namespace {

using namespace std::chrono_literals;
using object::Object;
using service::LogState;

/// A cluster that has one pod, and answers questions for its log as it was told to.
class LogCluster final : public ports::Cluster
{
public:
    struct Answer
    {
        std::vector<std::string> lines;
        Expected<void> end = {};
        bool isOpen = false;    ///< the stream stays open until it is cancelled
        bool isRefused = false; ///< the server does not begin to send
    };

    Expected<Object> pod = failure(ErrorCode::NotFound, "no pod");
    std::deque<Answer> answers; ///< without one the stream stays open
    std::vector<ports::LogOptions> asked;

    Async<Object> get(ports::ObjectRef, ports::GetOptions, CancelToken) override
    {
        const Expected<Object> found = pod;
        co_return found;
    }
    Async<void> logs(ports::ObjectRef, ports::LogOptions options, std::function<void(std::vector<std::string>)> onLines,
                     CancelToken cancel) override
    {
        asked.push_back(options);
        const Answer answer = answers.empty() ? Answer{.lines = {}, .isOpen = true} : answers.front();
        if (!answers.empty())
            answers.pop_front();
        if (!answer.isRefused && options.onStarted)
            options.onStarted();
        if (!answer.lines.empty())
            onLines(answer.lines);
        if (answer.isOpen) {
            const Expected<void> end = co_await async::delay(1h, cancel);
            co_return end;
        }
        co_return answer.end;
    }

    const ports::ClusterIdentity &identity() const override { return m_identity; }
    Async<ports::DiscoveryPtr> discovery(CancelToken) override { co_return none(); }
    Async<ports::DiscoveryPtr> refreshDiscovery(CancelToken) override { co_return none(); }
    Async<ports::ObjectList> list(ports::ResourceType, ports::ListOptions, CancelToken) override { co_return none(); }
    Async<void> watch(ports::ResourceType, ports::WatchOptions, std::function<void(std::vector<ports::WatchEvent>)>,
                      CancelToken) override
    {
        co_return none();
    }
    Async<ports::Written> create(ports::ResourceType, Object, ports::WriteOptions, CancelToken) override
    {
        co_return none();
    }
    Async<ports::Written> patch(ports::ObjectRef, ports::Patch, ports::WriteOptions, CancelToken) override
    {
        co_return none();
    }
    Async<ports::Written> replace(ports::ResourceType, Object, ports::WriteOptions, CancelToken) override
    {
        co_return none();
    }
    Async<void> remove(ports::ObjectRef, ports::DeleteOptions, CancelToken) override { co_return none(); }
    Async<ports::UserInfo> selfSubject(CancelToken) override { co_return none(); }
    Async<ports::Access> canI(ports::AccessQuestion, CancelToken) override { co_return none(); }
    Async<ports::AccessRules> rules(std::string, CancelToken) override { co_return none(); }
    Async<ports::ServerVersion> serverVersion(CancelToken) override { co_return none(); }
    Async<std::string> openApi(std::string, CancelToken) override { co_return none(); }
    Async<std::string> getRaw(std::string, CancelToken) override { co_return none(); }
    void forgetFailures() override {}

private:
    static std::unexpected<Error> none() { return failure(ErrorCode::Unsupported, "not asked for here"); }

    ports::ClusterIdentity m_identity;
};

Object podWith(std::string_view status, const std::string &uid = "1")
{
    const std::string text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, uid: u" + uid
        + "}\nspec:\n  containers: [{name: app}]\nstatus:\n  phase: Running\n  containerStatuses:\n  - "
        + std::string(status) + "\n";
    return Object(object::parseYaml(text).value());
}

const std::string kRunning = "{name: app, restartCount: 0, state: {running: {startedAt: '2026-01-02T03:04:00Z'}}}";

class LogReading : public testing::Test
{
protected:
    void read(service::LogRequest request = {})
    {
        request.pod = {"", "Pod", "shop", "web"};
        request.container = "app";
        reader = std::make_unique<LogReader>(
            request,
            [this](const service::LogNews &found) {
                for (const service::LogLine &line : found.lines)
                    shown += line.text + "|";
                news = found;
                states.push_back(found.state);
                if (isQuick)
                    reader->shown();
            },
            LogReader::Pauses{1ms, 1ms});
        resume();
    }
    void resume()
    {
        source = CancelSource();
        isEnded = false;
        scope.start(run(*this));
    }
    static Async<void> run(LogReading &test)
    {
        ignoreError(co_await test.reader->run(test.cluster, test.source.token()), "its state is looked at");
        test.isEnded = true;
        co_return {};
    }
    bool until(const std::function<bool()> &isReached)
    {
        for (int i = 0; i < 2000 && !isReached(); ++i)
            ignoreError(async::waitFor(async::delay(1ms, {})), "a look follows");
        return isReached();
    }
    void TearDown() override
    {
        source.cancel();
        EXPECT_TRUE(until([this] { return scope.running() == 0; }));
    }

    std::shared_ptr<LogCluster> cluster = std::make_shared<LogCluster>();
    std::unique_ptr<LogReader> reader;
    CancelSource source;
    async::TaskScope scope;
    std::string shown;
    service::LogNews news;
    std::vector<LogState> states;
    bool isQuick = true; ///< takes news in at once
    bool isEnded = false;
};

TEST_F(LogReading, GoesOnAfterALostConnectionWithoutALineTwice)
{
    cluster->pod = podWith(kRunning);
    cluster->answers = {
        {.lines = {"2026-01-02T03:04:05.1Z a", "2026-01-02T03:04:05.2Z b"},
         .end = failure(ErrorCode::Unavailable, "connection lost")},
        {.lines = {}, .end = failure(ErrorCode::Unavailable, "no route"), .isRefused = true},
        {.lines = {"2026-01-02T03:04:05.1Z a", "2026-01-02T03:04:05.2Z b", "2026-01-02T03:04:06Z c"}, .isOpen = true}};
    read();
    EXPECT_TRUE(until([this] { return shown == "a|b|c|"; })) << shown;
    ASSERT_EQ(cluster->asked.size(), 3U);
    EXPECT_EQ(cluster->asked[2].sinceTime, "2026-01-02T03:04:05Z");
    EXPECT_TRUE(std::ranges::contains(states, LogState::Lost));
    EXPECT_EQ(news.state, LogState::Reading);
    EXPECT_EQ(news.problem, "");
}

TEST_F(LogReading, AQuietConnectionIsMadeAnewWithoutAWord)
{
    cluster->pod = podWith(kRunning);
    cluster->answers = {{.lines = {"2026-01-02T03:04:05Z a"}, .end = failure(ErrorCode::Timeout, "quiet")}};
    read();
    EXPECT_TRUE(until([this] { return cluster->asked.size() == 2; }));
    EXPECT_FALSE(std::ranges::contains(states, LogState::Lost));
}

TEST_F(LogReading, StopsWhileItIsHeldAndGoesOn)
{
    cluster->pod = podWith(kRunning);
    cluster->answers = {{.lines = {"2026-01-02T03:04:05Z a"}, .isOpen = true},
                        {.lines = {"2026-01-02T03:04:05Z a", "2026-01-02T03:04:09Z b"}, .isOpen = true}};
    read({.lines = 100});
    EXPECT_TRUE(until([this] { return shown == "a|"; }));
    EXPECT_EQ(cluster->asked[0].tailLines, 100);
    source.cancel();
    EXPECT_TRUE(until([this] { return isEnded; }));
    resume();
    EXPECT_TRUE(until([this] { return shown == "a|b|"; })) << shown;
    EXPECT_EQ(cluster->asked[1].tailLines, service::kMostLogLines);
}

TEST_F(LogReading, WaitsForTheStartAndForTheNextOne)
{
    cluster->pod = podWith("{name: app, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}");
    read();
    EXPECT_TRUE(until([this] { return news.state == LogState::Waiting; }));
    EXPECT_EQ(news.container.reason, "ContainerCreating");
    EXPECT_TRUE(cluster->asked.empty());
    cluster->answers = {{.lines = {"2026-01-02T03:04:05Z a"}}};
    cluster->pod = podWith("{name: app, restartCount: 0, state: {terminated: {exitCode: 3, reason: Error, finishedAt: "
                           "'2026-01-02T03:04:06Z'}}}");
    EXPECT_TRUE(until([this] { return news.state == LogState::Ended; }));
    EXPECT_EQ(shown, "a|");
    EXPECT_EQ(news.container.exitCode, 3);
    EXPECT_EQ(cluster->asked.size(), 1U);
    cluster->answers = {{.lines = {"2026-01-02T03:04:20Z b"}, .isOpen = true}};
    cluster->pod =
        podWith("{name: app, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 3}}}");
    EXPECT_TRUE(until([this] { return shown == "a|b|"; })) << shown;
    EXPECT_TRUE(news.container.hasPrevious);
}

TEST_F(LogReading, AnotherPodOfTheNameIsReadFromItsFirstLine)
{
    cluster->pod = podWith(kRunning);
    cluster->answers = {
        {.lines = {"2026-01-02T03:04:05Z a"}, .end = failure(ErrorCode::Unavailable, "connection lost")}};
    read();
    EXPECT_TRUE(until([this] { return shown == "a|"; }));
    cluster->answers = {{.lines = {"2026-01-02T03:04:01Z b"}, .isOpen = true}};
    cluster->pod = podWith(kRunning, "2");
    source.cancel();
    EXPECT_TRUE(until([this] { return isEnded; }));
    resume();
    EXPECT_TRUE(until([this] { return shown == "a|b|"; })) << shown;
}

TEST_F(LogReading, APreviousRunIsReadOnce)
{
    cluster->pod =
        podWith("{name: app, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 3}}}");
    cluster->answers = {{.lines = {"2026-01-02T03:04:05Z a"}}};
    read({.follows = true, .isPrevious = true});
    EXPECT_TRUE(until([this] { return isEnded; }));
    EXPECT_EQ(news.state, LogState::Ended);
    ASSERT_EQ(cluster->asked.size(), 1U);
    EXPECT_TRUE(cluster->asked[0].isPrevious);
    EXPECT_FALSE(cluster->asked[0].follows);
}

TEST_F(LogReading, WithoutRightsItSaysSoAndEnds)
{
    cluster->pod = podWith(kRunning);
    cluster->answers = {
        {.lines = {}, .end = failure(ErrorCode::Denied, "you may not get pods/log"), .isRefused = true}};
    read();
    EXPECT_TRUE(until([this] { return isEnded; }));
    EXPECT_EQ(news.state, LogState::Refused);
    EXPECT_TRUE(news.problem.contains("pods/log"));
}

TEST_F(LogReading, ALogMayBeReadableWhereItsPodIsNot)
{
    cluster->pod = failure(ErrorCode::Denied, "you may not get pods");
    cluster->answers = {{.lines = {"2026-01-02T03:04:05Z a"}, .isOpen = true}};
    read();
    EXPECT_TRUE(until([this] { return shown == "a|"; }));
}

TEST_F(LogReading, ASlowReaderGetsTheLastLinesAndNoMore)
{
    isQuick = false;
    cluster->pod = podWith(kRunning);
    std::vector<std::string> many;
    for (int i = 0; i < 3 * service::kMostLogLines; ++i)
        many.push_back("2026-01-02T03:04:05Z " + std::to_string(i));
    cluster->answers = {{.lines = many, .isOpen = true}};
    read();
    EXPECT_TRUE(until([this] { return !states.empty(); }));
    isQuick = true;
    reader->shown();
    EXPECT_EQ(news.lines.size(), static_cast<std::size_t>(service::kMostLogLines));
    EXPECT_EQ(news.lines.back().text, std::to_string(3 * service::kMostLogLines - 1));
}

TEST_F(LogReading, ALineThatIsTooLongIsCutBetweenCharacters)
{
    cluster->pod = podWith(kRunning);
    std::string longLine(service::kLongestLogLine - 1, 'x');
    longLine += "äöü";
    cluster->answers = {{.lines = {"2026-01-02T03:04:05.123456789Z " + longLine}, .isOpen = true}};
    read();
    EXPECT_TRUE(until([this] { return !news.lines.empty(); }));
    EXPECT_EQ(news.lines[0].text, std::string(service::kLongestLogLine - 1, 'x') + "…");
    EXPECT_EQ(news.lines[0].time, "2026-01-02T03:04:05.123456789Z");
}

} // namespace
} // namespace tiphys::control
