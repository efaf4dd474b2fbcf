// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tiphys::compare {

/// A set of paths into an object, as managed fields keep them.
///
/// Path elements are written as in `fieldsV1`: `f:name`, `k:{"name":"x"}` with sorted keys, `v:"text"`, `i:0`.
/// Source: sigs.k8s.io/structured-merge-diff fieldpath/set.go@v6.3.2
class FieldSet
{
public:
    /// The set in a `fieldsV1` map. Errors: InvalidInput for an element that is none.
    static Expected<FieldSet> parsed(const object::Value &fieldsV1);
    /// The set as a `fieldsV1` map.
    object::Value toFieldsV1() const;

    bool isEmpty() const { return members.empty() && children.empty(); }
    /// The set below \p element, null if nothing is there.
    const FieldSet *below(std::string_view element) const;
    bool has(std::string_view element) const { return members.contains(std::string(element)); }

    FieldSet united(const FieldSet &other) const;
    /// Paths of this set that are not in \p other; paths below a member of \p other stay.
    FieldSet without(const FieldSet &other) const;
    FieldSet intersected(const FieldSet &other) const;

    bool operator==(const FieldSet &) const = default;

    std::set<std::string> members;            ///< elements that are in the set
    std::map<std::string, FieldSet> children; ///< elements with members further down, never empty
};

/// The element of a map member: "f:name".
std::string fieldElement(std::string_view name);

} // namespace tiphys::compare
