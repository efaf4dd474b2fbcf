// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/sprig/version_value.h"

#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kAnyMap;
using types::kString;

constexpr int kDepthLimit = 1'000;

CallResult dictionary(Arguments args)
{
    const TemplateValue map = TemplateValue::map();
    for (std::size_t i = 0; i < args.size(); i += 2)
        map.set(textOfValue(args[i]), i + 1 < args.size() ? args[i + 1] : TemplateValue::string(""));
    return map;
}

/// Go's panic of a type assertion x.(wanted).
std::unexpected<TemplateError> conversionPanic(const TemplateValue &value, const Type &wanted)
{
    const std::string name(value.isNil() ? "nil" : value.typeName());
    return templateError("interface conversion: interface {} is " + name + ", not " + std::string(wanted.name));
}

CallResult dug(Arguments args)
{
    if (args.size() < 3)
        return templateError("dig needs at least three arguments");
    TemplateValue step = args.back();
    if (!step.is(kAnyMap))
        return conversionPanic(step, kAnyMap);
    const Arguments keys = args.first(args.size() - 2);
    for (const TemplateValue &key : keys) {
        if (!key.is(kString))
            return conversionPanic(key, kString);
    }
    for (const TemplateValue &key : keys) {
        if (!step.is(kAnyMap))
            return conversionPanic(step, kAnyMap);
        const TemplateValue *const next = step.find(key.text());
        if (!next)
            return args[args.size() - 2];
        const TemplateValue held = *next;
        step = held;
    }
    return step;
}

CallResult copied(const TemplateValue &value, int depth)
{
    if (depth > kDepthLimit)
        return std::unexpected(TemplateError(ErrorCode::LimitExceeded, "deepCopy error: value nests too deeply"));
    if (value.isNilOfItsType())
        return value;
    if (value.isMap()) {
        std::vector<MapEntry> entries = value.snapshot();
        for (MapEntry &entry : entries) {
            CallResult copy = copied(entry.value, depth + 1);
            if (!copy)
                return copy;
            entry.value = *std::move(copy);
        }
        return TemplateValue::map(std::move(entries), value.type());
    }
    if (value.isList() && !value.isBytes()) {
        std::vector<TemplateValue> items;
        items.reserve(value.size());
        for (const TemplateValue &item : value.items()) {
            CallResult copy = copied(item, depth + 1);
            if (!copy)
                return copy;
            items.push_back(*std::move(copy));
        }
        return TemplateValue::list(std::move(items), value.type());
    }
    // The original copies exported fields only, and versions have none.
    return value.typeName() == "*semver.Version" ? versionValue(SemVersion()) : value;
}

void addAccess(FunctionTable &table)
{
    table.addVariadic("dict", {&kAny}, [](Arguments args, CallContext &) { return dictionary(args); });
    table.add("get", {&kAnyMap, &kString}, [](Arguments args, CallContext &) -> CallResult {
        const TemplateValue *const value = args[0].find(args[1].text());
        return value ? *value : TemplateValue::string("");
    });
    table.add("set", {&kAnyMap, &kString, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        if (args[0].isNilOfItsType())
            return templateError("assignment to entry in nil map");
        args[0].set(args[1].text(), args[2]);
        return args[0].as(kAnyMap);
    });
    table.add("unset", {&kAnyMap, &kString}, [](Arguments args, CallContext &) -> CallResult {
        if (args[0].isNilOfItsType())
            return TemplateValue::nilOf(kAnyMap);
        args[0].unset(args[1].text());
        return args[0].as(kAnyMap);
    });
    table.add("hasKey", {&kAnyMap, &kString}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(args[0].find(args[1].text()) != nullptr);
    });
    table.addVariadic("dig", {&kAny}, [](Arguments args, CallContext &) { return dug(args); });
}

void addSelections(FunctionTable &table)
{
    table.addVariadic("pluck", {&kString, &kAnyMap}, [](Arguments args, CallContext &) -> CallResult {
        std::vector<TemplateValue> found;
        for (const TemplateValue &map : args.subspan(1)) {
            if (const TemplateValue *const value = map.find(args[0].text()))
                found.push_back(*value);
        }
        return TemplateValue::list(std::move(found));
    });
    table.addVariadic("keys", {&kAnyMap}, [](Arguments args, CallContext &) -> CallResult {
        std::vector<std::string_view> keys;
        for (const TemplateValue &map : args) {
            for (const MapEntry &entry : map.entries())
                keys.push_back(entry.key.text());
        }
        return TemplateValue::stringList(keys);
    });
    table.add("values", {&kAnyMap}, [](Arguments args, CallContext &) -> CallResult {
        std::vector<TemplateValue> values;
        for (const MapEntry &entry : args[0].entries())
            values.push_back(entry.value);
        return TemplateValue::list(std::move(values));
    });
    table.addVariadic("pick", {&kAnyMap, &kString}, [](Arguments args, CallContext &) -> CallResult {
        const TemplateValue picked = TemplateValue::map();
        for (const TemplateValue &key : args.subspan(1)) {
            if (const TemplateValue *const value = args[0].find(key.text()))
                picked.set(key, *value);
        }
        return picked;
    });
    table.addVariadic("omit", {&kAnyMap, &kString}, [](Arguments args, CallContext &) -> CallResult {
        std::vector<MapEntry> kept = args[0].snapshot();
        for (const TemplateValue &key : args.subspan(1))
            std::erase_if(kept, [&](const MapEntry &entry) { return entry.key.text() == key.text(); });
        return TemplateValue::map(std::move(kept));
    });
}

} // namespace

void addDictionaryFunctions(FunctionTable &table)
{
    addAccess(table);
    addSelections(table);
    for (const char *const name : {"deepCopy", "mustDeepCopy"}) {
        table.add(name, {&kAny}, [](Arguments args, CallContext &) -> CallResult {
            if (args[0].isNil())
                return templateError("reflect: call of reflect.Value.Type on zero Value");
            return copied(args[0], 0);
        });
    }
}

} // namespace tiphys::text::sprig
