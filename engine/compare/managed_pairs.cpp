// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/managed_pairs.h"

#include "crd/hook.h"

#include <algorithm>
#include <set>

namespace tiphys::compare {

namespace {

using object::Object;
using object::ObjectKey;

std::string doubleQuoted(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

Expected<void> checkCovered(const Object &target, const NamespacedMode &mode)
{
    if (mode.namespaces.empty())
        return {};
    if (target.ns().empty()) {
        if (mode.coversClusterResources)
            return {};
        return failure(ErrorCode::InvalidInput, "cluster level " + std::string(target.kind()) + " "
                                                    + doubleQuoted(target.name())
                                                    + " can not be managed when in namespaced mode");
    }
    if (std::ranges::find(mode.namespaces, target.ns()) != mode.namespaces.end())
        return {};
    return failure(ErrorCode::InvalidInput, "namespace " + doubleQuoted(target.ns()) + " for "
                                                + std::string(target.kind()) + " " + doubleQuoted(target.name())
                                                + " is not managed");
}

/// Removes live objects that are the same object (by UID) in another group, unless a target names them; one stays.
void removeDuplicates(LiveObjects &live, const std::vector<Object> &targets)
{
    std::set<ObjectKey> wanted;
    for (const Object &target : targets)
        wanted.insert(target.key());
    std::map<std::string, std::vector<ObjectKey>, std::less<>> byUid;
    for (const auto &[key, object] : live) {
        if (!object.uid().empty())
            byUid[std::string(object.uid())].push_back(key);
    }
    for (const auto &[uid, keys] : byUid) {
        std::size_t left = keys.size();
        for (const ObjectKey &key : keys) {
            if (left == 1)
                break;
            if (!wanted.contains(key)) {
                live.erase(key);
                --left;
            }
        }
    }
}

/// Keys under which the live object of \p target may stand.
std::vector<ObjectKey> keysOf(const Object &target, std::string_view defaultNamespace, const ScopeOf &scopeOf)
{
    const std::optional<bool> isNamespaced = scopeOf(target.groupKind());
    ObjectKey key = target.key();
    std::vector<ObjectKey> keys;
    if (isNamespaced.value_or(true)) {
        if (key.ns.empty())
            key.ns = defaultNamespace;
        keys.push_back(key);
    }
    if (!isNamespaced.value_or(false)) {
        key.ns.clear();
        keys.push_back(key);
    }
    return keys;
}

} // namespace

Expected<LiveObjects> managedLiveObjects(const std::vector<Object> &topLevel, const std::vector<Object> &targets,
                                         std::string_view instance, const TrackingSettings &settings,
                                         const FindLive &findLive, const NamespacedMode &mode)
{
    for (const Object &target : targets) {
        const Expected<void> covered = checkCovered(target, mode);
        if (!covered)
            return std::unexpected(covered.error());
    }
    LiveObjects result;
    for (const Object &object : topLevel) {
        if (trackedInstance(object, settings) == instance)
            result.emplace(object.key(), object);
    }
    for (const Object &target : targets) {
        const ObjectKey key = target.key();
        if (result.contains(key))
            continue;
        Object live = findLive(key);
        if (!live.isNull())
            result.emplace(key, std::move(live));
    }
    return result;
}

ManagedPairs managedPairs(const std::vector<Object> &targets, LiveObjects live, std::string_view defaultNamespace,
                          const ScopeOf &scopeOf)
{
    ManagedPairs result;
    std::vector<Object> plain;
    for (const Object &target : targets) {
        if (target.isNull() || crd::isIgnoredHook(target))
            continue;
        (crd::isHook(target) ? result.hooks : plain).push_back(target);
    }
    removeDuplicates(live, plain);
    for (const Object &target : plain) {
        Pair pair{target, {}};
        for (const ObjectKey &key : keysOf(target, defaultNamespace, scopeOf)) {
            const auto found = live.find(key);
            if (found == live.end())
                continue;
            pair.live = found->second;
            live.erase(found);
            break;
        }
        result.pairs.push_back(std::move(pair));
    }
    for (auto &[key, object] : live)
        result.pairs.push_back({{}, object});
    return result;
}

} // namespace tiphys::compare
