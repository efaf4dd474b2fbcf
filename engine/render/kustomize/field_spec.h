// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"
#include "render/kustomize/resource_id.h"

#include <functional>
#include <string>
#include <vector>

namespace tiphys::render::kustomize {

/// A field of objects of some kinds.
/// Source: kustomize api/types/fieldspec.go@v5.8.1
struct FieldSpec
{
    Gvk gvk;              ///< empty parts fit everything
    std::string path;     ///< "spec/template/metadata/labels"
    bool creates = false; ///< makes the field where it is absent

    bool operator==(const FieldSpec &) const = default;
};
using FieldSpecs = std::vector<FieldSpec>;

/// Adds \p specs that are not there yet. Errors: InvalidInput "conflicting fieldspecs" where only `creates` differs.
/// Source: kustomize api/types/fieldspec.go (FsSlice.MergeAll)@v5.8.1
Expected<void> mergeInto(FieldSpecs &into, const FieldSpecs &specs);

/// Called with each node that a spec leads to.
using NodeAction = std::function<Expected<void>(Node &)>;
/// What is made where a field is absent.
struct Creation
{
    Kind kind = Kind::None;
    Tag tag = Tag::None;
};
/// Calls \p action with every node of \p resource that \p spec leads to; lists on the way are entered.
/// Errors: InvalidInput "considering field … of object …".
/// Source: kustomize api/filters/fieldspec/fieldspec.go@v5.8.1
Expected<void> visitField(Arena &arena, Node &resource, const FieldSpec &spec, Creation creation,
                          const NodeAction &action);
/// As visitField, with the path in parts and without comparing group, version and kind.
Expected<void> visitPath(Arena &arena, Node &resource, const FieldSpec &spec, const std::vector<std::string> &path,
                         Creation creation, const NodeAction &action);

/// The action that sets \p text with \p tag: of the member \p key of a map, or with "" of the scalar itself.
/// All places set by one action share one node, as in the original.
/// Source: kustomize api/filters/filtersutil/setters.go (SetEntry)@v5.8.1
NodeAction setsEntry(Arena &arena, std::string_view key, std::string_view text, Tag tag);

} // namespace tiphys::render::kustomize
