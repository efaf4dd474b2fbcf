// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kString;

} // namespace

void addReflectionFunctions(FunctionTable &table)
{
    table.add("typeOf", {&kAny}, [](Arguments args, CallContext &) { return textResult(args[0].typeName()); });
    table.add("typeIs", {&kString, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(args[0].text() == args[1].typeName());
    });
    table.add("typeIsLike", {&kString, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        const std::string_view name = args[1].typeName();
        return TemplateValue::boolean(args[0].text() == name || "*" + std::string(args[0].text()) == name);
    });
    table.add("kindOf", {&kAny}, [](Arguments args, CallContext &) { return textResult(kindName(args[0].kind())); });
    table.add("kindIs", {&kString, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(args[0].text() == kindName(args[1].kind()));
    });
    table.add("deepEqual", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(deepEqual(args[0], args[1]));
    });
}

} // namespace tiphys::text::sprig
