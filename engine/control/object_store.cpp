// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/object_store.h"

#include <charconv>

namespace tiphys::control {

using object::Object;

namespace {

/// Versions of one API server grow; they are numbers in every server there is.
std::uint64_t versionOf(const Object &object)
{
    const std::string_view text = object.resourceVersion();
    std::uint64_t version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

/// The uids of the owners of \p object, and "" where none of them is a controller.
std::set<std::string> ownersOf(const Object &object)
{
    std::set<std::string> uids;
    bool isControlled = false;
    for (const object::OwnerReference &owner : object.ownerReferences()) {
        uids.insert(owner.uid);
        isControlled = isControlled || owner.isController;
    }
    if (!isControlled)
        uids.emplace();
    return uids;
}

} // namespace

ObjectStore::ObjectStore(ports::ClusterCachePtr cache, ports::CacheKey key,
                         std::function<void(const Object &)> onChange)
    : m_onChange(std::move(onChange)),
      m_user(cache->use(std::move(key), [this](const ports::CacheSnapshotPtr &snapshot) { take(*snapshot); }))
{
    rebuild(*m_user->snapshot());
}

Async<void> ObjectStore::synced(CancelToken cancel)
{
    const ports::CacheUserPtr user = m_user;
    const Expected<ports::CacheSnapshotPtr> snapshot = co_await user->synced(cancel);
    if (!snapshot)
        co_return std::unexpected(snapshot.error());
    take(**snapshot);
    co_return {};
}

const ObjectStore::Named &ObjectStore::in(std::string_view ns) const
{
    static const Named kNone;
    const auto found = m_objects.find(ns);
    return found == m_objects.end() ? kNone : found->second;
}

const Object *ObjectStore::find(std::string_view ns, std::string_view name) const
{
    const Named &named = in(ns);
    const auto found = named.find(name);
    return found == named.end() ? nullptr : &found->second;
}

const std::set<std::string, std::less<>> &ObjectStore::ownedBy(std::string_view ns, std::string_view owner) const
{
    static const std::set<std::string, std::less<>> kNone;
    const auto owned = m_owned.find(ns);
    if (owned == m_owned.end())
        return kNone;
    const auto found = owned->second.find(owner);
    return found == owned->second.end() ? kNone : found->second;
}

void ObjectStore::index(const Object &object)
{
    Owned &owned = m_owned[std::string(object.ns())];
    for (const std::string &owner : ownersOf(object))
        owned[owner].emplace(object.name());
}

void ObjectStore::unindex(const Object &object)
{
    const auto owned = m_owned.find(object.ns());
    if (owned == m_owned.end())
        return;
    for (const std::string &owner : ownersOf(object)) {
        const auto names = owned->second.find(owner);
        if (names == owned->second.end())
            continue;
        names->second.erase(std::string(object.name()));
        if (names->second.empty())
            owned->second.erase(names);
    }
    if (owned->second.empty())
        m_owned.erase(owned);
}

void ObjectStore::remember(const Object &object)
{
    put(object);
}

void ObjectStore::forget(std::string_view ns, std::string_view name)
{
    const Object *known = find(ns, name);
    if (!known)
        return;
    const Object gone = *known;
    m_deleted.emplace(gone.uid());
    unindex(gone);
    m_objects[std::string(ns)].erase(std::string(name));
}

void ObjectStore::take(const ports::CacheSnapshot &snapshot)
{
    if (snapshot.number == m_number)
        return;
    if (snapshot.number != m_number + 1) {
        rebuild(snapshot);
        return;
    }
    m_number = snapshot.number;
    for (const ports::CacheChange &change : snapshot.changes) {
        if (change.after.isNull())
            drop(change.before);
        else
            put(change.after);
    }
}

void ObjectStore::rebuild(const ports::CacheSnapshot &snapshot)
{
    m_number = snapshot.number;
    std::vector<Object> gone;
    for (const auto &[ns, named] : m_objects) {
        for (const auto &[name, object] : named) {
            if (!snapshot.objects.find(ns, name))
                gone.push_back(object);
        }
    }
    snapshot.objects.forEach([this](const Object &object) { put(object); });
    for (const Object &object : gone)
        drop(object);
}

void ObjectStore::put(const Object &object)
{
    if (m_deleted.contains(object.uid()) && !object.isBeingDeleted())
        return;
    Object &place = m_objects[std::string(object.ns())][std::string(object.name())];
    if (!place.isNull() && place.uid() == object.uid() && versionOf(place) >= versionOf(object))
        return;
    if (!place.isNull())
        unindex(place);
    place = object;
    index(object);
    m_onChange(object);
}

void ObjectStore::drop(const Object &object)
{
    m_deleted.erase(std::string(object.uid()));
    const auto ns = m_objects.find(object.ns());
    if (ns == m_objects.end())
        return;
    const auto found = ns->second.find(object.name());
    // One of the same name may have been created since.
    if (found != ns->second.end() && found->second.uid() == object.uid()) {
        unindex(found->second);
        ns->second.erase(found);
        if (ns->second.empty())
            m_objects.erase(ns);
    }
    m_onChange(object);
}

} // namespace tiphys::control
