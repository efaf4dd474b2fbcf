// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/label_check.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/pod/name_rules.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::size_t kAnnotationBytes = 256 * 1024;

bool needsValues(std::string_view op)
{
    return op == "In" || op == "NotIn";
}

bool forbidsValues(std::string_view op)
{
    return op == "Exists" || op == "DoesNotExist";
}

void checkRequirement(const Value &requirement, const FieldPath &path, Findings &findings)
{
    const std::string_view op = textIn(requirement, "operator");
    const Value values = requirement["values"];
    const FieldPath valuesPath = path.child("values");
    if (needsValues(op)) {
        if (values.size() == 0)
            findings.required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (forbidsValues(op)) {
        if (values.size() > 0)
            findings.forbidden(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else {
        findings.invalid(path.child("operator"), Value(op), "not a valid selector operator");
    }
    const std::string_view key = textIn(requirement, "key");
    findings.each(path.child("key"), key, qualifiedNameProblems(key));
    eachItem(values, valuesPath, [&](const Value &value, const FieldPath &valuePath) {
        findings.each(valuePath, value.stringOr(), labelValueProblems(value.stringOr()));
    });
}

void checkKeys(const Value &keys, bool hasSelector, const FieldPath &path, Findings &findings)
{
    if (keys.size() == 0)
        return;
    if (!hasSelector) {
        findings.forbidden(path, "must not be specified when labelSelector is not set");
        return;
    }
    eachItem(keys, path, [&](const Value &key, const FieldPath &keyPath) {
        findings.each(keyPath, key.stringOr(), qualifiedNameProblems(key.stringOr()));
    });
}

/// What matchLabelKeys and the selector have in common.
void checkSharedKeys(const Value &keys, const Value &selector, const FieldPath &path, Findings &findings)
{
    std::map<std::string, std::size_t, std::less<>> places;
    std::size_t index = 0;
    for (const Value &key : keys.items())
        places.insert_or_assign(std::string(key.stringOr()), index++);
    std::set<std::string, std::less<>> selected;
    const Value labels = selector["matchLabels"];
    for (const auto &[key, value] : labels.entries())
        selected.emplace(key);
    const Value expressions = selector["matchExpressions"];
    for (const Value &expression : expressions.items()) {
        const std::string_view key = textIn(expression, "key");
        const auto place = places.find(key);
        if (place != places.end() && selected.contains(key))
            findings.invalid(path.at(place->second), Value(key), "exists in both matchLabelKeys and labelSelector");
        selected.emplace(key);
    }
}

} // namespace

void checkLabels(const Value &labels, const FieldPath &path, Findings &findings)
{
    for (const auto &[key, value] : labels.sortedEntries()) {
        findings.each(path, key, qualifiedNameProblems(key));
        findings.each(path, value.stringOr(), labelValueProblems(value.stringOr()));
    }
}

void checkLabelSelector(const Value &selector, const FieldPath &path, Findings &findings)
{
    checkLabels(selector["matchLabels"], path.child("matchLabels"), findings);
    const FieldPath expressionsPath = path.child("matchExpressions");
    eachItem(selector["matchExpressions"], expressionsPath, [&](const Value &requirement, const FieldPath &itemPath) {
        checkRequirement(requirement, itemPath, findings);
    });
}

bool isUsableSelector(const Value &selector)
{
    Findings findings;
    checkLabelSelector(selector, FieldPath(""), findings);
    return findings.size() == 0;
}

std::string selectorJson(const Value &selector)
{
    std::vector<std::pair<std::string, Value>> members;
    if (const Value labels = selector["matchLabels"]; labels.size() > 0) {
        std::vector<std::pair<std::string, Value>> sorted;
        for (const auto &[key, value] : labels.sortedEntries())
            sorted.emplace_back(key, value);
        members.emplace_back("matchLabels", Value::map(sorted));
    }
    std::vector<Value> requirements;
    const Value expressions = selector["matchExpressions"];
    for (const Value &expression : expressions.items()) {
        Value shown = Value::map(
            {{"key", Value(textIn(expression, "key"))}, {"operator", Value(textIn(expression, "operator"))}});
        if (expression["values"].size() > 0)
            shown = shown.with("values", expression["values"]);
        requirements.push_back(shown);
    }
    if (!requirements.empty())
        members.emplace_back("matchExpressions", Value::list(requirements));
    return object::toJson(Value::map(members), {.order = object::KeyOrder::Kept, .escapesHtml = true});
}

void checkMatchedKeys(const Value &term, const FieldPath &path, Findings &findings)
{
    const Value selector = term["labelSelector"];
    const Value matched = term["matchLabelKeys"];
    const Value mismatched = term["mismatchLabelKeys"];
    const FieldPath matchedPath = path.child("matchLabelKeys");
    checkKeys(matched, isSet(selector), matchedPath, findings);
    checkKeys(mismatched, isSet(selector), path.child("mismatchLabelKeys"), findings);
    if (isSet(selector))
        checkSharedKeys(matched, selector, path, findings);
    std::set<std::string, std::less<>> unwanted;
    for (const Value &key : mismatched.items())
        unwanted.emplace(key.stringOr());
    eachItem(matched, matchedPath, [&](const Value &key, const FieldPath &keyPath) {
        if (unwanted.contains(key.stringOr()))
            findings.invalid(keyPath, key, "exists in both matchLabelKeys and mismatchLabelKeys");
    });
}

void checkSpreadKeys(const Value &constraint, const FieldPath &path, Findings &findings)
{
    const Value keys = constraint["matchLabelKeys"];
    if (keys.size() == 0)
        return;
    const FieldPath keysPath = path.child("matchLabelKeys");
    const Value selector = constraint["labelSelector"];
    std::set<std::string, std::less<>> selected;
    const Value labels = selector["matchLabels"];
    for (const auto &[key, value] : labels.entries())
        selected.emplace(key);
    const Value expressions = selector["matchExpressions"];
    for (const Value &expression : expressions.items())
        selected.emplace(textIn(expression, "key"));
    if (!isSet(selector))
        findings.forbidden(keysPath, "must not be specified when labelSelector is not set");
    eachItem(keys, keysPath, [&](const Value &key, const FieldPath &keyPath) {
        findings.each(keyPath, key.stringOr(), qualifiedNameProblems(key.stringOr()));
        if (selected.contains(key.stringOr()))
            findings.invalid(keyPath, key, "exists in both matchLabelKeys and labelSelector");
    });
}

void checkAnnotations(const Value &annotations, const FieldPath &path, Findings &findings)
{
    std::size_t bytes = 0;
    for (const auto &[key, value] : annotations.sortedEntries()) {
        findings.each(path, key, qualifiedNameProblems(asciiLower(key)));
        bytes += key.size() + value.stringOr().size();
    }
    if (bytes > kAnnotationBytes)
        findings.tooLong(path, kAnnotationBytes);
}

} // namespace tiphys::rollout
