// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/sync_choice.h"

#include "base/text.h"
#include "cli/online/shown_app.h"
#include "sync/selection.h"

#include <algorithm>
#include <string_view>

namespace tiphys::cli {

namespace {

/// What of \p app the \p patterns choose. Names alone may be new in Git; * and ! choose among what the status lists.
/// Errors: InvalidInput, NotFound.
Expected<std::vector<object::ObjectKey>> keysOf(const crd::Application &app, const std::vector<std::string> &patterns)
{
    const bool areNames = std::ranges::none_of(
        patterns, [](const std::string &pattern) { return pattern.starts_with('!') || pattern.contains('*'); });
    if (areNames)
        return resourceKeys(patterns);
    const Expected<std::vector<crd::SyncResource>> selected = sync::selectedResources(patterns, app.status.resources);
    if (!selected)
        return std::unexpected(selected.error().in("application " + tiphys::quoted(app.name())));
    std::vector<object::ObjectKey> keys;
    for (const crd::SyncResource &resource : *selected)
        keys.push_back({resource.group, resource.kind, resource.ns, resource.name});
    return keys;
}

/// True where \p target has one of \p labels, NAME=VALUE each.
bool hasLabel(const object::Object &target, const std::vector<std::string> &labels)
{
    return std::ranges::any_of(labels, [&target](std::string_view label) {
        const std::size_t equal = label.find('=');
        return target.label(label.substr(0, equal)) == label.substr(equal + 1);
    });
}

/// What is rendered with one of the labels, as patterns of --resource.
Async<std::vector<std::string>> labelledResources(OnlineSession &session, NamedApp named, const Invocation &invocation,
                                                  CancelToken cancel)
{
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateAsked(session, named, invocation, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        co_return failure(ErrorCode::Unavailable, problem);
    std::vector<std::string> patterns;
    for (const object::Object &target : (*evaluation)->comparison.targets) {
        const object::ObjectKey key = target.key();
        if (hasLabel(target, invocation.app.labels))
            patterns.push_back(key.group + ":" + key.kind + ":" + (key.ns.empty() ? "" : key.ns + "/") + key.name);
    }
    co_return patterns;
}

} // namespace

Async<std::vector<object::ObjectKey>> chosenResources(OnlineSession &session, NamedApp named,
                                                      const Invocation &invocation, CancelToken cancel)
{
    std::vector<std::string> patterns = invocation.app.resources;
    if (!invocation.app.labels.empty()) {
        const Expected<std::vector<std::string>> labelled =
            co_await labelledResources(session, named, invocation, cancel);
        if (!labelled)
            co_return std::unexpected(labelled.error());
        patterns.insert(patterns.end(), labelled->begin(), labelled->end());
        // Without a choice everything would be synced.
        if (patterns.empty())
            co_return failure(ErrorCode::NotFound, "application " + tiphys::quoted(named.id.name)
                                                       + " has no resource with label "
                                                       + join(invocation.app.labels, " or "));
    }
    co_return keysOf(named.app, patterns);
}

Async<void> checkedChoice(OnlineSession &session, NamedApp named, const Invocation &invocation,
                          std::vector<object::ObjectKey> chosen, CancelToken cancel)
{
    const auto isListed = [&chosen](const crd::ResourceStatus &resource) {
        return isAmong(chosen, {resource.group, resource.kind, resource.ns, resource.name});
    };
    if (chosen.empty() || std::ranges::any_of(named.app.status.resources, isListed))
        co_return {};
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateAsked(session, named, invocation, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    const auto isTarget = [&chosen](const object::Object &target) { return isAmong(chosen, target.key()); };
    if (evaluation && std::ranges::any_of((*evaluation)->comparison.targets, isTarget))
        co_return {};
    std::vector<std::string> names;
    for (const object::ObjectKey &key : chosen)
        names.push_back(key.kind + " " + key.name);
    const std::string problem = evaluation ? comparisonProblem(**evaluation) : evaluation.error().text();
    co_return failure(ErrorCode::NotFound,
                      "application " + tiphys::quoted(named.id.name) + " has no " + join(names, ", ")
                          + (problem.empty() ? "" : "; what is new in its sources cannot be told: " + problem));
}

} // namespace tiphys::cli
