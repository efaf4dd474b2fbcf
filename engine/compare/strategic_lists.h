// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/draft.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::compare {

inline constexpr std::string_view kPatchDirective = "$patch";
inline constexpr std::string_view kRetainKeysDirective = "$retainKeys";
inline constexpr std::string_view kDeleteFromListPrefix = "$deleteFromPrimitiveList";
inline constexpr std::string_view kSetElementOrderPrefix = "$setElementOrder";

/// What Go's JSON reader makes of a value: two drafts of different shapes replace each other.
enum class Shape : std::uint8_t { Null, Bool, Int, Float, String, List, Map };

Shape shapeOf(const Draft &draft);
/// Shape of the items of both lists; nothing if they differ, are lists, or if there are none.
std::optional<Shape> elementShape(const Draft::List &first, const Draft::List &second);
/// A scalar as Go's `%v` prints it: the order in which lists are compared.
std::string sortText(const Draft &scalar);

/// Sorted by text; items of equal text in reverse order, as Go's sort leaves short lists.
Draft::List sortedScalars(Draft::List list);
/// Each scalar once; a removed one is replaced by the last.
Draft::List uniqueScalars(Draft::List list);
/// Maps sorted by the text of their \p mergeKey.
Draft::List sortedByKey(Draft::List list, std::string_view mergeKey);

/// The value that tells items apart: member \p mergeKey, or the item itself where the key is "".
const Draft &identityOf(const Draft &item, std::string_view mergeKey);
/// Index of the first item of \p list with the same identity, nothing if there is none.
std::optional<std::size_t> indexOf(const Draft::List &list, const Draft &identity, std::string_view mergeKey);
/// True if every item is a map with \p mergeKey.
bool haveKey(const Draft::List &list, std::string_view mergeKey);

/// \p list in the order of \p order; items marked for deletion come last.
Draft::List ordered(Draft::List list, const Draft::List &order, std::string_view mergeKey);
/// \p patch in \p patchOrder and \p serverOnly in \p serverOrder, merged so that both keep their order.
Draft::List interleaved(Draft::List patch, Draft::List serverOnly, const Draft::List &patchOrder,
                        const Draft::List &serverOrder, std::string_view mergeKey);

/// True if \p item is a map with `$patch: delete`.
bool isDeletion(const Draft &item);
/// \p draft without members and items that carry a `$patch` directive; false if it is one itself.
bool removeDirectives(Draft &draft);
/// Takes away null members of all maps inside.
void discardNulls(Draft &draft);

} // namespace tiphys::compare
