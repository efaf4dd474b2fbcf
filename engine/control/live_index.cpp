// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/live_index.h"

#include "tree/live_graph.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;
using object::ObjectKey;
using object::OwnerReference;

namespace {

/// Owners of owners are followed so far; real ones have three or four levels.
constexpr int kMostOwners = 16;

bool isVolumeClaim(const ObjectKey &key)
{
    return key.group.empty() && key.kind == "PersistentVolumeClaim";
}

ObjectKey ownerKey(const OwnerReference &owner, const std::string &ns)
{
    const object::Gvk gvk = object::gvkOf(owner.apiVersion, owner.kind);
    return {gvk.group, gvk.kind, ns, owner.name};
}

template <typename Map, typename Key>
void removeFrom(Map &map, const Key &name, const ObjectKey *key)
{
    const auto found = map.find(name);
    if (found == map.end())
        return;
    found->second.erase(key);
    if (found->second.empty())
        map.erase(found);
}

} // namespace

void LiveIndex::setTracking(compare::TrackingSettings tracking)
{
    if (tracking == m_tracking)
        return;
    m_tracking = std::move(tracking);
    m_ofInstance.clear();
    for (auto &[key, entry] : m_entries) {
        entry.instance = compare::trackedInstance(entry.object, m_tracking);
        if (!entry.instance.empty())
            m_ofInstance[entry.instance].insert(&key);
    }
}

void LiveIndex::put(const Object &object)
{
    const auto [entry, isNew] = m_entries.try_emplace(object.key());
    if (!isNew)
        unlink(entry);
    entry->second = {object, compare::trackedInstance(object, m_tracking), tree::ownersOf(object)};
    link(entry);
}

void LiveIndex::drop(const ObjectKey &key)
{
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        return;
    unlink(entry);
    m_entries.erase(entry);
}

void LiveIndex::link(Entries::const_iterator entry)
{
    const ObjectKey *key = &entry->first;
    if (!entry->second.instance.empty())
        m_ofInstance[entry->second.instance].insert(key);
    for (const OwnerReference &owner : entry->second.owners) {
        if (owner.uid.empty())
            m_ofOwnerKey[ownerKey(owner, key->ns)].insert(key);
        else
            m_ofOwnerUid[owner.uid].insert(key);
    }
    m_ofNamespace[key->ns].insert(key);
    if (isVolumeClaim(*key))
        m_claimsOf[key->ns].insert(key);
}

void LiveIndex::unlink(Entries::const_iterator entry)
{
    const ObjectKey *key = &entry->first;
    removeFrom(m_ofInstance, entry->second.instance, key);
    for (const OwnerReference &owner : entry->second.owners) {
        if (owner.uid.empty())
            removeFrom(m_ofOwnerKey, ownerKey(owner, key->ns), key);
        else
            removeFrom(m_ofOwnerUid, owner.uid, key);
    }
    removeFrom(m_ofNamespace, key->ns, key);
    if (isVolumeClaim(*key))
        removeFrom(m_claimsOf, key->ns, key);
}

Object LiveIndex::find(const ObjectKey &key) const
{
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? Object() : found->second.object;
}

void LiveIndex::addChildren(const Entry &entry, const ObjectKey &key, std::vector<const ObjectKey *> &open) const
{
    if (const auto children = m_ofOwnerUid.find(entry.object.uid()); children != m_ofOwnerUid.end())
        open.insert(open.end(), children->second.begin(), children->second.end());
    if (const auto children = m_ofOwnerKey.find(key); children != m_ofOwnerKey.end())
        open.insert(open.end(), children->second.begin(), children->second.end());
    if (key.kind != "StatefulSet")
        return;
    const auto claims = m_claimsOf.find(key.ns);
    if (claims == m_claimsOf.end())
        return;
    for (const ObjectKey *claim : claims->second) {
        if (tree::makesClaim(entry.object, claim->name))
            open.push_back(claim);
    }
}

std::vector<Object> LiveIndex::concerning(const LiveQuery &query) const
{
    std::vector<const ObjectKey *> open;
    for (const ObjectKey &key : query.keys) {
        if (const auto found = m_entries.find(key); found != m_entries.end())
            open.push_back(&found->first);
    }
    const auto add = [&open](const auto &map, const std::string &name) {
        if (const auto found = map.find(name); !name.empty() && found != map.end())
            open.insert(open.end(), found->second.begin(), found->second.end());
    };
    add(m_ofInstance, query.instance);
    add(m_ofNamespace, query.orphanNamespace);
    std::map<ObjectKey, Object> found;
    while (!open.empty()) {
        const ObjectKey *key = open.back();
        open.pop_back();
        const Entry &entry = m_entries.find(*key)->second;
        if (found.try_emplace(*key, entry.object).second)
            addChildren(entry, *key, open);
    }
    std::vector<Object> objects;
    objects.reserve(found.size());
    for (auto &[key, object] : found)
        objects.push_back(std::move(object));
    return objects;
}

void LiveIndex::addOwners(const Object &object, std::vector<Object> &owners, int depth) const
{
    if (depth == 0)
        return;
    for (const OwnerReference &owner : tree::ownersOf(object)) {
        const auto found = m_entries.find(ownerKey(owner, std::string(object.ns())));
        if (found == m_entries.end())
            continue;
        owners.push_back(found->second.object);
        addOwners(found->second.object, owners, depth - 1);
    }
}

compare::ChangeRoutes LiveIndex::routesOf(const compare::ObjectChange &change) const
{
    std::vector<Object> owners;
    for (const Object &object : {change.before, change.after}) {
        if (!object.isNull())
            addOwners(object, owners, kMostOwners);
    }
    return compare::routesOf(change, tree::LiveGraph(owners), m_tracking);
}

} // namespace tiphys::control
