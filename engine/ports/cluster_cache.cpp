// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/cluster_cache.h"

#include "base/text.h"

#include <algorithm>
#include <tuple>

namespace tiphys::ports {

namespace {

using Place = std::tuple<std::string_view, std::string_view>;

Place placeOf(const object::Object &object)
{
    return {object.ns(), object.name()};
}

std::size_t hashOf(const Place &place)
{
    const std::hash<std::string_view> hash;
    return hash(std::get<0>(place)) * 31 + hash(std::get<1>(place));
}

template <typename Shard>
auto findIn(Shard &shard, const Place &place)
{
    return std::ranges::lower_bound(shard, place, std::less<>(), placeOf);
}

} // namespace

std::string CacheKey::text() const
{
    std::string text = type.text();
    if (!labelSelector.empty())
        text += " with labels " + labelSelector;
    if (!fieldSelector.empty())
        text += " with fields " + fieldSelector;
    if (!type.isNamespaced)
        return text;
    return text + (ns.empty() ? " in all namespaces" : " in namespace " + tiphys::quoted(ns));
}

std::optional<object::Object> ObjectMap::find(std::string_view ns, std::string_view name) const
{
    if (!m_shards)
        return std::nullopt;
    const Place place(ns, name);
    const std::shared_ptr<const Shard> &shard = (*m_shards)[hashOf(place) % kShards];
    if (!shard)
        return std::nullopt;
    const auto found = findIn(*shard, place);
    if (found == shard->end() || placeOf(*found) != place)
        return std::nullopt;
    return *found;
}

void ObjectMap::forEach(const std::function<void(const object::Object &)> &visit) const
{
    if (!m_shards)
        return;
    for (const std::shared_ptr<const Shard> &shard : *m_shards) {
        if (!shard)
            continue;
        for (const object::Object &object : *shard)
            visit(object);
    }
}

std::vector<object::Object> ObjectMap::sorted() const
{
    std::vector<object::Object> objects;
    objects.reserve(m_size);
    forEach([&](const object::Object &object) { objects.push_back(object); });
    std::ranges::sort(objects, std::less<>(), placeOf);
    return objects;
}

ObjectMap ObjectMap::with(const object::Object &object) const
{
    ObjectMap result = *this;
    const auto shards = m_shards ? std::make_shared<Shards>(*m_shards) : std::make_shared<Shards>();
    const Place place = placeOf(object);
    std::shared_ptr<const Shard> &slot = (*shards)[hashOf(place) % kShards];
    const auto shard = slot ? std::make_shared<Shard>(*slot) : std::make_shared<Shard>();
    const auto found = findIn(*shard, place);
    if (found != shard->end() && placeOf(*found) == place) {
        *found = object;
    } else {
        shard->insert(found, object);
        ++result.m_size;
    }
    slot = shard;
    result.m_shards = shards;
    return result;
}

ObjectMap ObjectMap::without(std::string_view ns, std::string_view name) const
{
    if (!find(ns, name))
        return *this;
    ObjectMap result = *this;
    const auto shards = std::make_shared<Shards>(*m_shards);
    const Place place(ns, name);
    std::shared_ptr<const Shard> &slot = (*shards)[hashOf(place) % kShards];
    const auto shard = std::make_shared<Shard>(*slot);
    shard->erase(findIn(*shard, place));
    slot = shard;
    result.m_shards = shards;
    --result.m_size;
    return result;
}

ObjectMap ObjectMap::of(const std::vector<object::Object> &objects)
{
    std::array<Shard, kShards> parts;
    for (const object::Object &object : objects)
        parts[hashOf(placeOf(object)) % kShards].push_back(object);
    ObjectMap result;
    const auto shards = std::make_shared<Shards>();
    for (std::size_t i = 0; i < kShards; ++i) {
        if (parts[i].empty())
            continue;
        std::ranges::stable_sort(parts[i], std::less<>(), placeOf);
        // Of two objects in one place the last one counts.
        Shard unique;
        for (object::Object &object : parts[i]) {
            if (!unique.empty() && placeOf(unique.back()) == placeOf(object))
                unique.back() = std::move(object);
            else
                unique.push_back(std::move(object));
        }
        result.m_size += unique.size();
        (*shards)[i] = std::make_shared<const Shard>(std::move(unique));
    }
    result.m_shards = shards;
    return result;
}

} // namespace tiphys::ports
