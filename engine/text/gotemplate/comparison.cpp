// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/builtins.h"
#include "text/gotemplate/format.h"

namespace tiphys::text::detail {

namespace {

constexpr std::string_view kBadComparison = "invalid type for comparison";

enum class Basic { None, Bool, Complex, Int, Float, String, Uint };

Basic basicOf(const TemplateValue &value)
{
    if (value.isNil())
        return Basic::None;
    const Type &type = value.type();
    if (type.isInteger())
        return Basic::Int;
    if (type.isUnsigned())
        return Basic::Uint;
    if (type.isFloat())
        return Basic::Float;
    switch (type.kind) {
    case Kind::Bool: return Basic::Bool;
    case Kind::Complex128: return Basic::Complex;
    case Kind::String: return Basic::String;
    default: return Basic::None;
    }
}

std::string formatted(std::string_view format, std::initializer_list<TemplateValue> values)
{
    return sprintf(format, std::span(values.begin(), values.size()));
}

std::string incompatible(const TemplateValue &left, const TemplateValue &right)
{
    return "incompatible types for comparison: " + std::string(left.typeName()) + " and "
           + std::string(right.typeName());
}

bool isIntEqualToUint(std::int64_t left, std::uint64_t right)
{
    return left >= 0 && static_cast<std::uint64_t>(left) == right;
}

/// Of two values without basic kind.
std::expected<bool, std::string> areReferencesEqual(const TemplateValue &left, const TemplateValue &right)
{
    if (left.kind() != right.kind() && !left.isNil() && !right.isNil())
        return std::unexpected(formatted("non-comparable types %s: ", {left}) + std::string(left.typeName()) + ", "
                               + std::string(right.typeName()) + formatted(": %v", {right}));
    if (left.isNilOfItsType() || right.isNilOfItsType())
        return left.isNilOfItsType() == right.isNilOfItsType();
    const Kind kind = right.kind();
    if (kind == Kind::Map || kind == Kind::Slice || kind == Kind::Func)
        return std::unexpected(formatted("non-comparable type %s: ", {right}) + std::string(right.typeName()));
    return kind == Kind::Pointer ? left.isSameContent(right) : deepEqual(left, right);
}

std::expected<bool, std::string> areEqual(const TemplateValue &left, const TemplateValue &right)
{
    const Basic a = basicOf(left);
    const Basic b = basicOf(right);
    if (a != b) {
        if (a == Basic::Int && b == Basic::Uint)
            return isIntEqualToUint(left.integer(), right.unsignedInteger());
        if (a == Basic::Uint && b == Basic::Int)
            return isIntEqualToUint(right.integer(), left.unsignedInteger());
        if (!left.isNil() && !right.isNil())
            return std::unexpected(incompatible(left, right));
        return false;
    }
    switch (a) {
    case Basic::Bool: return left.boolean() == right.boolean();
    case Basic::Complex: return left.complexNumber() == right.complexNumber();
    case Basic::Int: return left.integer() == right.integer();
    case Basic::Float: return left.number() == right.number();
    case Basic::String: return left.text() == right.text();
    case Basic::Uint: return left.unsignedInteger() == right.unsignedInteger();
    case Basic::None: break;
    }
    return areReferencesEqual(left, right);
}

} // namespace

std::expected<bool, std::string> isEqualToAny(const TemplateValue &first, std::span<const TemplateValue> others)
{
    if (others.empty())
        return std::unexpected("missing argument for comparison");
    for (const TemplateValue &other : others) {
        const std::expected<bool, std::string> isEqual = areEqual(first, other);
        if (!isEqual || *isEqual)
            return isEqual;
    }
    return false;
}

std::expected<bool, std::string> isLess(const TemplateValue &left, const TemplateValue &right)
{
    const Basic a = basicOf(left);
    const Basic b = basicOf(right);
    if (a == Basic::None || b == Basic::None)
        return std::unexpected(std::string(kBadComparison));
    if (a == Basic::Int && b == Basic::Uint)
        return left.integer() < 0 || static_cast<std::uint64_t>(left.integer()) < right.unsignedInteger();
    if (a == Basic::Uint && b == Basic::Int)
        return right.integer() >= 0 && left.unsignedInteger() < static_cast<std::uint64_t>(right.integer());
    if (a != b)
        return std::unexpected(incompatible(left, right));
    switch (a) {
    case Basic::Float: return left.number() < right.number();
    case Basic::Int: return left.integer() < right.integer();
    case Basic::String: return left.text() < right.text();
    case Basic::Uint: return left.unsignedInteger() < right.unsignedInteger();
    case Basic::Bool:
    case Basic::Complex:
    case Basic::None: break;
    }
    return std::unexpected(std::string(kBadComparison));
}

} // namespace tiphys::text::detail
