// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/rollout.h"

#include "base/text.h"
#include "rollout/names.h"
#include "rollout/number.h"
#include "rollout/reading.h"
#include "rollout/validation.h"

#include <algorithm>
#include <vector>

namespace tiphys::rollout {

using crd::FieldReader;
using object::Object;
using object::Value;

namespace {

void readSpec(Rollout &rollout, const FieldReader &spec)
{
    rollout.replicas = optionalNumber(spec, "replicas");
    rollout.selector = selectorOf(spec.any("selector"));
    rollout.podTemplate = readPodTemplate(spec.any("template"));
    rollout.workload = readOptional(spec, "workloadRef", [](const FieldReader &reference) {
        return WorkloadReference{.apiVersion = reference.text("apiVersion"),
                                 .kind = reference.text("kind"),
                                 .name = reference.text("name"),
                                 .scaleDown = reference.text("scaleDown")};
    });
    rollout.minReadySeconds = number(spec, "minReadySeconds");
    rollout.rollbackRevisions =
        readOptional(spec, "rollbackWindow", [](const FieldReader &window) { return number(window, "revisions"); });
    const FieldReader strategy = spec.objectOrEmpty("strategy");
    rollout.canary = readOptional(strategy, "canary", readCanary);
    rollout.blueGreen = readOptional(strategy, "blueGreen", readBlueGreen);
    rollout.revisionHistoryLimit = optionalNumber(spec, "revisionHistoryLimit");
    rollout.isPaused = spec.boolean("paused");
    rollout.progressDeadlineSeconds = optionalNumber(spec, "progressDeadlineSeconds");
    rollout.progressDeadlineAbort = spec.boolean("progressDeadlineAbort");
    rollout.restartAt = optionalTime(spec, "restartAt");
    const FieldReader analysis = spec.objectOrEmpty("analysis");
    rollout.successfulRunHistoryLimit = optionalNumber(analysis, "successfulRunHistoryLimit");
    rollout.unsuccessfulRunHistoryLimit = optionalNumber(analysis, "unsuccessfulRunHistoryLimit");
}

/// Resource name and group of a workload kind; "" if it is not supported.
std::string_view resourceOf(const object::Gvk &gvk)
{
    if (gvk.group == "apps" && gvk.kind == "Deployment")
        return "deployments.apps";
    if (gvk.group == "apps" && gvk.kind == "ReplicaSet")
        return "replicasets.apps";
    if (gvk.group.empty() && gvk.kind == "PodTemplate")
        return "podtemplates";
    return {};
}

std::string problemOf(const Rollout &rollout)
{
    const FieldErrors errors = specErrors(rollout);
    return errors.empty() ? std::string() : errors.front().text();
}

std::string shown(const Value &value, const crd::TextMap &matchLabels)
{
    if (value.isNull())
        return "<none>";
    // Requirements are printed in the order of their keys.
    std::vector<std::pair<std::string, std::string>> parts;
    for (const auto &[key, text] : matchLabels)
        parts.emplace_back(key, key + "=" + text);
    const Value expressions = value["matchExpressions"];
    for (const Value &expression : expressions.items()) {
        const std::string key(expression["key"].stringOr());
        const std::string_view op = expression["operator"].stringOr();
        if (op == "Exists" || op == "DoesNotExist") {
            parts.emplace_back(key, op == "Exists" ? key : "!" + key);
            continue;
        }
        std::vector<std::string> values;
        const Value list = expression["values"];
        for (const Value &item : list.items())
            values.emplace_back(item.stringOr());
        std::ranges::sort(values);
        parts.emplace_back(key, key + (op == "In" ? " in (" : " notin (") + join(values, ",") + ")");
    }
    std::ranges::stable_sort(parts, {}, &std::pair<std::string, std::string>::first);
    if (parts.empty())
        return "<none>";
    std::string result;
    for (const auto &[key, part] : parts)
        result += (result.empty() ? "" : ",") + part;
    return result;
}

} // namespace

LabelSelector selectorOf(const Value &value)
{
    LabelSelector selector{.value = value,
                           .matchLabels = textMapOf(value["matchLabels"]),
                           .matchExpressions = value["matchExpressions"],
                           .text = {}};
    selector.text = shown(value, selector.matchLabels);
    return selector;
}

bool LabelSelector::matches(const crd::TextMap &labels) const
{
    if (value.isNull())
        return false;
    for (const auto &[key, text] : matchLabels) {
        const auto found = entryAt(labels, key);
        if (found == labels.end() || found->second != text)
            return false;
    }
    for (const Value &expression : matchExpressions.items()) {
        const auto found = labels.find(std::string(expression["key"].stringOr()));
        const std::string_view op = expression["operator"].stringOr();
        const Value values = expression["values"];
        bool isListed = false;
        for (const Value &item : values.items())
            isListed = isListed || (found != labels.end() && item.stringOr() == found->second);
        const bool isMet = op == "In"             ? isListed
                           : op == "NotIn"        ? !isListed
                           : op == "Exists"       ? found != labels.end()
                           : op == "DoesNotExist" ? found == labels.end()
                                                  : false;
        if (!isMet)
            return false;
    }
    return true;
}

int Rollout::maxTrafficWeight() const
{
    return hasTrafficRouting() ? canary->trafficRouting->maxTrafficWeight.value_or(100) : 100;
}

const Step *Rollout::currentStep() const
{
    if (!canary)
        return nullptr;
    const int index = stepIndex();
    return index >= 0 && index < canary->stepCount() ? &canary->steps[static_cast<std::size_t>(index)] : nullptr;
}

std::int64_t Rollout::revision() const
{
    return decimalOf(textAt(annotations, kRevisionAnnotation)).value_or(0);
}

std::string_view Rollout::instanceId() const
{
    return textAt(labels, kInstanceIdLabel);
}

namespace {

/// Everything but the spec.
void readRest(Rollout &rollout, const Object &object)
{
    rollout.object = object;
    rollout.ns = object.ns();
    rollout.name = object.name();
    rollout.uid = object.uid();
    rollout.resourceVersion = object.resourceVersion();
    rollout.generation = std::to_string(object.generation());
    rollout.isBeingDeleted = object.isBeingDeleted();
    rollout.labels = textMapOf(object.path({"metadata", "labels"}));
    rollout.annotations = textMapOf(object.path({"metadata", "annotations"}));
    rollout.status = readStatus(object.value()["status"]);
}

} // namespace

Rollout readRollout(const Object &object)
{
    Rollout rollout;
    readRest(rollout, object);
    readTolerantly(object.value()["spec"], [&rollout](const FieldReader &spec) {
        readSpec(rollout, spec);
        return true;
    });
    rollout.specProblem = problemOf(rollout);
    return rollout;
}

Rollout readAgain(const Object &object, const Rollout &before)
{
    if (before.isTemplateFromWorkload || object.value()["spec"] != before.object.value()["spec"])
        return readRollout(object);
    Rollout rollout = before;
    readRest(rollout, object);
    return rollout;
}

Expected<Rollout> withWorkload(const Rollout &rollout, const std::optional<Object> &workload)
{
    Rollout resolved = rollout;
    if (!rollout.workload) {
        resolved.annotations.erase(std::string(kWorkloadGenerationAnnotation));
        return resolved;
    }
    if (!rollout.podTemplate.isEmpty())
        return failure(ErrorCode::InvalidInput, "template must be empty for workload reference rollout");
    const object::Gvk gvk = object::gvkOf(rollout.workload->apiVersion, rollout.workload->kind);
    const std::string_view resource = resourceOf(gvk);
    if (resource.empty())
        return failure(ErrorCode::InvalidInput, "workload of type " + gvk.group + "/" + gvk.kind + " is not supported");
    if (!workload)
        return failure(ErrorCode::InvalidInput,
                       std::string(resource) + " \"" + rollout.ns + "/" + rollout.workload->name + "\" not found");
    const bool isPodTemplate = gvk.kind == "PodTemplate";
    const Value podTemplate = isPodTemplate ? workload->value()["template"] : workload->path({"spec", "template"});
    if (podTemplate.isMap()) {
        resolved.podTemplate = readPodTemplate(podTemplate);
        resolved.isTemplateFromWorkload = true;
    }
    const Value selector = isPodTemplate ? Value() : workload->path({"spec", "selector"});
    if (rollout.selector.value.isNull() && selector.isMap())
        resolved.selector = selectorOf(selector);
    resolved.annotations.insert_or_assign(std::string(kWorkloadGenerationAnnotation),
                                          std::to_string(workload->generation()));
    resolved.specProblem = problemOf(resolved);
    return resolved;
}

} // namespace tiphys::rollout
