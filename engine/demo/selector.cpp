// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/selector.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

/// Parts between commas that stand outside of parentheses.
std::vector<std::string_view> requirementTexts(std::string_view text)
{
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool atEnd = i == text.size();
        if (!atEnd && text[i] == '(')
            ++depth;
        if (!atEnd && text[i] == ')')
            --depth;
        if (!atEnd && (text[i] != ',' || depth > 0))
            continue;
        const std::string_view part = trimmed(text.substr(start, i - start));
        if (!part.empty())
            parts.push_back(part);
        start = i + 1;
    }
    return parts;
}

std::vector<std::string> listedValues(std::string_view text)
{
    std::vector<std::string> values;
    text = trimmed(text);
    text = text.substr(1, text.size() < 2 ? 0 : text.size() - 2);
    for (const std::string_view part : split(text, ','))
        values.emplace_back(trimmed(part));
    return values;
}

std::optional<std::string> textAt(const Value &root, std::string_view dottedPath)
{
    Value value = root;
    for (const std::string_view step : split(dottedPath, '.'))
        value = value[step];
    if (value.isNull())
        return std::nullopt;
    if (const auto boolean = value.asBool())
        return *boolean ? "true" : "false";
    if (const auto number = value.asInt())
        return std::to_string(*number);
    return std::string(value.stringOr());
}

} // namespace

Answer<Selector::Requirement> Selector::parsedLabel(std::string_view text)
{
    for (const auto &[word, test] :
         {std::pair{std::string_view("!="), Test::NotIn}, {"==", Test::In}, {"=", Test::In}}) {
        const auto at = text.find(word);
        if (at != std::string_view::npos && text.find('(') == std::string_view::npos)
            return Requirement{{.key = std::string(trimmed(text.substr(0, at))),
                                .test = test,
                                .values = {std::string(trimmed(text.substr(at + word.size())))}}};
    }
    for (const auto &[word, test] : {std::pair{std::string_view(" notin "), Test::NotIn}, {" in ", Test::In}}) {
        const auto at = text.find(word);
        if (at != std::string_view::npos)
            return Requirement{{.key = std::string(trimmed(text.substr(0, at))),
                                .test = test,
                                .values = listedValues(text.substr(at + word.size()))}};
    }
    if (text.find_first_of(" ()<>") != std::string_view::npos)
        return std::unexpected(badRequest("unable to parse requirement: " + std::string(text)));
    if (text.starts_with('!'))
        return Requirement{{.key = std::string(trimmed(text.substr(1))), .test = Test::Absent, .values = {}}};
    return Requirement{{.key = std::string(text), .test = Test::Exists, .values = {}}};
}

Answer<Selector::Requirement> Selector::parsedField(std::string_view text)
{
    const auto at = text.find('=');
    if (at == std::string_view::npos || at == 0)
        return std::unexpected(badRequest("invalid field selector: " + std::string(text)));
    const bool isNegated = text[at - 1] == '!';
    std::string_view value = text.substr(at + 1);
    if (value.starts_with('='))
        value.remove_prefix(1);
    return Requirement{{.key = std::string(trimmed(text.substr(0, isNegated ? at - 1 : at))),
                        .test = isNegated ? Test::NotIn : Test::In,
                        .values = {std::string(trimmed(value))}},
                       true};
}

Answer<Selector> Selector::parsed(std::string_view labels, std::string_view fields)
{
    Selector selector;
    for (const std::string_view text : requirementTexts(labels)) {
        Answer<Requirement> requirement = parsedLabel(text);
        if (!requirement)
            return std::unexpected(requirement.error());
        selector.m_requirements.push_back(std::move(*requirement));
    }
    for (const std::string_view text : requirementTexts(fields)) {
        Answer<Requirement> requirement = parsedField(text);
        if (!requirement)
            return std::unexpected(requirement.error());
        selector.m_requirements.push_back(std::move(*requirement));
    }
    return selector;
}

Selector Selector::ofLabelSelector(const Value &selector)
{
    Selector result;
    result.m_selectsNothing = selector.isNull();
    const Expected<std::vector<object::LabelRequirement>> requirements = object::labelRequirementsOf(selector);
    // The API server refuses workloads whose selector is invalid.
    result.m_selectsNothing = result.m_selectsNothing || !requirements;
    if (requirements) {
        for (const object::LabelRequirement &requirement : *requirements)
            result.m_requirements.push_back({requirement});
    }
    return result;
}

bool Selector::Requirement::holds(const Object &object) const
{
    if (!isField)
        return LabelRequirement::holds(object.label(key));
    return LabelRequirement::holds(textAt(object.value(), key).value_or(""));
}

bool Selector::matches(const Object &object) const
{
    return !m_selectsNothing
           && std::ranges::all_of(m_requirements, [&](const Requirement &each) { return each.holds(object); });
}

} // namespace tiphys::demo
