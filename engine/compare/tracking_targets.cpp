// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/tracking_targets.h"

#include <map>

namespace tiphys::compare {

namespace {

using object::Object;
using object::ObjectKey;

/// \p object with the namespace that it will have in the cluster.
Object placed(const Object &object, std::string_view defaultNamespace, const ScopeOf &scopeOf)
{
    const bool isNamespaced = scopeOf(object.groupKind()).value_or(true);
    if (!isNamespaced && !object.ns().empty())
        return Object(object.value().withoutPath({"metadata", "namespace"}));
    if (isNamespaced && object.ns().empty() && !defaultNamespace.empty())
        return object.withNamespace(defaultNamespace);
    return object;
}

/// Key by which repeated objects are found; generated names never collide.
ObjectKey repetitionKey(const Object &object, std::size_t index)
{
    ObjectKey key = object.key();
    if (key.name.empty() && !object.generateName().empty())
        key.name = std::string(object.generateName()) + std::to_string(index);
    return key;
}

} // namespace

Expected<NormalizedTargets> normalizedTargets(const std::vector<Object> &objects, std::string_view instance,
                                              std::string_view defaultNamespace, const TrackingSettings &settings,
                                              const ScopeOf &scopeOf)
{
    NormalizedTargets result;
    std::map<ObjectKey, std::size_t> places;
    std::map<ObjectKey, std::size_t> counts;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (objects[i].isNull())
            continue;
        Object object = placed(objects[i], defaultNamespace, scopeOf);
        if (object.ns() != objects[i].ns()) {
            const Expected<Object> marked = tracked(object, instance, defaultNamespace, settings);
            if (!marked)
                return failure(ErrorCode::InvalidInput,
                               "failed to set app instance label on resource " + std::string(object.kind()) + "/"
                                   + std::string(object.name()) + ": " + marked.error().text());
            object = *marked;
        }
        const ObjectKey key = repetitionKey(object, i);
        const auto [place, isFirst] = places.try_emplace(key, result.objects.size());
        if (isFirst)
            result.objects.push_back(object);
        else
            result.objects[place->second] = object;
        ++counts[key];
    }
    for (const auto &[key, count] : counts) {
        if (count > 1)
            result.conditions.push_back({std::string(crd::kRepeatedResourceWarning),
                                         "Resource " + key.path() + " appeared " + std::to_string(count)
                                             + " times among application resources.",
                                         {}});
    }
    return result;
}

Expected<std::vector<Object>> trackedTargets(const std::vector<Object> &objects, std::string_view instance,
                                             std::string_view defaultNamespace, const TrackingSettings &settings)
{
    std::vector<Object> result;
    result.reserve(objects.size());
    for (const Object &object : objects) {
        const Expected<Object> marked = tracked(object, instance, defaultNamespace, settings);
        if (!marked)
            return std::unexpected(marked.error());
        result.push_back(*marked);
    }
    return result;
}

} // namespace tiphys::compare
