// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::render::kustomize {

/// The filters of kyaml that change nodes, with all their habits: a replaced value takes over the style of the one
/// before (a quoted text stays text), a value for an absent field is put in by reference.
/// Source: kustomize kyaml/yaml/fns.go@v5.8.1

/// What setField does with a value that is null.
enum class Nulls { Clear, Keep };
/// Sets \p name in the map \p node; a null or absent \p value removes it. Gives the node that stands there now.
/// Errors: InvalidInput "wrong node kind: …".
/// Source: kustomize kyaml/yaml/fns.go (FieldSetter)@v5.8.1
Expected<Node *> setField(Arena &arena, Node *node, std::string_view name, Node *value, Nulls nulls = Nulls::Clear,
                          Style keyStyle = Style::Plain);
/// Makes the scalar \p node what \p value is, in the style of \p node.
Expected<void> setScalar(Node *node, Node *value);

/// The value of \p name; null if absent or if \p node is. Errors: InvalidInput if \p node is no map.
Expected<Node *> getField(Node *node, std::string_view name);

/// The node at the end of \p path (keys, indexes, "-", "[k=v]"), null if absent.
/// Source: kustomize kyaml/yaml/fns.go (PathGetter)@v5.8.1
Expected<Node *> lookup(Node *node, std::span<const std::string> path);
/// As lookup, making what is absent on the way; the last is of \p kind.
Expected<Node *> lookupOrMake(Arena &arena, Node *node, std::span<const std::string> path, Kind kind);
Expected<Node *> lookupOrMake(Arena &arena, Node *node, std::initializer_list<std::string_view> path, Kind kind);

/// Keys of an element and the texts they must have.
struct ElementKey
{
    std::vector<std::string_view> keys;
    std::vector<std::string_view> values;
};
/// Replaces every element of \p list that fits \p key by \p element, appends it if none does; without an element
/// those that fit go. Source: kustomize kyaml/yaml/fns.go (ElementSetter)@v5.8.1
Expected<void> setElement(Arena &arena, Node *list, ElementKey key, Node *element);
/// The first element of \p list that fits, null if none does.
/// Source: kustomize kyaml/yaml/fns.go (ElementMatcher)@v5.8.1
Expected<Node *> element(Node *list, const ElementKey &key);
/// The first element of \p list that is a map with \p key, null if there is none.
Node *elementWithKey(const Node *list, std::string_view key);

/// Parts of \p path at \p delimiter; a backslash before it makes it part of a name.
/// Source: kustomize kyaml/utils/pathsplitter.go (PathSplitter)@v5.8.1
std::vector<std::string> splitPath(std::string_view path, char delimiter);
/// As splitPath, but "[a.b/c]" and "[k=a.b]" stay whole.
/// Source: kustomize kyaml/utils/pathsplitter.go (SmarterPathSplitter)@v5.8.1
std::vector<std::string> splitFieldPath(std::string_view path, char delimiter = '.');
/// "[k=v]" and its parts; nothing for other texts that stand in brackets.
bool isListIndex(std::string_view part);
Expected<std::pair<std::string_view, std::string_view>> listIndexOf(std::string_view part);
/// strconv.Atoi.
std::optional<std::int64_t> integerOf(std::string_view text);
/// The kind that must stand before \p nextPart of a path; \p last if that is the end.
Kind kindBefore(std::string_view nextPart, Kind last);

} // namespace tiphys::render::kustomize
