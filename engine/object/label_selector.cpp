// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/label_selector.h"

#include "base/text.h"

#include <algorithm>
#include <utility>

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

/// Takes a selector's text apart.
class SelectorReader
{
public:
    explicit SelectorReader(std::string_view text) : m_text(text) {}

    Expected<std::vector<LabelRequirement>> read()
    {
        std::vector<LabelRequirement> requirements;
        if (isAtEnd())
            return requirements;
        do {
            Expected<LabelRequirement> requirement = one();
            if (!requirement)
                return std::unexpected(requirement.error());
            requirements.push_back(std::move(*requirement));
        } while (takes(","));
        if (!isAtEnd())
            return problem();
        return requirements;
    }

private:
    bool isAtEnd()
    {
        const auto next = m_text.find_first_not_of(" \t\r\n", m_at);
        m_at = next == std::string_view::npos ? m_text.size() : next;
        return m_at == m_text.size();
    }

    bool takes(std::string_view mark)
    {
        if (isAtEnd() || !m_text.substr(m_at).starts_with(mark))
            return false;
        m_at += mark.size();
        return true;
    }

    /// A key, a value or "in"; "" where none stands.
    std::string_view word()
    {
        if (isAtEnd())
            return {};
        const auto end = std::min(m_text.find_first_of(" \t\r\n,()=!<>", m_at), m_text.size());
        const std::string_view found = m_text.substr(m_at, end - m_at);
        m_at = end;
        return found;
    }

    std::unexpected<Error> problem() const
    {
        return failure(ErrorCode::InvalidInput,
                       "a label selector looks like a=b,c!=d,e in (f,g),!h, not " + tiphys::quoted(m_text));
    }

    Expected<LabelRequirement> one()
    {
        const bool isAbsent = takes("!");
        LabelRequirement requirement{
            .key = std::string(word()), .test = isAbsent ? Test::Absent : Test::Exists, .values = {}};
        if (requirement.key.empty())
            return problem();
        const bool isBare = isAtEnd() || m_text[m_at] == ',';
        if (isAbsent || isBare)
            return requirement;
        const bool differs = takes("!=");
        if (differs || takes("==") || takes("=")) {
            requirement.test = differs ? Test::NotIn : Test::In;
            requirement.values.emplace_back(word());
            return requirement;
        }
        const std::string_view test = word();
        if ((test != "in" && test != "notin") || !takes("("))
            return problem();
        requirement.test = test == "in" ? Test::In : Test::NotIn;
        do
            requirement.values.emplace_back(word());
        while (takes(","));
        if (!takes(")"))
            return problem();
        return requirement;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

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
            return failure(ErrorCode::InvalidInput,
                           "matchExpressions: " + tiphys::quoted(word) + " is not a valid label selector operator");
        LabelRequirement requirement{.key = std::string(expression["key"].stringOr()), .test = *test, .values = {}};
        const Value values = expression["values"];
        for (const Value &value : values.items())
            requirement.values.emplace_back(value.stringOr());
        const bool wantsValues = *test == Test::In || *test == Test::NotIn;
        if (wantsValues == requirement.values.empty())
            return failure(ErrorCode::InvalidInput, "matchExpressions: values of " + std::string(word)
                                                        + (wantsValues ? " must not be empty" : " must be empty"));
        requirements.push_back(std::move(requirement));
    }
    return requirements;
}

Expected<std::vector<LabelRequirement>> selectorRequirementsOf(std::string_view text)
{
    return SelectorReader(text).read();
}

bool meetsLabels(const Object &object, const std::vector<LabelRequirement> &requirements)
{
    return std::ranges::all_of(requirements,
                               [&object](const LabelRequirement &each) { return each.holds(object.label(each.key)); });
}

} // namespace tiphys::object
