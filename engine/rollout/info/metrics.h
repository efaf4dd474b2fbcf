// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace tiphys::rollout {

/// How often an object was looked at, and how long that took.
struct ReconcileCount
{
    static constexpr std::array<double, 5> kBuckets{0.01, 0.15, 0.25, 0.5, 1}; ///< seconds

    std::uint64_t count = 0;
    std::uint64_t errors = 0;
    double seconds = 0;
    std::array<std::uint64_t, 5> within{}; ///< passes that took at most so long

    void add(double taken, bool failed);
};

/// What a metrics page is made of.
struct MetricsSource
{
    using ObjectId = std::tuple<std::string, std::string, std::string>;             ///< kind, namespace, name
    using EventId = std::tuple<std::string, std::string, std::string, std::string>; ///< namespace, name, type, reason

    std::vector<object::Object> rollouts;
    std::vector<object::Object> analysisRuns;
    std::vector<object::Object> experiments;
    std::vector<object::Object> templates;         ///< those of the cluster too
    std::map<ObjectId, ReconcileCount> reconciles; ///< kinds Rollout, AnalysisRun, Experiment
    std::map<EventId, std::uint64_t> events;
    std::string version;
};

/// The page in Prometheus' text format, with the names, labels and words of the controller's.
/// Source: argo-rollouts controller/metrics/{prommetrics,rollouts,analysis,experiments}.go@v1.9.3
std::string metricsText(const MetricsSource &source);

} // namespace tiphys::rollout
