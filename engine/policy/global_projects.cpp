// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/global_projects.h"

#include "object/yaml.h"

#include <algorithm>

namespace tiphys::policy {

using object::Value;

namespace {

bool hasValue(const Value &values, std::string_view text)
{
    return std::ranges::any_of(values.items(), [text](const Value &value) { return value.stringOr() == text; });
}

/// Whether \p object has what an entry of matchExpressions wants; nothing if the entry is invalid.
std::optional<bool> meets(const object::Object &object, const Value &expression)
{
    const std::string_view word = expression["operator"].stringOr();
    const Value values = expression["values"];
    const std::optional<std::string_view> label = object.label(expression["key"].stringOr());
    const bool hasValues = values.size() > 0;
    if (word == "In" && hasValues)
        return label && hasValue(values, *label);
    if (word == "NotIn" && hasValues)
        return !label || !hasValue(values, *label);
    if (word == "Exists" && !hasValues)
        return label.has_value();
    if (word == "DoesNotExist" && !hasValues)
        return !label;
    return std::nullopt;
}

/// Whether the selector matches; nothing if it is invalid.
std::optional<bool> selects(const Value &selector, const object::Object &object)
{
    bool matches = true;
    const Value labels = selector["matchLabels"];
    for (const auto &[key, value] : labels.entries())
        matches = matches && object.label(key) == value.stringOr();
    const Value expressions = selector["matchExpressions"];
    for (const Value &expression : expressions.items()) {
        const std::optional<bool> isMet = meets(object, expression);
        if (!isMet)
            return std::nullopt;
        matches = matches && *isMet;
    }
    return matches;
}

} // namespace

Expected<std::vector<GlobalProjectRule>> globalProjectRulesOf(std::string_view yaml)
{
    std::vector<GlobalProjectRule> rules;
    if (yaml.empty())
        return rules;
    const Expected<Value> list = object::parseYaml(yaml);
    if (!list)
        return std::unexpected(list.error().in("globalProjects"));
    if (!list->isNull() && !list->isList())
        return failure(ErrorCode::InvalidInput, "globalProjects: a list is wanted");
    for (const Value &entry : list->items())
        rules.push_back({std::string(entry["projectName"].stringOr()), entry["labelSelector"]});
    return rules;
}

std::vector<crd::Project> globalProjectsOf(const crd::Project &project, const std::vector<GlobalProjectRule> &rules,
                                           const FindProject &find)
{
    std::vector<crd::Project> globals;
    for (const GlobalProjectRule &rule : rules) {
        if (rule.projectName == project.name())
            continue;
        const std::optional<bool> isSelected = selects(rule.labelSelector, project.object);
        if (!isSelected)
            break;
        if (!*isSelected)
            continue;
        std::optional<crd::Project> global = find(rule.projectName);
        if (!global)
            break;
        globals.push_back(std::move(*global));
    }
    return globals;
}

} // namespace tiphys::policy
