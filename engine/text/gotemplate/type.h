// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace tiphys::text {

class TypeMethods;

/// Go's reflect.Kind, without what templates never see (channels, arrays, unsafe pointers).
enum class Kind : std::uint8_t {
    Invalid, ///< nil without a type
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex128,
    Func,
    Interface, ///< of parameters and elements only: a value always has the type that is in the interface
    Map,
    Pointer,
    Slice,
    String,
    Struct,
};

/// Go's word for a kind: "int", "slice", "ptr", "invalid" (what sprig's `kindOf` answers).
std::string_view kindName(Kind kind);

/// A Go type. Types are constants: two types are the same if their addresses are.
///
/// A folder that needs a type of its own declares one beside its code: `inline constexpr Type kTime{…}`.
struct Type
{
    Kind kind = Kind::Invalid;
    /// As `%T` prints it: "map[string]interface {}", "time.Duration".
    std::string_view name;
    /// Of slices, maps and pointers: what is in them.
    const Type *element = nullptr;
    /// Of defined types ("type Values map[string]any"): the type they are made of; nullptr for the others.
    const Type *underlying = nullptr;
    /// Methods and struct fields; nullptr for none.
    const TypeMethods *methods = nullptr;

    bool isInteger() const { return kind >= Kind::Int && kind <= Kind::Int64; }
    bool isUnsigned() const { return kind >= Kind::Uint && kind <= Kind::Uintptr; }
    bool isFloat() const { return kind == Kind::Float32 || kind == Kind::Float64; }
};

/// Whether a value of type \p from may stand where \p to is asked for: the same type, any interface that it fulfils
/// (`interface {}`, `error`, `fmt.Stringer`), or two maps, lists or functions of one make of which at most one is a defined
/// type (`common.Values` and `map[string]interface {}`, in both directions; not `time.Duration` and `int64`).
/// Source: golang src/reflect/type.go (AssignableTo)@go1.26
bool isAssignable(const Type &from, const Type &to);

/// Whether nil may stand where \p type is asked for.
/// Source: golang src/text/template/exec.go (canBeNil)@go1.26
bool canBeNil(const Type &type);

namespace types {

inline constexpr Type kAny{Kind::Interface, "interface {}"};
inline constexpr Type kError{Kind::Interface, "error"};
inline constexpr Type kStringer{Kind::Interface, "fmt.Stringer"};
/// A parameter that takes whatever there is, nil and missing values included, without conversion.
inline constexpr Type kReflectValue{Kind::Struct, "reflect.Value"};

inline constexpr Type kBool{Kind::Bool, "bool"};
inline constexpr Type kInt{Kind::Int, "int"};
inline constexpr Type kInt8{Kind::Int8, "int8"};
inline constexpr Type kInt16{Kind::Int16, "int16"};
inline constexpr Type kInt32{Kind::Int32, "int32"};
inline constexpr Type kInt64{Kind::Int64, "int64"};
inline constexpr Type kUint{Kind::Uint, "uint"};
inline constexpr Type kUint8{Kind::Uint8, "uint8"};
inline constexpr Type kUint16{Kind::Uint16, "uint16"};
inline constexpr Type kUint32{Kind::Uint32, "uint32"};
inline constexpr Type kUint64{Kind::Uint64, "uint64"};
inline constexpr Type kUintptr{Kind::Uintptr, "uintptr"};
inline constexpr Type kFloat32{Kind::Float32, "float32"};
inline constexpr Type kFloat64{Kind::Float64, "float64"};
inline constexpr Type kComplex128{Kind::Complex128, "complex128"};
inline constexpr Type kString{Kind::String, "string"};

inline constexpr Type kAnyList{Kind::Slice, "[]interface {}", &kAny};
inline constexpr Type kStringList{Kind::Slice, "[]string", &kString};
inline constexpr Type kIntList{Kind::Slice, "[]int", &kInt};
inline constexpr Type kInt64List{Kind::Slice, "[]int64", &kInt64};
inline constexpr Type kFloat64List{Kind::Slice, "[]float64", &kFloat64};
/// Bytes: kept as text, not as a list of numbers.
inline constexpr Type kBytes{Kind::Slice, "[]uint8", &kUint8};
inline constexpr Type kAnyListList{Kind::Slice, "[][]interface {}", &kAnyList};

inline constexpr Type kAnyMap{Kind::Map, "map[string]interface {}", &kAny};
inline constexpr Type kStringMap{Kind::Map, "map[string]string", &kString};
inline constexpr Type kBytesMap{Kind::Map, "map[string][]uint8", &kBytes};
inline constexpr Type kAnyMapList{Kind::Slice, "[]map[string]interface {}", &kAnyMap};

/// Any function value; Go prints the exact signature as type name, this one does not.
inline constexpr Type kFunc{Kind::Func, "func(...interface {}) interface {}"};
/// What errors.New makes: prints as its text. Values of it are made with TemplateValue::error.
extern const Type kErrorString;

} // namespace types
} // namespace tiphys::text
