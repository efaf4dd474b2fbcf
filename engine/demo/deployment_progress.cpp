// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/deployment_progress.h"

#include "crd/timestamp.h"

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kCreated = "NewReplicaSetCreated";
constexpr std::string_view kUpdated = "ReplicaSetUpdated";
constexpr std::string_view kAvailable = "NewReplicaSetAvailable";
constexpr std::string_view kLate = "ProgressDeadlineExceeded";
constexpr std::string_view kPaused = "DeploymentPaused";

Value progressBefore(const Object &deployment)
{
    const Value conditions = deployment.path({"status", "conditions"});
    for (const Value &each : conditions.items()) {
        if (each["type"].stringOr() == "Progressing")
            return each;
    }
    return {};
}

std::int64_t wantedOf(const Object &deployment)
{
    return deployment.path({"spec", "replicas"}).intOr(1);
}

bool isComplete(const Object &deployment, const Value &status)
{
    const std::int64_t wanted = wantedOf(deployment);
    return status["updatedReplicas"].intOr(0) == wanted && status["replicas"].intOr(0) == wanted
           && status["availableReplicas"].intOr(0) == wanted;
}

/// True if the counts are nearer to the aim than those of \p before.
bool isFurther(const Value &status, const Value &before)
{
    const auto grew = [&](std::string_view field) { return status[field].intOr(0) > before[field].intOr(0); };
    const auto old = [](const Value &counts) {
        return counts["replicas"].intOr(0) - counts["updatedReplicas"].intOr(0);
    };
    return grew("updatedReplicas") || grew("readyReplicas") || grew("availableReplicas") || old(status) < old(before);
}

bool isLate(const Object &deployment, const Value &before, const DeploymentView &view)
{
    const auto since = crd::timestampOf(before["lastUpdateTime"].stringOr());
    const std::int64_t deadline = deployment.path({"spec", "progressDeadlineSeconds"}).intOr(600);
    return since && static_cast<double>(view.now / 1000 - since->seconds) * view.speed > static_cast<double>(deadline);
}

/// The condition, with the time of \p before where its status stays; nothing is renewed if all of it stays.
enum class Renewal { IfChanged, Always };
Value condition(const Value &before, std::string_view status, std::string_view reason, const std::string &message,
                const DeploymentView &view, Renewal renewal)
{
    const bool hasStatus = before["status"].stringOr() == status;
    if (renewal == Renewal::IfChanged && hasStatus && before["reason"].stringOr() == reason
        && before["message"].stringOr() == message)
        return before;
    const std::string time = crd::Timestamp{view.now / 1000}.text();
    return Value::map({{"type", "Progressing"},
                       {"status", status},
                       {"lastUpdateTime", time},
                       {"lastTransitionTime", hasStatus ? before["lastTransitionTime"] : Value(time)},
                       {"reason", reason},
                       {"message", message}});
}

} // namespace

Value progressOf(const Object &deployment, const DeploymentView &view)
{
    const Value before = progressBefore(deployment);
    const std::string_view reason = before["reason"].stringOr();
    const std::string set = "ReplicaSet \"" + view.replicaSet + "\"";
    const bool complete = view.hasReplicaSet && isComplete(deployment, view.status);
    if (deployment.path({"spec", "paused"}).boolOr(false) && !complete)
        return condition(before, "Unknown", kPaused, "Deployment is paused", view, Renewal::IfChanged);
    if (!view.hasReplicaSet)
        return condition(before, "True", kCreated, "Created new replica set \"" + view.replicaSet + "\"", view,
                         Renewal::Always);
    if (complete)
        return condition(before, "True", kAvailable, set + " has successfully progressed.", view, Renewal::IfChanged);
    const bool onlyCurrent = view.status["replicas"].intOr(0) == view.status["updatedReplicas"].intOr(0);
    if (reason == kAvailable && onlyCurrent)
        return before;
    if (before.isNull() || reason == kPaused || isFurther(view.status, deployment.value()["status"]))
        return condition(before, "True", kUpdated, set + " is progressing.", view, Renewal::Always);
    if (reason == kLate || (reason != kAvailable && isLate(deployment, before, view)))
        return condition(before, "False", kLate, set + " has timed out progressing.", view, Renewal::IfChanged);
    return before;
}

} // namespace tiphys::demo
