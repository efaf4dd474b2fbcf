// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/field_set.h"
#include "compare/merge_type.h"
#include "object/object.h"

#include <optional>
#include <string_view>

namespace tiphys::compare {

/// The paths that applying \p value would own.
FieldSet fieldSetOf(const object::Value &value, const MergeType &type);
/// \p live with the values of \p config: lists with keys and sets are merged item by item.
object::Value structurallyMerged(const object::Value &live, const object::Value &config, const MergeType &type);
/// \p value without the items of \p set; containers that become empty stay.
object::Value withoutItems(const object::Value &value, const FieldSet &set, const MergeType &type);

/// Paths by which two values of a type differ.
struct StructuredComparison
{
    FieldSet added;
    FieldSet modified;
    FieldSet removed;
};
StructuredComparison structurallyCompared(const object::Value &before, const object::Value &after,
                                          const MergeType &type);

/// The fields that each entry of metadata.managedFields gives to \p manager, united; \p operation "" means any.
/// Errors: InvalidInput for managed fields that cannot be read.
Expected<FieldSet> fieldsOfManager(const object::Object &live, std::string_view manager,
                                   std::string_view operation = {});

/// What forced server-side apply of \p config by \p manager makes of \p live; nothing if it changes nothing. Fields
/// that \p manager applied before and \p config has no longer go, unless another manager owns them.
/// Managers at other API versions do not count: nothing converts their fields.
/// Errors: InvalidInput for values that do not fit the type.
/// Source: sigs.k8s.io/structured-merge-diff merge/update.go (Apply)@v6.3.2
Expected<std::optional<object::Value>> structurallyApplied(const object::Object &live, const object::Object &config,
                                                           const MergeType &type, std::string_view manager);

} // namespace tiphys::compare
