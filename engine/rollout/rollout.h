// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/moment.h"
#include "rollout/status.h"
#include "rollout/strategy.h"
#include "rollout/template_hash.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::rollout {

struct WorkloadReference
{
    std::string apiVersion;
    std::string kind;
    std::string name;
    std::string scaleDown; ///< "", "never", "onsuccess" or "progressively"
};

/// A label selector as the API has it.
struct LabelSelector
{
    object::Value value; ///< null if absent
    crd::TextMap matchLabels;
    object::Value matchExpressions;
    /// As in status.selector: "a=b,c in (d,e)".
    /// Source: k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go (FormatLabelSelector)@v0.34.1
    std::string text;

    /// True if all requirements hold of \p labels; an absent selector selects nothing, an empty one everything.
    bool matches(const crd::TextMap &labels) const;
};

LabelSelector selectorOf(const object::Value &value);

/// A Rollout decoded once per resource version: reconcile reads only this. The object itself is kept, so that nothing
/// that this version does not know is lost.
struct Rollout
{
    object::Object object;
    std::string ns;
    std::string name;
    std::string uid;
    std::string resourceVersion;
    std::string generation; ///< a number, as status.observedGeneration has it
    bool isBeingDeleted = false;
    crd::TextMap labels;
    crd::TextMap annotations;

    std::optional<int> replicas;
    LabelSelector selector;
    PodTemplate podTemplate;
    std::optional<WorkloadReference> workload;
    bool isTemplateFromWorkload = false; ///< resolved, see withWorkload
    int minReadySeconds = 0;
    std::optional<int> rollbackRevisions; ///< rollbackWindow.revisions
    SharedOptional<Canary> canary;
    SharedOptional<BlueGreen> blueGreen;
    std::optional<int> revisionHistoryLimit;
    bool isPaused = false;
    std::optional<int> progressDeadlineSeconds;
    bool progressDeadlineAbort = false;
    std::optional<crd::Timestamp> restartAt;
    std::optional<int> successfulRunHistoryLimit;
    std::optional<int> unsuccessfulRunHistoryLimit;

    Status status;
    std::string specProblem; ///< the first thing that is wrong with the spec, "" if it is valid

    int desiredReplicas() const { return replicas.value_or(1); }
    bool hasTrafficRouting() const { return canary && canary->trafficRouting; }
    /// Parts that make the whole of the traffic.
    int maxTrafficWeight() const;
    int progressDeadline() const { return progressDeadlineSeconds.value_or(600); }
    int historyLimit() const { return revisionHistoryLimit.value_or(10); }
    /// Step index, 0 if the status has none.
    int stepIndex() const { return status.currentStepIndex.value_or(0); }
    /// The step that is being done; null without steps and after the last one.
    const Step *currentStep() const;
    /// The hash of the current template, with the collision count of the status.
    std::string computedHash() const { return podTemplate.hash(status.collisionCount); }
    /// The annotation revision as a number, 0 if absent or malformed.
    std::int64_t revision() const;
    /// Label controller-instance-id, "" if absent.
    std::string_view instanceId() const;
};

/// Reads a Rollout tolerantly: a field of a wrong type counts as absent.
Rollout readRollout(const object::Object &object);
/// What readRollout() gives. Where the spec is the one of \p before, as it is from step to step of an update, what depends on
/// it alone is taken over: strategy, template and its hash, selector, and what is wrong with it.
Rollout readAgain(const object::Object &object, const Rollout &before);

/// \p rollout with the template (and, where it has none, the selector) of the workload it names.
/// Errors: InvalidInput with the controller's text: `template must be empty for workload reference rollout`, `workload
/// of type G/K is not supported`, `deployments.apps "ns/name" not found`.
/// Source: argo-rollouts rollout/templateref.go (Resolve)@v1.9.1
Expected<Rollout> withWorkload(const Rollout &rollout, const std::optional<object::Object> &workload);

} // namespace tiphys::rollout
