// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/analysis.h"

#include "object/json.h"
#include "object/merge_patch.h"
#include "object/yaml.h"
#include "rollout/analysis_build.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tiphys::rollout {
namespace {

constexpr Moment kNow = Moment::ofSeconds(1'785'000'000);

object::Object runOf(const std::string &spec)
{
    const std::string text =
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {name: run, namespace: shop, uid: u1}\n"
        "spec:\n"
        + spec;
    const auto document = object::parseYaml(text);
    EXPECT_TRUE(document) << (document ? "" : document.error().text());
    return object::Object(document.value_or(object::Value()));
}

/// A run that is looked at again and again, with its measurements made up.
class Course
{
public:
    explicit Course(const std::string &spec) : m_object(runOf(spec)) {}

    RunDecision look()
    {
        RunObserved observed = this->observed();
        RunDecision decision = decideRun(observed, now);
        if (decision.requests.empty()) {
            take(decision);
            return decision;
        }
        asked = decision.requests;
        for (const MeasurementRequest &request : decision.requests) {
            Measurement measurement = request.measurement;
            measurement.startedAt = now.timestamp();
            measurement.phase = answers.empty() ? AnalysisPhase::Successful : answers.front();
            if (!answers.empty())
                answers.erase(answers.begin());
            measurement.message = message;
            if (isCompleted(measurement.phase))
                measurement.finishedAt = now.timestamp();
            observed.answers.emplace(request.metric.name, measurement);
        }
        decision = decideRun(observed, now);
        take(decision);
        return decision;
    }

    RunObserved observed() const
    {
        RunObserved observed;
        observed.run = readAnalysisRun(m_object);
        observed.secrets = secrets;
        return observed;
    }
    RunStatus status() const { return readAnalysisRun(m_object).status; }
    void patch(const object::Value &patch)
    {
        m_object = object::Object(object::applyMergePatch(m_object.value(), patch));
    }

    Moment now = kNow;
    std::vector<AnalysisPhase> answers;
    std::string message;
    std::map<std::string, std::string> secrets;
    std::vector<MeasurementRequest> asked;
    std::vector<Event> events;

private:
    void take(const RunDecision &decision)
    {
        for (const Write &write : decision.decision.writes()) {
            if (write.verb == Verb::MergePatch)
                patch(write.body);
        }
        for (const Event &event : decision.decision.events())
            events.push_back(event);
    }

    object::Object m_object;
};

const std::string kOnce = "  metrics:\n  - {name: m, provider: {web: {url: 'http://x'}}}\n";

std::string metric(const std::string &fields)
{
    return "  metrics:\n  - {name: m, provider: {web: {url: 'http://x'}}, " + fields + "}\n";
}

TEST(AnalysisRuns, SucceedAfterOneMeasurement)
{
    Course course(kOnce);

    const RunDecision decision = course.look();

    const RunStatus status = course.status();
    EXPECT_EQ(status.phase, AnalysisPhase::Successful);
    EXPECT_EQ(status.startedAt, kNow.timestamp());
    EXPECT_EQ(status.completedAt, kNow.timestamp());
    EXPECT_EQ(status.summary, (RunSummary{.count = 1, .successful = 1}));
    ASSERT_EQ(course.events.size(), 2u);
    EXPECT_EQ(course.events[0].message, "Metric 'm' Completed. Result: Successful");
    EXPECT_EQ(course.events[1].reason, "AnalysisRunSuccessful");
    EXPECT_EQ(course.events[1].message, "Analysis Completed. Result: Successful");
    EXPECT_FALSE(decision.decision.lookAgain);
    EXPECT_TRUE(course.look().decision.isIdle());
}

TEST(AnalysisRuns, FailAboveTheLimitAndSayWhy)
{
    Course course(metric("count: 5, interval: 10s, failureLimit: 1"));
    course.answers = {AnalysisPhase::Failed, AnalysisPhase::Successful, AnalysisPhase::Failed};

    for (int i = 0; i < 3; ++i) {
        course.look();
        course.now = course.now.plusSeconds(11);
    }

    EXPECT_EQ(course.status().phase, AnalysisPhase::Failed);
    EXPECT_EQ(course.status().message, "Metric \"m\" assessed Failed due to failed (2) > failureLimit (1)");
    EXPECT_TRUE(course.events.back().isWarning);
}

TEST(AnalysisRuns, MeasureAgainOnlyAfterTheInterval)
{
    Course course(metric("count: 2, interval: 10s"));
    const RunDecision first = course.look();

    course.now = course.now.plusSeconds(10);
    const RunDecision early = course.look();
    course.now = course.now.plusMilliseconds(1);
    course.look();

    ASSERT_TRUE(first.decision.lookAgain);
    EXPECT_EQ(*first.decision.lookAgain, kNow.plusSeconds(10).plusMilliseconds(1));
    EXPECT_TRUE(early.decision.acts.empty());
    EXPECT_EQ(course.status().phase, AnalysisPhase::Successful);
    EXPECT_EQ(course.status().results.front().count, 2);
}

TEST(AnalysisRuns, RetryErrorsEveryTenSecondsUpToTheLimit)
{
    Course course(metric("interval: 1h"));
    course.answers.assign(5, AnalysisPhase::Error);
    course.message = "connection refused";

    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(course.status().phase, i == 0 ? AnalysisPhase::None : AnalysisPhase::Running);
        course.look();
        course.now = course.now.plusSeconds(11);
    }

    EXPECT_EQ(course.status().phase, AnalysisPhase::Error);
    EXPECT_EQ(course.status().message,
              "Metric \"m\" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): "
              "\"Error Message: connection refused\"");
}

TEST(AnalysisRuns, WaitForTheInitialDelay)
{
    Course course(metric("initialDelay: 1m"));

    const RunDecision first = course.look();
    course.now = course.now.plusSeconds(60);
    course.look();

    EXPECT_EQ(first.status.phase, AnalysisPhase::Running);
    EXPECT_EQ(first.decision.lookAgain, std::optional(kNow.plusSeconds(60)));
    EXPECT_EQ(course.status().phase, AnalysisPhase::Successful);
}

TEST(AnalysisRuns, EndWhenTerminated)
{
    Course course(metric("interval: 1m"));
    course.look();
    course.patch(object::Value::map({{"spec", object::Value::map({{"terminate", true}})}}));

    course.look();

    EXPECT_EQ(course.status().phase, AnalysisPhase::Successful);
    EXPECT_EQ(course.status().message, "Run Terminated");
}

TEST(AnalysisRuns, TerminateWhatIsUnderWay)
{
    Course course("  metrics:\n  - {name: j, provider: {job: {spec: {}}}}\n");
    course.answers = {AnalysisPhase::Running};
    course.look();
    EXPECT_EQ(course.status().phase, AnalysisPhase::Running);
    course.patch(object::Value::map({{"spec", object::Value::map({{"terminate", true}})}}));

    course.look();

    ASSERT_EQ(course.asked.size(), 1u);
    EXPECT_EQ(course.asked[0].task, MeasurementTask::Terminate);
    EXPECT_EQ(course.status().results[0].measurements[0].message, "Metric Terminated");
}

TEST(AnalysisRuns, DoNotFailByDryRuns)
{
    Course course(metric("failureLimit: 0") + "  dryRun: [{metricName: '.*'}]\n");
    course.answers = {AnalysisPhase::Failed};

    course.look();

    const RunStatus status = course.status();
    EXPECT_EQ(status.phase, AnalysisPhase::Successful);
    EXPECT_TRUE(status.results[0].isDryRun);
    EXPECT_EQ(status.results[0].message, "Metric assessed Failed due to failed (1) > failureLimit (0)");
    EXPECT_EQ(status.dryRunSummary, (RunSummary{.count = 1, .failed = 1}));
}

TEST(AnalysisRuns, KeepTheLastMeasurements)
{
    Course course(metric("interval: 1s") + "  measurementRetention: [{metricName: m, limit: 2}]\n");

    for (int i = 0; i < 5; ++i) {
        course.look();
        course.now = course.now.plusSeconds(2);
    }

    EXPECT_EQ(course.status().results[0].measurements.size(), 2u);
    EXPECT_EQ(course.status().results[0].count, 5);
}

TEST(AnalysisRuns, HideSecrets)
{
    Course course("  args: [{name: token, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n"
                  "  metrics:\n  - {name: m, provider: {prometheus: {address: 'http://x', query: "
                  "'up{t=\"{{args.token}}\"}'}}}\n");
    course.secrets = {{"s/k", "hunter2"}};
    course.answers = {AnalysisPhase::Error};
    course.message = "no such token hunter2";

    course.look();

    EXPECT_EQ(course.asked[0].metric.provider.path({"prometheus", "query"}).stringOr(), "up{t=\"hunter2\"}");
    EXPECT_EQ(object::toJson(valueOf(course.status())).find("hunter2"), std::string::npos);
    EXPECT_EQ(course.status().results[0].measurements[0].message, "no such token *****");
}

TEST(AnalysisRuns, CountMetricsWhoseNamesHaveArguments)
{
    Course course("  args: [{name: x, value: latency}]\n"
                  "  dryRun: [{metricName: 'up'}]\n"
                  "  metrics:\n  - {name: '{{args.x}}', provider: {prometheus: {address: 'http://x', query: up}}}\n"
                  "  - {name: up, provider: {prometheus: {address: 'http://x', query: up}}}\n");

    course.look();

    ASSERT_EQ(course.asked.size(), 2u);
    EXPECT_EQ(course.asked[0].index, 0u);
    EXPECT_EQ(course.asked[1].index, 1u);
    ASSERT_EQ(course.status().results.size(), 2u);
    EXPECT_EQ(course.status().results[0].name, "latency");
    EXPECT_EQ(course.status().results[0].count, 1);
    EXPECT_EQ(course.status().phase, AnalysisPhase::Successful);
}

TEST(AnalysisRuns, AreDeletedWhenTheirTimeIsUp)
{
    Course course(kOnce + "  ttlStrategy: {secondsAfterCompletion: 60, secondsAfterSuccess: 5}\n");
    course.look();

    course.now = course.now.plusSeconds(5);
    const RunDecision early = course.look();
    course.now = course.now.plusSeconds(1);
    const RunDecision late = course.look();

    EXPECT_TRUE(early.decision.acts.empty());
    EXPECT_EQ(early.decision.lookAgain, std::optional(kNow.plusSeconds(6)));
    ASSERT_EQ(late.decision.writes().size(), 1u);
    EXPECT_EQ(late.decision.writes()[0].verb, Verb::Delete);
}

TEST(AnalysisRuns, EndWhereASecretMayNotBeRead)
{
    RunObserved observed =
        Course(kOnce + "  args: [{name: a, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n").observed();
    observed.deniedSecrets.emplace("s", "secrets \"s\" is forbidden");

    const RunStatus status = decideRun(observed, kNow).status;

    EXPECT_EQ(status.phase, AnalysisPhase::Error);
    EXPECT_EQ(status.message, "Unable to resolve metric arguments: secrets \"s\" is forbidden");
}

TEST(AnalysisRuns, TakeThePodsOfOldJobsAwayWithThem)
{
    Course course("  metrics: [{name: m, interval: 1s, provider: {job: {spec: {}}}}]\n"
                  "  measurementRetention: [{metricName: m, limit: 1}]\n");
    course.look();
    course.now = course.now.plusSeconds(2);
    RunObserved observed = course.observed();
    observed.answers.emplace("m",
                             Measurement{.phase = AnalysisPhase::Successful, .finishedAt = course.now.timestamp()});
    for (const char *moment : {"2026-07-25T17:20:05Z", "2026-07-25T17:20:00Z"})
        observed.jobs.emplace_back(object::Value::map(
            {{"apiVersion", "batch/v1"},
             {"kind", "Job"},
             {"metadata",
              object::Value::map({{"name", moment}, {"namespace", "shop"}, {"creationTimestamp", moment}})}}));

    const std::vector<Write> writes = decideRun(observed, course.now).decision.writes();

    ASSERT_EQ(writes.size(), 2u);
    EXPECT_EQ(writes[0].name, "2026-07-25T17:20:00Z");
    EXPECT_EQ(writes[0].verb, Verb::Delete);
    EXPECT_TRUE(writes[0].deletesForeground);
}

TEST(RunArguments, ComeFromFieldsOfTheRollout)
{
    Rollout rollout;
    rollout.object =
        object::Object(object::parseYaml("spec: {replicas: 5000000, paused: true, minReadySeconds: 5}").value());
    const auto field = [](const char *name, const char *path) {
        AnalysisArgument argument;
        argument.name = name;
        argument.hasValueFrom = argument.hasFieldRef = true;
        argument.fieldPath = path;
        return argument;
    };
    const auto missing = field("m", "spec.none"), paused = field("p", "spec.paused");

    const auto values = resolvedArguments(
        {missing, field("r", "spec.replicas"), field("s", "spec.minReadySeconds"), paused}, {}, rollout);
    const auto last = resolvedArguments({paused, missing}, {}, rollout);
    const auto subscript = resolvedArguments({field("x", "metadata.name['a']"), paused}, {}, rollout);

    ASSERT_TRUE(values);
    EXPECT_EQ((*values)[0].value, "");
    EXPECT_EQ((*values)[1].value, "5e+06");
    EXPECT_EQ((*values)[2].value, "5");
    EXPECT_EQ((*values)[3].value, "true");
    EXPECT_EQ(last.error().message(), "invalid path spec.none in rollout");
    EXPECT_EQ(subscript.error().message(), "fieldPath \"metadata.name\" does not support subscript");
}

struct InvalidCase
{
    const char *name;
    std::string spec;
    const char *message;
};
class InvalidRun : public testing::TestWithParam<InvalidCase>
{
};
TEST_P(InvalidRun, SaysWhatIsWrong)
{
    Course course(GetParam().spec);

    course.look();

    EXPECT_EQ(course.status().phase, AnalysisPhase::Error);
    EXPECT_EQ(course.status().message, GetParam().message);
    EXPECT_FALSE(course.status().startedAt);
}
INSTANTIATE_TEST_SUITE_P(
    Checked, InvalidRun,
    testing::Values(
        InvalidCase{"NoMetrics", "  metrics: []\n", "Analysis spec invalid: no metrics specified"},
        InvalidCase{"NoProvider", "  metrics: [{name: m}]\n",
                    "Analysis spec invalid: metrics[0]: no provider specified"},
        InvalidCase{"TwoProviders", "  metrics: [{name: m, provider: {web: {}, job: {}}}]\n",
                    "Analysis spec invalid: metrics[0]: multiple providers specified"},
        InvalidCase{"NoInterval", metric("count: 2"),
                    "Analysis spec invalid: metrics[0]: interval must be specified when count > 1"},
        InvalidCase{"Limits", metric("count: 1, failureLimit: 5"),
                    "Analysis spec invalid: metrics[0]: count (1) must be >= failureLimit + consecutiveSuccessLimit (5 "
                    "+ 0) if both >= 0"},
        InvalidCase{
            "NoLimits", metric("failureLimit: -1"),
            "Analysis spec invalid: metrics[0]: failureLimit and consecutiveSuccessLimit cannot both be disabled"},
        InvalidCase{
            "Interval", metric("interval: 5x"),
            "Analysis spec invalid: metrics[0]: invalid interval string: time: unknown unit \"x\" in duration \"5x\""},
        InvalidCase{"DryRun", kOnce + "  dryRun: [{metricName: x}]\n",
                    "Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)"},
        InvalidCase{"Argument", metric("successCondition: '{{args.x}}'"),
                    "Unable to resolve metric arguments: failed to resolve {{args.x}}"},
        InvalidCase{"LastOfManyArguments", metric("successCondition: '{{args.x}} {{ args.y }}'"),
                    "Unable to resolve metric arguments: failed to resolve {{ args.y }}"},
        InvalidCase{"LastArgumentByTheOrderOfMembers",
                    "  metrics: [{consecutiveSuccessLimit: '{{args.z}}', name: m, count: '{{args.a}}', provider: {web: "
                    "{url: '{{args.b}}'}}}]\n",
                    "Unable to resolve metric arguments: failed to resolve {{args.z}}"},
        InvalidCase{"LastArgumentOfAProvider",
                    "  metrics: [{name: m, successCondition: '{{args.a}}', provider: {prometheus: {address: "
                    "'{{args.b}}', query: '{{args.c}}', "
                    "headers: [{value: '{{args.e}}', key: '{{args.d}}'}], authentication: {oauth2: {tokenUrl: "
                    "'{{args.f}}'}}}}}]\n",
                    "Unable to resolve metric arguments: failed to resolve {{args.e}}"},
        InvalidCase{"LastArgumentOfAJob",
                    "  metrics: [{name: m, provider: {job: {metadata: {labels: {a: '{{args.a}}'}}, spec: {suspend: "
                    "true, template: {spec: "
                    "{restartPolicy: '{{args.c}}', containers: [{name: '{{args.b}}'}]}}, backoffLimit: 0}}}}]\n",
                    "Unable to resolve metric arguments: failed to resolve {{args.c}}"},
        InvalidCase{"OpenTag", "  metrics: [{name: 'm{{x'}]\n",
                    "Unable to resolve metric arguments: Cannot find end tag=\"}}\" in the "
                    "template=\"{\\\"name\\\":\\\"m{{x\\\"}\""
                    " starting from \"x\\\"}\""},
        InvalidCase{"NoSecret", kOnce + "  args: [{name: a, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n",
                    "Unable to resolve metric arguments: key 'k' does not exist in secret 's'"}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::rollout
