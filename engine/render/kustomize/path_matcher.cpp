// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/path_matcher.h"

#include "base/text.h"
#include "render/kustomize/document.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/node_text.h"
#include "render/kustomize/selector.h"

namespace tiphys::render::kustomize {

namespace {

constexpr int kMostSteps = 100'000;

using Found = std::vector<Node *>;
using Path = std::span<const std::string>;

class Matcher
{
public:
    Matcher(Arena &arena, Kind creates) : m_arena(arena), m_creates(creates) {}

    Expected<Found> match(Node *node, Path path)
    {
        if (++m_steps > kMostSteps)
            return failure(ErrorCode::LimitExceeded, "field path matches too much");
        if (path.empty())
            return Found{node};
        const auto index = integerOf(path[0]);
        if (index && *index >= 0)
            return atIndex(node, *index, path);
        if (isListIndex(path[0]))
            return elements(node, path, Second::No);
        if (path[0] == "*")
            return every(node, path);
        return member(node, path);
    }

private:
    enum class Second { No, Yes };

    Expected<Found> every(Node *node, Path path)
    {
        const Expected<void> valid = checkKind(node, Kind::List);
        if (!valid)
            return std::unexpected(valid.error());
        Found all;
        for (Node *item : itemsOf(node)) {
            const Expected<Found> found = match(item, path.subspan(1));
            if (!found)
                return found;
            all.insert(all.end(), found->begin(), found->end());
        }
        return all;
    }

    static Found itemsOf(const Node *node)
    {
        return node ? Found(node->content().begin(), node->content().end()) : Found{};
    }

    Node *made(Path path)
    {
        Node *node = m_arena.copy({});
        node->kind = kindBefore(path.size() > 1 ? std::string_view(path[1]) : std::string_view(), m_creates);
        return node;
    }

    Expected<Found> member(Node *node, Path path)
    {
        Expected<Node *> value = getField(node, path[0]);
        if (!value)
            return std::unexpected(value.error());
        if (!*value) {
            if (m_creates == Kind::None || !node)
                return Found{};
            value = setField(m_arena, node, path[0], made(path));
            if (!value)
                return std::unexpected(value.error());
        }
        if ((*value)->isScalar() && path.size() > 1) {
            const Expected<Node *> inside = readNode(m_arena, (*value)->value);
            if (!inside)
                return std::unexpected(inside.error());
            return match(*inside ? *inside : m_arena.copy({}), path.subspan(1));
        }
        return match(*value, path.subspan(1));
    }

    Expected<Found> atIndex(Node *node, std::int64_t index, Path path)
    {
        const Expected<void> valid = checkKind(node, Kind::List);
        if (!valid)
            return std::unexpected(valid.error());
        if (!node)
            return failure(ErrorCode::InvalidInput, "index " + path[0] + " specified but only 0 elements found");
        if (index == node->size && m_creates != Kind::None)
            m_arena.append(*node, made(path));
        if (index >= node->size)
            return failure(ErrorCode::InvalidInput, "index " + std::to_string(index) + " specified but only "
                                                        + std::to_string(node->size) + " elements found");
        return match(node->items[index], path.subspan(1));
    }

    Expected<Found> elements(Node *node, Path path, Second second)
    {
        const auto key = listIndexOf(path[0]);
        if (!key)
            return std::unexpected(key.error());
        const auto &[name, text] = *key;
        Expected<void> valid = checkKind(node, Kind::List);
        if (!valid)
            return std::unexpected(valid.error());
        const Found items = itemsOf(node);
        Found all;
        if (!items.empty()) {
            const Expected<Pattern> pattern = Pattern::compile(text);
            if (!pattern)
                return std::unexpected(pattern.error());
            for (Node *item : items) {
                const Node *value = name.empty() ? item : field(item, name);
                if (!value || !pattern->matches(trimmed(yamlText(*value))))
                    continue;
                const Expected<Found> found = name.empty() ? Found{item} : match(item, path.subspan(1));
                if (!found)
                    return found;
                all.insert(all.end(), found->begin(), found->end());
            }
        }
        if (!all.empty() || m_creates == Kind::None || second == Second::Yes || !node)
            return all;
        Node *element = m_arena.scalar(text);
        if (!name.empty()) {
            Node *map = m_arena.map();
            m_arena.append(*map, m_arena.scalar(name));
            m_arena.append(*map, element);
            element = map;
        }
        m_arena.append(*node, element);
        return elements(node, path, Second::Yes);
    }

    Arena &m_arena;
    Kind m_creates;
    int m_steps = 0;
};

} // namespace

Expected<std::vector<Node *>> matchingNodes(Arena &arena, Node *root, Path path, Kind creates)
{
    return Matcher(arena, creates).match(root, path);
}

} // namespace tiphys::render::kustomize
