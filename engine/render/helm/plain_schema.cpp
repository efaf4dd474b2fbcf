// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/plain_schema.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace tiphys::render {

using object::Value;

namespace {

constexpr int kDeepest = 100;
/// More names or choices than these are not compared with each other.
constexpr std::size_t kMostCompared = 64;

enum class Rule : std::uint8_t {
    Text,
    Address, ///< a text without a fragment
    Flag,
    Number,
    Positive,
    Count,
    Anything,
    List,
    Names,
    Choices,
    Types,
    Schema,
    Items, ///< a schema or a list of them
    Schemas,
    SchemaMap,
    Unsure
};

struct Keyword
{
    std::string_view name;
    Rule rule;
};

/// What all drafts agree on, each keyword as the strictest of them has it. Sorted.
constexpr std::array kKeywords{
    Keyword{"$comment", Rule::Text},
    Keyword{"$defs", Rule::SchemaMap},
    Keyword{"$id", Rule::Address},
    Keyword{"$ref", Rule::Text},
    Keyword{"$schema", Rule::Text},
    Keyword{"additionalItems", Rule::Schema},
    Keyword{"additionalProperties", Rule::Schema},
    Keyword{"allOf", Rule::Schemas},
    Keyword{"anyOf", Rule::Schemas},
    Keyword{"const", Rule::Anything},
    Keyword{"contains", Rule::Schema},
    Keyword{"contentEncoding", Rule::Text},
    Keyword{"contentMediaType", Rule::Text},
    Keyword{"contentSchema", Rule::Schema},
    Keyword{"default", Rule::Anything},
    Keyword{"definitions", Rule::SchemaMap},
    Keyword{"dependencies", Rule::Unsure},
    Keyword{"dependentRequired", Rule::Unsure},
    Keyword{"dependentSchemas", Rule::SchemaMap},
    Keyword{"deprecated", Rule::Flag},
    Keyword{"description", Rule::Text},
    Keyword{"else", Rule::Schema},
    Keyword{"enum", Rule::Choices},
    Keyword{"examples", Rule::List},
    Keyword{"exclusiveMaximum", Rule::Number},
    Keyword{"exclusiveMinimum", Rule::Number},
    Keyword{"format", Rule::Text},
    Keyword{"id", Rule::Text},
    Keyword{"if", Rule::Schema},
    Keyword{"items", Rule::Items},
    Keyword{"maxContains", Rule::Count},
    Keyword{"maxItems", Rule::Count},
    Keyword{"maxLength", Rule::Count},
    Keyword{"maxProperties", Rule::Count},
    Keyword{"maximum", Rule::Number},
    Keyword{"minContains", Rule::Count},
    Keyword{"minItems", Rule::Count},
    Keyword{"minLength", Rule::Count},
    Keyword{"minProperties", Rule::Count},
    Keyword{"minimum", Rule::Number},
    Keyword{"multipleOf", Rule::Positive},
    Keyword{"not", Rule::Schema},
    Keyword{"oneOf", Rule::Schemas},
    Keyword{"pattern", Rule::Text},
    Keyword{"patternProperties", Rule::SchemaMap},
    Keyword{"prefixItems", Rule::Schemas},
    Keyword{"properties", Rule::SchemaMap},
    Keyword{"propertyNames", Rule::Schema},
    Keyword{"readOnly", Rule::Flag},
    Keyword{"required", Rule::Names},
    Keyword{"then", Rule::Schema},
    Keyword{"title", Rule::Text},
    Keyword{"type", Rule::Types},
    Keyword{"unevaluatedItems", Rule::Schema},
    Keyword{"unevaluatedProperties", Rule::Schema},
    Keyword{"uniqueItems", Rule::Flag},
    Keyword{"writeOnly", Rule::Flag},
};
static_assert(std::ranges::is_sorted(kKeywords, {}, &Keyword::name));

Rule ruleOf(std::string_view name)
{
    const auto found = std::ranges::lower_bound(kKeywords, name, {}, &Keyword::name);
    if (found != kKeywords.end() && found->name == name)
        return found->rule;
    return name.starts_with('$') ? Rule::Unsure : Rule::Anything;
}

bool isTypeName(const Value &value)
{
    static constexpr std::array<std::string_view, 7> kNames{"array",  "boolean", "integer", "null",
                                                            "number", "object",  "string"};
    return value.isString() && std::ranges::contains(kNames, value.stringOr());
}

/// A list of texts, none of them twice, at least one.
bool areDistinctTexts(const Value &value)
{
    if (!value.isList() || value.size() == 0 || value.size() > kMostCompared)
        return false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const Value item = value.at(i);
        if (!item.isString())
            return false;
        for (std::size_t k = 0; k < i; ++k) {
            if (value.at(k).stringOr() == item.stringOr())
                return false;
        }
    }
    return true;
}

class Look
{
public:
    explicit Look(int draft) : m_draft(draft) {}

    bool isSchema(const Value &value, int depth) const
    {
        if (value.isBool())
            return m_draft >= 6;
        if (!value.isMap() || depth > kDeepest)
            return false;
        return std::ranges::all_of(value.entries(), [this, depth](const Value::Member &member) {
            return follows(ruleOf(member.first), member.second, depth + 1);
        });
    }

private:
    bool follows(Rule rule, const Value &value, int depth) const
    {
        switch (rule) {
        case Rule::Text: return value.isString();
        case Rule::Address: return value.isString() && !value.stringOr().contains('#');
        case Rule::Flag: return value.isBool();
        case Rule::Number: return value.isNumber();
        case Rule::Positive: return value.isNumber() && value.asNumber().value_or(0) > 0;
        case Rule::Count: return value.intOr(-1) >= 0;
        case Rule::Anything: return true;
        case Rule::List: return value.isList();
        case Rule::Names:
        case Rule::Choices: return areDistinctTexts(value);
        case Rule::Types:
            return isTypeName(value) || (areDistinctTexts(value) && std::ranges::all_of(value.items(), &isTypeName));
        case Rule::Schema: return isSchema(value, depth);
        case Rule::Items: return isSchema(value, depth) || (m_draft < 2020 && areSchemas(value, depth));
        case Rule::Schemas: return areSchemas(value, depth);
        case Rule::SchemaMap:
            return value.isMap() && std::ranges::all_of(value.entries(), [this, depth](const Value::Member &member) {
                       return isSchema(member.second, depth);
                   });
        case Rule::Unsure: break;
        }
        return false;
    }

    bool areSchemas(const Value &value, int depth) const
    {
        return value.isList() && value.size() > 0
               && std::ranges::all_of(value.items(),
                                      [this, depth](const Value &item) { return isSchema(item, depth); });
    }

    int m_draft;
};

} // namespace

bool isPlainSchema(const Value &schema, int draft)
{
    // Draft 4 has its own bounds (flags) and no schemas that are flags.
    return draft >= 6 && Look(draft).isSchema(schema, 0);
}

} // namespace tiphys::render
