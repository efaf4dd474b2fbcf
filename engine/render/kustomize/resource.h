// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/merge_schema.h"
#include "render/kustomize/meta.h"
#include "render/kustomize/node.h"
#include "render/kustomize/place_index.h"
#include "render/kustomize/resource_id.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

/// What a whole build shares.
struct BuildContext
{
    Arena arena;
    const MergeSchema::Table *schema = &MergeSchema::Table::builtIn();
    std::shared_ptr<const MergeSchema::Table> customSchema;
    bool isSchemaChosen = false;    ///< by the `openapi` of a file
    bool hasMerged = false;         ///< a patch looked its kind up
    bool hasMetUnknownKind = false; ///< the scope of a kind was asked for that the built-in schema does not know
};

/// One resource of a build: a tree, its ids and the vars that point at it.
///
/// Former names, kinds and namespaces stand in annotations of the tree, where patches can reach them.
/// Source: kustomize api/resource/resource.go@v5.8.1
class Resource
{
public:
    Resource(BuildContext &context, Node *root) : m_context(&context), m_root(root) {}

    BuildContext &context() const { return *m_context; }
    Arena &arena() const { return m_context->arena; }
    /// The tree; null once a patch deleted it.
    Node *root() const { return m_root; }
    Node &tree() const { return *m_root; }
    void setRoot(Node *root)
    {
        m_root = root;
        touch();
    }
    bool isGone() const { return isEmpty(m_root); }
    /// To be called after the tree was changed: ids are read again.
    void touch() { m_areIdsRead = false; }

    const ResourceId &currentId() const;
    const std::vector<ResourceId> &previousIds() const;
    /// The first of the previous ids, else the current one.
    const ResourceId &originalId() const;
    std::string_view name() const { return nameOf(*m_root); }

    /// Remembers the current id among the previous ones.
    Expected<void> storePreviousId();
    Expected<void> addNamePrefix(std::string_view prefix);
    Expected<void> addNameSuffix(std::string_view suffix);
    std::vector<std::string_view> namePrefixes() const;
    std::vector<std::string_view> nameSuffixes() const;

    bool needsHash() const { return annotationOf(*m_root, annotation::kNeedsHash) == "enabled"; }
    std::string_view behavior() const { return annotationOf(*m_root, annotation::kBehavior); }

    /// Applies a strategic merge patch; name and kind change only where the patch may. The patch is used up.
    /// Source: kustomize api/resource/resource.go (ApplySmPatch)@v5.8.1
    Expected<void> applyPatch(Resource &patch);
    /// Takes labels, annotations, name and namespace of \p other behind its own.
    /// Source: kustomize api/resource/resource.go (CopyMergeMetaDataFieldsFrom)@v5.8.1
    Expected<void> takeMetadataFrom(const Resource &other);
    /// A copy with a tree of its own.
    Resource copy() const;

    std::vector<std::string> varNames;

private:
    /// The texts of the tree that the ids are made of; they live as long as the build and do not change, so the same
    /// places have the same ids.
    struct IdTexts
    {
        enum Part { ApiVersion, Kind, Name, Namespace, PreviousNames, PreviousNamespaces, PreviousKinds, Parts };
        std::array<std::string_view, Parts> texts;
        std::array<bool, Parts> isThere{};
        const MergeSchema::Table *schema = nullptr;

        bool isSameAs(const IdTexts &other, Part part) const;
    };
    Expected<void> appendText(std::string_view annotation, std::string_view text);
    std::vector<std::string_view> texts(std::string_view annotation) const;
    IdTexts idTexts() const;
    void readIds() const;
    void readCurrentId(const IdTexts &now) const;
    void readPreviousIds(const IdTexts &now) const;

    BuildContext *m_context;
    Node *m_root;
    mutable bool m_areIdsRead = false;
    mutable IdTexts m_idTexts; ///< of the ids below
    mutable ResourceId m_currentId;
    mutable std::vector<ResourceId> m_previousIds;
};

using ResourcePtr = std::shared_ptr<Resource>;

/// Resources in the order in which they were loaded, found by their ids.
///
/// Looking up costs the same for many resources as for few; the index is made again when ids have changed.
/// Source: kustomize api/resmap/reswrangler.go@v5.8.1
class ResourceList
{
public:
    const std::vector<ResourcePtr> &all() const { return m_resources; }
    std::size_t size() const { return m_resources.size(); }

    /// Errors: InvalidInput "may not add resource with an already registered id: …".
    Expected<void> append(const ResourcePtr &resource);
    Expected<void> appendAll(const ResourceList &other);
    /// Adds, merges or replaces, as the behavior of each of \p generated says.
    /// Source: kustomize api/resmap/reswrangler.go (appendReplaceOrMerge)@v5.8.1
    Expected<void> absorb(const ResourceList &generated);
    /// The one resource that has or had \p id. Errors: InvalidInput "no matches for Id …" and for several.
    Expected<ResourcePtr> withAnyId(const ResourceId &id) const;
    /// All that have or had an id of this group, version, kind and name, whatever the namespace.
    std::vector<ResourcePtr> withAnyGvkn(const Gvk &gvk, std::string_view name) const;
    std::vector<ResourcePtr> allWithAnyId(const ResourceId &id) const;
    /// How many have this id now.
    std::size_t countWithId(const ResourceId &id) const;

    void dropGone();
    /// Appends all again after ids may have changed. Errors: as append.
    Expected<void> checkIds();
    void replaceAll(std::vector<ResourcePtr> resources);
    /// To be called after ids have changed.
    void touch() { m_isIndexed = false; }

private:
    void index() const;
    void addToIndex(std::size_t place) const;
    std::size_t countNow(const ResourceId &id) const;

    std::vector<ResourcePtr> m_resources;
    mutable bool m_isIndexed = true;
    mutable PlaceIndex m_byCurrentId;
    mutable PlaceIndex m_byAnyName; ///< kind and name
};

} // namespace tiphys::render::kustomize
