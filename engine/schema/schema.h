// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tiphys::schema {

/// How a value of a built-in type looks in JSON.
enum class Kind : std::uint8_t {
    Bool,
    Int32,
    Int64,
    Float,
    String,
    Bytes,       ///< base64 text
    Quantity,    ///< "500m", "1Gi", or a number
    IntOrString, ///< 80 or "25%"
    Time,        ///< RFC 3339 text
    MicroTime,   ///< RFC 3339 text with microseconds
    Duration,    ///< "1h30m0s"
    Any,         ///< any JSON: embedded objects, managed field sets
    Map,         ///< text keys, values of element()
    List,        ///< items of element()
    Struct,      ///< the members of fields()
};

/// How server-side apply sees a list, map or struct.
enum class Relation : std::uint8_t {
    Separable,      ///< map or struct: each member has its own owner
    Atomic,         ///< replaced as a whole
    Set,            ///< list of unique scalars
    AssociativeMap, ///< list of structs, told apart by keys()
};

class Field;

/// A built-in type: one node of the type graph. Lives as long as the program.
class Type
{
public:
    Kind kind() const;
    Relation relation() const;
    /// True if server-side apply knows a schema of this struct.
    bool isInApplySchema() const;
    /// OpenAPI model name of a struct ("io.k8s.api.core.v1.PodSpec"), else "".
    std::string_view name() const;
    /// Type of the items of a list and of the values of a map; null for other kinds.
    const Type *element() const;
    /// Members of a struct; empty for other kinds.
    std::span<const Field> fields() const;
    /// The member with this JSON name; without regard to ASCII case if none matches exactly. Null if there is none.
    const Field *field(std::string_view jsonName) const;
    /// The member with exactly this JSON name, null if there is none.
    const Field *exactField(std::string_view jsonName) const;
    /// Keys of an associative list.
    std::vector<std::string_view> keys() const;

    /// Row of the compiled-in table. Private to the folder.
    std::uint8_t m_kind, m_relation, m_inApplySchema;
    std::uint16_t m_name, m_element, m_first, m_count, m_keys;
};

/// A member of a struct.
class Field
{
public:
    std::string_view name() const;
    const Type &type() const;
    /// Go's `omitempty`: a zero value is not written.
    bool omitsEmpty() const { return m_flags & 1; }
    /// A pointer in Go: zero is told apart from absent.
    bool isPointer() const { return m_flags & 2; }
    /// Patch strategies of strategic merge patch.
    bool patchMerges() const { return m_flags & 4; }
    bool patchReplaces() const { return m_flags & 8; }
    bool patchRetainsKeys() const { return m_flags & 16; }
    /// Go's `omitzero`: a struct without content is not written.
    bool omitsZero() const { return m_flags & 32; }
    /// True if the schema of server-side apply has this field.
    bool isInApplySchema() const { return m_flags & 64; }
    /// True if the schema of server-side apply gives an absent field a value: keyDefault(), or 0 for a number.
    bool hasDefault() const { return m_flags & 128; }
    /// Merge key of a list that merges in strategic merge patch, else "".
    std::string_view mergeKey() const;
    /// Text that stands for an absent key of an associative list ("TCP"), else "".
    std::string_view keyDefault() const;

    /// Row of the compiled-in table. Private to the folder.
    std::uint16_t m_name, m_type;
    std::uint8_t m_flags;
    std::uint16_t m_mergeKey, m_default;
};

/// The struct of a built-in kind (the types that client-go registers: no CustomResourceDefinition, no APIService);
/// null if it is not built in.
/// Source: k8s.io/api@v0.36.3, k8s.io/client-go/applyconfigurations@v0.36.3
const Type *typeOf(const object::Gvk &gvk);

/// The struct with this OpenAPI model name, null if there is none.
const Type *typeNamed(std::string_view modelName);

/// Whether objects of a kind live in a namespace; nothing if the kind is not known here. Also answers for
/// CustomResourceDefinition and APIService.
std::optional<bool> isNamespaced(const object::GroupKind &kind);

/// True if the kind belongs to Kubernetes itself, whatever the version.
bool isBuiltIn(const object::GroupKind &kind);

/// One registered kind.
struct KnownKind
{
    object::Gvk gvk;
    bool isNamespaced = true;
};

/// Every built-in kind, sorted by group, kind and version.
std::vector<KnownKind> knownKinds();

} // namespace tiphys::schema
