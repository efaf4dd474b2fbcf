// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/requests.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::ports {

namespace {

bool matches(const std::vector<std::string> &patterns, std::string_view text)
{
    return std::ranges::any_of(patterns, [&](const std::string &pattern) { return pattern == "*" || pattern == text; });
}

bool matchesResource(const std::vector<std::string> &patterns, const AccessQuestion &question)
{
    if (question.subresource.empty())
        return matches(patterns, question.resource);
    return matches(patterns, question.resource + "/" + question.subresource)
           || std::ranges::find(patterns, "*/" + question.subresource) != patterns.end();
}

} // namespace

std::string AccessQuestion::text() const
{
    std::string text = verb + " " + resource;
    if (!subresource.empty())
        text += "/" + subresource;
    if (!group.empty())
        text += "." + group;
    if (!name.empty())
        text += " " + tiphys::quoted(name);
    return text + (ns.empty() ? " in all namespaces" : " in namespace " + tiphys::quoted(ns));
}

bool AccessRules::allows(const AccessQuestion &question) const
{
    return std::ranges::any_of(rules, [&](const Rule &rule) {
        return matches(rule.verbs, question.verb) && matches(rule.groups, question.group)
               && matchesResource(rule.resources, question)
               && (rule.names.empty() || (!question.name.empty() && matches(rule.names, question.name)));
    });
}

} // namespace tiphys::ports
