// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/change_route.h"
#include "compare/tracking.h"
#include "object/object.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// Which live objects concern one application.
struct LiveQuery
{
    std::string instance;                ///< Application::instanceName
    std::vector<object::ObjectKey> keys; ///< where its targets stand, and others that are asked for by key
    /// Namespace whose objects are all wanted, to find those that belong to nobody; "" for none.
    std::string orphanNamespace;
};

/// The live objects of a cluster by key, by the application that they name, and by owner; kept up to date object by
/// object, so that a look at one application does not touch those of others.
class LiveIndex
{
public:
    explicit LiveIndex(compare::TrackingSettings tracking) : m_tracking(std::move(tracking)) {}
    LiveIndex(const LiveIndex &) = delete;
    LiveIndex &operator=(const LiveIndex &) = delete;

    const compare::TrackingSettings &tracking() const { return m_tracking; }
    /// Reads the marks of all objects again where \p tracking differs.
    void setTracking(compare::TrackingSettings tracking);

    void put(const object::Object &object);
    void drop(const object::ObjectKey &key);
    std::size_t size() const { return m_entries.size(); }

    /// The object at \p key; null if it is not there.
    object::Object find(const object::ObjectKey &key) const;
    /// Objects at the keys of \p query, objects that name its instance, and everything below them; each once, by key.
    std::vector<object::Object> concerning(const LiveQuery &query) const;
    /// Whom \p change concerns, with the owners that are known here.
    compare::ChangeRoutes routesOf(const compare::ObjectChange &change) const;

private:
    using Keys = std::set<const object::ObjectKey *>; ///< of m_entries
    struct Entry
    {
        object::Object object;
        std::string instance;
        std::vector<object::OwnerReference> owners; ///< inferred ones included
    };
    using Entries = std::map<object::ObjectKey, Entry>;

    void link(Entries::const_iterator entry);
    void unlink(Entries::const_iterator entry);
    void addChildren(const Entry &entry, const object::ObjectKey &key,
                     std::vector<const object::ObjectKey *> &open) const;
    void addOwners(const object::Object &object, std::vector<object::Object> &owners, int depth) const;

    compare::TrackingSettings m_tracking;
    Entries m_entries;
    std::map<std::string, Keys, std::less<>> m_ofInstance;
    std::map<std::string, Keys, std::less<>> m_ofOwnerUid;
    std::map<object::ObjectKey, Keys> m_ofOwnerKey; ///< of owners that are named without UID
    std::map<std::string, Keys, std::less<>> m_ofNamespace;
    std::map<std::string, Keys, std::less<>> m_claimsOf; ///< volume claims by namespace
};

} // namespace tiphys::control
