// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "rollout/pod/pod_check.h"
#include "rollout/reading.h"
#include "rollout/validation.h"

namespace tiphys::rollout {

using object::Value;

namespace {

bool selectsAll(const LabelSelector &selector)
{
    return selector.value.isMap() && selector.matchLabels.empty() && selector.value["matchExpressions"].size() == 0;
}

} // namespace

FieldErrors podTemplateErrors(const Value &podTemplate, const LabelSelector &selector, const std::string &field)
{
    Findings findings;
    const FieldPath path(field);
    const FieldPath specPath = path.child("spec");
    const Value labels = podTemplate.path({"metadata", "labels"});
    if (!selectsAll(selector) && !selector.matches(textMapOf(labels)))
        findings.invalidJson(path.child("metadata.labels"), object::toJson(labels, {.escapesHtml = true}),
                             "`selector` does not match template `labels`");
    checkPodTemplate(podTemplate, path, findings);
    const Value restart = podTemplate.path({"spec", "restartPolicy"});
    if (!restart.stringOr().empty())
        findings.oneOf(specPath.child("restartPolicy"), restart, {"Always"});
    if (isSet(podTemplate.path({"spec", "activeDeadlineSeconds"})))
        findings.forbidden(specPath.child("activeDeadlineSeconds"),
                           "activeDeadlineSeconds in ReplicaSet is not Supported");
    return findings.take();
}

} // namespace tiphys::rollout
