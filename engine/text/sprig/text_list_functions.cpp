// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "object/utf8.h"

#include <algorithm>
#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kInt;
using types::kString;

/// Parts of \p text between \p separator, at most \p limit (all if negative); an empty separator splits characters.
/// Source: golang src/strings/strings.go (SplitN)@go1.26
std::vector<std::string_view> parts(std::string_view text, std::string_view separator, std::int64_t limit)
{
    std::vector<std::string_view> result;
    if (limit == 0)
        return result;
    const std::uint64_t most = limit < 0 ? text.size() + 1 : static_cast<std::uint64_t>(limit);
    if (separator.empty()) {
        while (!text.empty() && result.size() + 1 < most) {
            const std::size_t size = object::detail::codePointAt(text, 0).size;
            result.push_back(text.substr(0, size));
            text.remove_prefix(size);
        }
        if (!text.empty())
            result.push_back(text);
        return result;
    }
    while (result.size() + 1 < most) {
        const std::size_t end = text.find(separator);
        if (end == std::string_view::npos)
            break;
        result.push_back(text.substr(0, end));
        text.remove_prefix(end + separator.size());
    }
    result.push_back(text);
    return result;
}

/// Parts as map: "_0", "_1" and so on.
TemplateValue numbered(const std::vector<std::string_view> &texts)
{
    std::vector<MapEntry> entries;
    entries.reserve(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        entries.push_back({TemplateValue::string("_" + std::to_string(i)), TemplateValue::string(texts[i])});
    return TemplateValue::map(std::move(entries), types::kStringMap);
}

CallResult joined(std::string_view separator, const TemplateValue &value, CallContext &context)
{
    std::string text;
    bool isFirst = true;
    for (const std::string &part : textsOfValue(value)) {
        if (!isFirst)
            text += separator;
        isFirst = false;
        text += part;
        if (text.size() > kByteLimit)
            break;
    }
    if (!takeBytes(context, text.size()))
        return budgetExceeded("text made by a function");
    return textResult(text);
}

TemplateValue sortedTexts(const TemplateValue &value)
{
    if (!value.isList()) {
        const std::string text = textOfValue(value);
        return TemplateValue::stringList(std::span<const std::string>(&text, 1));
    }
    std::vector<std::string> texts = textsOfValue(value);
    std::ranges::sort(texts);
    return TemplateValue::stringList(texts);
}

} // namespace

void addTextListFunctions(FunctionTable &table)
{
    table.add("split", {&kString, &kString}, [](Arguments args, CallContext &) -> CallResult {
        return numbered(parts(args[1].text(), args[0].text(), -1));
    });
    table.add("splitn", {&kString, &kInt, &kString}, [](Arguments args, CallContext &) -> CallResult {
        return numbered(parts(args[2].text(), args[0].text(), args[1].integer()));
    });
    table.add("splitList", {&kString, &kString}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::stringList(parts(args[1].text(), args[0].text(), -1));
    });
    table.add("join", {&kString, &kAny},
              [](Arguments args, CallContext &context) { return joined(args[0].text(), args[1], context); });
    table.add("toStrings", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        if (args[0].is(types::kStringList))
            return args[0];
        return TemplateValue::stringList(textsOfValue(args[0]));
    });
    table.add("sortAlpha", {&kAny}, [](Arguments args, CallContext &) -> CallResult { return sortedTexts(args[0]); });
}

} // namespace tiphys::text::sprig
