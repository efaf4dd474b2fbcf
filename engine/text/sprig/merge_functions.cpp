// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

namespace {

using types::kAnyMap;

constexpr int kDepthLimit = 1'000;

constexpr std::string_view kTypesDiffer = "src and dst must be of same type";

enum class Winner { Destination, Source };

/// Whether mergo counts a value as empty; like the falsehood of templates.
bool isEmpty(const TemplateValue &value)
{
    return !isTrue(value);
}

TemplateExpected<void> put(const TemplateValue &map, const TemplateValue &key, const TemplateValue &value)
{
    const Type &element = *map.type().element;
    if (value.isNil() ? !canBeNil(element) : !isAssignable(value.type(), element))
        return templateError("reflect.Value.SetMapIndex: value of type " + std::string(value.typeName())
                             + " is not assignable to type " + std::string(element.name));
    map.set(key, value);
    return {};
}

TemplateExpected<void> mergeMaps(const TemplateValue &destination, const TemplateValue &source, Winner winner,
                                 int depth);

/// One member of the source. What is empty in the destination counts as absent.
/// Source: dario.cat/mergo merge.go (deepMerge)@v1.0.1
TemplateExpected<void> mergeMember(const TemplateValue &destination, const MapEntry &member, Winner winner, int depth)
{
    if (member.value.isNil())
        return winner == Winner::Source ? put(destination, member.key, member.value) : TemplateExpected<void>();
    std::optional<TemplateValue> old;
    if (const TemplateValue *const found = destination.find(member.key.text()))
        old = *found;
    if (member.value.isMap() && old && old->isMap()) {
        if (const TemplateExpected<void> result = mergeMaps(*old, member.value, winner, depth + 1); !result)
            return result;
    }
    const bool isCompound = member.value.isMap() || member.value.kind() == Kind::Struct;
    if (winner == Winner::Destination && isCompound && old && old->kind() == Kind::Pointer)
        return templateError(std::string(kTypesDiffer));
    const bool isOldKept = old && !isEmpty(*old);
    if (isOldKept && member.value.isMap() && old->isMap())
        return {};
    if (winner == Winner::Source || !isOldKept)
        return put(destination, member.key, member.value);
    return {};
}

TemplateExpected<void> mergeMaps(const TemplateValue &destination, const TemplateValue &source, Winner winner,
                                 int depth)
{
    if (depth > kDepthLimit)
        return std::unexpected(TemplateError(ErrorCode::LimitExceeded, "merge: maps nest too deeply"));
    if (destination.isNilOfItsType())
        return {};
    for (const MapEntry &member : source.snapshot()) {
        if (const TemplateExpected<void> result = mergeMember(destination, member, winner, depth); !result)
            return result;
    }
    return {};
}

/// What a failed merge gives: "", or its error ("must…"). Panics of the original are errors in any case.
enum class OnFault { Empty, Error };

CallResult merged(Arguments args, Winner winner, OnFault onFault)
{
    TemplateValue destination = args[0].as(kAnyMap);
    for (const TemplateValue &source : args.subspan(1)) {
        if (destination.isNilOfItsType() && !source.isNilOfItsType())
            destination = TemplateValue::map();
        const TemplateExpected<void> result = mergeMaps(destination, source, winner, 0);
        if (!result && onFault == OnFault::Empty && result.error().text == kTypesDiffer)
            return textResult("");
        if (!result)
            return std::unexpected(result.error());
    }
    return destination;
}

} // namespace

void addMergeFunctions(FunctionTable &table)
{
    const auto add = [&](const char *name, Winner winner, OnFault onFault) {
        table.addVariadic(name, {&kAnyMap, &kAnyMap},
                          [winner, onFault](Arguments args, CallContext &) { return merged(args, winner, onFault); });
    };
    add("merge", Winner::Destination, OnFault::Empty);
    add("mustMerge", Winner::Destination, OnFault::Error);
    add("mergeOverwrite", Winner::Source, OnFault::Empty);
    add("mustMergeOverwrite", Winner::Source, OnFault::Error);
}

} // namespace tiphys::text::sprig
