// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"
#include "object/value.h"
#include "schema/schema.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::compare {

/// How server-side apply sees a value: a built-in type, a custom resource's OpenAPI schema, or what the value itself
/// shows (lists are replaced, members of maps have owners of their own).
class MergeType
{
public:
    /// Deduced from values.
    MergeType() = default;
    /// The type of a kind: built in, else by \p openApiSchema of its custom resource definition (null deduces).
    /// Errors: Unsupported for a built-in kind that cannot be applied server-side (reviews, bindings).
    static Expected<MergeType> of(const object::Gvk &gvk, const object::Value &openApiSchema);

    bool isAtomicList() const;
    bool isAtomicMap() const;
    /// Keys of an associative list; empty for a set of scalars.
    std::vector<std::string> keys() const;
    /// What an absent key of an item stands for.
    std::optional<object::Value> keyDefault(std::string_view key) const;
    MergeType element() const;
    MergeType member(std::string_view name) const;
    /// True if the type names this member itself, and not by a rule for all members.
    bool declares(std::string_view name) const;

    /// Errors: InvalidInput ".spec.x: field not declared in schema" and the like.
    Expected<void> validate(const object::Value &value) const;
    /// The path element of a list item. Errors: InvalidInput for items without keys, nested lists, nulls.
    Expected<std::string> elementOf(const object::Value &item) const;

private:
    enum class Source { Deduced, Atomic, BuiltIn, OpenApi };
    explicit MergeType(const schema::Type *type);
    explicit MergeType(object::Value openApi) : m_source(Source::OpenApi), m_openApi(std::move(openApi)) {}
    bool isOpen() const;
    Expected<void> validateAt(const object::Value &value, const std::string &path) const;
    Expected<void> validateMap(const object::Value &map, const std::string &path) const;
    Expected<void> validateList(const object::Value &list, const std::string &path) const;

    Source m_source = Source::Deduced;
    const schema::Type *m_type = nullptr;
    object::Value m_openApi;
};

} // namespace tiphys::compare
