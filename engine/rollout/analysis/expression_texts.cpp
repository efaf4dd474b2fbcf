// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression_texts.h"

#include "base/text.h"
#include "rollout/number.h"

#include <algorithm>

namespace tiphys::rollout::expression::builtin {

using object::Value;

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;

Outcome texts(const std::vector<std::string> &parts)
{
    std::vector<Value> items;
    for (const std::string &part : parts)
        items.emplace_back(part);
    return Operand(Value::list(items));
}

/// Source: go strings (genSplit)
Outcome splitText(const Arguments &arguments, bool keepsSeparator)
{
    std::string_view text = textOf(arguments[0]);
    const std::string_view separator = textOf(arguments[1]);
    std::int64_t most = -1;
    if (arguments.size() > 2) {
        const Expected<std::int64_t> limit = integerOf(arguments[2]);
        if (!limit)
            return std::unexpected(limit.error());
        most = *limit;
    }
    std::vector<std::string> parts;
    while (most != 0 && (most < 0 || static_cast<std::int64_t>(parts.size()) + 1 < most)) {
        std::size_t at = separator.empty() ? 1 : text.find(separator);
        if (separator.empty() && text.size() <= 1)
            break;
        if (at == std::string_view::npos)
            break;
        // An empty separator splits after each character.
        while (separator.empty() && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80)
            ++at;
        parts.emplace_back(text.substr(0, at + (keepsSeparator ? separator.size() : 0)));
        text.remove_prefix(at + separator.size());
    }
    if (most != 0 && !(separator.empty() && text.empty()))
        parts.emplace_back(text);
    return texts(parts);
}

Outcome position(std::size_t at)
{
    return Operand(Value(at == std::string_view::npos ? std::int64_t{-1} : static_cast<std::int64_t>(at)));
}

} // namespace

Outcome trim(const Arguments &arguments)
{
    std::string_view text = textOf(arguments[0]);
    if (arguments.size() == 1)
        return Operand(Value(tiphys::trimmed(text)));
    const std::string_view cut = textOf(arguments[1]);
    const std::size_t first = text.find_first_not_of(cut);
    if (first == std::string_view::npos)
        return Operand(Value(""));
    return Operand(Value(text.substr(first, text.find_last_not_of(cut) - first + 1)));
}

Outcome trimPrefix(const Arguments &arguments)
{
    std::string_view text = textOf(arguments[0]);
    const std::string_view prefix = arguments.size() > 1 ? textOf(arguments[1]) : " ";
    if (text.starts_with(prefix))
        text.remove_prefix(prefix.size());
    return Operand(Value(text));
}

Outcome trimSuffix(const Arguments &arguments)
{
    std::string_view text = textOf(arguments[0]);
    const std::string_view suffix = arguments.size() > 1 ? textOf(arguments[1]) : " ";
    if (text.ends_with(suffix))
        text.remove_suffix(suffix.size());
    return Operand(Value(text));
}

/// Letters of ASCII; others stay.
Outcome upper(const Arguments &arguments)
{
    std::string text(textOf(arguments[0]));
    for (char &c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return Operand(Value(text));
}

Outcome lower(const Arguments &arguments)
{
    return Operand(Value(asciiLower(textOf(arguments[0]))));
}

Outcome split(const Arguments &arguments)
{
    return splitText(arguments, false);
}

Outcome splitAfter(const Arguments &arguments)
{
    return splitText(arguments, true);
}

Outcome replace(const Arguments &arguments)
{
    std::string_view text = textOf(arguments[0]);
    const std::string_view old = textOf(arguments[1]), with = textOf(arguments[2]);
    std::int64_t most = -1;
    if (arguments.size() > 3) {
        const Expected<std::int64_t> limit = integerOf(arguments[3]);
        if (!limit)
            return std::unexpected(limit.error());
        most = *limit;
    }
    std::string out;
    for (std::size_t at = old.empty() ? std::string_view::npos : text.find(old);
         most != 0 && at != std::string_view::npos; at = text.find(old)) {
        out.append(text.substr(0, at)).append(with);
        text.remove_prefix(at + old.size());
        most -= most > 0;
        if (out.size() > kMostBytes)
            return problem("memory budget exceeded");
    }
    return Operand(Value(out + std::string(text)));
}

Outcome repeat(const Arguments &arguments)
{
    const Expected<std::int64_t> times = integerOf(arguments[1]);
    if (!times)
        return std::unexpected(times.error());
    const std::string_view text = textOf(arguments[0]);
    if (*times < 0)
        return problem("strings: negative Repeat count");
    if (*times > 1'000'000 || text.size() * static_cast<std::size_t>(*times) > kMostBytes)
        return problem("memory budget exceeded");
    std::string out;
    for (std::int64_t i = 0; i < *times; ++i)
        out += text;
    return Operand(Value(out));
}

Outcome joined(const Arguments &arguments)
{
    if (!arguments[0].value.isList())
        return problem("invalid argument for join (type " + arguments[0].typeName() + ")");
    std::vector<std::string> parts;
    for (const Value &item : arguments[0].value.items()) {
        if (!item.isString())
            return mismatch(item, "string");
        parts.emplace_back(item.stringOr());
    }
    return Operand(Value(tiphys::join(parts, arguments.size() > 1 ? textOf(arguments[1]) : "")));
}

Outcome indexOf(const Arguments &arguments)
{
    return position(textOf(arguments[0]).find(textOf(arguments[1])));
}

Outcome lastIndexOf(const Arguments &arguments)
{
    return position(textOf(arguments[0]).rfind(textOf(arguments[1])));
}

Outcome hasPrefix(const Arguments &arguments)
{
    return Operand(Value(textOf(arguments[0]).starts_with(textOf(arguments[1]))));
}

Outcome hasSuffix(const Arguments &arguments)
{
    return Operand(Value(textOf(arguments[0]).ends_with(textOf(arguments[1]))));
}

} // namespace tiphys::rollout::expression::builtin
