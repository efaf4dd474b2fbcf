// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::tree {

/// Owner references of \p object and those that can be told from itself: Endpoints from their Service, a
/// ClusterServiceVersion from its OperatorGroup, a token Secret from its ServiceAccount.
/// Source: argo-cd gitops-engine/pkg/cache/references.go@v3.5.1
std::vector<object::OwnerReference> ownersOf(const object::Object &object);

/// True if \p claimName is a volume claim that \p statefulSet makes: it ends in template, set and number.
bool makesClaim(const object::Object &statefulSet, std::string_view claimName);

/// Live objects and who owns whom.
class LiveGraph
{
public:
    /// \p objects  all live objects that may be in a tree: of the namespaces looked at, and cluster-scoped ones;
    ///             where only metadata is known, owners and names are enough
    explicit LiveGraph(const std::vector<object::Object> &objects);

    /// The object at \p key; null if it is not there.
    object::Object find(const object::ObjectKey &key) const;
    /// Owners with inferred ones, UIDs filled in where the owner is there.
    const std::vector<object::OwnerReference> &ownersAt(const object::ObjectKey &key) const;
    /// Children of the object at \p key, each once, by key: in its namespace, of a cluster-scoped one everywhere.
    std::vector<object::ObjectKey> childrenOf(const object::ObjectKey &key) const;
    /// Objects without owners, by key; \p ns limits them to one namespace, nothing takes all.
    std::vector<object::Object> topLevel(const std::optional<std::string> &ns = std::nullopt) const;
    /// Calls \p visit for every object, by key.
    void forEach(const std::function<void(const object::Object &)> &visit) const;
    /// Visits \p roots and everything below them, each object once, parents first; where \p visit says false, an
    /// object's children are left out.
    void walk(const std::vector<object::ObjectKey> &roots,
              const std::function<bool(const object::Object &)> &visit) const;

private:
    struct Entry
    {
        object::Object object;
        std::vector<object::OwnerReference> owners;
    };
    void addClaimOwners();
    void fillOwnerUids();
    void indexChildren();

    std::map<object::ObjectKey, Entry> m_entries;
    std::map<std::string, std::set<object::ObjectKey>, std::less<>> m_childrenOfUid;
};

} // namespace tiphys::tree
