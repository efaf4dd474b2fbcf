// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/edit.h"
#include "render/kustomize/transform.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

bool isRoleBinding(std::string_view kind)
{
    return kind == "RoleBinding" || kind == "ClusterRoleBinding";
}

class NamespaceSetter
{
public:
    NamespaceSetter(const NamespaceArgs &args, Resource &resource) : m_args(args), m_resource(resource) {}

    Expected<void> run()
    {
        const bool isBinding = isRoleBinding(m_resource.currentId().gvk.kind);
        if (!m_resource.currentId().isClusterScoped) {
            static const FieldSpec spec{{}, "metadata/namespace", true};
            static const std::vector<std::string> path{"metadata", "namespace"};
            const Expected<void> done =
                visitPath(m_resource.arena(), m_resource.tree(), spec, path, {Kind::Scalar, Tag::None}, setter());
            if (!done)
                return done;
        }
        if (isBinding) {
            const Expected<void> done = setSubjects();
            if (!done)
                return done;
        }
        const Expected<void> done = setFields(isBinding);
        m_resource.touch();
        return done;
    }

private:
    NodeAction setter() const
    {
        NodeAction sets = setsEntry(m_resource.arena(), "", m_args.ns, Tag::String);
        if (!m_args.setsUnsetOnly)
            return sets;
        return [sets](Node &node) -> Expected<void> {
            return !isEmpty(&node) && node.isScalar() && !textOf(&node).empty() ? Expected<void>() : sets(node);
        };
    }

    Expected<void> setSubjects()
    {
        if (m_args.subjects == "none")
            return {};
        const bool wantsAccounts = m_args.subjects == "allServiceAccounts";
        Node *subjects = field(m_resource.root(), "subjects");
        if (isMissing(subjects))
            return {};
        Expected<void> done = checkKind(subjects, Kind::List);
        for (std::uint32_t i = 0; done && i < subjects->size; ++i)
            done = setSubject(*subjects->items[i], wantsAccounts ? "kind" : "name",
                              wantsAccounts ? "ServiceAccount" : "default");
        if (!done)
            return std::unexpected(done.error().in("setting namespace on (cluster)role binding subjects"));
        return {};
    }

    Expected<void> setSubject(Node &subject, std::string_view key, std::string_view text)
    {
        const Expected<Node *> value = getField(&subject, key);
        if (!value)
            return std::unexpected(
                value.error().in("looking up " + std::string(key) + " on (cluster)role binding subject"));
        const Expected<void> valid = checkKind(*value, Kind::Scalar);
        if (!valid)
            return valid;
        if (isMissing(*value) || (*value)->value != text)
            return {};
        const Expected<Node *> ns = lookupOrMake(m_resource.arena(), &subject, {"namespace"}, Kind::Scalar);
        if (!ns)
            return std::unexpected(ns.error());
        return setter()(**ns);
    }

    Expected<void> setFields(bool isBinding)
    {
        const std::string_view apiVersion = apiVersionOf(m_resource.tree());
        const NodeAction sets = setter();
        for (const auto &[spec, path] : m_args.specs->all()) {
            if (!m_resource.currentId().gvk.isSelectedBy(spec.gvk))
                continue;
            if (spec.path == "metadata/namespace" || (spec.path == "metadata/name" && apiVersion != "v1"))
                continue;
            if (isBinding && isRoleBinding(spec.gvk.kind) && spec.path == "subjects/namespace")
                continue;
            const Expected<void> done =
                visitPath(m_resource.arena(), m_resource.tree(), spec, path, {Kind::Scalar, Tag::String}, sets);
            m_resource.touch();
            if (!done)
                return std::unexpected(done.error().in("namespace transformation failed"));
        }
        return {};
    }

    const NamespaceArgs &m_args;
    Resource &m_resource;
};

} // namespace

Expected<void> applyNamespace(const NamespaceArgs &args, Resource &resource)
{
    return NamespaceSetter(args, resource).run();
}

Transform namespaceTransform(const NamespaceArgs &args)
{
    return [args](ResourceList &resources) -> Expected<void> {
        if (args.ns.empty())
            return {};
        const std::vector<ResourcePtr> &all = resources.all();
        // Who has which id while one after the other changes.
        PlaceIndex ids;
        for (std::size_t place = 0; place < all.size(); ++place)
            ids.add(all[place]->currentId().hash(), place);
        const auto isUnique = [&](const ResourceId &id) {
            const std::vector<std::size_t> places = ids.places(id.hash());
            return std::ranges::count_if(places,
                                         [&](std::size_t place) { return all[place]->currentId().isSameAs(id); })
                   == 1;
        };
        resources.touch();
        for (std::size_t place = 0; place < all.size(); ++place) {
            Resource &resource = *all[place];
            if (resource.isGone() || annotationOf(resource.tree(), annotation::kHelmGenerated) == "true")
                continue;
            Expected<void> done = resource.storePreviousId();
            if (done)
                done = applyNamespace(args, resource);
            if (!done)
                return done;
            ids.add(resource.currentId().hash(), place);
            if (!isUnique(resource.currentId()))
                return failure(ErrorCode::InvalidInput,
                               "namespace transformation produces ID conflict: " + resource.currentId().text());
        }
        return {};
    };
}

} // namespace tiphys::render::kustomize
