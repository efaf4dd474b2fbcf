// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/origin.h"

#include "base/text.h"
#include "object/yaml.h"
#include "render/kustomize/node_text.h"
#include "render/kustomize/repo_spec.h"

namespace tiphys::render::kustomize {

namespace {

void addText(Arena &arena, Node &map, std::string_view key, std::string_view text)
{
    if (text.empty())
        return;
    arena.append(map, arena.scalar(key));
    Node *value = arena.scalar(text);
    value->tag = Tag::String;
    arena.append(map, value);
}

Node *nodeOf(Arena &arena, const Origin &origin)
{
    Node *node = arena.map();
    addText(arena, *node, "path", origin.path);
    addText(arena, *node, "repo", origin.repo);
    addText(arena, *node, "ref", origin.ref);
    addText(arena, *node, "configuredIn", origin.configuredIn);
    Node *by = arena.map();
    addText(arena, *by, "apiVersion", origin.apiVersion);
    addText(arena, *by, "kind", origin.kind);
    addText(arena, *by, "name", origin.name);
    addText(arena, *by, "namespace", origin.ns);
    if (by->size > 0) {
        arena.append(*node, arena.scalar("configuredBy"));
        arena.append(*node, by);
    }
    return node;
}

/// Paths joined and cleaned as Go's filepath.Join does, ".." kept at the front.
std::string joinedPath(std::string_view left, std::string_view right)
{
    std::vector<std::string> parts;
    for (const std::string_view side : {left, right}) {
        for (const std::string_view part : split(side, '/')) {
            if (part.empty() || part == ".")
                continue;
            if (part == ".." && !parts.empty() && parts.back() != "..")
                parts.pop_back();
            else
                parts.emplace_back(part);
        }
    }
    return join(parts, "/");
}

} // namespace

Origin Origin::at(std::string_view entry) const
{
    Origin origin = *this;
    if (const std::optional<RepoSpec> spec = repoSpecOf(entry)) {
        origin.repo = spec->cloneUrl();
        origin.ref = spec->ref;
        origin.path = joinedPath("", spec->folder);
        return origin;
    }
    origin.path = joinedPath(path, entry);
    return origin;
}

Expected<void> setOrigin(Resource &resource, const Origin &origin)
{
    Texts annotations = annotationsOf(resource.tree());
    Node *node = nodeOf(resource.arena(), origin);
    const std::string text = yamlText(*node);
    annotations[annotation::kOrigin] = text;
    return setAnnotations(resource.arena(), resource.tree(), annotations);
}

Expected<void> noteOrigin(Resource &resource, const Origin &origin)
{
    if (annotationNode(resource.tree(), annotation::kOrigin))
        return {};
    return setOrigin(resource, origin);
}

Expected<void> noteTransformation(Resource &resource, const Origin &origin)
{
    if (!annotationNode(resource.tree(), annotation::kOrigin))
        return setOrigin(resource, origin);
    Node *list = resource.arena().list();
    resource.arena().append(*list, nodeOf(resource.arena(), origin));
    Texts annotations = annotationsOf(resource.tree());
    const std::string text = std::string(annotations[annotation::kTransformations]) + yamlText(*list);
    annotations[annotation::kTransformations] = text;
    return setAnnotations(resource.arena(), resource.tree(), annotations);
}

std::optional<Origin> pluginOrigin(const Resource &configuration)
{
    const Node *annotation = annotationNode(configuration.tree(), annotation::kOrigin);
    if (!annotation)
        return std::nullopt;
    const Expected<object::Value> value = object::parseYaml(annotation->value);
    Origin origin;
    if (value) {
        origin.repo = (*value)["repo"].stringOr();
        origin.ref = (*value)["ref"].stringOr();
        origin.configuredIn = (*value)["path"].stringOr();
    }
    origin.apiVersion = apiVersionOf(configuration.tree());
    origin.kind = kindOf(configuration.tree());
    origin.name = nameOf(configuration.tree());
    origin.ns = namespaceOf(configuration.tree());
    return origin;
}

} // namespace tiphys::render::kustomize
