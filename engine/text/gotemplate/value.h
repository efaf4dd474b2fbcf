// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "text/gotemplate/type.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::text {

class TemplateValue;
struct Function;
struct MapEntry;
using FunctionPtr = std::shared_ptr<const Function>;

namespace detail {

/// What values share.
struct Counted
{
    std::atomic<std::uint32_t> references{1};

    void retain() { references.fetch_add(1, std::memory_order_relaxed); }
    /// True if this was the last reference. A sole owner needs no read-modify-write.
    bool isLastReleased()
    {
        return references.load(std::memory_order_acquire) == 1
               || references.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }
};
/// A text; its bytes follow it in memory, unless they stand elsewhere.
struct TextContent : Counted
{
    bool isShared = false; ///< this is a SharedText
    std::size_t size = 0;

    std::string_view view() const
    {
        return {isShared ? sharedBytes() : reinterpret_cast<const char *>(this + 1), size};
    }

private:
    const char *sharedBytes() const;
};
/// A text whose bytes something else keeps.
struct SharedText : TextContent
{
    const char *bytes = nullptr;
    std::shared_ptr<const void> owner;
};
inline const char *TextContent::sharedBytes() const
{
    return static_cast<const SharedText *>(this)->bytes;
}
struct ListContent;
struct MapContent;

} // namespace detail

/// Content of an object value (struct or pointer): derive from it, give it to TemplateValue::object. Never changed
/// once it is in a value.
class ObjectContent : private detail::Counted
{
public:
    ObjectContent() = default;
    ObjectContent(const ObjectContent &) = delete;
    ObjectContent &operator=(const ObjectContent &) = delete;
    virtual ~ObjectContent() = default;

private:
    friend class TemplateValue;
};

/// A value as Go's text/template sees it: a Go type and its content; 16 bytes.
///
/// Copies share the content. Texts, lists and objects never change; **maps change in place**, and every copy of the
/// value sees it (sprig's `set`, `unset`, `merge`), as in Go. A value, its map contents included, belongs to one thread
/// at a time; texts may be shared between threads.
///
/// What is nil: a value without type (`isNil()`, Go's untyped nil, also what a missing map key gives) and a typed nil
/// list, map, pointer or function (`isNilOfItsType()`; an empty list in most respects, but toJson prints null).
///
/// Numbers: values read from YAML or JSON are float64, `--set k=5` gives int64, literals in templates, `int` and `len`
/// give int, sprig's sums int64. Types are never converted on the way into a function: `isAssignable` decides.
class TemplateValue
{
public:
    /// nil without a type.
    TemplateValue() noexcept : m_type(nullptr), m_content{} {}
    TemplateValue(const TemplateValue &other) noexcept : m_type(other.m_type), m_content(other.m_content) { retain(); }
    TemplateValue(TemplateValue &&other) noexcept
        : m_type(std::exchange(other.m_type, nullptr)), m_content(other.m_content)
    {
    }
    TemplateValue &operator=(TemplateValue other) noexcept
    {
        std::swap(m_type, other.m_type);
        std::swap(m_content, other.m_content);
        return *this;
    }
    ~TemplateValue() { release(); }

    static TemplateValue boolean(bool value);
    /// Go's int.
    static TemplateValue integer(std::int64_t value) { return signedOf(types::kInt, value); }
    static TemplateValue int64(std::int64_t value) { return signedOf(types::kInt64, value); }
    static TemplateValue uint64(std::uint64_t value) { return unsignedOf(types::kUint64, value); }
    static TemplateValue float64(double value) { return floatOf(types::kFloat64, value); }
    static TemplateValue string(std::string_view text) { return textOf(types::kString, text); }
    /// []uint8; read with text().
    static TemplateValue bytes(std::string_view content) { return textOf(types::kBytes, content); }
    /// The same without a copy: \p owner keeps \p content alive and unchanged.
    static TemplateValue bytes(std::shared_ptr<const void> owner, std::string_view content);
    /// A list; each item must be assignable to the element type of \p type (nil only if that is an interface).
    static TemplateValue list(std::vector<TemplateValue> items, const Type &type = types::kAnyList);
    static TemplateValue stringList(std::span<const std::string> items);
    static TemplateValue stringList(std::span<const std::string_view> items);
    /// A new empty map with string keys.
    static TemplateValue map(const Type &type = types::kAnyMap);
    /// A new map of \p entries in any order; of equal keys the last wins.
    static TemplateValue map(std::vector<MapEntry> entries, const Type &type = types::kAnyMap);
    /// A struct or pointer; what it can do is told by `type.methods`.
    static TemplateValue object(const Type &type, std::unique_ptr<ObjectContent> content);
    static TemplateValue function(FunctionPtr function, const Type &type = types::kFunc);
    /// An error as a value (what a function gives back as data): prints as \p text.
    static TemplateValue error(std::string_view text) { return textOf(types::kErrorString, text); }
    static TemplateValue complex(double real, double imaginary);
    /// nil of a slice, map, pointer or function type.
    static TemplateValue nilOf(const Type &type);
    /// Go's zero value of \p type: false, 0, "", nil; nil without a type for interfaces.
    static TemplateValue zeroOf(const Type &type);

    /// Values of defined scalar types, such as time.Duration.
    static TemplateValue signedOf(const Type &type, std::int64_t value);
    static TemplateValue unsignedOf(const Type &type, std::uint64_t value);
    static TemplateValue floatOf(const Type &type, double value);
    static TemplateValue textOf(const Type &type, std::string_view text);

    /// The same content (a map stays the same map) under another type of the same kind: `common.Values` of a
    /// `map[string]interface {}` and back.
    TemplateValue as(const Type &type) const;

    /// nil without a type.
    bool isNil() const { return m_type == nullptr; }
    /// nil, or a nil slice, map, pointer or function.
    bool isNilOfItsType() const;
    Kind kind() const { return m_type ? m_type->kind : Kind::Invalid; }
    /// The type; only for values that are not nil.
    const Type &type() const { return *m_type; }
    /// As `%T` prints it; "<nil>" for nil.
    std::string_view typeName() const { return m_type ? m_type->name : "<nil>"; }
    bool is(const Type &type) const { return m_type == &type; }
    bool isString() const { return kind() == Kind::String; }
    bool isMap() const { return kind() == Kind::Map; }
    /// Any slice, bytes included (their items are made on demand, see item()).
    bool isList() const { return kind() == Kind::Slice; }
    /// []uint8 or a defined type of it: content in text().
    bool isBytes() const { return kind() == Kind::Slice && m_type->element->kind == Kind::Uint8; }

    /// The scalar; only for values of these kinds: Bool; Int…Int64; Uint…Uintptr; Float32, Float64.
    bool boolean() const { return m_content.boolean; }
    std::int64_t integer() const { return m_content.integer; }
    std::uint64_t unsignedInteger() const { return m_content.unsignedInteger; }
    double number() const { return m_content.number; }
    std::pair<double, double> complexNumber() const;
    /// Of strings, bytes and TemplateValue::error; "" for all others. Lives as long as the content.
    std::string_view text() const
    {
        if (!m_type || m_type->kind != Kind::String)
            return otherText();
        return m_content.counted ? static_cast<const detail::TextContent *>(m_content.counted)->view()
                                 : std::string_view();
    }

    /// Items of a list, entries of a map, bytes of a string; 0 for all others.
    std::size_t size() const;
    /// Items of a list that is not bytes; empty for all others.
    std::span<const TemplateValue> items() const;
    /// Item \p index of a list, bytes included (as uint8); the index must be below size().
    TemplateValue item(std::size_t index) const;

    /// Entries of a map by key, bytewise; empty for all others. Invalid as soon as the map changes.
    std::span<const MapEntry> entries() const;
    /// A copy of the entries: for loops that call what may change the map.
    std::vector<MapEntry> snapshot() const;
    /// The member; nullptr if absent or if this is no map. Invalid as soon as the map changes.
    const TemplateValue *find(std::string_view key) const;
    /// Sets a member of this map (not nil) in place.
    void set(std::string_view key, TemplateValue value) const;
    void set(const TemplateValue &key, TemplateValue value) const;
    /// Removes a member of this map in place.
    void unset(std::string_view key) const;
    /// Whether both are the very same map, list, text or object.
    bool isSameContent(const TemplateValue &other) const;

    /// Content of a struct or pointer; nullptr for all others.
    const ObjectContent *objectContent() const;
    /// The function of a function value; nullptr for all others.
    const Function *function() const;

private:
    union Content {
        bool boolean;
        std::int64_t integer;
        std::uint64_t unsignedInteger;
        double number;
        detail::Counted *counted = nullptr;
    };
    enum class Storage : std::uint8_t { Scalar, Text, List, Map, Object };
    static Storage storageOf(const Type &type);
    bool hasContent() const { return m_type && m_type->kind >= Kind::Complex128 && m_content.counted != nullptr; }
    void retain() const noexcept
    {
        if (hasContent())
            m_content.counted->retain();
    }
    void release() noexcept
    {
        if (hasContent() && m_content.counted->isLastReleased())
            destroyContent();
    }
    void destroyContent() noexcept;
    std::string_view otherText() const;
    const detail::ListContent &listContent() const;
    detail::MapContent &mapContent() const;
    ObjectContent *anyObjectContent() const;

    const Type *m_type;
    Content m_content;
};

static_assert(sizeof(TemplateValue) == 16);

/// One member of a map; the key is a string value.
struct MapEntry
{
    TemplateValue key;
    TemplateValue value;
};

/// Methods and fields of a type, found by name as Go's reflection does (methods before fields and map keys).
/// One constant object per type.
class TypeMethods
{
public:
    virtual ~TypeMethods() = default;
    /// Whether it has Error() or String(): then text() is what printing gives.
    virtual bool isError() const { return false; }
    virtual bool isStringer() const { return false; }
    virtual std::string text(const TemplateValue &value) const;
    /// The method bound to \p receiver; nullptr if there is none of that name.
    virtual FunctionPtr method(const TemplateValue &receiver, std::string_view name) const;
    /// Exported fields of a struct (or of the struct behind a pointer) in order; printing shows them.
    virtual std::vector<std::pair<std::string_view, TemplateValue>> fields(const TemplateValue &value) const;
    /// One field; nothing if there is none of that name. Searches fields() unless overridden.
    virtual std::optional<TemplateValue> field(const TemplateValue &value, std::string_view name) const;
};

/// How numbers of an object::Value become Go numbers.
enum class Numbers {
    AllFloat64, ///< as encoding/json does: values files, --set-json, fromJson
    Exact,      ///< integers as int64 (uint64 above), as `--set` gives them
};
/// \p value as Go's decoder would hold it: nil, bool, float64, string, []interface {}, map[string]interface {}.
TemplateValue templateValueOf(const object::Value &value, Numbers numbers = Numbers::AllFloat64);
/// \p value as data, maps by key. Errors as values become their text, bytes base64 (encoding/json), objects maps of
/// their fields, functions null. Maps that contain themselves are cut off (null) at depth 1000 and 10 million nodes.
object::Value objectValueOf(const TemplateValue &value);

/// Truth of a value in if, with, and, or, not: false for nil, false, 0, "", and empty or nil lists and maps.
/// Source: golang src/text/template/exec.go (IsTrue)@go1.26
bool isTrue(const TemplateValue &value);

/// Go's reflect.DeepEqual of two interfaces: types must be the same (int 1 and float64 1 differ), a nil list or map
/// differs from an empty one, not-a-number differs from itself. Beyond 2 million parts all counts as equal.
bool deepEqual(const TemplateValue &left, const TemplateValue &right);

/// Empties every map that can be reached from \p root: what the owner of a render does at its end, because maps
/// that contain themselves (`set $ "root" $`) would keep each other alive for ever.
void releaseTree(const TemplateValue &root);

} // namespace tiphys::text
