// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/value.h"

#include <algorithm>

namespace tiphys::text {

namespace {

/// How far a comparison went: values may contain themselves and share their parts.
struct Walk
{
    int depth = 0;
    int steps = 0;
};
constexpr int kMaxDepth = 1000;
constexpr int kMaxSteps = 2000000;

bool equalAtDepth(const TemplateValue &left, const TemplateValue &right, Walk &walk);

bool equalLists(const TemplateValue &left, const TemplateValue &right, Walk &walk)
{
    if (left.isBytes())
        return left.text() == right.text();
    return std::ranges::equal(left.items(), right.items(), [&walk](const TemplateValue &a, const TemplateValue &b) {
        return equalAtDepth(a, b, walk);
    });
}

bool equalMaps(const TemplateValue &left, const TemplateValue &right, Walk &walk)
{
    return std::ranges::equal(left.entries(), right.entries(), [&walk](const MapEntry &a, const MapEntry &b) {
        return a.key.text() == b.key.text() && equalAtDepth(a.value, b.value, walk);
    });
}

bool equalObjects(const TemplateValue &left, const TemplateValue &right, Walk &walk)
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
    return std::ranges::equal(leftFields, rightFields,
                              [&walk](const auto &a, const auto &b) { return equalAtDepth(a.second, b.second, walk); });
}

bool equalContents(const TemplateValue &left, const TemplateValue &right, Walk &walk);

bool equalAtDepth(const TemplateValue &left, const TemplateValue &right, Walk &walk)
{
    if (left.isNil() || right.isNil())
        return left.isNil() && right.isNil();
    if (&left.type() != &right.type())
        return false;
    if (left.isNilOfItsType() || right.isNilOfItsType())
        return left.isNilOfItsType() && right.isNilOfItsType();
    // Of maps that contain themselves nothing more is learnt below.
    if (walk.depth >= kMaxDepth || ++walk.steps > kMaxSteps)
        return true;
    ++walk.depth;
    const bool areEqual = equalContents(left, right, walk);
    --walk.depth;
    return areEqual;
}

bool equalContents(const TemplateValue &left, const TemplateValue &right, Walk &walk)
{
    switch (left.kind()) {
    case Kind::Bool: return left.boolean() == right.boolean();
    case Kind::String: return left.text() == right.text();
    case Kind::Float32:
    case Kind::Float64: return left.number() == right.number();
    case Kind::Complex128: return left.complexNumber() == right.complexNumber();
    case Kind::Slice: return left.isSameContent(right) || equalLists(left, right, walk);
    case Kind::Map: return left.isSameContent(right) || equalMaps(left, right, walk);
    case Kind::Func: return false;
    case Kind::Pointer:
    case Kind::Struct: return equalObjects(left, right, walk);
    default: return left.unsignedInteger() == right.unsignedInteger();
    }
}

} // namespace

bool deepEqual(const TemplateValue &left, const TemplateValue &right)
{
    Walk walk;
    return equalAtDepth(left, right, walk);
}

} // namespace tiphys::text
