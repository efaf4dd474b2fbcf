// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/label_selector.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::object {

namespace {

using Test = LabelRequirement::Test;

std::optional<Test> testOf(std::string_view word)
{
    if (word == "In")
        return Test::In;
    if (word == "NotIn")
        return Test::NotIn;
    if (word == "Exists")
        return Test::Exists;
    if (word == "DoesNotExist")
        return Test::Absent;
    return std::nullopt;
}

} // namespace

bool LabelRequirement::holds(std::optional<std::string_view> value) const
{
    switch (test) {
    case Test::Exists: return value.has_value();
    case Test::Absent: return !value.has_value();
    case Test::In: return value && std::ranges::contains(values, *value);
    case Test::NotIn: return !value || !std::ranges::contains(values, *value);
    }
    return false;
}

Expected<std::vector<LabelRequirement>> labelRequirementsOf(const Value &selector)
{
    std::vector<LabelRequirement> requirements;
    const Value labels = selector["matchLabels"];
    for (const auto &[key, value] : labels.entries())
        requirements.push_back({.key = std::string(key), .test = Test::In, .values = {std::string(value.stringOr())}});
    const Value expressions = selector["matchExpressions"];
    for (const Value &expression : expressions.items()) {
        const std::string_view word = expression["operator"].stringOr();
        const std::optional<Test> test = testOf(word);
        if (!test)
            return failure(ErrorCode::InvalidInput, "matchExpressions: " + tiphys::quoted(word) + " is not a valid label selector operator");
        LabelRequirement requirement{.key = std::string(expression["key"].stringOr()), .test = *test, .values = {}};
        const Value values = expression["values"];
        for (const Value &value : values.items())
            requirement.values.emplace_back(value.stringOr());
        const bool wantsValues = *test == Test::In || *test == Test::NotIn;
        if (wantsValues == requirement.values.empty())
            return failure(ErrorCode::InvalidInput, "matchExpressions: values of " + std::string(word) + (wantsValues ? " must not be empty" : " must be empty"));
        requirements.push_back(std::move(requirement));
    }
    return requirements;
}

bool meetsLabels(const Object &object, const std::vector<LabelRequirement> &requirements)
{
    return std::ranges::all_of(requirements, [&object](const LabelRequirement &each) { return each.holds(object.label(each.key)); });
}

} // namespace tiphys::object
