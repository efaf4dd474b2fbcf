// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/resource.h"

#include "base/text.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/merge.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

std::string str(std::string_view text)
{
    return std::string(text);
}

const Node *valueIn(const Node &node, std::string_view key)
{
    const std::ptrdiff_t at = keyIndex(node, key);
    return at < 0 ? nullptr : node.items[at + 1];
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

bool Resource::IdTexts::isSameAs(const IdTexts &other, Part part) const
{
    return isThere[part] == other.isThere[part] && texts[part].data() == other.texts[part].data()
           && texts[part].size() == other.texts[part].size();
}

Resource::IdTexts Resource::idTexts() const
{
    IdTexts now;
    now.schema = m_context->schema;
    const auto set = [&](IdTexts::Part part, const Node *node) {
        now.texts[part] = node ? node->value : std::string_view();
        now.isThere[part] = node != nullptr;
    };
    set(IdTexts::ApiVersion, valueIn(*m_root, "apiVersion"));
    set(IdTexts::Kind, valueIn(*m_root, "kind"));
    const Node *metadata = isMissing(m_root) ? nullptr : valueIn(*m_root, "metadata");
    if (isEmpty(metadata))
        return now;
    const auto filled = [](const Node *node) { return isEmpty(node) ? nullptr : node; };
    set(IdTexts::Name, filled(valueIn(*metadata, "name")));
    set(IdTexts::Namespace, filled(valueIn(*metadata, "namespace")));
    const Node *annotations = valueIn(*metadata, "annotations");
    if (!annotations)
        return now;
    set(IdTexts::PreviousNames, valueIn(*annotations, annotation::kPreviousNames));
    set(IdTexts::PreviousNamespaces, valueIn(*annotations, annotation::kPreviousNamespaces));
    set(IdTexts::PreviousKinds, valueIn(*annotations, annotation::kPreviousKinds));
    return now;
}

/// Reads again what has changed since the last time.
void Resource::readIds() const
{
    m_areIdsRead = true;
    if (!m_root) {
        m_previousIds.clear();
        m_currentId = {};
        m_idTexts = {};
        return;
    }
    const IdTexts now = idTexts();
    const auto isSame = [&](std::initializer_list<IdTexts::Part> parts) {
        return m_idTexts.schema == now.schema
               && std::ranges::all_of(parts, [&](IdTexts::Part part) { return now.isSameAs(m_idTexts, part); });
    };
    const bool isSameVersion = isSame({IdTexts::ApiVersion});
    if (!isSameVersion || !isSame({IdTexts::Kind, IdTexts::Name, IdTexts::Namespace}))
        readCurrentId(now);
    if (!isSameVersion || !isSame({IdTexts::PreviousNames, IdTexts::PreviousNamespaces, IdTexts::PreviousKinds}))
        readPreviousIds(now);
    m_idTexts = now;
}

void Resource::readCurrentId(const IdTexts &now) const
{
    const std::string_view apiVersion = now.texts[IdTexts::ApiVersion];
    const std::string_view kind = now.texts[IdTexts::Kind];
    const GroupVersion version = groupVersionOf(apiVersion);
    m_currentId.gvk.group = version.group;
    m_currentId.gvk.version = version.version;
    m_currentId.gvk.kind = kind;
    m_currentId.name = now.texts[IdTexts::Name];
    m_currentId.ns = now.texts[IdTexts::Namespace];
    // What stands before a slash may be empty: then the slash counts for nothing.
    const std::string_view canonical = version.group.empty() ? version.version : apiVersion;
    m_currentId.isClusterScoped = now.schema->isClusterScoped(canonical, kind);
    m_context->hasMetUnknownKind =
        m_context->hasMetUnknownKind || !MergeSchema::Table::builtIn().knows(canonical, kind);
}

void Resource::readPreviousIds(const IdTexts &now) const
{
    m_previousIds.clear();
    if (!now.isThere[IdTexts::PreviousNames])
        return;
    const auto parts = [&](IdTexts::Part part) {
        return now.isThere[part] ? split(now.texts[part], ',') : std::vector<std::string_view>{};
    };
    const std::vector<std::string_view> names = parts(IdTexts::PreviousNames);
    const std::vector<std::string_view> namespaces = parts(IdTexts::PreviousNamespaces);
    const std::vector<std::string_view> kinds = parts(IdTexts::PreviousKinds);
    if (namespaces.size() != names.size() || kinds.size() != names.size())
        return;
    for (std::size_t i = 0; i < names.size(); ++i)
        m_previousIds.push_back(
            {{m_currentId.gvk.group, m_currentId.gvk.version, str(kinds[i])}, str(names[i]), str(namespaces[i])});
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
    touch();
    const Node *old = annotationNode(*m_root, annotation);
    if (!old)
        return setAnnotation(arena(), *m_root, annotation, text);
    std::string all(old->value);
    all.append(",").append(text);
    return setAnnotation(arena(), *m_root, annotation, all);
}

Expected<void> Resource::storePreviousId()
{
    const ResourceId &id = currentId();
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
    const std::string_view name = nameOf(*m_root);
    const std::string_view ns = namespaceOf(*m_root);
    const std::string_view kind = kindOf(*m_root);
    const bool mayRename = annotationOf(patch.tree(), annotation::kAllowNameChange) == "enabled";
    const bool mayChangeKind = annotationOf(patch.tree(), annotation::kAllowKindChange) == "enabled";
    if (mayRename || mayChangeKind) {
        const Expected<void> stored = storePreviousId();
        if (!stored)
            return stored;
    }
    touch();
    m_context->hasMerged = true;
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
