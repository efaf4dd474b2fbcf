// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/live_graph.h"

#include <algorithm>

namespace tiphys::tree {

namespace {

using object::Object;
using object::ObjectKey;
using object::OwnerReference;
using object::Value;

OwnerReference reference(std::string apiVersion, std::string kind, std::string_view name, std::string_view uid = {})
{
    return {std::move(apiVersion), std::move(kind), std::string(name), std::string(uid), false, false};
}

bool isStatefulSet(const Object &object)
{
    return object.kind() == "StatefulSet" && (object.group() == "apps" || object.group() == "extensions");
}

bool isVolumeClaim(const ObjectKey &key)
{
    return key.group.empty() && key.kind == "PersistentVolumeClaim";
}

std::optional<OwnerReference> tokenOwner(const Object &secret)
{
    if (secret.value()["type"].stringOr() != "kubernetes.io/service-account-token")
        return std::nullopt;
    const std::string_view name = secret.annotation("kubernetes.io/service-account.name").value_or("");
    const std::string_view uid = secret.annotation("kubernetes.io/service-account.uid").value_or("");
    if (name.empty() || uid.empty())
        return std::nullopt;
    return reference("v1", "ServiceAccount", name, uid);
}

/// True if \p text ends with \p end, where a point in \p end stands for any character.
bool endsWithPattern(std::string_view text, std::string_view end)
{
    if (text.size() < end.size())
        return false;
    text.remove_prefix(text.size() - end.size());
    for (std::size_t i = 0; i < end.size(); ++i) {
        if (end[i] != '.' && end[i] != text[i])
            return false;
    }
    return true;
}

} // namespace

std::vector<OwnerReference> ownersOf(const Object &object)
{
    std::vector<OwnerReference> owners = object.ownerReferences();
    const std::string_view group = object.group();
    const std::string_view kind = object.kind();
    if (group.empty() && kind == "Endpoints" && owners.empty()) {
        owners.push_back(reference("v1", "Service", object.name()));
    } else if (group == "operators.coreos.com" && kind == "ClusterServiceVersion") {
        const std::string_view operatorGroup = object.annotation("olm.operatorGroup").value_or("");
        if (!operatorGroup.empty())
            owners.push_back(reference("operators.coreos.com/v1", "OperatorGroup", operatorGroup));
    } else if (group.empty() && kind == "Secret") {
        if (const std::optional<OwnerReference> owner = tokenOwner(object))
            owners.push_back(*owner);
    }
    return owners;
}

bool makesClaim(const Object &statefulSet, std::string_view claimName)
{
    std::string_view stem = claimName;
    while (!stem.empty() && stem.back() >= '0' && stem.back() <= '9')
        stem.remove_suffix(1);
    if (stem.size() == claimName.size())
        return false;
    const Value templates = statefulSet.path({"spec", "volumeClaimTemplates"});
    for (const Value &claim : templates.items()) {
        const std::string end =
            std::string(claim.path({"metadata", "name"}).stringOr()) + "-" + std::string(statefulSet.name()) + "-";
        if (endsWithPattern(stem, end))
            return true;
    }
    return false;
}

LiveGraph::LiveGraph(const std::vector<Object> &objects)
{
    for (const Object &object : objects)
        m_entries.insert_or_assign(object.key(), Entry{object, ownersOf(object)});
    addClaimOwners();
    fillOwnerUids();
    indexChildren();
}

void LiveGraph::addClaimOwners()
{
    std::map<std::string, std::vector<const Object *>> setsOfNamespace;
    for (const auto &[key, entry] : m_entries) {
        if (isStatefulSet(entry.object))
            setsOfNamespace[key.ns].push_back(&entry.object);
    }
    for (auto &[key, entry] : m_entries) {
        if (!isVolumeClaim(key))
            continue;
        for (const Object *set : setsOfNamespace[key.ns]) {
            const bool isKnown =
                std::ranges::any_of(entry.owners, [&](const OwnerReference &owner) { return owner.uid == set->uid(); });
            if (!isKnown && makesClaim(*set, key.name))
                entry.owners.push_back(
                    reference(std::string(set->apiVersion()), "StatefulSet", set->name(), set->uid()));
        }
    }
}

void LiveGraph::fillOwnerUids()
{
    for (auto &[key, entry] : m_entries) {
        for (OwnerReference &owner : entry.owners) {
            if (!owner.uid.empty())
                continue;
            const object::Gvk gvk = object::gvkOf(owner.apiVersion, owner.kind);
            const auto found = m_entries.find({gvk.group, gvk.kind, key.ns, owner.name});
            if (found != m_entries.end())
                owner.uid = found->second.object.uid();
        }
    }
}

void LiveGraph::indexChildren()
{
    for (const auto &[key, entry] : m_entries) {
        for (const OwnerReference &owner : entry.owners) {
            if (!owner.uid.empty())
                m_childrenOfUid[owner.uid].insert(key);
        }
    }
}

Object LiveGraph::find(const ObjectKey &key) const
{
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? Object() : found->second.object;
}

const std::vector<OwnerReference> &LiveGraph::ownersAt(const ObjectKey &key) const
{
    static const std::vector<OwnerReference> none;
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? none : found->second.owners;
}

std::vector<ObjectKey> LiveGraph::childrenOf(const ObjectKey &key) const
{
    const auto children = m_childrenOfUid.find(find(key).uid());
    if (children == m_childrenOfUid.end())
        return {};
    // One object may stand under several groups: of equal UIDs the first key as text is taken.
    std::map<std::string, ObjectKey, std::less<>> byUid;
    std::vector<ObjectKey> result;
    for (const ObjectKey &child : children->second) {
        if (!key.ns.empty() && child.ns != key.ns)
            continue;
        const std::string uid(m_entries.at(child).object.uid());
        if (uid.empty()) {
            result.push_back(child);
            continue;
        }
        const auto [place, isNew] = byUid.try_emplace(uid, child);
        if (!isNew && child.path() < place->second.path())
            place->second = child;
    }
    for (const auto &[uid, child] : byUid)
        result.push_back(child);
    std::ranges::sort(result);
    return result;
}

std::vector<Object> LiveGraph::topLevel(const std::optional<std::string> &ns) const
{
    std::vector<Object> result;
    for (const auto &[key, entry] : m_entries) {
        if (entry.owners.empty() && (!ns || key.ns == *ns))
            result.push_back(entry.object);
    }
    return result;
}

void LiveGraph::forEach(const std::function<void(const Object &)> &visit) const
{
    for (const auto &[key, entry] : m_entries)
        visit(entry.object);
}

void LiveGraph::walk(const std::vector<ObjectKey> &roots, const std::function<bool(const Object &)> &visit) const
{
    std::set<ObjectKey> visited;
    std::vector<ObjectKey> waiting(roots.rbegin(), roots.rend());
    while (!waiting.empty()) {
        const ObjectKey key = waiting.back();
        waiting.pop_back();
        const auto found = m_entries.find(key);
        if (found == m_entries.end() || !visited.insert(key).second || !visit(found->second.object))
            continue;
        const std::vector<ObjectKey> children = childrenOf(key);
        waiting.insert(waiting.end(), children.rbegin(), children.rend());
    }
}

} // namespace tiphys::tree
