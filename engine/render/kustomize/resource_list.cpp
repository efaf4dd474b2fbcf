// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/document.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/resource.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

/// An id as Go's %#v prints it.
std::string goSyntax(const ResourceId &id)
{
    return "resid.ResId{Gvk:resid.Gvk{Group:\"" + id.gvk.group + "\", Version:\"" + id.gvk.version + "\", Kind:\""
           + id.gvk.kind + "\", isClusterScoped:" + (id.isClusterScoped ? "true" : "false") + "}, Name:\"" + id.name
           + "\", Namespace:\"" + id.ns + "\"}";
}

/// The data of both, the newer one's first.
/// Source: kustomize api/resource/resource.go (MergeDataMapFrom)@v5.8.1
Expected<void> mergeData(Resource &into, const Resource &older, std::string_view member)
{
    std::map<std::string_view, const Node *> texts;
    for (const Resource *side : {&older, static_cast<const Resource *>(&into)}) {
        const Node *data = field(side->root(), member);
        if (!data || !data->isMap())
            continue;
        for (std::uint32_t i = 0; i + 1 < data->size; i += 2)
            texts[data->items[i]->value] = data->items[i + 1];
    }
    clearField(into.tree(), member);
    if (texts.empty())
        return {};
    Arena &arena = into.arena();
    const Expected<Node *> map = lookupOrMake(arena, into.root(), {member}, Kind::Map);
    if (!map)
        return std::unexpected(map.error());
    for (const auto &[key, text] : texts) {
        const Expected<Node *> done = setField(arena, *map, key, arena.string(textOf(text)));
        if (!done)
            return std::unexpected(done.error());
    }
    return {};
}

Expected<void> mergeGenerated(Resource &generated, const Resource &older)
{
    const std::string origin(annotationOf(older.tree(), annotation::kOrigin));
    Expected<void> done = generated.takeMetadataFrom(older);
    if (done)
        done = mergeData(generated, older, "data");
    if (done)
        done = mergeData(generated, older, "binaryData");
    if (done && !origin.empty())
        done = setAnnotation(generated.arena(), generated.tree(), annotation::kOrigin, origin);
    generated.touch();
    return done;
}

} // namespace

void ResourceList::addToIndex(std::size_t place) const
{
    const Resource &resource = *m_resources[place];
    if (resource.root())
        m_byCurrentId.add(resource.currentId().hash(), place);
    if (resource.isGone())
        return;
    for (const ResourceId &id : resource.previousIds())
        m_byAnyName.add(nameHash(id.gvk.kind, id.name), place);
    const ResourceId &id = resource.currentId();
    m_byAnyName.add(nameHash(id.gvk.kind, id.name), place);
}

void ResourceList::index() const
{
    if (m_isIndexed)
        return;
    m_isIndexed = true;
    m_byCurrentId.clear();
    m_byAnyName.clear();
    for (std::size_t place = 0; place < m_resources.size(); ++place)
        addToIndex(place);
}

std::size_t ResourceList::countNow(const ResourceId &id) const
{
    std::size_t count = 0;
    m_byCurrentId.visit(id.hash(), [&](std::size_t place) {
        const Resource &resource = *m_resources[place];
        count += resource.root() && resource.currentId().isSameAs(id) ? 1 : 0;
        return true;
    });
    return count;
}

Expected<void> ResourceList::append(const ResourcePtr &resource)
{
    index();
    const ResourceId &id = resource->currentId();
    if (countNow(id) > 0)
        return failure(ErrorCode::InvalidInput, "may not add resource with an already registered id: " + id.text());
    m_resources.push_back(resource);
    addToIndex(m_resources.size() - 1);
    return {};
}

Expected<void> ResourceList::appendAll(const ResourceList &other)
{
    for (const ResourcePtr &resource : other.m_resources) {
        const Expected<void> done = append(resource);
        if (!done)
            return done;
    }
    return {};
}

std::vector<ResourcePtr> ResourceList::withAnyGvkn(const Gvk &gvk, std::string_view name) const
{
    index();
    std::vector<ResourcePtr> found;
    for (const std::size_t place : m_byAnyName.places(nameHash(gvk.kind, name))) {
        const ResourcePtr &resource = m_resources[place];
        const auto fits = [&](const ResourceId &id) { return id.gvk == gvk && id.name == name; };
        if (!resource->isGone() && (std::ranges::any_of(resource->previousIds(), fits) || fits(resource->currentId())))
            found.push_back(resource);
    }
    return found;
}

std::vector<ResourcePtr> ResourceList::allWithAnyId(const ResourceId &id) const
{
    std::vector<ResourcePtr> found = withAnyGvkn(id.gvk, id.name);
    std::erase_if(found, [&](const ResourcePtr &resource) {
        const auto fits = [&](const ResourceId &other) { return id.isSameAs(other); };
        return !std::ranges::any_of(resource->previousIds(), fits) && !fits(resource->currentId());
    });
    return found;
}

Expected<ResourcePtr> ResourceList::withAnyId(const ResourceId &id) const
{
    const std::vector<ResourcePtr> found = allWithAnyId(id);
    if (found.size() == 1)
        return found[0];
    const std::string problem = found.empty() ? "no matches for Id " : "multiple matches for Id ";
    return failure(ErrorCode::InvalidInput,
                   problem + id.text() + "; failed to find unique target for patch " + id.text());
}

std::size_t ResourceList::countWithId(const ResourceId &id) const
{
    index();
    return countNow(id);
}

Expected<void> ResourceList::absorb(const ResourceList &generated)
{
    for (const ResourcePtr &resource : generated.m_resources) {
        const ResourceId id = resource->currentId();
        const std::vector<ResourcePtr> matches = allWithAnyId(id);
        const std::string_view behavior = resource->behavior();
        const bool changes = behavior == "merge" || behavior == "replace";
        Expected<void> done;
        if (matches.empty() && changes)
            return failure(ErrorCode::InvalidInput, "id " + goSyntax(id) + " does not exist; cannot merge or replace");
        if (matches.empty()) {
            done = append(resource);
            if (!done)
                return done;
            continue;
        }
        if (matches.size() > 1)
            return failure(ErrorCode::InvalidInput, "found multiple objects that could accept merge of " + id.text());
        if (!changes)
            return failure(ErrorCode::InvalidInput, "id " + goSyntax(id) + " exists; can not use behavior: '"
                                                        + (behavior.empty() ? "unspecified" : std::string(behavior))
                                                        + "', behavior must be merge or replace");
        done = behavior == "merge" ? mergeGenerated(*resource, *matches[0]) : resource->takeMetadataFrom(*matches[0]);
        if (!done)
            return done;
        // A kept place: the older resource may have come first.
        *std::ranges::find(m_resources, matches[0]) = resource;
        touch();
    }
    return {};
}

void ResourceList::dropGone()
{
    const auto isGone = [](const ResourcePtr &resource) { return resource->isGone(); };
    if (std::ranges::any_of(m_resources, isGone)) {
        std::erase_if(m_resources, isGone);
        touch();
    }
}

Expected<void> ResourceList::checkIds()
{
    touch();
    index();
    for (const ResourcePtr &resource : m_resources) {
        if (countNow(resource->currentId()) > 1)
            return failure(ErrorCode::InvalidInput,
                           "may not add resource with an already registered id: " + resource->currentId().text());
    }
    return {};
}

void ResourceList::replaceAll(std::vector<ResourcePtr> resources)
{
    m_resources = std::move(resources);
    touch();
}

} // namespace tiphys::render::kustomize
