// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/transform.h"

#include "render/kustomize/content_hash.h"
#include "render/kustomize/edit.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

bool isMatch(const FieldSpec &spec, const Gvk &gvk)
{
    return gvk.isSelectedBy(spec.gvk);
}

bool skipsAffix(const Gvk &gvk)
{
    return gvk.kind == "CustomResourceDefinition" || gvk.kind == "Namespace"
           || (gvk.group == "apiregistration.k8s.io" && gvk.kind == "APIService");
}

Expected<void> addAffix(Resource &resource, Affix affix, const std::string &text,
                        const PreparedSpecs::Prepared &prepared)
{
    const FieldSpec &spec = prepared.spec;
    if (spec.path == "metadata/name") {
        Expected<void> done = affix == Affix::Prefix ? resource.addNamePrefix(text) : resource.addNameSuffix(text);
        if (done && !text.empty())
            done = resource.storePreviousId();
        if (!done)
            return done;
    }
    Arena &arena = resource.arena();
    const NodeAction action = [&](Node &node) {
        const std::string old(node.value);
        return setScalar(&node, arena.scalar(affix == Affix::Prefix ? text + old : old + text));
    };
    const bool fits = isMatch(spec, resource.currentId().gvk);
    resource.touch();
    return fits ? visitPath(arena, resource.tree(), spec, prepared.path, {Kind::Scalar, Tag::String}, action)
                : Expected<void>();
}

} // namespace

PreparedSpecs::PreparedSpecs(const FieldSpecs &specs)
{
    for (const FieldSpec &spec : specs)
        m_specs.push_back({spec, splitPath(spec.path, '/')});
}

Expected<void> PreparedSpecs::visit(Resource &resource, Creation creation, const NodeAction &action) const
{
    const Gvk &gvk = resource.currentId().gvk;
    for (const Prepared &prepared : m_specs) {
        if (!isMatch(prepared.spec, gvk))
            continue;
        const Expected<void> done =
            visitPath(resource.arena(), resource.tree(), prepared.spec, prepared.path, creation, action);
        if (!done)
            return done;
    }
    return {};
}

PreparedSpecsPtr preparedSpecs(const FieldSpecs &specs)
{
    struct Known
    {
        const FieldSpecs *specs;
        PreparedSpecsPtr prepared;
    };
    static const std::vector<Known> known = [] {
        const TransformerConfig &config = *TransformerConfig::defaults();
        std::vector<Known> made;
        for (const FieldSpecs *each : {&config.commonLabels, &config.commonAnnotations, &config.images,
                                       &config.namePrefix, &config.nameSuffix, &config.ns})
            made.push_back({each, std::make_shared<const PreparedSpecs>(*each)});
        return made;
    }();
    const auto found = std::ranges::find(known, &specs, &Known::specs);
    return found != known.end() ? found->prepared : std::make_shared<const PreparedSpecs>(specs);
}

Transform textsTransform(const StringMap &texts, const FieldSpecs &specs)
{
    return [texts, specs = preparedSpecs(specs)](ResourceList &resources) -> Expected<void> {
        for (const ResourcePtr &resource : resources.all()) {
            for (const auto &[key, text] : texts) {
                const NodeAction sets = setsEntry(resource->arena(), key, text, Tag::String);
                const Expected<void> done = specs->visit(*resource, {Kind::Map, Tag::Map}, sets);
                if (!done)
                    return done;
            }
        }
        return {};
    };
}

Transform affixTransform(Affix affix, const std::string &text, const FieldSpecs &specs)
{
    return [affix, text, specs = preparedSpecs(specs)](ResourceList &resources) -> Expected<void> {
        resources.touch();
        for (const ResourcePtr &resource : resources.all()) {
            const Gvk gvk = resource->originalId().gvk;
            if (skipsAffix(gvk))
                continue;
            for (const PreparedSpecs::Prepared &prepared : specs->all()) {
                if (!gvk.isSelectedBy(prepared.spec.gvk))
                    continue;
                const Expected<void> done = addAffix(*resource, affix, text, prepared);
                if (!done)
                    return done;
            }
        }
        return {};
    };
}

Transform replicaTransform(const Replica &replica, const FieldSpecs &specs)
{
    return [=](ResourceList &resources) -> Expected<void> {
        bool isFound = false;
        const std::string count = std::to_string(replica.count);
        for (const FieldSpec &spec : specs) {
            const auto fits = [&](const ResourceId &id) {
                return id.name == replica.name && id.gvk.isSelectedBy(spec.gvk);
            };
            for (const ResourcePtr &resource : resources.all()) {
                if (resource->isGone()
                    || (!std::ranges::any_of(resource->previousIds(), fits) && !fits(resource->currentId())))
                    continue;
                isFound = true;
                const Expected<void> done =
                    visitField(resource->arena(), resource->tree(), spec, {Kind::Scalar, Tag::Int},
                               setsEntry(resource->arena(), "", count, Tag::Int));
                if (!done)
                    return done;
            }
        }
        if (isFound)
            return {};
        std::string gvks;
        for (const FieldSpec &spec : specs)
            gvks += (gvks.empty() ? "" : " ") + spec.gvk.text();
        return failure(ErrorCode::InvalidInput, "resource with name " + replica.name
                                                    + " does not match a config with the following GVK [" + gvks + "]");
    };
}

Transform hashTransform()
{
    return [](ResourceList &resources) -> Expected<void> {
        for (const ResourcePtr &resource : resources.all()) {
            if (!resource->needsHash())
                continue;
            const Expected<std::string> hash = contentHash(resource->tree());
            if (!hash)
                return std::unexpected(hash.error());
            Expected<void> done = resource->storePreviousId();
            if (done)
                done = setName(resource->arena(), resource->tree(), std::string(resource->name()) + "-" + *hash);
            if (!done)
                return done;
            resource->touch();
            resources.touch();
        }
        return {};
    };
}

Expected<std::vector<ResourcePtr>> selected(const ResourceList &resources, const Selector &selector)
{
    const Expected<SelectorPattern> pattern = SelectorPattern::compile(selector);
    if (!pattern)
        return std::unexpected(pattern.error());
    std::vector<ResourcePtr> found;
    for (const ResourcePtr &resource : resources.all()) {
        if (!resource->root())
            continue;
        const ResourceId &current = resource->currentId();
        const ResourceId &original = resource->originalId();
        if (!pattern->matchesNamespace(original.effectiveNamespace())
            && !pattern->matchesNamespace(current.effectiveNamespace()))
            continue;
        if (!pattern->matchesName(original.name) && !pattern->matchesName(current.name))
            continue;
        if (!pattern->matchesGvk(current.gvk))
            continue;
        Expected<bool> fits = matchesLabels(selector.labelSelector, labelsOf(resource->tree()));
        if (fits && *fits)
            fits = matchesLabels(selector.annotationSelector, annotationsOf(resource->tree()));
        if (!fits)
            return std::unexpected(fits.error());
        if (*fits)
            found.push_back(resource);
    }
    return found;
}

} // namespace tiphys::render::kustomize
