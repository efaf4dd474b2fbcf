// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/change_route.h"

#include "crd/application.h"
#include "crd/names.h"
#include "crd/options.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiphys::compare {

namespace {

using object::Object;
using object::ObjectKey;

/// Whose object this is, as far as marks of objects without owners say.
std::string ownInstance(const Object &object, const TrackingSettings &settings)
{
    return object.ownerReferences().empty() ? trackedInstance(object, settings) : std::string();
}

/// The instance at the end of the owners of \p object, looked for in its namespace.
std::string rootInstance(const Object &object, const tree::LiveGraph &live, const TrackingSettings &settings,
                         std::set<ObjectKey> visited = {})
{
    if (!visited.insert(object.key()).second)
        return {};
    std::string instance = ownInstance(object, settings);
    if (!instance.empty())
        return instance;
    for (const object::OwnerReference &owner : tree::ownersOf(object)) {
        const object::Gvk gvk = object::gvkOf(owner.apiVersion, owner.kind);
        const Object parent = live.find({gvk.group, gvk.kind, std::string(object.ns()), owner.name});
        if (parent.isNull())
            continue;
        instance = rootInstance(parent, live, settings, visited);
        if (!instance.empty())
            return instance;
    }
    return {};
}

bool isEndpoints(const Object &object)
{
    return object.group().empty() && object.kind() == "Endpoints";
}

/// True for objects whose content is watched.
bool isContentWatched(const Object &object, const TrackingSettings &settings)
{
    if (!trackedInstance(object, settings).empty() || crd::isApplication(object))
        return true;
    const std::optional<std::string_view> text = object.annotation(crd::kIgnoreResourceUpdatesAnnotation);
    return text && crd::goBooleanOf(*text).value_or(false);
}

} // namespace

ChangeRoutes routesOf(const ObjectChange &change, const tree::LiveGraph &live, const TrackingSettings &settings)
{
    std::map<std::string, CompareLevel> levels;
    for (const Object &object : {change.after, change.before}) {
        if (object.isNull() || isEndpoints(object))
            continue;
        const std::string instance = rootInstance(object, live, settings);
        if (instance.empty())
            continue;
        const bool isManaged = !ownInstance(object, settings).empty() && tree::ownersOf(object).empty();
        CompareLevel &level = levels.try_emplace(instance, CompareLevel::Nothing).first->second;
        level = std::max(level, isManaged ? CompareLevel::Recent : CompareLevel::Nothing);
    }
    ChangeRoutes routes;
    for (const auto &[instance, level] : levels)
        routes.instances.push_back({instance, level});
    if (routes.instances.empty())
        routes.orphanNamespace = (change.after.isNull() ? change.before : change.after).ns();
    return routes;
}

bool isContentWatched(const ObjectChange &change, const TrackingSettings &settings)
{
    return !change.before.isNull() && !change.after.isNull() && isContentWatched(change.before, settings)
           && isContentWatched(change.after, settings);
}

bool isWorthARefresh(const ObjectChange &change, const IgnoreRules &rules, const TrackingSettings &settings,
                     const health::ScriptHealth *scripts)
{
    if (!isContentWatched(change, settings))
        return true;
    const std::optional<health::Health> before = health::healthOf(change.before, scripts);
    const std::optional<health::Health> after = health::healthOf(change.after, scripts);
    if (before.has_value() != after.has_value() || (before && before->status != after->status))
        return true;
    return rules.applied(change.before) != rules.applied(change.after);
}

} // namespace tiphys::compare
