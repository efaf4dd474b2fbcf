// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/edit.h"
#include "render/kustomize/go_text.h"
#include "render/kustomize/scalar.h"
#include "render/kustomize/transform.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace tiphys::render::kustomize {

namespace {

using Names = std::vector<std::string_view>;

/// True if the shorter list is the end of the longer one; an empty list is the end of an empty one only.
bool haveSameEnding(Names left, Names right)
{
    if (left.size() > right.size())
        std::swap(left, right);
    if (left.empty())
        return right.empty();
    return std::equal(left.rbegin(), left.rend(), right.rbegin());
}

enum class Blanks { FitAll, FitBlanks };

bool haveSameHistory(const Resource &left, const Resource &right, Blanks blanks)
{
    const auto fits = [&](const Names &mine, const Names &others) {
        return (blanks == Blanks::FitAll && (mine.empty() || others.empty())) || haveSameEnding(mine, others);
    };
    return fits(left.namePrefixes(), right.namePrefixes()) && fits(left.nameSuffixes(), right.nameSuffixes());
}

/// Resources whose names changed, by their former names.
class Candidates
{
public:
    explicit Candidates(const std::vector<ResourcePtr> &resources)
    {
        for (const ResourcePtr &resource : resources) {
            std::vector<std::string_view> seen;
            for (const ResourceId &id : resource->previousIds()) {
                if (std::ranges::find(seen, id.name) != seen.end())
                    continue;
                seen.push_back(id.name);
                m_byFormerName[id.name].push_back(resource.get());
            }
            const ResourceId &current = resource->currentId();
            if (!current.isClusterScoped)
                m_originalNamespaces[current.ns].insert(std::string(resource->originalId().effectiveNamespace()));
        }
    }

    const std::vector<Resource *> &named(std::string_view name) const
    {
        static const std::vector<Resource *> none;
        const auto found = m_byFormerName.find(std::string(name));
        return found == m_byFormerName.end() ? none : found->second;
    }

    /// True if a resource that is in one of the namespaces that \p accepts takes came from \p original.
    template <typename Accepts>
    bool comesFrom(std::string_view original, const Accepts &accepts) const
    {
        return std::ranges::any_of(m_originalNamespaces, [&](const auto &entry) {
            return entry.second.contains(original) && accepts(entry.first);
        });
    }

private:
    std::unordered_map<std::string, std::vector<Resource *>> m_byFormerName;
    std::unordered_map<std::string, std::set<std::string, std::less<>>> m_originalNamespaces; ///< by current one
};

/// Repairs the references that one resource holds.
class Referrer
{
public:
    Referrer(const Candidates &candidates, Resource &resource) : m_candidates(candidates), m_resource(resource) {}

    /// What a binding of roles names lies in other namespaces too. Errors: InvalidInput for a namespace that is no text.
    Expected<void> readBindingNamespaces()
    {
        if (m_resource.currentId().gvk.kind != "RoleBinding")
            return {};
        const Node *subjects = field(m_resource.root(), "subjects");
        if (!subjects || !subjects->isList())
            return {};
        for (const Node *subject : subjects->content()) {
            const Node *ns = field(subject, "namespace");
            if (!ns || textOf(field(subject, "kind")) != "ServiceAccount")
                continue;
            const Expected<Meaning> meaning = writtenMeaning(*ns);
            if (!ns->isScalar() || (meaning && meaning->tag != Tag::String && meaning->tag != Tag::Merge))
                return failure(ErrorCode::InvalidInput, "Invalid Input: namespace is blank for resource "
                                                            + goQuoted(m_resource.currentId().text()));
            m_bindingNamespaces.insert(ns->value);
        }
        return {};
    }

    Expected<void> repair(const FieldSpec &spec, const std::vector<std::string> &path, const Gvk &target)
    {
        m_spec = &spec;
        m_target = &target;
        const NodeAction action = [this](Node &node) { return set(node); };
        const Expected<void> done = visitPath(m_resource.arena(), m_resource.tree(), spec, path, {}, action);
        if (done)
            return done;
        return std::unexpected(done.error().in("updating name reference in '" + spec.path + "' field of '"
                                               + m_resource.currentId().text() + "'"));
    }

private:
    bool reachesNamespace(std::string_view ns) const
    {
        if (m_resource.currentId().isClusterScoped || m_bindingNamespaces.contains(ns))
            return true;
        return (ns.empty() ? std::string_view("default") : ns) == m_resource.currentId().effectiveNamespace();
    }

    bool reaches(const Resource &candidate) const
    {
        return candidate.currentId().isClusterScoped || reachesNamespace(namespaceOf(candidate.tree()));
    }

    bool mayRefer(const Resource &candidate) const
    {
        const ResourceId &own = m_resource.currentId();
        const ResourceId &id = candidate.currentId();
        return own.isClusterScoped || id.isClusterScoped || id.gvk.kind == "ServiceAccount" || own.hasNamespaceOf(id);
    }

    Expected<void> set(Node &node)
    {
        if (isMissing(&node))
            return {};
        switch (node.kind) {
        case Kind::Scalar: return setName(node);
        case Kind::Map: return setMapping(node);
        case Kind::List: break;
        case Kind::None: return failure(ErrorCode::InvalidInput, "node must be a scalar, sequence or map");
        }
        for (Node *item : node.content()) {
            if (isMissing(item))
                continue;
            if (item->isList())
                return failure(ErrorCode::InvalidInput, "list is expected to be either a string or a map of string");
            const Expected<void> done = item->isScalar() ? setName(*item) : setMapping(*item);
            if (!done)
                return done;
        }
        return {};
    }

    Expected<void> setName(Node &node)
    {
        const std::vector<Resource *> &named = m_candidates.named(node.value);
        if (named.empty())
            return {};
        const Expected<Resource *> referral = select(named, Identity::Name);
        if (!referral)
            return std::unexpected(referral.error());
        if (!*referral || (*referral)->name() == node.value)
            return {};
        m_resource.touch();
        return setScalar(&node, m_resource.arena().scalar((*referral)->name()));
    }

    Expected<void> setMapping(Node &node)
    {
        Node *name = field(&node, "name");
        if (!name)
            return failure(ErrorCode::InvalidInput, "path config error; no 'name' field in node");
        std::vector<Resource *> named = m_candidates.named(name->value);
        if (named.empty())
            return {};
        if (const Node *ns = field(&node, "namespace"))
            keepNamespace(named, ns->value);
        const std::string oldName(name->value);
        const Expected<Resource *> referral = select(named, Identity::NameAndNamespace);
        if (!referral)
            return std::unexpected(referral.error());
        if (!*referral)
            return {};
        const std::string newName((*referral)->name());
        const std::string newNamespace(namespaceOf((*referral)->tree()));
        if (newName == oldName && newNamespace.empty())
            return {};
        Arena &arena = m_resource.arena();
        m_resource.touch();
        Expected<Node *> done = setField(arena, &node, "name", arena.scalar(newName));
        if (done && !newNamespace.empty())
            done = setField(arena, &node, "namespace", arena.scalar(newNamespace));
        return done ? Expected<void>() : std::unexpected(done.error());
    }

    /// Those that were in \p ns at first; if nothing was, those that are there now.
    void keepNamespace(std::vector<Resource *> &named, std::string_view ns) const
    {
        const bool isOriginal =
            m_candidates.comesFrom(ns, [&](std::string_view current) { return reachesNamespace(current); });
        std::erase_if(named, [&](const Resource *resource) {
            const ResourceId &id = isOriginal ? resource->originalId() : resource->currentId();
            return ns == kNoNamespace || id.effectiveNamespace() != ns;
        });
    }

    /// The group and kind of the role that a binding names, if it names both.
    std::optional<Gvk> roleReference() const
    {
        if (!m_spec->path.ends_with("roleRef/name"))
            return std::nullopt;
        const Node *reference = field(m_resource.root(), "roleRef");
        const Node *group = field(reference, "apiGroup");
        const Node *kind = field(reference, "kind");
        if (!group || !kind)
            return std::nullopt;
        return Gvk{std::string(group->value), "", std::string(kind->value)};
    }

    enum class Identity { Name, NameAndNamespace };
    Expected<Resource *> select(const std::vector<Resource *> &named, Identity identity)
    {
        const auto wasSelected = [](const Resource *resource, const Gvk &gvk) {
            return std::ranges::any_of(resource->previousIds(),
                                       [&](const ResourceId &id) { return id.gvk.isSelectedBy(gvk); });
        };
        const std::optional<Gvk> role = roleReference();
        std::vector<Resource *> found;
        for (Resource *resource : named) {
            if (reaches(*resource) && wasSelected(resource, *m_target) && (!role || wasSelected(resource, *role))
                && mayRefer(*resource))
                found.push_back(resource);
        }
        if (found.size() == 1)
            return found[0];
        const auto keepHistory = [&](Blanks blanks) {
            std::erase_if(found, [&](const Resource *each) { return !haveSameHistory(*each, m_resource, blanks); });
        };
        keepHistory(Blanks::FitAll);
        if (found.size() > 1)
            keepHistory(Blanks::FitBlanks);
        if (found.empty())
            return nullptr;
        const auto isSame = [&](const Resource *each) {
            return each->name() == found[0]->name()
                   && (identity == Identity::Name || namespaceOf(each->tree()) == namespaceOf(found[0]->tree()));
        };
        if (std::ranges::all_of(found, isSame))
            return found[0];
        std::string ids;
        for (const Resource *each : found)
            ids += (ids.empty() ? "" : ", ") + each->currentId().text();
        return failure(ErrorCode::InvalidInput, "found multiple possible referrals: " + ids);
    }

    const Candidates &m_candidates;
    Resource &m_resource;
    const FieldSpec *m_spec = nullptr;
    const Gvk *m_target = nullptr;
    std::set<std::string_view> m_bindingNamespaces;
};

/// A field that holds names of a kind.
struct Reference
{
    const FieldSpec *spec;
    const Gvk *target;
    std::vector<std::string> path;
};

/// References by the kind of their referrers; "" holds those of every kind. Places tell the order.
class ReferenceTable
{
public:
    explicit ReferenceTable(const std::vector<BackReferences> &references)
    {
        for (const BackReferences &reference : references) {
            for (const FieldSpec &spec : reference.referrers) {
                m_byKind[spec.gvk.kind].push_back(m_references.size());
                m_references.push_back({&spec, &reference.gvk, splitPath(spec.path, '/')});
            }
        }
    }

    std::vector<const Reference *> of(const Gvk &gvk) const
    {
        std::vector<std::size_t> places;
        for (const std::string &kind : {gvk.kind, std::string()}) {
            const auto found = m_byKind.find(kind);
            if (found != m_byKind.end())
                places.insert(places.end(), found->second.begin(), found->second.end());
            if (gvk.kind.empty())
                break;
        }
        std::ranges::sort(places);
        std::vector<const Reference *> references;
        for (const std::size_t place : places) {
            if (gvk.isSelectedBy(m_references[place].spec->gvk))
                references.push_back(&m_references[place]);
        }
        return references;
    }

private:
    std::vector<Reference> m_references;
    std::unordered_map<std::string, std::vector<std::size_t>> m_byKind;
};

/// The references of \p config; made once for the built-in one.
std::shared_ptr<const ReferenceTable> referenceTable(const TransformerConfig &config)
{
    static const auto builtIn = std::make_shared<const ReferenceTable>(TransformerConfig::defaults()->nameReference);
    return &config == TransformerConfig::defaults().get()
               ? builtIn
               : std::make_shared<const ReferenceTable>(config.nameReference);
}

} // namespace

Transform nameReferenceTransform(std::shared_ptr<const TransformerConfig> config)
{
    return [config = std::move(config)](ResourceList &resources) -> Expected<void> {
        const Candidates candidates(resources.all());
        const std::shared_ptr<const ReferenceTable> table = referenceTable(*config);
        resources.touch();
        for (const ResourcePtr &resource : resources.all()) {
            const std::vector<const Reference *> mine = table->of(resource->originalId().gvk);
            if (mine.empty())
                continue;
            Referrer referrer(candidates, *resource);
            const Expected<void> read = referrer.readBindingNamespaces();
            if (!read)
                return read;
            for (const Reference *reference : mine) {
                const Expected<void> done = referrer.repair(*reference->spec, reference->path, *reference->target);
                if (!done)
                    return done;
            }
        }
        return {};
    };
}

} // namespace tiphys::render::kustomize
