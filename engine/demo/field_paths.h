// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "schema/schema.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::demo {

/// Where a field stands: elements as in `fieldsV1` ("f:spec", `k:{"name":"web"}`, `v:"text"`).
using FieldPath = std::vector<std::string>;
using FieldPaths = std::set<FieldPath>;

/// How server-side apply divides a value among owners: by its built-in type, or, where that is null, by what the value
/// shows (members of maps have owners of their own, lists are one field).
struct Division
{
    const schema::Type *type = nullptr;
    bool isTyped = false; ///< the kind is built in; a null type is then one field

    Division member(std::string_view name) const;
    Division element() const;
    bool dividesMap() const;
    /// Lists whose items have owners of their own.
    bool dividesList() const;
    /// The path element of an item of such a list; nothing if its keys are missing.
    std::optional<std::string> elementOf(const object::Value &item) const;
};

/// The fields of \p object without those that belong to the server (kind, name, uid, managed fields …).
FieldPaths fieldsOf(const object::Object &object, const Division &division);
/// The value at \p path, nothing if it is absent.
std::optional<object::Value> valueAt(const object::Value &root, const FieldPath &path, const Division &division);
/// \p root without what stands at \p path.
object::Value withoutField(const object::Value &root, const FieldPath &path, const Division &division);
/// \p live with the values of \p config; divided lists are merged item by item.
object::Value merged(const object::Value &live, const object::Value &config, const Division &division);
/// The paths as a `fieldsV1` map, and back.
object::Value toFieldsV1(const FieldPaths &paths);
FieldPaths fromFieldsV1(const object::Value &fieldsV1);
/// ".spec.template.spec.containers[name=\"web\"].image", as conflicts name fields.
std::string pathText(const FieldPath &path);

} // namespace tiphys::demo
