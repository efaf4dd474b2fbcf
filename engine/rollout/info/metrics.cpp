// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/info/metrics.h"

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string_view>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        if (letter == '\\' || letter == '"')
            result += '\\';
        if (letter == '\n')
            result += "\\n";
        else
            result += letter;
    }
    return result;
}

std::string numberText(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.12g", value);
    return text;
}

/// One metric with all its lines.
class Family
{
public:
    Family(std::string_view name, std::string_view type, std::string_view help) : m_name(name)
    {
        m_head = "# HELP " + m_name + " " + std::string(help) + "\n# TYPE " + m_name + " " + std::string(type) + "\n";
    }

    void add(const Labels &labels, double value, std::string_view suffix = "")
    {
        m_lines += m_name + std::string(suffix);
        std::string_view before = "{";
        for (const auto &[name, text] : labels) {
            m_lines += std::string(before) + std::string(name) + "=\"" + escaped(text) + "\"";
            before = ",";
        }
        m_lines += std::string(labels.empty() ? " " : "} ") + numberText(value) + "\n";
    }

    std::string text() const { return m_lines.empty() ? std::string() : m_head + m_lines; }

private:
    std::string m_name;
    std::string m_head;
    std::string m_lines;
};

Labels named(const Object &object)
{
    return {{"namespace", std::string(object.ns())}, {"name", std::string(object.name())}};
}

Labels with(Labels labels, std::initializer_list<std::pair<std::string_view, std::string>> more)
{
    labels.insert(labels.end(), more);
    return labels;
}

double count(const Object &object, std::initializer_list<std::string_view> path, std::int64_t otherwise = 0)
{
    return static_cast<double>(object.path(path).intOr(otherwise));
}

Value conditionOf(const Object &object, std::string_view type)
{
    const Value conditions = object.path({"status", "conditions"});
    for (const Value &condition : conditions.items()) {
        if (condition["type"].stringOr() == type)
            return condition;
    }
    return {};
}

/// Where a Rollout is, in the words of rollout_info.
std::string phaseOf(const Object &rollout)
{
    if (!conditionOf(rollout, "InvalidSpec").isNull())
        return "InvalidSpec";
    const std::string reason(conditionOf(rollout, "Progressing")["reason"].stringOr());
    constexpr std::pair<std::string_view, std::string_view> kPhases[] = {{"NewReplicaSetAvailable", "Completed"},
                                                                         {"RolloutPaused", "Paused"},
                                                                         {"ReplicaSetCreateError", "Error"},
                                                                         {"ProgressDeadlineExceeded", "Timeout"},
                                                                         {"RolloutAborted", "Abort"}};
    const auto *found = std::ranges::find(kPhases, reason, &std::pair<std::string_view, std::string_view>::first);
    return found == std::end(kPhases) ? "Progressing" : std::string(found->second);
}

std::string strategyOf(const Object &rollout)
{
    if (rollout.path({"spec", "strategy", "blueGreen"}).isMap())
        return "blueGreen";
    return rollout.path({"spec", "strategy", "canary"}).isMap() ? "canary" : "none";
}

/// The controller names six routers here, and the last of them that is there.
std::string routerOf(const Object &rollout)
{
    std::string router;
    if (strategyOf(rollout) != "canary")
        return router;
    const Value routing = rollout.path({"spec", "strategy", "canary", "trafficRouting"});
    for (const auto &[member, word] :
         {std::pair("alb", "ALB"), std::pair("ambassador", "Ambassador"), std::pair("istio", "Istio"),
          std::pair("nginx", "Nginx"), std::pair("smi", "SMI"), std::pair("appMesh", "AppMesh")}) {
        if (routing[member].isMap())
            router = word;
    }
    return router;
}

std::string providerOf(const Value &metric)
{
    const Value provider = metric["provider"];
    constexpr std::pair<std::string_view, std::string_view> kProviders[] = {
        {"prometheus", "Prometheus"}, {"job", "Job"},
        {"kayenta", "Kayenta"},       {"web", "Web"},
        {"datadog", "Datadog"},       {"wavefront", "Wavefront"},
        {"newRelic", "NewRelic"},     {"cloudWatch", "CloudWatch"},
        {"graphite", "Graphite"},     {"influxdb", "Influxdb"},
        {"skywalking", "skywalking"}, {"plugin", "RPCPlugin"}};
    for (const auto &[member, word] : kProviders) {
        if (provider[member].isMap())
            return std::string(word);
    }
    return "Unknown Provider";
}

std::string rolloutFamilies(const std::vector<Object> &rollouts)
{
    Family info("rollout_info", "gauge", "Information about rollout.");
    Family available("rollout_info_replicas_available", "gauge", "The number of available replicas per rollout.");
    Family desired("rollout_info_replicas_desired", "gauge", "The number of desired replicas per rollout.");
    Family unavailable("rollout_info_replicas_unavailable", "gauge", "The number of unavailable replicas per rollout.");
    Family updated("rollout_info_replicas_updated", "gauge", "The number of updated replicas per rollout.");
    Family phases("rollout_phase", "gauge", "Information on the state of the rollout (DEPRECATED - use rollout_info)");
    for (const Object &rollout : rollouts) {
        const std::string phase = phaseOf(rollout);
        const double free = count(rollout, {"status", "availableReplicas"});
        info.add(with(named(rollout),
                      {{"strategy", strategyOf(rollout)}, {"traffic_router", routerOf(rollout)}, {"phase", phase}}),
                 1);
        available.add(named(rollout), free);
        desired.add(named(rollout), count(rollout, {"spec", "replicas"}, 1));
        unavailable.add(named(rollout), count(rollout, {"status", "replicas"}) - free);
        updated.add(named(rollout), count(rollout, {"status", "updatedReplicas"}));
        for (const char *word : {"Completed", "Progressing", "Paused", "Timeout", "Error", "Abort"})
            phases.add(with(named(rollout), {{"strategy", strategyOf(rollout)}, {"phase", word}}), phase == word);
    }
    return info.text() + available.text() + desired.text() + unavailable.text() + updated.text() + phases.text();
}

constexpr const char *kAnalysisPhases[] = {"Pending", "Error", "Failed", "Successful", "Running", "Inconclusive"};

bool isPhase(std::string_view phase, std::string_view word)
{
    return phase == word || (phase.empty() && word == "Pending");
}

bool isDryRun(const Object &run, std::string_view metric)
{
    // An exact name; what a pattern of the spec means is counted in the run's own summary.
    const Value entries = run.path({"spec", "dryRun"});
    return std::ranges::any_of(entries.items(), [&](const Value &entry) {
        return entry["metricName"].stringOr() == metric || entry["metricName"].stringOr() == ".*";
    });
}

std::string analysisFamilies(const std::vector<Object> &runs)
{
    Family info("analysis_run_info", "gauge", "Information about analysis run.");
    Family metricPhases("analysis_run_metric_phase", "gauge",
                        "Information on the duration of a specific metric in the Analysis Run");
    Family types("analysis_run_metric_type", "gauge",
                 "Information on the type of a specific metric in the Analysis Runs");
    Family phases("analysis_run_phase", "gauge",
                  "Information on the state of the Analysis Run (DEPRECATED - use analysis_run_info)");
    for (const Object &run : runs) {
        const std::string phase(run.path({"status", "phase"}).stringOr());
        info.add(with(named(run), {{"phase", phase}}), 1);
        for (const char *word : kAnalysisPhases)
            phases.add(with(named(run), {{"phase", word}}), isPhase(phase, word));
        const Value metrics = run.path({"spec", "metrics"});
        const Value results = run.path({"status", "metricResults"});
        std::vector<std::string> seen;
        for (const Value &metric : metrics.items()) {
            const std::string name(metric["name"].stringOr());
            // Two of one name would make the page unreadable.
            if (std::ranges::find(seen, name) != seen.end())
                continue;
            seen.push_back(name);
            std::string result;
            for (const Value &one : results.items()) {
                if (one["name"].stringOr() == name)
                    result = std::string(one["phase"].stringOr());
            }
            types.add(with(named(run), {{"metric", name}, {"type", providerOf(metric)}}), 1);
            for (const char *word : kAnalysisPhases)
                metricPhases.add(with(named(run), {{"metric", name},
                                                   {"type", providerOf(metric)},
                                                   {"dry_run", isDryRun(run, name) ? "true" : "false"},
                                                   {"phase", word}}),
                                 isPhase(result, word));
        }
    }
    return info.text() + metricPhases.text() + types.text() + phases.text();
}

std::string templateFamilies(const std::vector<Object> &templates)
{
    Family info("analysis_template_info", "gauge", "Information about analysis templates.");
    Family metricInfo("analysis_template_metric_info", "gauge", "Information on metrics in analysis templates.");
    for (const Object &found : templates) {
        info.add(named(found), 1);
        const Value metrics = found.path({"spec", "metrics"});
        std::vector<std::string> seen;
        for (const Value &metric : metrics.items()) {
            const std::string name(metric["name"].stringOr());
            const std::string key = providerOf(metric) + "\n" + name;
            if (std::ranges::find(seen, key) != seen.end())
                continue;
            seen.push_back(key);
            metricInfo.add(with(named(found), {{"type", providerOf(metric)}, {"metric", name}}), 1);
        }
    }
    return info.text() + metricInfo.text();
}

std::string experimentFamilies(const std::vector<Object> &experiments)
{
    Family info("experiment_info", "gauge", "Information about Experiment.");
    Family phases("experiment_phase", "gauge",
                  "Information on the state of the experiment (DEPRECATED - use experiment_info)");
    for (const Object &experiment : experiments) {
        const std::string phase(experiment.path({"status", "phase"}).stringOr());
        info.add(with(named(experiment), {{"phase", phase}}), 1);
        for (const char *word : kAnalysisPhases)
            phases.add(with(named(experiment), {{"phase", word}}), isPhase(phase, word));
    }
    return info.text() + phases.text();
}

std::string reconcileFamilies(const MetricsSource &source, std::string_view kind, const std::string &metric,
                              std::string_view what)
{
    Family passes(metric + "_reconcile", "histogram", std::string(what) + " reconciliation performance.");
    Family errors(metric + "_reconcile_error", "counter", "Error occurring during the " + metric);
    for (const auto &[id, taken] : source.reconciles) {
        if (std::get<0>(id) != kind)
            continue;
        const Labels labels{{"namespace", std::get<1>(id)}, {"name", std::get<2>(id)}};
        for (std::size_t i = 0; i < taken.within.size(); ++i)
            passes.add(with(labels, {{"le", numberText(ReconcileCount::kBuckets[i])}}),
                       static_cast<double>(taken.within[i]), "_bucket");
        passes.add(with(labels, {{"le", "+Inf"}}), static_cast<double>(taken.count), "_bucket");
        passes.add(labels, taken.seconds, "_sum");
        passes.add(labels, static_cast<double>(taken.count), "_count");
        if (taken.errors > 0)
            errors.add(labels, static_cast<double>(taken.errors));
    }
    return passes.text() + errors.text();
}

} // namespace

void ReconcileCount::add(double taken, bool failed)
{
    ++count;
    errors += failed;
    seconds += taken;
    for (std::size_t i = 0; i < within.size(); ++i)
        within[i] += taken <= kBuckets[i];
}

std::string metricsText(const MetricsSource &source)
{
    Family events("rollout_events_total", "counter", "Count of rollout events");
    for (const auto &[id, times] : source.events) {
        const auto &[ns, name, type, reason] = id;
        events.add({{"namespace", ns}, {"name", name}, {"type", type}, {"reason", reason}}, static_cast<double>(times));
    }
    Family version("argo_rollouts_controller_info", "gauge", "Running Argo-rollouts version");
    version.add({{"version", source.version}}, 1);
    return analysisFamilies(source.analysisRuns)
           + reconcileFamilies(source, "AnalysisRun", "analysis_run", "Analysis Run")
           + templateFamilies(source.templates) + version.text() + experimentFamilies(source.experiments)
           + reconcileFamilies(source, "Experiment", "experiment", "Experiments") + events.text()
           + rolloutFamilies(source.rollouts) + reconcileFamilies(source, "Rollout", "rollout", "Rollout");
}

} // namespace tiphys::rollout
