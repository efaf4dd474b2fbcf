// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/json_schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <set>

namespace tiphys::render {

using object::Value;

namespace {

constexpr int kDeepestCheck = 300;
constexpr std::size_t kMostSteps = 300'000;

std::string_view typeOf(const Value &value)
{
    switch (value.type()) {
    case object::Type::Null: return "null";
    case object::Type::Bool: return "boolean";
    case object::Type::Int:
    case object::Type::Uint:
    case object::Type::Double: return "number";
    case object::Type::String: return "string";
    case object::Type::List: return "array";
    case object::Type::Map: return "object";
    }
    return {};
}

double numberOf(const Value &value)
{
    return value.asNumber().value_or(0);
}

bool isIntegral(const Value &value)
{
    return value.isNumber() && std::trunc(numberOf(value)) == numberOf(value);
}

/// Equality of JSON: numbers by their value.
bool areEqual(const Value &a, const Value &b)
{
    if (a.isNumber() && b.isNumber())
        return a == b || numberOf(a) == numberOf(b);
    if (a.type() != b.type() || a.size() != b.size())
        return false;
    if (a.isList()) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!areEqual(a.at(i), b.at(i)))
                return false;
        }
        return true;
    }
    if (!a.isMap())
        return a == b;
    return std::ranges::all_of(a.sortedEntries(), [&b](const Value::Member &member) {
        const std::optional<Value> other = b.find(member.first);
        return other && areEqual(member.second, *other);
    });
}

bool isMultiple(double number, double of)
{
    if (of == 0)
        return false;
    const double quotient = number / of;
    return std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient));
}

std::size_t charactersOf(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string pointerPart(std::string_view key)
{
    std::string part = "/";
    for (const char c : key) {
        if (c == '~')
            part += "~0";
        else if (c == '/')
            part += "~1";
        else
            part += c;
    }
    return part;
}

/// Members and items that no part of a schema has looked at yet.
struct Unseen
{
    std::set<std::string, std::less<>> members;
    std::set<std::size_t> items;

    static Unseen of(const Value &value)
    {
        Unseen unseen;
        for (const auto &[key, member] : value.entries())
            unseen.members.emplace(key);
        for (std::size_t i = 0; value.isList() && i < value.size(); ++i)
            unseen.items.insert(i);
        return unseen;
    }
    /// Takes away what \p other does not have.
    void keepOnly(const Unseen &other)
    {
        std::erase_if(members, [&other](const std::string &name) { return !other.members.contains(name); });
        std::erase_if(items, [&other](std::size_t index) { return !other.items.contains(index); });
    }
};

/// The schemas that look at one value already: meeting one again would never end.
struct Trail
{
    const std::string *place;
    const Trail *before;

    bool holds(const std::string &other) const
    {
        for (const Trail *trail = this; trail != nullptr; trail = trail->before) {
            if (*trail->place == other)
                return true;
        }
        return false;
    }
};

class Check
{
public:
    explicit Check(const JsonSchema &schema) : m_schema(schema) {}

    using Violations = std::vector<SchemaViolation>;
    bool isExhausted() const { return m_steps > kMostSteps; }

    /// The violation of \p value at \p place, if there is one.
    std::optional<SchemaViolation> run(SchemaNode node, const Value &value, const std::string &place, Unseen &unseen,
                                       const Trail *trail = nullptr)
    {
        if (++m_steps > kMostSteps || m_depth >= kDeepestCheck) {
            m_steps = kMostSteps + 1;
            return std::nullopt;
        }
        if (node.value.isBool())
            return node.value.boolOr(true) ? std::nullopt : std::optional(plain(place, "false schema"));
        if (trail && trail->holds(node.place))
            return plain(place, "both /$ref and " + node.place + " resolve to \"file:///values.schema.json#"
                                    + node.place + "\" causing reference cycle");
        node.base = m_schema.baseOf(node);
        const Trail own{&node.place, trail};
        ++m_depth;
        Violations violations;
        Part part{node, value, place, unseen, own, violations};
        std::optional<SchemaViolation> result = all(part);
        --m_depth;
        return result;
    }

private:
    /// A schema and the value it looks at.
    struct Part
    {
        const SchemaNode &node;
        const Value &value;
        const std::string &place;
        Unseen &unseen;
        const Trail &trail;
        Violations &violations;

        void add(std::string message, Violations causes = {}) const
        {
            violations.push_back({.place = place, .message = std::move(message), .causes = std::move(causes)});
        }
        std::optional<Value> keyword(std::string_view name) const { return node.value.find(name); }
        std::optional<double> number(std::string_view name) const
        {
            const std::optional<Value> value = keyword(name);
            return value ? value->asNumber() : std::nullopt;
        }
    };

    static SchemaViolation plain(const std::string &place, std::string message)
    {
        return {.place = place, .message = std::move(message), .causes = {}};
    }

    std::optional<SchemaViolation> all(const Part &part)
    {
        const std::optional<std::string_view> reference = part.node.value["$ref"].asString();
        if (reference && m_schema.draft() < 2019)
            return referred(part, *reference);
        if (std::optional<SchemaViolation> wrong = wrongScalar(part))
            return wrong;
        if (reference) {
            if (std::optional<SchemaViolation> found = referred(part, *reference))
                part.violations.push_back(*std::move(found));
        }
        members(part);
        items(part);
        text(part);
        number(part);
        if (m_schema.draft() >= 2019) {
            for (const std::string_view keyword : {"$recursiveRef", "$dynamicRef"}) {
                const std::optional<std::string_view> dynamic = part.node.value[keyword].asString();
                if (!dynamic)
                    continue;
                if (std::optional<SchemaViolation> found = referred(part, *dynamic))
                    part.violations.push_back(*std::move(found));
            }
        }
        combinations(part);
        if (m_schema.draft() >= 2019)
            unevaluated(part);
        if (part.violations.empty())
            return std::nullopt;
        if (part.violations.size() == 1)
            return std::move(part.violations.front());
        return SchemaViolation{.place = part.place,
                               .message = "validation failed",
                               .causes = std::move(part.violations),
                               .shape = SchemaViolation::Shape::Group};
    }

    /// type, const and enum: what stands alone.
    std::optional<SchemaViolation> wrongScalar(const Part &part) const
    {
        if (const std::optional<Value> type = part.keyword("type")) {
            const Value types = type->isList() ? *type : Value::list({*type});
            std::string wanted;
            for (const std::string_view name : {"null", "boolean", "number", "integer", "string", "array", "object"}) {
                for (const Value &item : types.items()) {
                    if (item.stringOr() != name)
                        continue;
                    if (name == typeOf(part.value) || (name == "integer" && isIntegral(part.value)))
                        wanted = "-";
                    else if (wanted != "-")
                        wanted += (wanted.empty() ? "" : " or ") + std::string(name);
                    break;
                }
            }
            if (!wanted.empty() && wanted != "-")
                return plain(part.place, "got " + std::string(typeOf(part.value)) + ", want " + wanted);
        }
        if (const std::optional<Value> wanted = part.keyword("const");
            wanted && m_schema.draft() >= 6 && !areEqual(part.value, *wanted)) {
            const bool isScalar = !wanted->isList() && !wanted->isMap();
            return plain(part.place, isScalar ? "value must be " + shownScalar(*wanted) : "'const' failed");
        }
        const std::optional<Value> choices = part.keyword("enum");
        if (!choices || !choices->isList())
            return std::nullopt;
        std::string shown;
        bool areScalars = true;
        for (const Value &choice : choices->items()) {
            if (areEqual(part.value, choice))
                return std::nullopt;
            areScalars = areScalars && !choice.isList() && !choice.isMap();
            shown += (shown.empty() ? "" : ", ") + shownScalar(choice);
        }
        if (!areScalars)
            return plain(part.place, "'enum' failed");
        return plain(part.place, (choices->size() == 1 ? "value must be " : "value must be one of ") + shown);
    }

    std::optional<SchemaViolation> referred(const Part &part, std::string_view reference)
    {
        const Expected<std::optional<SchemaNode>> target = m_schema.referred(part.node, reference);
        if (!target || !*target)
            return std::nullopt;
        std::optional<SchemaViolation> found = onSame(part, **target);
        if (!found)
            return std::nullopt;
        SchemaViolation violation{.place = part.place,
                                  .message = "validation failed",
                                  .causes = {},
                                  .shape = SchemaViolation::Shape::Reference};
        if (found->shape == SchemaViolation::Shape::Group)
            violation.causes = std::move(found->causes);
        else
            violation.causes.push_back(*std::move(found));
        return violation;
    }

    /// Another schema for the same value.
    std::optional<SchemaViolation> onSame(const Part &part, const SchemaNode &node)
    {
        Unseen unseen = Unseen::of(part.value);
        std::optional<SchemaViolation> found = run(node, part.value, part.place, unseen, &part.trail);
        if (!found)
            part.unseen.keepOnly(unseen);
        return found;
    }

    std::optional<SchemaViolation> onChild(const Part &part, const SchemaNode &node, const Value &child,
                                           std::string_view key)
    {
        Unseen unseen = Unseen::of(child);
        return run(node, child, part.place + pointerPart(key), unseen);
    }

    static void addFound(const Part &part, std::optional<SchemaViolation> found)
    {
        if (found)
            part.violations.push_back(*std::move(found));
    }

    static std::vector<std::string> missingOf(const Value &value, const Value &names)
    {
        std::vector<std::string> missing;
        for (const Value &name : names.items()) {
            if (!value.contains(name.stringOr()))
                missing.emplace_back(name.stringOr());
        }
        return missing;
    }

    static void count(const Part &part, std::size_t size, std::string_view least, std::string_view most)
    {
        const auto shown = [size](std::string_view name, double wanted) {
            return std::string(name) + ": got " + shownNumber(static_cast<double>(size)) + ", want "
                   + shownNumber(wanted);
        };
        if (const auto wanted = part.number(least); wanted && static_cast<double>(size) < *wanted)
            part.add(shown(least, *wanted));
        if (const auto wanted = part.number(most); wanted && static_cast<double>(size) > *wanted)
            part.add(shown(most, *wanted));
    }

    void members(const Part &part)
    {
        if (!part.value.isMap())
            return;
        count(part, part.value.size(), "minProperties", "maxProperties");
        if (const auto required = part.keyword("required")) {
            const std::vector<std::string> missing = missingOf(part.value, *required);
            if (!missing.empty())
                part.add((missing.size() == 1 ? "missing property " : "missing properties ") + inSchemaQuotes(missing));
        }
        dependencies(part, "dependencies");
        std::vector<std::string> unwanted;
        for (const auto &[key, member] : part.value.sortedEntries()) {
            if (isExhausted())
                return;
            oneMember(part, key, member, unwanted);
        }
        if (!unwanted.empty())
            part.add("additional properties " + inSchemaQuotes(unwanted) + " not allowed");
        if (part.keyword("propertyNames") && m_schema.draft() >= 6) {
            for (const auto &[key, member] : part.value.sortedEntries()) {
                Unseen unseen;
                if (std::optional<SchemaViolation> found =
                        run(part.node.child("propertyNames"), Value(key), "", unseen))
                    part.violations.push_back({.place = "",
                                               .message = "invalid propertyName " + inSchemaQuotes(key),
                                               .causes = {*std::move(found)}});
            }
        }
        if (m_schema.draft() >= 2019) {
            dependencies(part, "dependentSchemas");
            dependencies(part, "dependentRequired");
        }
    }

    void oneMember(const Part &part, std::string_view key, const Value &member, std::vector<std::string> &unwanted)
    {
        bool isSeen = false;
        if (part.node.value["properties"].contains(key)) {
            isSeen = true;
            addFound(part, onChild(part, part.node.child("properties", key), member, key));
        }
        const Value patterns = part.node.value["patternProperties"];
        for (const auto &[pattern, schema] : patterns.sortedEntries()) {
            const text::sprig::RegularExpression *compiled = m_schema.pattern(pattern);
            if (!compiled || !compiled->matches(key))
                continue;
            isSeen = true;
            addFound(part, onChild(part, part.node.child("patternProperties", pattern), member, key));
        }
        if (const auto additional = part.keyword("additionalProperties"); additional && !isSeen) {
            isSeen = true;
            if (additional->isBool() && !additional->boolOr(true))
                unwanted.emplace_back(key);
            else if (additional->isMap())
                addFound(part, onChild(part, part.node.child("additionalProperties"), member, key));
        }
        if (isSeen)
            part.unseen.members.erase(std::string(key));
    }

    void dependencies(const Part &part, std::string_view keyword)
    {
        const Value map = part.node.value[keyword];
        for (const auto &[name, dependency] : map.sortedEntries()) {
            if (!part.value.contains(name))
                continue;
            if (!dependency.isList()) {
                addFound(part, onSame(part, part.node.child(keyword, name)));
                continue;
            }
            const std::vector<std::string> missing = missingOf(part.value, dependency);
            if (!missing.empty())
                part.add("properties " + inSchemaQuotes(missing) + " required, if " + inSchemaQuotes(name) + " exists");
        }
    }

    void items(const Part &part)
    {
        if (!part.value.isList())
            return;
        count(part, part.value.size(), "minItems", "maxItems");
        if (part.node.value["uniqueItems"].boolOr(false))
            unique(part);
        const bool isNew = m_schema.draft() >= 2020;
        const std::string_view listed = isNew ? "prefixItems" : "items";
        const Value list = part.node.value[listed];
        std::size_t seen = 0;
        for (; list.isList() && seen < std::min(list.size(), part.value.size()); ++seen)
            item(part, part.node.child(listed, seen), seen, seen);
        const std::string_view rest = isNew || !list.isList() ? "items" : "additionalItems";
        const std::optional<Value> schema = part.keyword(rest);
        if (schema && schema->isBool() && !schema->boolOr(true) && rest == "additionalItems") {
            if (seen != part.value.size())
                part.add("last " + std::to_string(part.value.size() - seen) + " additionalItem(s) not allowed");
        } else if (schema && !schema->isList()) {
            // As the original: places of the rest are counted from its beginning.
            const std::size_t first = seen;
            for (; seen < part.value.size() && !isExhausted(); ++seen)
                item(part, part.node.child(rest), seen, seen - first);
        }
        if (part.keyword("contains") && m_schema.draft() >= 6)
            contains(part);
    }

    void item(const Part &part, const SchemaNode &schema, std::size_t index, std::size_t shownIndex)
    {
        addFound(part, onChild(part, schema, part.value.at(index), std::to_string(shownIndex)));
        part.unseen.items.erase(index);
    }

    void unique(const Part &part)
    {
        for (std::size_t i = 1; i < part.value.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (++m_steps > kMostSteps)
                    return;
                if (areEqual(part.value.at(i), part.value.at(j)))
                    return part.add("items at " + std::to_string(j) + " and " + std::to_string(i) + " are equal");
            }
        }
    }

    void contains(const Part &part)
    {
        Violations causes;
        std::string matched;
        double matches = 0;
        for (std::size_t i = 0; i < part.value.size(); ++i) {
            if (std::optional<SchemaViolation> found =
                    onChild(part, part.node.child("contains"), part.value.at(i), std::to_string(i))) {
                causes.push_back(*std::move(found));
                continue;
            }
            matched += (matched.empty() ? "" : " ") + std::to_string(i);
            ++matches;
            if (m_schema.draft() >= 2020)
                part.unseen.items.erase(i);
        }
        const bool isNew = m_schema.draft() >= 2019;
        const bool hasLeast = isNew && part.number("minContains");
        const double least = hasLeast ? part.number("minContains").value_or(1) : 1;
        const double most = isNew ? part.number("maxContains").value_or(matches) : matches;
        const std::string shown =
            " items required to match contains schema, but matched " + shownNumber(matches) + " items at " + matched;
        if (hasLeast && matches < least)
            part.add("min " + shownNumber(least)
                         + (matches == 0 ? " items required to match contains schema, but none matched" : shown),
                     std::move(causes));
        else if (!hasLeast && matches == 0)
            part.add("no items match contains schema", std::move(causes));
        if (matches > most)
            part.add("max " + shownNumber(most) + shown);
    }

    void text(const Part &part) const
    {
        const std::optional<std::string_view> text = part.value.asString();
        if (!text)
            return;
        count(part, charactersOf(*text), "minLength", "maxLength");
        const std::optional<std::string_view> pattern = part.node.value["pattern"].asString();
        const text::sprig::RegularExpression *compiled = pattern ? m_schema.pattern(*pattern) : nullptr;
        if (compiled && !compiled->matches(*text))
            part.add(inSchemaQuotes(*text) + " does not match pattern " + inSchemaQuotes(*pattern));
    }

    void number(const Part &part) const
    {
        if (!part.value.isNumber())
            return;
        const double got = numberOf(part.value);
        const auto limit = [&part, got](std::string_view keyword, std::string_view shown, auto isBroken) {
            if (const auto wanted = part.number(keyword); wanted && isBroken(got, *wanted))
                part.add(std::string(shown) + ": got " + shownNumber(got) + ", want " + shownNumber(*wanted));
        };
        const bool excludesLeast = part.node.value["exclusiveMinimum"].boolOr(false);
        const bool excludesMost = part.node.value["exclusiveMaximum"].boolOr(false);
        if (excludesLeast)
            limit("minimum", "exclusiveMinimum", std::less_equal<>());
        else
            limit("minimum", "minimum", std::less<>());
        if (excludesMost)
            limit("maximum", "exclusiveMaximum", std::greater_equal<>());
        else
            limit("maximum", "maximum", std::greater<>());
        limit("exclusiveMinimum", "exclusiveMinimum", std::less_equal<>());
        limit("exclusiveMaximum", "exclusiveMaximum", std::greater_equal<>());
        limit("multipleOf", "multipleOf", [](double number, double of) { return !isMultiple(number, of); });
    }

    void combinations(const Part &part)
    {
        if (part.keyword("not") && !onSame(part, part.node.child("not")))
            part.add("'not' failed");
        someOf(part);
        if (!part.keyword("if") || m_schema.draft() < 7)
            return;
        const std::string_view branch = onSame(part, part.node.child("if")) ? "else" : "then";
        if (part.keyword(branch))
            addFound(part, onSame(part, part.node.child(branch)));
    }

    void someOf(const Part &part)
    {
        for (const std::string_view keyword : {"allOf", "anyOf", "oneOf"}) {
            const Value list = part.node.value[keyword];
            if (!list.isList() || list.isEmpty())
                continue;
            Violations found;
            std::vector<std::size_t> matched;
            for (std::size_t i = 0; i < list.size() && !isExhausted(); ++i) {
                if (std::optional<SchemaViolation> violation = onSame(part, part.node.child(keyword, i)))
                    found.push_back(*std::move(violation));
                else
                    matched.push_back(i);
            }
            if (keyword == "allOf" && !found.empty())
                part.add("'allOf' failed", std::move(found));
            else if (keyword == "anyOf" && matched.empty())
                part.add("'anyOf' failed", std::move(found));
            else if (keyword == "oneOf" && matched.empty())
                part.add("'oneOf' failed, none matched", std::move(found));
            else if (keyword == "oneOf" && matched.size() > 1)
                part.add("'oneOf' failed, subschemas " + std::to_string(matched[0]) + ", " + std::to_string(matched[1])
                         + " matched");
        }
    }

    void unevaluated(const Part &part)
    {
        if (part.value.isMap() && part.keyword("unevaluatedProperties")) {
            for (const std::string &name : part.unseen.members)
                addFound(part, onChild(part, part.node.child("unevaluatedProperties"), part.value[name], name));
            part.unseen.members.clear();
        }
        if (part.value.isList() && part.keyword("unevaluatedItems")) {
            for (const std::size_t index : part.unseen.items)
                addFound(part, onChild(part, part.node.child("unevaluatedItems"), part.value.at(index),
                                       std::to_string(index)));
            part.unseen.items.clear();
        }
    }

    const JsonSchema &m_schema;
    std::size_t m_steps = 0;
    int m_depth = 0;
};

} // namespace

Expected<std::vector<SchemaViolation>> JsonSchema::violationsOf(const Value &values) const
{
    Check check(*this);
    Unseen unseen = Unseen::of(values);
    std::optional<SchemaViolation> found = check.run(m_root, values, "", unseen);
    if (check.isExhausted())
        return failure(ErrorCode::LimitExceeded, "checking the schema takes too many steps");
    if (!found)
        return std::vector<SchemaViolation>{};
    if (found->shape == SchemaViolation::Shape::Group)
        return std::move(found->causes);
    return std::vector<SchemaViolation>{*std::move(found)};
}

} // namespace tiphys::render
