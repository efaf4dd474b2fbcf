// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/info/phase.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What is shown of a Rollout and its children, told from objects as they are in the cluster.
/// Source: argo-rollouts pkg/kubectl-argo-rollouts/info/@v1.9.1
namespace tiphys::rollout {

struct PodInfo
{
    std::string name;
    std::string created; ///< RFC 3339
    std::string status;  ///< as `kubectl get pods` says it: "Running", "CrashLoopBackOff", "Init:0/1", "Terminating"
    int ready = 0;
    int containers = 0;
    int restarts = 0;
};

struct ReplicaSetInfo
{
    std::string name;
    std::string created;
    std::string status; ///< Healthy, Progressing, ScaledDown, ReplicaFailure
    std::string podHash;
    std::string templateName;      ///< of an Experiment's template, else ""
    std::string scaleDownDeadline; ///< RFC 3339, "" if none
    std::int64_t revision = 0;
    std::int64_t replicas = 0; ///< that exist
    std::int64_t available = 0;
    std::vector<std::string> images;
    bool isStable = false;
    bool isCanary = false;
    bool isActive = false;
    bool isPreview = false;
    bool isPing = false;
    bool isPong = false;
    std::vector<PodInfo> pods;
};

/// A Job that measures a metric.
struct JobInfo
{
    std::string name;
    std::string ns;
    std::string status; ///< phase of the measurement
    std::string startedAt;
    std::string metric;
};

struct AnalysisRunInfo
{
    std::string name;
    std::string created;
    std::string status;
    std::int64_t revision = 0;
    std::int64_t successful = 0;
    std::int64_t failed = 0;
    std::int64_t inconclusive = 0;
    std::int64_t error = 0;
    std::vector<JobInfo> jobs;
    object::Object object;
};

struct ExperimentInfo
{
    std::string ns;
    std::string name;
    std::string created;
    std::string status;
    std::string message;
    std::int64_t revision = 0;
    std::vector<ReplicaSetInfo> replicaSets;
    std::vector<AnalysisRunInfo> analysisRuns;
};

/// An image that runs, and whose: "canary", "stable", "Σ:baseline".
struct ImageInfo
{
    std::string image;
    std::vector<std::string> tags; ///< sorted where merged from several replica sets

    bool operator==(const ImageInfo &) const = default;
};

enum class StrategyKind { Unknown, Canary, BlueGreen };

struct RolloutInfo
{
    std::string ns;
    std::string name;
    std::string created;
    PhaseText phase;
    StrategyKind strategy = StrategyKind::Unknown;
    std::optional<std::int64_t> stepIndex; ///< nothing without steps
    std::vector<object::Value> steps;
    std::int64_t setWeight = 0;
    std::int64_t actualWeight = 0;
    std::int64_t desired = 1;
    std::int64_t current = 0;
    std::int64_t updated = 0;
    std::int64_t ready = 0;
    std::int64_t available = 0;
    std::vector<ReplicaSetInfo> replicaSets; ///< latest revision first
    std::vector<ExperimentInfo> experiments;
    std::vector<AnalysisRunInfo> analysisRuns;

    /// "2/5", "" without steps.
    std::string step() const;
    /// Revisions of all children, latest first.
    std::vector<std::int64_t> revisions() const;
};

/// Objects of the Rollout's namespace: more than its own may be among them.
struct RolloutObjects
{
    object::Object rollout;
    std::vector<object::Object> replicaSets;
    std::vector<object::Object> pods;
    std::vector<object::Object> experiments;
    std::vector<object::Object> analysisRuns;
};

RolloutInfo rolloutInfo(const RolloutObjects &objects);
/// The same for an Experiment: `objects.rollout` is it.
ExperimentInfo experimentInfo(const RolloutObjects &objects);

/// What rolloutInfo() tells without children; the actual weight of a canary without traffic routing stays 0 then.
RolloutInfo rolloutSummary(const object::Object &rollout);

/// Images that run, sorted, each with its tags.
std::vector<ImageInfo> imagesOf(const RolloutInfo &info);
std::vector<ImageInfo> imagesOf(const ExperimentInfo &info);

/// "Canary", "BlueGreen", "unknown".
std::string_view word(StrategyKind strategy);

} // namespace tiphys::rollout
