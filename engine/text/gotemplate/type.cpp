// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/type.h"

#include "text/gotemplate/value.h"

#include <array>

namespace tiphys::text {

std::string_view kindName(Kind kind)
{
    static constexpr std::array<std::string_view, 23> kNames{
        "invalid", "bool",      "int",    "int8",   "int16",   "int32",   "int64",   "uint",
        "uint8",   "uint16",    "uint32", "uint64", "uintptr", "float32", "float64", "complex128",
        "func",    "interface", "map",    "ptr",    "slice",   "string",  "struct"};
    return kNames[static_cast<std::size_t>(kind)];
}

namespace {

bool fulfils(const Type &type, const Type &interface)
{
    if (&interface == &types::kAny)
        return true;
    if (!type.methods)
        return false;
    return &interface == &types::kError ? type.methods->isError() : type.methods->isStringer();
}

class ErrorStringMethods final : public TypeMethods
{
public:
    bool isError() const override { return true; }
    std::string text(const TemplateValue &value) const override { return std::string(value.text()); }
};
const ErrorStringMethods kErrorStringMethods;

} // namespace

bool isAssignable(const Type &from, const Type &to)
{
    if (&from == &to)
        return true;
    if (to.kind == Kind::Interface)
        return fulfils(from, to);
    // int, string and the like are defined types themselves: time.Duration is no int64.
    const bool isComposite = to.kind == Kind::Map || to.kind == Kind::Slice || to.kind == Kind::Func;
    if (!isComposite || (from.underlying && to.underlying))
        return false;
    return from.underlying == &to || to.underlying == &from;
}

bool canBeNil(const Type &type)
{
    switch (type.kind) {
    case Kind::Func:
    case Kind::Interface:
    case Kind::Map:
    case Kind::Pointer:
    case Kind::Slice: return true;
    default: return &type == &types::kReflectValue;
    }
}

const Type types::kErrorString{Kind::Pointer, "*errors.errorString", nullptr, nullptr, &kErrorStringMethods};

} // namespace tiphys::text
