// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/resource.h"

#include "base/text.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/merge.h"

namespace tiphys::render::kustomize {

namespace {

std::string str(std::string_view text)
{
    return std::string(text);
}

/// Build annotations come from the older side alone.
Texts mergedAnnotations(const Texts &older, const Texts &newer)
{
    Texts merged = older;
    for (const auto &[name, text] : newer) {
        if (!annotation::isBuildOnly(name))
            merged[name] = text;
    }
    return merged;
}

} // namespace

void Resource::readIds() const
{
    m_areIdsRead = true;
    m_previousIds.clear();
    m_currentId = {};
    if (!m_root)
        return;
    const std::string_view apiVersion = apiVersionOf(*m_root);
    const std::string_view kind = kindOf(*m_root);
    const GroupVersion version = groupVersionOf(apiVersion);
    m_currentId = {{str(version.group), str(version.version), str(kind)}, str(nameOf(*m_root)), str(namespaceOf(*m_root))};
    const std::string canonical = m_currentId.gvk.apiVersion();
    m_currentId.isClusterScoped = m_context->schema->isClusterScoped(canonical, kind);
    const Node *names = annotationNode(*m_root, annotation::kPreviousNames);
    if (!names)
        return;
    const std::vector<std::string_view> oldNames = split(names->value, ',');
    const std::vector<std::string_view> namespaces = texts(annotation::kPreviousNamespaces);
    const std::vector<std::string_view> kinds = texts(annotation::kPreviousKinds);
    if (namespaces.size() != oldNames.size() || kinds.size() != oldNames.size())
        return;
    for (std::size_t i = 0; i < oldNames.size(); ++i)
        m_previousIds.push_back({{m_currentId.gvk.group, m_currentId.gvk.version, str(kinds[i])},
                                 str(oldNames[i]),
                                 str(namespaces[i])});
}

const ResourceId &Resource::currentId() const
{
    if (!m_areIdsRead)
        readIds();
    return m_currentId;
}

const std::vector<ResourceId> &Resource::previousIds() const
{
    if (!m_areIdsRead)
        readIds();
    return m_previousIds;
}

const ResourceId &Resource::originalId() const
{
    return previousIds().empty() ? currentId() : previousIds().front();
}

std::vector<std::string_view> Resource::texts(std::string_view annotation) const
{
    const Node *node = annotationNode(*m_root, annotation);
    return node ? split(node->value, ',') : std::vector<std::string_view>{};
}

Expected<void> Resource::appendText(std::string_view annotation, std::string_view text)
{
    if (text.empty())
        return {};
    const Node *old = annotationNode(*m_root, annotation);
    const std::string all = old ? str(old->value) + "," + str(text) : str(text);
    touch();
    return setAnnotation(arena(), *m_root, annotation, all);
}

Expected<void> Resource::storePreviousId()
{
    const ResourceId id = currentId();
    Expected<void> done = appendText(annotation::kPreviousNames, id.name);
    if (done)
        done = appendText(annotation::kPreviousNamespaces, id.effectiveNamespace());
    if (done)
        done = appendText(annotation::kPreviousKinds, id.gvk.kind);
    return done;
}

Expected<void> Resource::addNamePrefix(std::string_view prefix)
{
    return appendText(annotation::kPrefixes, prefix);
}

Expected<void> Resource::addNameSuffix(std::string_view suffix)
{
    return appendText(annotation::kSuffixes, suffix);
}

std::vector<std::string_view> Resource::namePrefixes() const
{
    return texts(annotation::kPrefixes);
}

std::vector<std::string_view> Resource::nameSuffixes() const
{
    return texts(annotation::kSuffixes);
}

Expected<void> Resource::applyPatch(Resource &patch)
{
    const std::string name = str(nameOf(*m_root));
    const std::string ns = str(namespaceOf(*m_root));
    const std::string kind = str(kindOf(*m_root));
    const bool mayRename = annotationOf(patch.tree(), annotation::kAllowNameChange) == "enabled";
    const bool mayChangeKind = annotationOf(patch.tree(), annotation::kAllowKindChange) == "enabled";
    if (mayRename || mayChangeKind) {
        const Expected<void> stored = storePreviousId();
        if (!stored)
            return stored;
    }
    touch();
    const Expected<Node *> result = merged(arena(), m_root, patch.root(), *m_context->schema);
    if (!result)
        return std::unexpected(result.error());
    if (!*result) {
        m_root = nullptr;
        return {};
    }
    if (isGone())
        return {};
    // Nothing is told when these cannot be set: the original does not look.
    if (!mayChangeKind)
        ignoreError(setKind(arena(), *m_root, kind), "as the original");
    if (!mayRename)
        ignoreError(setName(arena(), *m_root, name), "as the original");
    ignoreError(setNamespace(arena(), *m_root, ns), "as the original");
    return {};
}

Expected<void> Resource::takeMetadataFrom(const Resource &other)
{
    touch();
    Texts labels = labelsOf(other.tree());
    for (const auto &[name, text] : labelsOf(*m_root))
        labels[name] = text;
    const Texts own = annotationsOf(*m_root);
    Texts annotations = mergedAnnotations(annotationsOf(other.tree()), own);
    if (!own.contains(annotation::kNeedsHash))
        annotations.erase(annotation::kNeedsHash);
    const std::string name = str(other.name());
    const std::string ns = str(namespaceOf(other.tree()));
    Expected<void> done = setLabels(arena(), *m_root, labels);
    if (done)
        done = setAnnotations(arena(), *m_root, annotations);
    if (done)
        done = setName(arena(), *m_root, name);
    if (done)
        done = setNamespace(arena(), *m_root, ns);
    varNames = other.varNames;
    return done;
}

Resource Resource::copy() const
{
    Resource result(*m_context, m_context->arena.deepCopy(m_root));
    result.varNames = varNames;
    return result;
}

} // namespace tiphys::render::kustomize
