// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "base/base64.h"
#include "object/json.h"
#include "text/sprig/base_text.h"
#include "text/sprig/go_json.h"

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kString;

/// What a value that cannot be written gives.
enum class OnFault { Empty, Error };

void addWriter(FunctionTable &table, std::string name, object::JsonOptions options, OnFault onFault)
{
    table.add(std::move(name), {&kAny}, [options, onFault](Arguments args, CallContext &context) -> CallResult {
        const TemplateExpected<object::Value> value = jsonValueOf(args[0]);
        if (!value)
            return onFault == OnFault::Empty ? textResult("") : CallResult(std::unexpected(value.error()));
        const std::string text = object::toJson(*value, options);
        if (!takeBytes(context, text.size()))
            return budgetExceeded("text made by a function");
        return textResult(text);
    });
}

void addDecoder(FunctionTable &table, std::string name, TemplateExpected<std::string> (*decode)(std::string_view))
{
    table.add(std::move(name), {&kString}, [decode](Arguments args, CallContext &) {
        const TemplateExpected<std::string> bytes = decode(args[0].text());
        return textResult(bytes ? *bytes : bytes.error().text);
    });
}

CallResult readJson(std::string_view text)
{
    const TemplateExpected<object::Value> value = parseGoJson(text);
    if (!value)
        return std::unexpected(value.error());
    return templateValueOf(*value);
}

} // namespace

void addEncodingFunctions(FunctionTable &table)
{
    const object::JsonOptions compact{object::JsonStyle::Compact, object::KeyOrder::Kept, true};
    const object::JsonOptions pretty{object::JsonStyle::Indented, object::KeyOrder::Kept, true};
    const object::JsonOptions raw{object::JsonStyle::Compact, object::KeyOrder::Kept, false};
    addWriter(table, "toJson", compact, OnFault::Empty);
    addWriter(table, "mustToJson", compact, OnFault::Error);
    addWriter(table, "toPrettyJson", pretty, OnFault::Empty);
    addWriter(table, "mustToPrettyJson", pretty, OnFault::Error);
    addWriter(table, "toRawJson", raw, OnFault::Error);
    addWriter(table, "mustToRawJson", raw, OnFault::Error);
    table.add("fromJson", {&kString}, [](Arguments args, CallContext &) -> CallResult {
        return readJson(args[0].text()).value_or(TemplateValue());
    });
    table.add("mustFromJson", {&kString}, [](Arguments args, CallContext &) { return readJson(args[0].text()); });
    table.add("b64enc", {&kString}, [](Arguments args, CallContext &) { return textResult(base64Of(args[0].text())); });
    table.add("b32enc", {&kString},
              [](Arguments args, CallContext &) { return textResult(base32Text(args[0].text())); });
    addDecoder(table, "b64dec", base64Bytes);
    addDecoder(table, "b32dec", base32Bytes);
}

} // namespace tiphys::text::sprig
