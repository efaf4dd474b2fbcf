// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/builtins.h"

#include <array>
#include <limits>

namespace tiphys::text::detail {

namespace {

std::string typeText(const TemplateValue &value)
{
    return std::string(value.typeName());
}

/// What stands behind a pointer is what messages name.
std::string typeBehindPointer(const TemplateValue &value)
{
    std::string name = typeText(value);
    return value.kind() == Kind::Pointer && name.starts_with('*') ? name.substr(1) : name;
}

std::expected<std::size_t, std::string> positionOf(const TemplateValue &index, std::size_t limit)
{
    if (index.isNil())
        return std::unexpected("cannot index slice/array with nil");
    const Type &type = index.type();
    if (!type.isInteger() && !type.isUnsigned())
        return std::unexpected("cannot index slice/array with type " + typeText(index));
    const std::int64_t position = index.integer();
    if (position < 0 || static_cast<std::uint64_t>(position) > limit)
        return std::unexpected("index out of range: " + std::to_string(position));
    return static_cast<std::size_t>(position);
}

CallResult itemAt(const TemplateValue &item, const TemplateValue &index)
{
    const std::expected<std::size_t, std::string> position = positionOf(index, item.size());
    if (!position)
        return templateError(position.error());
    if (*position == item.size())
        return templateError(item.isString() ? "reflect: string index out of range"
                                             : "reflect: slice index out of range");
    if (item.isString())
        return TemplateValue::unsignedOf(types::kUint8, static_cast<unsigned char>(item.text()[*position]));
    return item.item(*position);
}

CallResult memberOf(const TemplateValue &item, const TemplateValue &key)
{
    if (key.isNil())
        return templateError("value is nil; should be of type string");
    if (!key.is(types::kString))
        return templateError("value has type " + typeText(key) + "; should be string");
    if (const TemplateValue *member = item.find(key.text()))
        return *member;
    return TemplateValue::zeroOf(*item.type().element);
}

} // namespace

CallResult indexed(Arguments arguments)
{
    TemplateValue item = arguments[0];
    if (item.isNil())
        return templateError("index of untyped nil");
    for (const TemplateValue &index : arguments.subspan(1)) {
        if (item.isNil() || (item.kind() == Kind::Pointer && item.isNilOfItsType()))
            return templateError("index of nil pointer");
        CallResult next;
        if (item.isString() || item.isList())
            next = itemAt(item, index);
        else if (item.isMap())
            next = memberOf(item, index);
        else
            return templateError("can't index item of type " + typeBehindPointer(item));
        if (!next)
            return next;
        item = std::move(*next);
    }
    return item;
}

CallResult sliced(Arguments arguments, std::uint64_t interfaces)
{
    const TemplateValue &item = arguments[0];
    const Arguments indexes = arguments.subspan(1);
    if (item.isNil())
        return templateError("slice of untyped nil");
    if (item.kind() == Kind::Pointer && item.isNilOfItsType())
        return templateError("slice of nil pointer");
    if (indexes.size() > 3)
        return templateError("too many slice indexes: " + std::to_string(indexes.size()));
    if (!item.isString() && !item.isList())
        return templateError("can't slice item of type " + typeBehindPointer(item));
    if (item.isString() && indexes.size() == 3)
        return templateError("cannot 3-index slice a string");
    std::array<std::size_t, 3> bounds{0, item.size(), item.size()};
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (interfaces >> (i + 1) & 1)
            return templateError("cannot index slice/array with type interface {}");
        const std::expected<std::size_t, std::string> position = positionOf(indexes[i], item.size());
        if (!position)
            return templateError(position.error());
        bounds[i] = *position;
    }
    const auto invalid = [](std::size_t low, std::size_t high) {
        return templateError("invalid slice index: " + std::to_string(low) + " > " + std::to_string(high));
    };
    if (bounds[0] > bounds[1])
        return invalid(bounds[0], bounds[1]);
    if (bounds[1] > bounds[2])
        return invalid(bounds[1], bounds[2]);
    const std::size_t count = bounds[1] - bounds[0];
    if (item.isString() || item.isBytes())
        return TemplateValue::textOf(item.type(), item.text().substr(bounds[0], count));
    const auto items = item.items().subspan(bounds[0], count);
    return TemplateValue::list({items.begin(), items.end()}, item.type());
}

CallResult calledValue(std::string_view name, Arguments arguments, CallContext &context)
{
    const TemplateValue callee = arguments[0];
    if (callee.isNil())
        return templateError("call of nil");
    const Function *function = callee.function();
    if (!function)
        return templateError("non-function " + std::string(name) + " of type " + typeText(callee));
    const Signature &signature = function->signature;
    const std::size_t given = arguments.size() - 1;
    const std::size_t wanted = signature.parameters.size();
    const std::string count =
        "wrong number of args for " + std::string(name) + ": got " + std::to_string(given) + " want ";
    if (signature.isVariadic && given + 1 < wanted)
        return templateError(count + "at least " + std::to_string(wanted - 1));
    if (!signature.isVariadic && given != wanted)
        return templateError(count + std::to_string(wanted));
    for (std::size_t i = 0; i < given; ++i) {
        const Type &type = *signature.parameters[std::min(i, wanted - 1)];
        TemplateValue &value = arguments[i + 1];
        const std::string place = "arg " + std::to_string(i) + ": ";
        if (value.isNil() && !canBeNil(type))
            return templateError(place + "value is nil; should be of type " + std::string(type.name));
        if (value.isNil() && type.kind != Kind::Interface && &type != &types::kReflectValue)
            value = TemplateValue::nilOf(type);
        if (!value.isNil() && &type != &types::kReflectValue && !isAssignable(value.type(), type))
            return templateError(place + "value has type " + typeText(value) + "; should be " + std::string(type.name));
    }
    return function->call(arguments.subspan(1), context);
}

} // namespace tiphys::text::detail
