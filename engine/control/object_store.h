// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "ports/cluster_cache.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tiphys::control {

/// Objects of one type by namespace, from a cache and from our own writes: a decision never sees a state older than
/// what it wrote itself. Engine thread only.
class ObjectStore
{
public:
    using Named = std::map<std::string, object::Object, std::less<>>;

    /// \p onChange is called with each object that changed (the old one when it is gone).
    ObjectStore(ports::ClusterCachePtr cache, ports::CacheKey key,
                std::function<void(const object::Object &)> onChange);

    Async<void> synced(CancelToken cancel);
    /// Objects of \p ns by name.
    const Named &in(std::string_view ns) const;
    const object::Object *find(std::string_view ns, std::string_view name) const;
    /// Everything, by namespace.
    const std::map<std::string, Named, std::less<>> &all() const { return m_objects; }

    /// Names of the objects of \p ns that name \p owner, a uid, among their owners, in their order; for "" of those that no
    /// controller has. Valid until the next change.
    const std::set<std::string, std::less<>> &ownedBy(std::string_view ns, std::string_view owner) const;

    /// Takes \p object over as the server answered it.
    void remember(const object::Object &object);
    /// Forgets the object that was deleted, whatever late events still say.
    void forget(std::string_view ns, std::string_view name);

private:
    void take(const ports::CacheSnapshot &snapshot);
    void rebuild(const ports::CacheSnapshot &snapshot);
    void put(const object::Object &object);
    void drop(const object::Object &object);
    /// Notes the owners of \p object, or forgets them.
    void index(const object::Object &object);
    void unindex(const object::Object &object);

    using Owned = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>; ///< names by uid of an owner
    std::function<void(const object::Object &)> m_onChange;
    std::map<std::string, Named, std::less<>> m_objects;
    std::map<std::string, Owned, std::less<>> m_owned; ///< by namespace
    std::set<std::string, std::less<>> m_deleted;      ///< uids
    std::uint64_t m_number = 0;
    ports::CacheUserPtr m_user;
};

} // namespace tiphys::control
