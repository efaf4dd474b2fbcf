// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include <algorithm>

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kBool;

/// Sprig's empty is the opposite of the truth of templates.
bool isEmpty(const TemplateValue &value)
{
    return !isTrue(value);
}

} // namespace

void addDefaultFunctions(FunctionTable &table)
{
    table.addVariadic("default", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        return args.size() < 2 || isEmpty(args[1]) ? args[0] : args[1];
    });
    table.add("empty", {&kAny},
              [](Arguments args, CallContext &) -> CallResult { return TemplateValue::boolean(isEmpty(args[0])); });
    table.addVariadic("coalesce", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        const auto found = std::ranges::find_if(args, isTrue);
        return found == args.end() ? TemplateValue() : *found;
    });
    table.addVariadic("all", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(std::ranges::all_of(args, isTrue));
    });
    table.addVariadic("any", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(std::ranges::any_of(args, isTrue));
    });
    table.add("ternary", {&kAny, &kAny, &kBool},
              [](Arguments args, CallContext &) -> CallResult { return args[2].boolean() ? args[0] : args[1]; });
    table.add("fail", {&types::kString},
              [](Arguments args, CallContext &) -> CallResult { return templateError(std::string(args[0].text())); });
}

} // namespace tiphys::text::sprig
