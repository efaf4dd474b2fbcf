// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/run_metrics.h"

#include "crd/duration.h"
#include "object/json.h"
#include "rollout/analysis/metric_order.h"
#include "rollout/analysis/regular_expression.h"
#include "rollout/analysis_build.h"
#include "rollout/reading.h"

#include <array>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::array<std::string_view, 11> kProviders{"prometheus", "job",      "web",       "wavefront",
                                                      "kayenta",    "datadog",  "newRelic",  "cloudWatch",
                                                      "graphite",   "influxdb", "skywalking"};

std::unexpected<Error> invalid(std::string message)
{
    return failure(ErrorCode::InvalidInput, std::move(message));
}

int numberOf(const std::optional<IntOrText> &field)
{
    return field ? field->intValue() : 0;
}

std::size_t providersOf(const Metric &metric)
{
    std::size_t count = metric.provider["plugin"].size();
    for (const std::string_view name : kProviders)
        count += metric.provider[name].isMap();
    return count;
}

Expected<void> checkLimits(const Metric &metric)
{
    const int count = numberOf(metric.count);
    const int failures = numberOf(metric.failureLimit);
    const int successes = numberOf(metric.consecutiveSuccessLimit);
    const int inconclusive = numberOf(metric.inconclusiveLimit);
    if (successes < 0)
        return invalid("consecutiveSuccessLimit must be >= 0");
    if (failures < -1)
        return invalid("failureLimit must be >= 0, or -1 to be disabled");
    if (successes == 0 && failures == -1)
        return invalid("failureLimit and consecutiveSuccessLimit cannot both be disabled");
    if (inconclusive < 0)
        return invalid("inconclusiveLimit must be >= 0");
    if (numberOf(metric.consecutiveErrorLimit) < 0)
        return invalid("consecutiveErrorLimit must be >= 0");
    if (count > 0) {
        if (failures >= 0 && count < failures + successes)
            return invalid("count (" + std::to_string(count) + ") must be >= failureLimit + consecutiveSuccessLimit ("
                           + std::to_string(failures) + " + " + std::to_string(successes) + ") if both >= 0");
        if (failures < 0 && count < successes)
            return invalid("count must be >= consecutiveSuccessLimit");
        if (count < inconclusive)
            return invalid("count must be >= inconclusiveLimit");
    }
    if (count > 1 && metric.interval.empty())
        return invalid("interval must be specified when count > 1");
    return {};
}

Expected<void> checkMetric(const Metric &metric)
{
    if (const Expected<void> limits = checkLimits(metric); !limits)
        return limits;
    if (!metric.interval.empty()) {
        if (const auto interval = crd::goDurationOf(metric.interval); !interval)
            return invalid("invalid interval string: " + interval.error().message());
    }
    if (!metric.initialDelay.empty()) {
        if (const auto delay = crd::goDurationOf(metric.initialDelay); !delay)
            return invalid("invalid startDelay string: " + delay.error().message());
    }
    const std::size_t providers = providersOf(metric);
    if (providers == 0)
        return invalid("no provider specified");
    if (providers > 1)
        return invalid("multiple providers specified");
    return {};
}

/// Metrics that \p rule names. Malformed patterns match nothing.
std::vector<std::string> matched(const std::string &rule, const std::vector<Metric> &metrics)
{
    std::vector<std::string> names;
    for (const Metric &metric : metrics) {
        const Expected<bool> isMatch = matches(rule, metric.name);
        if (isMatch && *isMatch)
            names.push_back(metric.name);
    }
    return names;
}

} // namespace

Expected<Metric> resolvedMetric(const Metric &metric, const std::vector<RunArgument> &arguments)
{
    std::vector<RunArgument> quotedArguments = arguments;
    for (RunArgument &argument : quotedArguments) {
        if (argument.value) {
            const std::string text = object::toJson(Value(*argument.value), {.escapesHtml = true});
            argument.value = text.substr(1, text.size() - 2);
        }
    }
    const Expected<std::string> text = withArguments(metricJson(metric.value), quotedArguments);
    if (!text)
        return std::unexpected(text.error());
    const Expected<Value> value = object::parseJson(*text);
    if (!value)
        return std::unexpected(value.error());
    return readTolerantly(*value, readMetric);
}

Expected<std::vector<Metric>> metricsWithoutSecrets(const AnalysisRun &run)
{
    std::vector<RunArgument> arguments = run.arguments;
    for (RunArgument &argument : arguments) {
        if (argument.valueFrom["secretKeyRef"].isMap())
            argument.value = "temp-for-secret";
    }
    std::vector<Metric> metrics;
    for (const Metric &metric : run.metrics) {
        const Expected<Metric> resolved = resolvedMetric(metric, arguments);
        if (!resolved)
            return std::unexpected(resolved.error());
        metrics.push_back(*resolved);
    }
    return metrics;
}

Expected<void> checkMetrics(const std::vector<Metric> &metrics)
{
    if (metrics.empty())
        return invalid("no metrics specified");
    std::set<std::string> names;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        const std::string place = "metrics[" + std::to_string(i) + "]: ";
        if (!names.insert(metrics[i].name).second)
            return invalid(place + "duplicate name '" + metrics[i].name + "'");
        if (const Expected<void> checked = checkMetric(metrics[i]); !checked)
            return invalid(place + checked.error().message());
    }
    return {};
}

Expected<MetricRules> rulesOf(const AnalysisRun &run, const std::vector<Metric> &metrics)
{
    MetricRules rules;
    for (std::size_t i = 0; i < run.dryRun.size(); ++i) {
        const std::vector<std::string> names = matched(run.dryRun[i], metrics);
        if (names.empty())
            return invalid("dryRun[" + std::to_string(i) + "]: Rule didn't match any metric name(s)");
        for (const std::string &name : names)
            rules.dryRun[name] = true;
    }
    for (std::size_t i = 0; i < run.measurementRetention.size(); ++i) {
        const std::vector<std::string> names = matched(run.measurementRetention[i].metricName, metrics);
        if (names.empty())
            return invalid("measurementRetention[" + std::to_string(i) + "]: Rule didn't match any metric name(s)");
        for (const std::string &name : names)
            rules.retention[name] = run.measurementRetention[i].limit;
    }
    return rules;
}

} // namespace tiphys::rollout
