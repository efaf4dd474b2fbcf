// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/field_spec.h"

#include "render/kustomize/edit.h"
#include "render/kustomize/meta.h"

#include <span>

namespace tiphys::render::kustomize {

namespace {

constexpr int kDeepest = 1'100;

class Visit
{
public:
    Visit(Arena &arena, const FieldSpec &spec, Creation creation, const NodeAction &action)
        : m_arena(arena), m_spec(spec), m_creation(creation), m_action(action)
    {
    }

    Expected<void> node(Node &node, std::span<const std::string> path, int depth)
    {
        if (path.empty())
            return m_action(node);
        if (node.isNull())
            return {};
        if (depth > kDeepest)
            return failure(ErrorCode::LimitExceeded, "object is nested too deep");
        switch (node.kind) {
        case Kind::List: return list(node, path, depth);
        case Kind::Map: return map(node, path, depth);
        case Kind::Scalar:
        case Kind::None: break;
        }
        return failure(ErrorCode::InvalidInput, "expected sequence or mapping node");
    }

private:
    Expected<void> list(Node &list, std::span<const std::string> path, int depth)
    {
        for (Node *item : std::vector<Node *>(list.content().begin(), list.content().end())) {
            const Expected<void> done = node(*item, path, depth + 1);
            if (!done)
                return std::unexpected(done.error().in("visit traversal on path: " + pathText(path)));
        }
        return {};
    }

    static std::string pathText(std::span<const std::string> path)
    {
        std::string text = "[";
        for (const std::string &part : path)
            text += (text.size() > 1 ? " " : "") + part;
        return text + "]";
    }

    Expected<void> map(Node &map, std::span<const std::string> path, int depth)
    {
        std::string_view name = path[0];
        const bool isList = name.ends_with("[]");
        if (isList)
            name.remove_suffix(2);
        if (name.empty())
            return failure(ErrorCode::InvalidInput, "cannot set or create an empty field name");
        Creation made;
        Expected<Node *> found = nullptr;
        if (!m_spec.creates || m_creation.kind == Kind::None || isList) {
            if (isList)
                made.kind = Kind::List;
            found = find(map, name);
        } else {
            made = path.size() == 1 ? m_creation : Creation{Kind::Map, Tag::Map};
            found = lookupOrMake(m_arena, &map, {name}, made.kind);
        }
        if (!found)
            return std::unexpected(found.error().in("fieldName: " + std::string(name)));
        if (!*found)
            return {};
        if ((*found)->isNull() && made.kind != Kind::None) {
            (*found)->kind = made.kind;
            (*found)->tag = made.tag;
        }
        return node(**found, path.subspan(1), depth + 1);
    }

    /// Names that mean something else than a member of a map in paths of kyaml.
    static bool isPlain(std::string_view name)
    {
        const char first = name.front();
        return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    }
    static Expected<Node *> find(Node &map, std::string_view name)
    {
        if (isPlain(name))
            return field(&map, name);
        const std::string part(name);
        return lookup(&map, std::span(&part, 1));
    }

    Arena &m_arena;
    const FieldSpec &m_spec;
    Creation m_creation;
    const NodeAction &m_action;
};

bool isMatch(const FieldSpec &spec, const Node &resource)
{
    if (!spec.gvk.kind.empty() && spec.gvk.kind != kindOf(resource))
        return false;
    if (spec.gvk.group.empty() && spec.gvk.version.empty())
        return true;
    const GroupVersion version = groupVersionOf(apiVersionOf(resource));
    return (spec.gvk.group.empty() || spec.gvk.group == version.group)
           && (spec.gvk.version.empty() || spec.gvk.version == version.version);
}

} // namespace

Expected<void> mergeInto(FieldSpecs &into, const FieldSpecs &specs)
{
    for (const FieldSpec &spec : specs) {
        bool isKnown = false;
        for (const FieldSpec &known : into) {
            if (known.path != spec.path || !known.gvk.isSelectedBy(spec.gvk))
                continue;
            if (known.creates != spec.creates)
                return failure(ErrorCode::InvalidInput, "conflicting fieldspecs");
            isKnown = true;
            break;
        }
        if (!isKnown)
            into.push_back(spec);
    }
    return {};
}

Expected<void> visitPath(Arena &arena, Node &resource, const FieldSpec &spec, const std::vector<std::string> &path,
                         Creation creation, const NodeAction &action)
{
    const Expected<void> done = Visit(arena, spec, creation, action).node(resource, path, 0);
    if (done)
        return done;
    const GroupVersion version = groupVersionOf(apiVersionOf(resource));
    const ResourceId id{{std::string(version.group), std::string(version.version), std::string(kindOf(resource))},
                        std::string(nameOf(resource)),
                        std::string(namespaceOf(resource))};
    return std::unexpected(done.error().in("considering field '" + spec.path + "' of object " + id.text()));
}

Expected<void> visitField(Arena &arena, Node &resource, const FieldSpec &spec, Creation creation,
                          const NodeAction &action)
{
    if (!isMatch(spec, resource))
        return {};
    return visitPath(arena, resource, spec, splitPath(spec.path, '/'), creation, action);
}

NodeAction setsEntry(Arena &arena, std::string_view key, std::string_view text, Tag tag)
{
    Node *value = arena.scalar(text);
    value->tag = tag;
    return [&arena, value, name = std::string(key)](Node &node) -> Expected<void> {
        const Expected<Node *> done = setField(arena, &node, name, value);
        return done ? Expected<void>() : std::unexpected(done.error());
    };
}

} // namespace tiphys::render::kustomize
