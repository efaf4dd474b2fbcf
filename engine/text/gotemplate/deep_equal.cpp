// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/value.h"

#include <algorithm>

namespace tiphys::text {

namespace {

constexpr int kMaxDepth = 1000;

bool equalAtDepth(const TemplateValue &left, const TemplateValue &right, int depth);

bool equalLists(const TemplateValue &left, const TemplateValue &right, int depth)
{
    if (left.isBytes())
        return left.text() == right.text();
    return std::ranges::equal(left.items(), right.items(), [depth](const TemplateValue &a, const TemplateValue &b) {
        return equalAtDepth(a, b, depth + 1);
    });
}

bool equalMaps(const TemplateValue &left, const TemplateValue &right, int depth)
{
    return std::ranges::equal(left.entries(), right.entries(), [depth](const MapEntry &a, const MapEntry &b) {
        return a.key.text() == b.key.text() && equalAtDepth(a.value, b.value, depth + 1);
    });
}

bool equalObjects(const TemplateValue &left, const TemplateValue &right, int depth)
{
    if (left.isSameContent(right))
        return true;
    const TypeMethods *methods = left.type().methods;
    if (!methods)
        return false;
    if (left.is(types::kErrorString))
        return left.text() == right.text();
    const auto leftFields = methods->fields(left);
    const auto rightFields = methods->fields(right);
    if (leftFields.empty())
        return (methods->isStringer() || methods->isError()) && methods->text(left) == methods->text(right);
    return std::ranges::equal(leftFields, rightFields, [depth](const auto &a, const auto &b) {
        return equalAtDepth(a.second, b.second, depth + 1);
    });
}

bool equalAtDepth(const TemplateValue &left, const TemplateValue &right, int depth)
{
    if (left.isNil() || right.isNil())
        return left.isNil() && right.isNil();
    if (&left.type() != &right.type())
        return false;
    // Of maps that contain themselves nothing more is learnt below.
    if (depth > kMaxDepth)
        return true;
    if (left.isNilOfItsType() || right.isNilOfItsType())
        return left.isNilOfItsType() && right.isNilOfItsType();
    switch (left.kind()) {
    case Kind::Bool:
        return left.boolean() == right.boolean();
    case Kind::String:
        return left.text() == right.text();
    case Kind::Float32:
    case Kind::Float64:
        return left.number() == right.number();
    case Kind::Complex128:
        return left.complexNumber() == right.complexNumber();
    case Kind::Slice:
        return left.isSameContent(right) || equalLists(left, right, depth);
    case Kind::Map:
        return left.isSameContent(right) || equalMaps(left, right, depth);
    case Kind::Func:
        return false;
    case Kind::Pointer:
    case Kind::Struct:
        return equalObjects(left, right, depth);
    default:
        return left.unsignedInteger() == right.unsignedInteger();
    }
}

} // namespace

bool deepEqual(const TemplateValue &left, const TemplateValue &right)
{
    return equalAtDepth(left, right, 0);
}

} // namespace tiphys::text
