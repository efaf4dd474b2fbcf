// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/spec_edit.h"

#include "crd/names.h"

#include <algorithm>
#include <string_view>

namespace tiphys::crd {

using object::Value;

namespace {

constexpr Duration kRetryDuration = Duration::ofSeconds(5);
constexpr Duration kRetryMaxDuration = Duration::ofSeconds(180);
constexpr std::int64_t kRetryFactor = 2;

Value mapOrEmpty(const Value &value)
{
    return value.isMap() ? value : Value::map({});
}

/// \p map with \p text below \p key, or without the key for "".
Value withText(const Value &map, std::string_view key, const std::optional<std::string> &text)
{
    if (!text)
        return map;
    return text->empty() ? map.without(key) : mapOrEmpty(map).with(key, Value(*text));
}

Value withFlag(const Value &map, std::string_view key, std::optional<bool> flag)
{
    return flag ? map.with(key, Value(*flag)) : map;
}

Value destinationWith(const Value &destination, const SpecEdit &edit)
{
    return withText(
        withText(withText(mapOrEmpty(destination), "name", edit.destinationName), "server", edit.destinationServer),
        "namespace", edit.destinationNamespace);
}

/// True if a policy says nothing: an empty block of it says something.
bool saysNothing(const Value &policy)
{
    return policy["automated"].isNull() && policy["syncOptions"].isEmpty() && policy["retry"].isNull()
           && policy["managedNamespaceMetadata"].isNull();
}

Value withOptions(const Value &policy, const std::vector<std::string> &changes)
{
    const Value seen = policy["syncOptions"];
    std::vector<Value> options(seen.items().begin(), seen.items().end());
    for (const std::string &change : changes) {
        const bool isRemoval = change.starts_with('!');
        const Value option(isRemoval ? change.substr(1) : change);
        const auto found = std::ranges::find(options, option);
        if (isRemoval && found != options.end())
            options.erase(found);
        else if (!isRemoval && found == options.end())
            options.push_back(option);
    }
    return options.empty() ? policy.without("syncOptions") : policy.with("syncOptions", Value::list(options));
}

Expected<Value> withAutomation(const Value &policy, const std::string &name)
{
    if (name == "none" || name == "manual")
        return policy.without("automated");
    if (name == "automated" || name == "automatic" || name == "auto")
        return policy.with("automated", Value::map({}));
    return failure(ErrorCode::InvalidInput,
                   "a sync policy is none, manual, automated, automatic or auto, not '" + name + "'");
}

Expected<Value> withRetryLimit(const Value &policy, const SpecEdit &edit)
{
    const std::int64_t limit = *edit.retryLimit;
    if (limit < 0)
        return failure(ErrorCode::InvalidInput, "a sync is retried 0 times or more, not " + std::to_string(limit));
    if (limit == 0)
        return policy.without("retry");
    const Value backoff = Value::map({{"duration", edit.retryDuration.value_or(kRetryDuration).text()},
                                      {"factor", edit.retryFactor.value_or(kRetryFactor)},
                                      {"maxDuration", edit.retryMaxDuration.value_or(kRetryMaxDuration).text()}});
    Value retry = Value::map({{"limit", limit}, {"backoff", backoff}});
    if (edit.retryRefresh.value_or(false))
        retry = retry.with("refresh", Value(true));
    return policy.with("retry", retry);
}

/// The sync policy; null for none. Each step sees what those before it made.
Expected<Value> policyWith(const Value &seen, const SpecEdit &edit)
{
    Expected<Value> policy = mapOrEmpty(seen);
    if (!edit.syncOptions.empty())
        policy = withOptions(*policy, edit.syncOptions);
    if (edit.syncPolicy)
        policy = withAutomation(*policy, *edit.syncPolicy);
    if (policy && edit.retryLimit)
        policy = withRetryLimit(*policy, edit);
    if (!policy)
        return policy;
    if (edit.retryRefresh) {
        const Value retry = mapOrEmpty((*policy)["retry"]);
        policy =
            policy->with("retry", *edit.retryRefresh ? retry.with("refresh", Value(true)) : retry.without("refresh"));
    }
    if (edit.prunes || edit.selfHeals || edit.allowsEmpty) {
        const Value automated = (*policy)["automated"];
        Value block = automated.isNull() ? Value::map({{"enabled", false}}) : automated;
        block = withFlag(withFlag(withFlag(block, "prune", edit.prunes), "selfHeal", edit.selfHeals), "allowEmpty",
                         edit.allowsEmpty);
        policy = policy->with("automated", block);
    }
    return saysNothing(*policy) ? Value() : *policy;
}

Value hydratorWith(const Value &seen, const SpecEdit &edit)
{
    Value hydrator = mapOrEmpty(seen);
    Value dry = mapOrEmpty(hydrator["drySource"]);
    // The type of the custom resource demands these fields, so "" stays.
    const auto required = [](const Value &map, std::string_view key, const std::optional<std::string> &text) {
        return text ? map.with(key, Value(*text)) : map[key].isNull() ? map.with(key, Value("")) : map;
    };
    dry = required(dry, "repoURL", edit.dryRepoUrl);
    dry = required(dry, "targetRevision", edit.dryRevision);
    dry = required(dry, "path", edit.dryPath);
    Value sync = mapOrEmpty(hydrator["syncSource"]);
    sync = required(sync, "targetBranch", edit.syncBranch);
    sync = required(sync, "path", edit.syncPath);
    hydrator = hydrator.with("drySource", dry).with("syncSource", sync);
    if (edit.hydrateToBranch)
        hydrator = edit.hydrateToBranch->empty()
                       ? hydrator.without("hydrateTo")
                       : hydrator.with("hydrateTo", Value::map({{"targetBranch", *edit.hydrateToBranch}}));
    return hydrator;
}

} // namespace

Expected<Value> edited(const Value &spec, const SpecEdit &edit)
{
    Value after = spec;
    if (edit.project)
        after = after.with("project", Value(edit.project->empty() ? kDefaultProject : std::string_view(*edit.project)));
    if (edit.destinationServer || edit.destinationName || edit.destinationNamespace)
        after = after.with("destination", destinationWith(after["destination"], edit));
    if (edit.revisionHistoryLimit)
        after = after.with("revisionHistoryLimit", Value(*edit.revisionHistoryLimit));
    const bool changesPolicy = edit.syncPolicy || !edit.syncOptions.empty() || edit.prunes || edit.selfHeals
                               || edit.allowsEmpty || edit.retryLimit || edit.retryRefresh;
    if (changesPolicy) {
        const Expected<Value> policy = policyWith(after["syncPolicy"], edit);
        if (!policy)
            return policy;
        after = policy->isNull() ? after.without("syncPolicy") : after.with("syncPolicy", *policy);
    }
    if (edit.hasHydrator())
        after = after.with("sourceHydrator", hydratorWith(after["sourceHydrator"], edit));
    return after;
}

} // namespace tiphys::crd
