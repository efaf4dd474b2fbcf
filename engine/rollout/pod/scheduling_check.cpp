// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/scheduling_check.h"

#include "base/text.h"
#include "rollout/pod/label_check.h"
#include "rollout/pod/name_rules.h"

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr const char *kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr const char *kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";
constexpr const char *kNoOperator = "not a valid selector operator";

enum class LabelValues { Checked, Unchecked };

void checkNodeRequirement(const Value &requirement, LabelValues values, const FieldPath &path, Findings &findings)
{
    const std::string_view op = textIn(requirement, "operator");
    const std::size_t count = requirement["values"].size();
    const FieldPath valuesPath = path.child("values");
    if (op == "In" || op == "NotIn") {
        if (count == 0)
            findings.required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (op == "Exists" || op == "DoesNotExist") {
        if (count > 0)
            findings.forbidden(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else if (op == "Gt" || op == "Lt") {
        if (count != 1)
            findings.required(valuesPath, "must be specified single value when `operator` is 'Lt' or 'Gt'");
    } else {
        findings.invalid(path.child("operator"), Value(op), kNoOperator);
    }
    const std::string_view key = textIn(requirement, "key");
    findings.each(path.child("key"), key, qualifiedNameProblems(key));
    if (values == LabelValues::Unchecked)
        return;
    eachItem(requirement["values"], valuesPath, [&](const Value &value, const FieldPath &valuePath) {
        findings.each(valuePath, value.stringOr(), labelValueProblems(value.stringOr()));
    });
}

void checkNodeField(const Value &requirement, const FieldPath &path, Findings &findings)
{
    const std::string_view op = textIn(requirement, "operator");
    const FieldPath valuesPath = path.child("values");
    if (op != "In" && op != "NotIn")
        findings.invalid(path.child("operator"), Value(op), kNoOperator);
    else if (requirement["values"].size() != 1)
        findings.required(valuesPath,
                          "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
    const std::string_view key = textIn(requirement, "key");
    if (key != "metadata.name") {
        findings.invalid(path.child("key"), Value(key), "not a valid field selector key");
        return;
    }
    eachItem(requirement["values"], valuesPath, [&](const Value &value, const FieldPath &valuePath) {
        findings.each(valuePath, value.stringOr(), dnsSubdomainProblems(value.stringOr()));
    });
}

void checkNodeTerm(const Value &term, LabelValues values, const FieldPath &path, Findings &findings)
{
    eachItem(term["matchExpressions"], path.child("matchExpressions"),
             [&](const Value &requirement, const FieldPath &itemPath) {
                 checkNodeRequirement(requirement, values, itemPath, findings);
             });
    eachItem(term["matchFields"], path.child("matchFields"), [&](const Value &requirement, const FieldPath &itemPath) {
        checkNodeField(requirement, itemPath, findings);
    });
}

void checkWeight(const Value &term, const FieldPath &path, Findings &findings)
{
    const std::int64_t weight = term["weight"].intOr(0);
    if (weight <= 0 || weight > 100)
        findings.invalid(path.child("weight"), Value(weight), "must be in the range 1-100");
}

void checkNodeAffinity(const Value &affinity, const FieldPath &path, Findings &findings)
{
    if (const Value required = affinity[kRequired]; isSet(required)) {
        const FieldPath requiredPath = path.child(kRequired);
        const FieldPath termsPath = requiredPath.child("nodeSelectorTerms");
        const Value terms = required["nodeSelectorTerms"];
        if (terms.size() == 0)
            findings.required(termsPath, "must have at least one node selector term");
        eachItem(terms, termsPath, [&](const Value &term, const FieldPath &termPath) {
            checkNodeTerm(term, LabelValues::Checked, termPath, findings);
        });
    }
    eachItem(affinity[kPreferred], path.child(kPreferred), [&](const Value &term, const FieldPath &termPath) {
        checkWeight(term, termPath, findings);
        checkNodeTerm(term["preference"], LabelValues::Unchecked, termPath.child("preference"), findings);
    });
}

void checkPodTerm(const Value &term, const FieldPath &path, Findings &findings)
{
    checkLabelSelector(term["labelSelector"], path.child("labelSelector"), findings);
    checkLabelSelector(term["namespaceSelector"], path.child("namespaceSelector"), findings);
    const Value namespaces = term["namespaces"];
    for (const Value &ns : namespaces.items())
        findings.each(path.child("namespace"), ns.stringOr(), dnsLabelProblems(ns.stringOr()));
    checkMatchedKeys(term, path, findings);
    const std::string_view key = textIn(term, "topologyKey");
    if (key.empty())
        findings.required(path.child("topologyKey"), "can not be empty");
    findings.each(path.child("topologyKey"), key, qualifiedNameProblems(key));
}

void checkPodAffinity(const Value &affinity, const FieldPath &path, Findings &findings)
{
    eachItem(affinity[kRequired], path.child(kRequired),
             [&](const Value &term, const FieldPath &termPath) { checkPodTerm(term, termPath, findings); });
    eachItem(affinity[kPreferred], path.child(kPreferred), [&](const Value &term, const FieldPath &termPath) {
        checkWeight(term, termPath, findings);
        checkPodTerm(term["podAffinityTerm"], termPath.child("podAffinityTerm"), findings);
    });
}

void checkToleration(const Value &toleration, const FieldPath &path, Findings &findings)
{
    const std::string_view key = textIn(toleration, "key");
    const std::string_view op = textIn(toleration, "operator");
    const std::string_view value = textIn(toleration, "value");
    const FieldPath opPath = path.child("operator");
    const FieldPath effectPath = path.child("effect");
    if (!key.empty())
        findings.each(path.child("key"), key, qualifiedNameProblems(key));
    else if (op != "Exists")
        findings.invalid(opPath, Value(op),
                         "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
    if (isSet(toleration["tolerationSeconds"]) && textIn(toleration, "effect") != "NoExecute")
        findings.invalid(effectPath, Value(textIn(toleration, "effect")),
                         "effect must be 'NoExecute' when `tolerationSeconds` is set");
    if (op.empty() || op == "Equal") {
        if (const Problems problems = labelValueProblems(value); !problems.empty())
            findings.invalid(opPath, Value(value), join(problems, ";"));
    } else if (op != "Exists") {
        findings.notSupported(opPath, op, {"Equal", "Exists"});
    } else if (!value.empty()) {
        findings.invalid(opPath, Value(value), "value must be empty when `operator` is 'Exists'");
    }
    if (!textIn(toleration, "effect").empty())
        findings.oneOf(effectPath, toleration["effect"], {"NoSchedule", "PreferNoSchedule", "NoExecute"});
}

/// True if an item of \p constraints behind \p index says the same of the same key.
bool isRepeated(const Value &constraints, std::size_t index)
{
    const Value constraint = constraints.at(index);
    for (std::size_t i = index + 1; i < constraints.size(); ++i) {
        const Value other = constraints.at(i);
        if (textIn(other, "topologyKey") == textIn(constraint, "topologyKey")
            && textIn(other, "whenUnsatisfiable") == textIn(constraint, "whenUnsatisfiable"))
            return true;
    }
    return false;
}

void checkMinDomains(const Value &constraint, const FieldPath &path, Findings &findings)
{
    const std::optional<std::int64_t> domains = numberIn(constraint, "minDomains");
    if (!domains)
        return;
    if (*domains <= 0)
        findings.invalid(path, Value(*domains), "must be greater than zero");
    const std::string action(textIn(constraint, "whenUnsatisfiable"));
    if (action != "DoNotSchedule")
        findings.invalid(path, Value(*domains),
                         "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
}

void checkConstraint(const Value &constraint, bool isTwice, const FieldPath &path, Findings &findings)
{
    const std::string key(textIn(constraint, "topologyKey"));
    const std::string action(textIn(constraint, "whenUnsatisfiable"));
    const std::int64_t skew = constraint["maxSkew"].intOr(0);
    if (skew <= 0)
        findings.invalid(path.child("maxSkew"), Value(skew), "must be greater than zero");
    if (key.empty())
        findings.required(path.child("topologyKey"), "can not be empty");
    findings.oneOf(path.child("whenUnsatisfiable"), Value(action), {"DoNotSchedule", "ScheduleAnyway"});
    if (isTwice)
        findings.duplicate(path.child("{topologyKey, whenUnsatisfiable}"), "{" + key + ", " + action + "}");
    checkMinDomains(constraint, path.child("minDomains"), findings);
    for (const char *policy : {"nodeAffinityPolicy", "nodeTaintsPolicy"})
        findings.oneOf(path.child(policy), constraint[policy], {"Honor", "Ignore"});
    checkSpreadKeys(constraint, path, findings);
    checkLabelSelector(constraint["labelSelector"], path.child("labelSelector"), findings);
}

} // namespace

void checkAffinity(const Value &affinity, const FieldPath &path, Findings &findings)
{
    checkNodeAffinity(affinity["nodeAffinity"], path.child("nodeAffinity"), findings);
    checkPodAffinity(affinity["podAffinity"], path.child("podAffinity"), findings);
    checkPodAffinity(affinity["podAntiAffinity"], path.child("podAntiAffinity"), findings);
}

void checkTolerations(const Value &tolerations, const FieldPath &path, Findings &findings)
{
    eachItem(tolerations, path, [&](const Value &toleration, const FieldPath &itemPath) {
        checkToleration(toleration, itemPath, findings);
    });
}

void checkTopologySpread(const Value &constraints, const FieldPath &path, Findings &findings)
{
    // Each is compared to those behind it: more than these are not told apart.
    constexpr std::size_t kMostCompared = 1000;
    std::size_t index = 0;
    eachItem(constraints, path, [&](const Value &constraint, const FieldPath &itemPath) {
        const bool isTwice = index < kMostCompared && isRepeated(constraints, index);
        ++index;
        checkConstraint(constraint, isTwice, itemPath, findings);
    });
}

} // namespace tiphys::rollout
