// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/schema.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::schema {

namespace {

using FieldRow = Field;
using TypeRow = Type;

struct KindRow
{
    std::string_view group, kind, version;
    std::uint16_t type;
    bool isNamespaced;
};

#include "schema/tables.inc"

/// Kinds of the API server that client-go does not register.
struct ScopeRow
{
    std::string_view group, kind;
};
constexpr ScopeRow kOtherClusterScoped[] = {
    {"apiextensions.k8s.io", "CustomResourceDefinition"},
    {"apiregistration.k8s.io", "APIService"},
};

std::span<const KindRow> rowsOf(std::string_view group, std::string_view kind)
{
    const auto before = [](const KindRow &row, const std::pair<std::string_view, std::string_view> &key) {
        return std::pair(row.group, row.kind) < key;
    };
    const auto first = std::lower_bound(std::begin(kKinds), std::end(kKinds), std::pair(group, kind), before);
    auto last = first;
    while (last != std::end(kKinds) && last->group == group && last->kind == kind)
        ++last;
    return {first, last};
}

} // namespace

Kind Type::kind() const
{
    return static_cast<Kind>(m_kind);
}

Relation Type::relation() const
{
    return static_cast<Relation>(m_relation);
}

bool Type::isInApplySchema() const
{
    return m_inApplySchema != 0;
}

std::string_view Type::name() const
{
    return kNames[m_name];
}

const Type *Type::element() const
{
    return kind() == Kind::Map || kind() == Kind::List ? &kTypes[m_element] : nullptr;
}

std::span<const Field> Type::fields() const
{
    return std::span(kFields).subspan(m_first, m_count);
}

const Field *Type::exactField(std::string_view jsonName) const
{
    const auto all = fields();
    const auto found = std::ranges::find(all, jsonName, &Field::name);
    return found == all.end() ? nullptr : &*found;
}

const Field *Type::field(std::string_view jsonName) const
{
    if (const Field *exact = exactField(jsonName))
        return exact;
    const std::string lower = asciiLower(jsonName);
    const auto all = fields();
    const auto found = std::ranges::find_if(all, [&](const Field &field) { return asciiLower(field.name()) == lower; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<std::string_view> Type::keys() const
{
    return kNames[m_keys].empty() ? std::vector<std::string_view>() : split(kNames[m_keys], ',');
}

std::string_view Field::name() const
{
    return kNames[m_name];
}

const Type &Field::type() const
{
    return kTypes[m_type];
}

std::string_view Field::mergeKey() const
{
    return kNames[m_mergeKey];
}

std::string_view Field::keyDefault() const
{
    return kNames[m_default];
}

const Type *typeOf(const object::Gvk &gvk)
{
    for (const KindRow &row : rowsOf(gvk.group, gvk.kind)) {
        if (row.version == gvk.version)
            return &kTypes[row.type];
    }
    return nullptr;
}

const Type *typeNamed(std::string_view modelName)
{
    if (modelName.empty())
        return nullptr;
    const auto found = std::ranges::find_if(
        kTypes, [&](const Type &type) { return type.kind() == Kind::Struct && type.name() == modelName; });
    return found == std::end(kTypes) ? nullptr : &*found;
}

std::optional<bool> isNamespaced(const object::GroupKind &kind)
{
    const auto rows = rowsOf(kind.group, kind.kind);
    if (!rows.empty()) {
        // Alpha and beta packages do not always carry the scope marker: one cluster-scoped version decides.
        return std::ranges::all_of(rows, &KindRow::isNamespaced);
    }
    for (const ScopeRow &row : kOtherClusterScoped) {
        if (row.group == kind.group && row.kind == kind.kind)
            return false;
    }
    return std::nullopt;
}

bool isBuiltIn(const object::GroupKind &kind)
{
    return isNamespaced(kind).has_value();
}

std::vector<KnownKind> knownKinds()
{
    std::vector<KnownKind> kinds;
    for (const KindRow &row : kKinds)
        kinds.push_back({{std::string(row.group), std::string(row.version), std::string(row.kind)}, row.isNamespaced});
    return kinds;
}

} // namespace tiphys::schema
