// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/info/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tiphys::rollout {
namespace {

using object::Object;
using testing::HasSubstr;

Object parsed(const char *yaml)
{
    return Object(*object::parseYaml(yaml));
}

Object rollout(const std::string &strategy, const std::string &conditions)
{
    return parsed(("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web, namespace: shop}\n"
                   "spec: {replicas: 5, strategy: "
                   + strategy + "}\nstatus: {replicas: 5, availableReplicas: 3, updatedReplicas: 2, conditions: ["
                   + conditions + "]}")
                      .c_str());
}

TEST(Metrics, TellWhereARolloutIs)
{
    MetricsSource source;
    source.rollouts = {rollout("{canary: {trafficRouting: {nginx: {stableIngress: i}}}}",
                               "{type: Progressing, reason: RolloutPaused}")};
    const std::string text = metricsText(source);
    EXPECT_THAT(text,
                HasSubstr("# HELP rollout_info Information about rollout.\n# TYPE rollout_info gauge\n"
                          "rollout_info{namespace=\"shop\",name=\"web\",strategy=\"canary\",traffic_router=\"Nginx\","
                          "phase=\"Paused\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("rollout_info_replicas_unavailable{namespace=\"shop\",name=\"web\"} 2\n"));
    EXPECT_THAT(text,
                HasSubstr("rollout_phase{namespace=\"shop\",name=\"web\",strategy=\"canary\",phase=\"Paused\"} 1\n"));
    EXPECT_THAT(text,
                HasSubstr("rollout_phase{namespace=\"shop\",name=\"web\",strategy=\"canary\",phase=\"Abort\"} 0\n"));
}

TEST(Metrics, CallASpecThatIsInvalidSo)
{
    MetricsSource source;
    source.rollouts = {
        rollout("{blueGreen: {activeService: a}}",
                "{type: Progressing, reason: RolloutAborted}, {type: InvalidSpec, reason: InvalidSpec}")};
    EXPECT_THAT(metricsText(source),
                HasSubstr("strategy=\"blueGreen\",traffic_router=\"\",phase=\"InvalidSpec\"} 1\n"));
}

TEST(Metrics, TellOfRunsTheirMetricsAndTemplates)
{
    MetricsSource source;
    source.analysisRuns = {
        parsed("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {name: run, namespace: shop}\n"
               "spec: {dryRun: [{metricName: b}], metrics: [{name: a, provider: {web: {}}}, {name: b, provider: {job: "
               "{}}}, {name: a, provider: {web: {}}}]}\n"
               "status: {phase: Running, metricResults: [{name: a, phase: Failed}]}")};
    source.templates = {
        parsed("apiVersion: argoproj.io/v1alpha1\nkind: ClusterAnalysisTemplate\nmetadata: {name: all}\n"
               "spec: {metrics: [{name: m, provider: {prometheus: {}}}]}")};
    const std::string text = metricsText(source);
    EXPECT_THAT(text, HasSubstr("analysis_run_info{namespace=\"shop\",name=\"run\",phase=\"Running\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("metric=\"a\",type=\"Web\",dry_run=\"false\",phase=\"Failed\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("metric=\"b\",type=\"Job\",dry_run=\"true\",phase=\"Pending\"} 1\n"));
    EXPECT_THAT(
        text,
        HasSubstr("analysis_template_metric_info{namespace=\"\",name=\"all\",type=\"Prometheus\",metric=\"m\"} 1\n"));
    const std::string line = "analysis_run_metric_type{namespace=\"shop\",name=\"run\",metric=\"a\",type=\"Web\"} 1\n";
    EXPECT_EQ(text.find(line), text.rfind(line)) << "one line for a name that stands twice";
}

TEST(Metrics, CountPassesAndEvents)
{
    MetricsSource source;
    source.reconciles[{"Rollout", "shop", "web"}].add(0.2, false);
    source.reconciles[{"Rollout", "shop", "web"}].add(2, true);
    source.events[{"shop", "web", "Normal", "RolloutPaused"}] = 3;
    const std::string text = metricsText(source);
    EXPECT_THAT(text, HasSubstr("rollout_reconcile_bucket{namespace=\"shop\",name=\"web\",le=\"0.15\"} 0\n"
                                "rollout_reconcile_bucket{namespace=\"shop\",name=\"web\",le=\"0.25\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("le=\"+Inf\"} 2\nrollout_reconcile_sum{namespace=\"shop\",name=\"web\"} 2.2\n"
                                "rollout_reconcile_count{namespace=\"shop\",name=\"web\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("rollout_reconcile_error{namespace=\"shop\",name=\"web\"} 1\n"));
    EXPECT_THAT(
        text,
        HasSubstr(
            "rollout_events_total{namespace=\"shop\",name=\"web\",type=\"Normal\",reason=\"RolloutPaused\"} 3\n"));
}

TEST(Metrics, KeepLabelsReadable)
{
    MetricsSource source;
    source.version = "1\"2\\3\n4";
    EXPECT_EQ(metricsText(source), "# HELP argo_rollouts_controller_info Running Argo-rollouts version\n"
                                   "# TYPE argo_rollouts_controller_info gauge\n"
                                   "argo_rollouts_controller_info{version=\"1\\\"2\\\\3\\n4\"} 1\n");
}

} // namespace
} // namespace tiphys::rollout
