// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/gotemplate/format.h"
#include "text/gotemplate/quote.h"
#include "text/sprig/letter_case.h"
#include "text/sprig/word_case.h"

#include <algorithm>
#include <string>

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kInt;
using types::kString;

std::unexpected<TemplateError> tooMuchText()
{
    return budgetExceeded("text made by a function");
}

/// \p text with each \p old replaced, as Go's strings.Replace: an empty \p old stands before each character and at
/// the end.
CallResult replaced(std::string_view text, std::string_view old, std::string_view with, CallContext &context)
{
    std::string result;
    if (old.empty()) {
        for (const char32_t character : charactersOf(text)) {
            result += with;
            result += textOf(std::u32string_view(&character, 1));
            if (result.size() > kByteLimit)
                return tooMuchText();
        }
        result += with;
    } else {
        std::size_t at = 0;
        for (std::size_t next = text.find(old); next != std::string_view::npos; next = text.find(old, at)) {
            result += text.substr(at, next - at);
            result += with;
            at = next + old.size();
            if (result.size() > kByteLimit)
                return tooMuchText();
        }
        result += text.substr(at);
    }
    if (!takeBytes(context, result.size()))
        return tooMuchText();
    return textResult(result);
}

CallResult repeated(std::int64_t count, std::string_view text, CallContext &context)
{
    if (count < 0)
        return templateError("strings: negative Repeat count");
    if (text.empty() || count == 0)
        return textResult("");
    if (static_cast<std::uint64_t>(count) > kByteLimit / text.size()
        || !takeBytes(context, text.size() * static_cast<std::uint64_t>(count)))
        return tooMuchText();
    std::string result;
    result.reserve(text.size() * static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
        result += text;
    return textResult(result);
}

/// \p text behind \p before, each line of it behind so many spaces. The budget pays for the spaces and for the lines, as
/// for what Sprig makes of them.
CallResult indented(std::int64_t spaces, std::string_view text, std::string_view before, CallContext &context)
{
    if (spaces < 0)
        return templateError("strings: negative Repeat count");
    const auto pad = static_cast<std::uint64_t>(spaces);
    if (pad > 0 && !takeBytes(context, pad))
        return tooMuchText();
    const auto breaks = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
    const std::uint64_t size = text.size() + breaks * std::min(pad, kByteLimit);
    if (!takeBytes(context, size))
        return tooMuchText();
    std::string result;
    result.reserve(before.size() + pad + size);
    result += before;
    while (true) {
        result.append(pad, ' ');
        const auto end = text.find('\n');
        if (end == std::string_view::npos)
            break;
        result += text.substr(0, end + 1);
        text.remove_prefix(end + 1);
    }
    result += text;
    return textResult(result);
}

std::unexpected<TemplateError> outOfRange(const std::string &range, const std::string &suffix = "")
{
    return templateError("runtime error: slice bounds out of range [" + range + "]" + suffix);
}

CallResult substring(std::int64_t start, std::int64_t end, std::string_view text)
{
    const auto size = static_cast<std::int64_t>(text.size());
    if (start < 0) {
        if (end < 0)
            return outOfRange(":" + std::to_string(end));
        if (end > size)
            return outOfRange(":" + std::to_string(end), " with length " + std::to_string(size));
        return textResult(text.substr(0, static_cast<std::size_t>(end)));
    }
    if (end < 0 || end > size) {
        if (start > size)
            return outOfRange(std::to_string(start) + ":" + std::to_string(size));
        return textResult(text.substr(static_cast<std::size_t>(start)));
    }
    if (start > end)
        return outOfRange(std::to_string(start) + ":" + std::to_string(end));
    return textResult(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
}

std::string_view truncated(std::int64_t count, std::string_view text)
{
    const auto size = static_cast<std::int64_t>(text.size());
    if (count < 0 && size + count > 0)
        return text.substr(static_cast<std::size_t>(size + count));
    if (count >= 0 && size > count)
        return text.substr(0, static_cast<std::size_t>(count));
    return text;
}

/// \p text without characters of \p set at both ends.
std::string_view trimmedOf(std::string_view text, std::string_view set)
{
    const std::u32string cut = charactersOf(set);
    const auto isCut = [&](std::string_view character) {
        return cut.find(charactersOf(character)[0]) != std::u32string::npos;
    };
    const auto lengthAt = [&](std::size_t at) {
        std::size_t length = 1;
        while (at + length < text.size() && length < 4
               && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80)
            ++length;
        return length;
    };
    while (!text.empty() && isCut(text.substr(0, lengthAt(0))))
        text.remove_prefix(lengthAt(0));
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
            --start;
        if (!isCut(text.substr(start)))
            break;
        text.remove_suffix(text.size() - start);
    }
    return text;
}

/// Adds a function of one text.
void addOfText(FunctionTable &table, std::string name, std::string (*function)(std::string_view))
{
    table.add(std::move(name), {&kString},
              [function](Arguments args, CallContext &) { return textResult(function(args[0].text())); });
}

void addPredicate(FunctionTable &table, std::string name, bool (*function)(std::string_view, std::string_view))
{
    table.add(std::move(name), {&kString, &kString}, [function](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(function(args[0].text(), args[1].text()));
    });
}

void addCases(FunctionTable &table)
{
    addOfText(table, "upper", [](std::string_view text) { return mapped(text, toUpper); });
    addOfText(table, "lower", [](std::string_view text) { return mapped(text, toLower); });
    addOfText(table, "title", titleCase);
    addOfText(table, "untitle", uncapitalized);
    addOfText(table, "swapcase", swappedCase);
    addOfText(table, "initials", initialsOf);
    addOfText(table, "nospace", withoutSpace);
    addOfText(table, "snakecase", [](std::string_view text) { return lowerWords(text, '_'); });
    addOfText(table, "kebabcase", [](std::string_view text) { return lowerWords(text, '-'); });
    addOfText(table, "camelcase", pascalCase);
    addOfText(table, "trim", [](std::string_view text) { return std::string(withoutOuterSpace(text)); });
}

void addTrims(FunctionTable &table)
{
    for (const char *const name : {"trimall", "trimAll"}) {
        table.add(name, {&kString, &kString},
                  [](Arguments args, CallContext &) { return textResult(trimmedOf(args[1].text(), args[0].text())); });
    }
    table.add("trimSuffix", {&kString, &kString}, [](Arguments args, CallContext &) {
        std::string_view text = args[1].text();
        if (text.ends_with(args[0].text()))
            text.remove_suffix(args[0].text().size());
        return textResult(text);
    });
    table.add("trimPrefix", {&kString, &kString}, [](Arguments args, CallContext &) {
        std::string_view text = args[1].text();
        if (text.starts_with(args[0].text()))
            text.remove_prefix(args[0].text().size());
        return textResult(text);
    });
    addPredicate(table, "contains",
                 [](std::string_view part, std::string_view text) { return text.find(part) != text.npos; });
    addPredicate(table, "hasPrefix",
                 [](std::string_view part, std::string_view text) { return text.starts_with(part); });
    addPredicate(table, "hasSuffix", [](std::string_view part, std::string_view text) { return text.ends_with(part); });
}

void addCuts(FunctionTable &table)
{
    table.add("abbrev", {&kInt, &kString}, [](Arguments args, CallContext &) {
        const std::int64_t width = args[0].integer();
        return textResult(width < 4 ? std::string(args[1].text()) : abbreviated(args[1].text(), 0, width));
    });
    table.add("abbrevboth", {&kInt, &kInt, &kString}, [](Arguments args, CallContext &) {
        const std::int64_t left = args[0].integer(), right = args[1].integer();
        if (right < 4 || (left > 0 && right < 7))
            return textResult(args[2].text());
        return textResult(abbreviated(args[2].text(), left, right));
    });
    table.add("trunc", {&kInt, &kString},
              [](Arguments args, CallContext &) { return textResult(truncated(args[0].integer(), args[1].text())); });
    table.add("substr", {&kInt, &kInt, &kString}, [](Arguments args, CallContext &) {
        return substring(args[0].integer(), args[1].integer(), args[2].text());
    });
    table.add("wrap", {&kInt, &kString}, [](Arguments args, CallContext &) {
        return textResult(wrapped(args[1].text(), args[0].integer(), "", LongWords::Kept));
    });
    table.add("wrapWith", {&kInt, &kString, &kString}, [](Arguments args, CallContext &context) -> CallResult {
        const std::uint64_t pieces =
            args[2].text().size() / static_cast<std::uint64_t>(std::max<std::int64_t>(args[0].integer(), 1));
        if (!takeBytes(context, args[2].text().size() + pieces * args[1].text().size()))
            return tooMuchText();
        return textResult(wrapped(args[2].text(), args[0].integer(), args[1].text(), LongWords::Cut));
    });
    table.add("plural", {&kString, &kString, &kInt},
              [](Arguments args, CallContext &) { return textResult(args[args[2].integer() == 1 ? 0 : 1].text()); });
}

void addGrowth(FunctionTable &table)
{
    table.add("repeat", {&kInt, &kString}, [](Arguments args, CallContext &context) {
        return repeated(args[0].integer(), args[1].text(), context);
    });
    table.add("replace", {&kString, &kString, &kString}, [](Arguments args, CallContext &context) {
        return replaced(args[2].text(), args[0].text(), args[1].text(), context);
    });
    table.add("indent", {&kInt, &kString}, [](Arguments args, CallContext &context) {
        return indented(args[0].integer(), args[1].text(), "", context);
    });
    table.add("nindent", {&kInt, &kString}, [](Arguments args, CallContext &context) {
        return indented(args[0].integer(), args[1].text(), "\n", context);
    });
}

/// \p textOfItem of each argument that is not nil, joined by spaces.
std::string joinedArguments(Arguments args, std::string (*textOfItem)(const TemplateValue &))
{
    std::string text;
    bool isFirst = true;
    for (const TemplateValue &arg : args) {
        if (arg.isNil())
            continue;
        if (!isFirst)
            text += ' ';
        isFirst = false;
        text += textOfItem(arg);
    }
    return text;
}

void addQuotes(FunctionTable &table)
{
    table.addVariadic("quote", {&kAny}, [](Arguments args, CallContext &) {
        return textResult(
            joinedArguments(args, [](const TemplateValue &value) { return goQuoted(textOfValue(value)); }));
    });
    table.addVariadic("squote", {&kAny}, [](Arguments args, CallContext &) {
        return textResult(
            joinedArguments(args, [](const TemplateValue &value) { return "'" + plainText(value) + "'"; }));
    });
    table.addVariadic("cat", {&kAny},
                      [](Arguments args, CallContext &) { return textResult(joinedArguments(args, plainText)); });
    table.add("toString", {&kAny}, [](Arguments args, CallContext &) { return textResult(textOfValue(args[0])); });
}

} // namespace

void addTextFunctions(FunctionTable &table)
{
    table.add("hello", {}, [](Arguments, CallContext &) { return textResult("Hello!"); });
    addCases(table);
    addTrims(table);
    addCuts(table);
    addGrowth(table);
    addQuotes(table);
}

} // namespace tiphys::text::sprig
