// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/disabled_reason.h"

#include <array>

namespace tiphys::action {

using object::Object;

namespace {

struct Reason
{
    std::string_view group; ///< end of it
    std::string_view kind;  ///< "" for every kind of the group
    std::string_view action;
    std::string_view text;
};

/// Rules with one possible reason; where there are several, reasonOfRollout() and its like look at the object.
constexpr auto kReasons = std::to_array<Reason>({
    {"apps", "Deployment", "pause", "it is paused already"},
    {"apps", "Deployment", "resume", "it is not paused"},
    {"argoproj.io", "Rollout", "resume", "it is not paused"},
    {"argoproj.io", "Rollout", "promote-full", "it is fully promoted"},
    {"argoproj.io", "Rollout", "skip-current-step", "it has no further step"},
    {"argoproj.io", "AnalysisRun", "terminate", "it has ended, or its end was asked for"},
    {".toolkit.fluxcd.io", "", "resume", "it is not suspended"},
    {".toolkit.fluxcd.io", "", "suspend", "it is suspended already"},
    {".toolkit.fluxcd.io", "", "reconcile", "it is suspended"},
    {"external-secrets.io", "ExternalSecret", "refresh", "it is never refreshed: its refresh interval is 0"},
    {"external-secrets.io", "PushSecret", "push", "it is never refreshed: its refresh interval is 0"},
    {"keda.sh", "", "pause", "it is paused already"},
    {"keda.sh", "", "paused-replicas", "it is paused"},
    {"keda.sh", "", "resume", "it is not paused"},
    {"core.strimzi.io", "StrimziPodSet", "rolling-update", "a rolling update was asked for already"},
    {"postgresql.cnpg.io", "Cluster", "promote", "it has fewer than two healthy instances"},
    {"promoter.argoproj.io", "PullRequest", "merge", "it is not open"},
    {"psmdb.percona.com", "PerconaServerMongoDB", "pause", "it is paused already"},
    {"psmdb.percona.com", "PerconaServerMongoDB", "unpause", "it is not paused"},
    {"numaflow.numaproj.io", "", "pause", "it is paused already, or another object pauses it"},
    {"numaflow.numaproj.io", "", "unpause-gradual", "it is not paused, or resumes at once"},
    {"numaflow.numaproj.io", "", "unpause-fast", "it is not paused"},
    {"numaflow.numaproj.io", "", "force-promote", "no upgrade is in progress, or its promotion was asked for"},
    {"numaflow.numaproj.io", "", "delete", "it is still in use"},
    {"numaplane.numaproj.io", "", "pause", "it is paused already"},
    {"numaplane.numaproj.io", "", "unpause-gradual", "it is not paused, or resumes at once"},
    {"numaplane.numaproj.io", "", "unpause-fast", "it is not paused"},
    {"numaplane.numaproj.io", "", "allow-data-loss", "no upgrade is waiting for it to drain"},
    {"numaplane.numaproj.io", "", "disallow-data-loss", "data loss is not allowed now"},
});

/// Of Rollouts, where several states forbid the same act.
std::string_view reasonOfRollout(const Object &rollout, std::string_view name)
{
    const object::Value hash = rollout.path({"status", "currentPodHash"});
    const bool isPromoted = hash == rollout.path({"status", "stableRS"});
    const bool isAborted = rollout.path({"status", "abort"}).boolOr(false);
    if (name == "retry")
        return isPromoted ? "it is fully promoted" : "it is not aborted";
    if (name == "abort" || name == "pause") {
        if (isPromoted)
            return "it is fully promoted";
        return isAborted ? "it is aborted" : "it is paused already";
    }
    return {};
}

} // namespace

std::string disabledReason(const Object &object, const ResourceAction &offered)
{
    if (!offered.isDisabled)
        return {};
    const object::GroupKind kind = object.groupKind();
    if (kind.group == "argoproj.io" && kind.kind == "Rollout") {
        if (const std::string_view reason = reasonOfRollout(object, offered.name); !reason.empty())
            return std::string(reason);
    }
    for (const Reason &reason : kReasons) {
        if (kind.group.ends_with(reason.group) && (reason.kind.empty() || reason.kind == kind.kind)
            && reason.action == offered.name)
            return std::string(reason.text);
    }
    return "it makes no sense in the present state";
}

} // namespace tiphys::action
