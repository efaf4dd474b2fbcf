// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

/// How the members of a field are reached.
enum class Shape : std::uint8_t { Plain, List, Map };

/// A place in the schema of a kind: what strategic merge patches must know about it.
///
/// Only fields that lead to a list with a merge strategy are known; every other place is the unknown one, below
/// which lists are replaced.
class MergeSchema
{
public:
    MergeSchema() = default;

    bool isKnown() const { return m_table != nullptr; }
    /// The place of member \p name.
    MergeSchema member(std::string_view name) const;
    /// The place of the items of this list.
    MergeSchema items() const;
    /// True for a list that merges by key, or by equality where it has no keys.
    bool merges() const { return m_merges; }
    const std::vector<std::string_view> &keys() const;

    class Table;

private:
    friend class Table;
    const Table *m_table = nullptr;
    std::uint16_t m_type = 0;
    std::uint16_t m_keys = 0;
    Shape m_shape = Shape::Plain;
    bool m_merges = false;
};

/// Merge schemas and scopes of kinds.
class MergeSchema::Table
{
public:
    /// Kubernetes 1.21, which kustomize carries. Source: kustomize kyaml/openapi@v5.8.1
    static const Table &builtIn();
    /// Whether the built-in kinds stay beside those of a document, and which win.
    enum class BuiltIn : std::uint8_t { Left, Winning, Losing };
    /// The definitions of an OpenAPI document (JSON or YAML) instead, or beside the built-in ones.
    /// Errors: InvalidInput for a text that is none.
    static Expected<std::shared_ptr<const Table>> parse(std::string_view document, BuiltIn builtIn = BuiltIn::Left);

    /// The place of the top of a kind; unknown if the kind is.
    MergeSchema kind(std::string_view apiVersion, std::string_view kind) const;
    /// True for kinds that are known to live outside of namespaces.
    bool isClusterScoped(std::string_view apiVersion, std::string_view kind) const;
    /// True for kinds whose scope or fields are known.
    bool knows(std::string_view apiVersion, std::string_view kind) const;

private:
    friend class MergeSchema;
    struct Field
    {
        std::string name;
        std::uint16_t type = 0;
        std::uint16_t keys = 0;
        Shape shape = Shape::Plain;
        bool merges = false;
    };
    using Type = std::vector<Field>;

    MergeSchema placeOf(const Field &field) const;

    std::vector<Type> m_types;
    std::vector<std::vector<std::string_view>> m_keys{{}};
    /// By apiVersion and kind.
    struct KindOrder
    {
        using is_transparent = void;
        template <typename Left, typename Right>
        bool operator()(const Left &left, const Right &right) const
        {
            const int kinds = std::string_view(left.second).compare(std::string_view(right.second));
            return kinds != 0 ? kinds < 0 : std::string_view(left.first) < std::string_view(right.first);
        }
    };
    std::map<std::pair<std::string, std::string>, std::uint16_t, KindOrder> m_kinds;
    std::map<std::pair<std::string, std::string>, bool, KindOrder> m_scopes; ///< true: outside of namespaces
    std::vector<std::unique_ptr<std::string>> m_texts;
    BuiltIn m_builtIn = BuiltIn::Left;

    std::uint16_t keysOf(std::string_view list);
    friend class MergeTableReader;
};

} // namespace tiphys::render::kustomize
