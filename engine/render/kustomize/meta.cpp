// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/meta.h"

#include "render/kustomize/edit.h"

#include <algorithm>
#include <array>

namespace tiphys::render::kustomize {

namespace annotation {

bool isBuildOnly(std::string_view name)
{
    static constexpr std::array kNames{
        kPreviousKinds,
        kPreviousNames,
        kPrefixes,
        kSuffixes,
        kPreviousNamespaces,
        kAllowNameChange,
        kAllowKindChange,
        kReferredBy,
        kBehavior,
        kNeedsHash,
        kHelmGenerated,
        std::string_view("internal.config.kubernetes.io/path"),
        std::string_view("internal.config.kubernetes.io/index"),
        std::string_view("internal.config.kubernetes.io/seqindent"),
        std::string_view("internal.config.kubernetes.io/id"),
        std::string_view("internal.config.kubernetes.io/annotations-migration-resource-id"),
        std::string_view("config.kubernetes.io/path"),
        std::string_view("config.kubernetes.io/index"),
        std::string_view("config.k8s.io/id"),
    };
    return std::ranges::find(kNames, name) != kNames.end();
}

} // namespace annotation

namespace {

std::string_view topText(const Node &resource, std::string_view key)
{
    const std::ptrdiff_t at = keyIndex(resource, key);
    return at < 0 ? std::string_view() : resource.items[at + 1]->value;
}

const Node *metadataOf(const Node &resource)
{
    if (isMissing(&resource))
        return nullptr;
    const std::ptrdiff_t at = keyIndex(resource, "metadata");
    return at < 0 || isEmpty(resource.items[at + 1]) ? nullptr : resource.items[at + 1];
}

std::string_view metaText(const Node &resource, std::string_view key)
{
    const Node *metadata = metadataOf(resource);
    const std::ptrdiff_t at = metadata ? keyIndex(*metadata, key) : -1;
    return at < 0 || isEmpty(metadata->items[at + 1]) ? std::string_view() : metadata->items[at + 1]->value;
}

const Node *metaMap(const Node &resource, std::string_view key)
{
    const Node *metadata = metadataOf(resource);
    const std::ptrdiff_t at = metadata ? keyIndex(*metadata, key) : -1;
    return at < 0 ? nullptr : metadata->items[at + 1];
}

Texts textsOf(const Node &resource, std::string_view key)
{
    Texts texts;
    if (const Node *map = metaMap(resource, key)) {
        for (std::uint32_t i = 0; i + 1 < map->size; i += 2)
            texts[map->items[i]->value] = map->items[i + 1]->value;
    }
    return texts;
}

/// A struct of texts as Go's %v prints it: "map[a:b c:d]".
std::string goMap(const Node *map)
{
    Texts texts;
    if (map && map->isMap()) {
        for (std::uint32_t i = 0; i + 1 < map->size; i += 2)
            texts[map->items[i]->value] = textOf(map->items[i + 1]);
    }
    std::string out = "map[";
    for (const auto &[key, text] : texts) {
        if (out.size() > 4)
            out += ' ';
        out.append(key).append(":").append(text);
    }
    return out + "]";
}

std::string goMeta(const Node &resource)
{
    std::string out = "{{";
    out.append(textOf(field(&resource, "apiVersion"))).append(" ").append(textOf(field(&resource, "kind")));
    const Node *metadata = field(&resource, "metadata");
    out.append("} {{").append(textOf(field(metadata, "name"))).append(" ");
    out.append(textOf(field(metadata, "namespace"))).append("} ");
    return out + goMap(field(metadata, "labels")) + " " + goMap(field(metadata, "annotations")) + "}}";
}

Expected<void> setTexts(Arena &arena, Node &resource, std::string_view key, const Texts &texts)
{
    const Expected<Node *> metadata = lookupOrMake(arena, &resource, {"metadata"}, Kind::Map);
    if (!metadata)
        return std::unexpected(metadata.error());
    clearField(**metadata, key);
    if (texts.empty())
        return {};
    const Expected<Node *> map = lookupOrMake(arena, *metadata, {key}, Kind::Map);
    if (!map)
        return std::unexpected(map.error());
    for (const auto &[name, text] : texts) {
        const Expected<Node *> done = setField(arena, *map, name, arena.string(text));
        if (!done)
            return std::unexpected(done.error());
    }
    return {};
}

Expected<void> setScalarAt(Arena &arena, Node &resource, std::initializer_list<std::string_view> path,
                           std::string_view key, std::string_view text)
{
    const Expected<Node *> parent = lookupOrMake(arena, &resource, path, Kind::Map);
    if (!parent)
        return std::unexpected(parent.error());
    const Expected<Node *> done = setField(arena, *parent, key, arena.scalar(text));
    if (!done)
        return std::unexpected(done.error());
    return {};
}

} // namespace

std::string_view kindOf(const Node &resource)
{
    return topText(resource, "kind");
}

std::string_view apiVersionOf(const Node &resource)
{
    return topText(resource, "apiVersion");
}

std::string_view nameOf(const Node &resource)
{
    return metaText(resource, "name");
}

std::string_view namespaceOf(const Node &resource)
{
    return metaText(resource, "namespace");
}

Expected<void> checkMetadata(const Node &resource)
{
    const Node *metadata = field(&resource, "metadata");
    const bool hasAny = !isEmpty(field(&resource, "apiVersion")) || !isEmpty(field(&resource, "kind"))
                        || !isEmpty(field(metadata, "name")) || !isEmpty(field(metadata, "namespace"))
                        || !isEmpty(field(metadata, "labels")) || !isEmpty(field(metadata, "annotations"));
    if (!hasAny)
        return failure(ErrorCode::InvalidInput, "missing Resource metadata");
    const std::string_view kind = textOf(field(&resource, "kind"));
    if (kind.empty())
        return failure(ErrorCode::InvalidInput, "missing kind in object " + goMeta(resource));
    if (!kind.ends_with("List") && textOf(field(metadata, "name")).empty())
        return failure(ErrorCode::InvalidInput, "missing metadata.name in object " + goMeta(resource));
    return {};
}

const Node *annotationNode(const Node &resource, std::string_view name)
{
    const Node *map = metaMap(resource, "annotations");
    const std::ptrdiff_t at = map ? keyIndex(*map, name) : -1;
    return at < 0 ? nullptr : map->items[at + 1];
}

Texts annotationsOf(const Node &resource)
{
    return textsOf(resource, "annotations");
}

Texts labelsOf(const Node &resource)
{
    return textsOf(resource, "labels");
}

Expected<void> setAnnotation(Arena &arena, Node &resource, std::string_view name, std::string_view text)
{
    if (Node *metadata = field(&resource, "metadata"); metadata && !metadata->isNull()) {
        const std::ptrdiff_t at = keyIndex(*metadata, "annotations");
        if (at >= 0 && metadata->items[at + 1]->size == 0)
            clearField(*metadata, "annotations");
    }
    Node *value = arena.string(text);
    value->style = Style::SingleQuoted;
    const Expected<Node *> map = lookupOrMake(arena, &resource, {"metadata", "annotations"}, Kind::Map);
    const Expected<Node *> done = map ? setField(arena, *map, name, value) : map;
    return done ? Expected<void>() : std::unexpected(done.error());
}

Expected<void> setLabel(Arena &arena, Node &resource, std::string_view name, std::string_view text)
{
    Node *value = arena.string(text);
    value->style = Style::SingleQuoted;
    const Expected<Node *> map = lookupOrMake(arena, &resource, {"metadata", "labels"}, Kind::Map);
    const Expected<Node *> done = map ? setField(arena, *map, name, value) : map;
    return done ? Expected<void>() : std::unexpected(done.error());
}

Expected<void> setAnnotations(Arena &arena, Node &resource, const Texts &texts)
{
    return setTexts(arena, resource, "annotations", texts);
}

Expected<void> setLabels(Arena &arena, Node &resource, const Texts &texts)
{
    return setTexts(arena, resource, "labels", texts);
}

Expected<void> setName(Arena &arena, Node &resource, std::string_view name)
{
    return setScalarAt(arena, resource, {"metadata"}, "name", name);
}

Expected<void> setNamespace(Arena &arena, Node &resource, std::string_view ns)
{
    if (!ns.empty())
        return setScalarAt(arena, resource, {"metadata"}, "namespace", ns);
    if (Node *metadata = field(&resource, "metadata"); metadata && metadata->isMap())
        clearField(*metadata, "namespace");
    return {};
}

Expected<void> setKind(Arena &arena, Node &resource, std::string_view kind)
{
    return setScalarAt(arena, resource, {}, "kind", kind);
}

Expected<void> setApiVersion(Arena &arena, Node &resource, std::string_view apiVersion)
{
    return setScalarAt(arena, resource, {}, "apiVersion", apiVersion);
}

} // namespace tiphys::render::kustomize
