// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/ignore_rules.h"

#include "base/text.h"
#include "compare/known_types.h"

#include <algorithm>
#include <charconv>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

std::string unescaped(std::string_view token)
{
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool isEscape = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
        text += !isEscape ? token[i] : token[++i] == '0' ? '~' : '/';
    }
    return text;
}

Value withoutTokens(const Value &value, const std::vector<std::string> &tokens, std::size_t depth)
{
    const std::string &token = tokens[depth];
    const bool isLast = depth + 1 == tokens.size();
    if (value.isMap()) {
        if (!value.contains(token))
            return value;
        return isLast ? value.without(token) : value.with(token, withoutTokens(value[token], tokens, depth + 1));
    }
    std::int64_t index = 0;
    const auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (!value.isList() || fault != std::errc() || end != token.data() + token.size())
        return value;
    const auto size = static_cast<std::int64_t>(value.size());
    if (index < 0)
        index += size;
    if (index < 0 || index >= size)
        return value;
    const auto at = static_cast<std::size_t>(index);
    return isLast ? value.withoutItem(at) : value.withItem(at, withoutTokens(value.at(at), tokens, depth + 1));
}

std::optional<Glob> globOf(std::string_view pattern)
{
    Expected<Glob> glob = Glob::compile(pattern);
    return glob ? std::optional(std::move(*glob)) : std::nullopt;
}

} // namespace

Value withoutPointer(const Value &value, std::string_view pointer)
{
    // What stands before the first slash does not count.
    const std::size_t slash = pointer.find('/');
    if (slash == std::string_view::npos)
        return value;
    std::vector<std::string> tokens;
    for (const std::string_view token : split(pointer.substr(slash + 1), '/'))
        tokens.push_back(unescaped(token));
    return withoutTokens(value, tokens, 0);
}

bool IgnoreRules::Rule::matches(const object::ObjectKey &key) const
{
    return group && kind && group->matches(key.group) && kind->matches(key.kind) && (name.empty() || name == key.name)
           && (ns.empty() || ns == key.ns);
}

Expected<void> IgnoreRules::add(const crd::IgnoreDifference &entry, script::JqEngine *jq)
{
    const Rule base{.group = globOf(entry.group), .kind = globOf(entry.kind), .name = entry.name, .ns = entry.ns};
    for (const std::string &pointer : entry.jsonPointers) {
        Rule rule = base;
        rule.pointer = pointer;
        m_rules.push_back(std::move(rule));
    }
    for (const std::string &expression : entry.jqPathExpressions) {
        Rule rule = base;
        rule.path = script::JqPath::compiled(expression);
        if (!rule.path) {
            rule.program = "del(" + expression + ")";
            if (!jq)
                return failure(ErrorCode::Unsupported, "the jq path " + quoted(expression) + " needs the jq worker");
            if (const Expected<void> checked = jq->check(rule.program); !checked)
                return std::unexpected(checked.error().in("failed to create diff normalizer"));
        }
        m_rules.push_back(std::move(rule));
    }
    return {};
}

Expected<IgnoreRules> IgnoreRules::compile(const std::vector<crd::IgnoreDifference> &spec,
                                           const std::vector<ResourceOverride> &overrides, script::JqEngine *jq)
{
    IgnoreRules rules;
    rules.m_jq = jq;
    rules.m_overrides = overrides;
    for (const crd::IgnoreDifference &entry : spec) {
        if (const Expected<void> added = rules.add(entry, jq); !added)
            return std::unexpected(added.error());
        if (!entry.managedFieldsManagers.empty()) {
            rules.m_managers.push_back({.group = globOf(entry.group),
                                        .kind = globOf(entry.kind),
                                        .name = entry.name,
                                        .ns = entry.ns,
                                        .managers = entry.managedFieldsManagers});
        }
    }
    for (const ResourceOverride &own : overrides) {
        crd::IgnoreDifference entry;
        entry.group = own.groupGlob();
        entry.kind = own.kindGlob();
        entry.jsonPointers = own.ignoreDifferences.jsonPointers;
        entry.jqPathExpressions = own.ignoreDifferences.jqPathExpressions;
        if (const Expected<void> added = rules.add(entry, jq); !added)
            return std::unexpected(added.error());
    }
    return rules;
}

Object IgnoreRules::applied(const Object &object) const
{
    const object::ObjectKey key = object.key();
    Value value = object.value();
    for (const Rule &rule : m_rules) {
        if (!rule.matches(key))
            continue;
        if (rule.path) {
            if (Expected<Value> deleted = rule.path->deletedFrom(value); deleted && !deleted->isNull())
                value = std::move(*deleted);
        } else if (!rule.program.empty()) {
            const Expected<std::vector<Value>> results = m_jq->run(rule.program, value);
            if (results && results->size() == 1 && results->front().isMap())
                value = results->front();
        } else {
            value = withoutPointer(value, rule.pointer);
        }
    }
    return withKnownTypes(Object(value));
}

Object IgnoreRules::withKnownTypes(Object object) const
{
    const object::GroupKind kind = object.groupKind();
    bool isConfigured = false;
    for (const ResourceOverride &own : m_overrides) {
        if (own.groupGlob() != kind.group || own.kindGlob() != kind.kind)
            continue;
        for (const KnownTypeField &field : own.knownTypeFields) {
            if (!isKnownType(field.type))
                continue;
            isConfigured = true;
            object = Object(withKnownTypeAt(object.value(), field));
        }
    }
    if (!isConfigured && kind.group == "argoproj.io" && kind.kind == "Rollout")
        object = Object(withKnownTypeAt(object.value(), {"spec.template.spec", "core/v1/PodSpec"}));
    return object;
}

std::vector<std::string> IgnoreRules::trustedManagers(const object::ObjectKey &key) const
{
    std::vector<std::string> managers;
    const auto addAll = [&managers](const std::vector<std::string> &more) {
        for (const std::string &manager : more) {
            if (!std::ranges::contains(managers, manager))
                managers.push_back(manager);
        }
    };
    for (const std::string &wanted : {key.group + "/" + key.kind, std::string("*/*")}) {
        const auto own = std::ranges::find(m_overrides, wanted, &ResourceOverride::key);
        if (own != m_overrides.end())
            addAll(own->ignoreDifferences.managedFieldsManagers);
    }
    for (const Rule &rule : m_managers) {
        if (rule.matches(key))
            addAll(rule.managers);
    }
    return managers;
}

} // namespace tiphys::compare
