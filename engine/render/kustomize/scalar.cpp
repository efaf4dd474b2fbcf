// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/scalar.h"

#include "base/base64.h"
#include "object/number_text.h"
#include "object/yaml_scalar.h"

#include <array>
#include <limits>
#include <optional>

namespace tiphys::render::kustomize {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

Meaning boolean(bool value)
{
    return {.tag = Tag::Bool, .boolean = value};
}

Meaning real(double value)
{
    return {.tag = Tag::Float, .number = value};
}

std::optional<Meaning> wordMeaning(std::string_view text)
{
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return Meaning{.tag = Tag::Null};
    if (text == "true" || text == "True" || text == "TRUE")
        return boolean(true);
    if (text == "false" || text == "False" || text == "FALSE")
        return boolean(false);
    if (const std::optional<double> unbound = object::detail::unboundYamlNumber(text))
        return real(*unbound);
    return std::nullopt;
}

/// Digits of \p base as an unsigned number; nothing if there are none, others, or too many.
std::optional<std::uint64_t> digitsOf(std::string_view digits, unsigned base)
{
    if (digits.empty())
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        unsigned digit = 99;
        if (isDigit(c))
            digit = static_cast<unsigned>(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = static_cast<unsigned>((c | 0x20) - 'a') + 10;
        if (digit >= base || value > (std::numeric_limits<std::uint64_t>::max() - digit) / base)
            return std::nullopt;
        value = value * base + digit;
    }
    return value;
}

std::optional<Meaning> signedMeaning(std::uint64_t magnitude, bool isNegative)
{
    constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
    if (isNegative) {
        if (magnitude > kLargest + 1)
            return std::nullopt;
        return Meaning{.tag = Tag::Int, .integer = static_cast<std::int64_t>(0 - magnitude)};
    }
    if (magnitude > kLargest)
        return Meaning{.tag = Tag::Int, .isUnsigned = true, .unsignedInteger = magnitude};
    return Meaning{.tag = Tag::Int, .integer = static_cast<std::int64_t>(magnitude)};
}

/// strconv.ParseInt(text, 0, 64), else ParseUint.
std::optional<Meaning> integerMeaning(std::string_view text)
{
    std::string_view digits = text;
    const bool isSigned = digits.starts_with('-') || digits.starts_with('+');
    const bool isNegative = digits.starts_with('-');
    if (isSigned)
        digits.remove_prefix(1);
    unsigned base = 10;
    if (digits.size() > 1 && digits[0] == '0') {
        const char letter = static_cast<char>(digits[1] | 0x20);
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
        digits.remove_prefix(base == 0 ? 1 : 2);
        if (base == 0)
            base = 8;
    }
    const std::optional<std::uint64_t> magnitude = digitsOf(digits, base);
    if (!magnitude)
        return std::nullopt;
    std::optional<Meaning> meaning = signedMeaning(*magnitude, isNegative);
    if (meaning && meaning->isUnsigned && isSigned)
        return std::nullopt;
    return meaning;
}

bool looksLikeFloat(std::string_view text)
{
    std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    const auto digits = [&] {
        const std::size_t from = at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        return at - from;
    };
    const std::size_t whole = digits();
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (digits() == 0 && whole == 0)
            return false;
    } else if (whole == 0) {
        return false;
    }
    if (at < text.size() && (text[at] | 0x20) == 'e') {
        ++at;
        if (at < text.size() && (text[at] == '-' || text[at] == '+'))
            ++at;
        if (digits() == 0)
            return false;
    }
    return at == text.size();
}

/// -0b1 and -0o7, which go-yaml reads itself.
std::optional<Meaning> negativePrefixed(std::string_view text)
{
    if (!text.starts_with("-0b") && !text.starts_with("-0o"))
        return std::nullopt;
    const std::optional<std::uint64_t> magnitude = digitsOf(text.substr(3), text[2] == 'b' ? 2 : 8);
    return magnitude ? signedMeaning(*magnitude, true) : std::nullopt;
}

Meaning numberMeaning(std::string_view text)
{
    if (object::detail::isYamlTimestamp(text))
        return {.tag = Tag::Timestamp};
    std::string stripped;
    if (text.contains('_')) {
        for (const char c : text) {
            if (c != '_')
                stripped += c;
        }
        text = stripped;
    }
    if (const auto integer = integerMeaning(text))
        return *integer;
    if (looksLikeFloat(text)) {
        if (const auto number = object::detail::doubleOf(text))
            return real(*number);
    }
    if (const auto integer = negativePrefixed(text))
        return *integer;
    return {};
}

std::string missfit(const Meaning &meaning, const Node &node)
{
    Node real;
    real.tag = meaning.tag;
    return "yaml: cannot decode " + std::string(tagWord(real)) + " `" + std::string(node.value) + "` as a "
           + std::string(tagWord(node));
}

constexpr std::array<std::pair<Tag, std::string_view>, 10> kTagWords{{
    {Tag::Null, "!!null"},
    {Tag::Bool, "!!bool"},
    {Tag::Int, "!!int"},
    {Tag::Float, "!!float"},
    {Tag::String, "!!str"},
    {Tag::Timestamp, "!!timestamp"},
    {Tag::Binary, "!!binary"},
    {Tag::List, "!!seq"},
    {Tag::Map, "!!map"},
    {Tag::Merge, "!!merge"},
}};

} // namespace

Meaning meaningOf(std::string_view text)
{
    const char first = text.empty() ? '~' : text[0];
    if (isDigit(first) || first == '-' || first == '+' || first == '.' || std::string_view("nNtTfF~").contains(first)) {
        if (const auto word = wordMeaning(text))
            return *word;
        if (first == '.') {
            if (const auto number = object::detail::doubleOf(text))
                return real(*number);
            return {};
        }
        if (isDigit(first) || first == '-' || first == '+')
            return numberMeaning(text);
    }
    return {};
}

Expected<Meaning> writtenMeaning(const Node &node)
{
    const bool isPlain = node.style == Style::Plain && !node.value.contains('\n');
    if (node.tag == Tag::None)
        return isPlain ? meaningOf(node.value) : Meaning{};
    if (node.tag == Tag::String)
        return Meaning{};
    if (node.tag == Tag::Merge || node.tag == Tag::Other || node.tag == Tag::Binary)
        return Meaning{};
    const Meaning meaning = meaningOf(node.value);
    if (meaning.tag == node.tag)
        return isPlain || node.isTagged ? meaning : Meaning{};
    if (node.tag == Tag::Float && meaning.tag == Tag::Int)
        return real(meaning.isUnsigned ? static_cast<double>(meaning.unsignedInteger)
                                       : static_cast<double>(meaning.integer));
    return failure(ErrorCode::InvalidInput, missfit(meaning, node));
}

bool isNonStringText(std::string_view text)
{
    if (text.empty() || text.contains('\n'))
        return false;
    using Word = object::detail::YamlScalar::Kind;
    const Word kind = object::detail::resolveYamlScalar(text).kind;
    return kind != Word::String && kind != Word::Timestamp && kind != Word::Merge;
}

std::string timestampText(std::string_view text)
{
    std::size_t at = 0;
    const auto number = [&] {
        int value = 0;
        for (; at < text.size() && isDigit(text[at]); ++at)
            value = value * 10 + (text[at] - '0');
        return value;
    };
    std::string out;
    const auto two = [&](int value) {
        if (value < 10)
            out += '0';
        out += std::to_string(value);
    };
    out += text.substr(0, 4);
    at = 4;
    for (int part = 0; part < 2; ++part) {
        ++at;
        out += '-';
        two(number());
    }
    if (at >= text.size())
        return out + "T00:00:00Z";
    for (int part = 0; part < 3; ++part) {
        ++at;
        out += part == 0 ? 'T' : ':';
        two(number());
    }
    if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
        const std::size_t from = ++at;
        number();
        std::string_view fraction = text.substr(from, at - from).substr(0, 9);
        while (fraction.ends_with('0'))
            fraction.remove_suffix(1);
        if (!fraction.empty())
            out.append(".").append(fraction);
    }
    const std::string_view zone = text.substr(at);
    const bool isUtc = zone.empty() || zone == "Z" || zone.ends_with("00:00");
    return out + (isUtc ? "Z" : std::string(zone));
}

std::string_view tagWord(const Node &node)
{
    for (const auto &[tag, word] : kTagWords) {
        if (tag == node.tag)
            return word;
    }
    return node.tagText;
}

Tag tagOf(std::string_view word)
{
    for (const auto &[tag, known] : kTagWords) {
        if (word == known)
            return tag;
    }
    return Tag::Other;
}

std::string wrappedBase64Of(std::string_view bytes)
{
    constexpr std::size_t kLine = 70;
    const std::string text = base64Of(bytes);
    if (text.size() < kLine)
        return text;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += kLine)
        out.append(text, i, kLine).append("\n");
    return out;
}

} // namespace tiphys::render::kustomize
