// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/number_node.h"

#include "text/gotemplate/number_syntax.h"
#include "text/gotemplate/quote.h"

#include <cmath>
#include <optional>

namespace tiphys::text::parse {

namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

void addIntegersOf(NumberNode &node, double number)
{
    if (std::trunc(number) != number)
        return;
    if (!node.isInt && number >= -kTwoTo63 && number < kTwoTo63) {
        node.isInt = true;
        node.signedValue = static_cast<std::int64_t>(number);
    }
    if (!node.isUint && number >= 0 && number < 2 * kTwoTo63) {
        node.isUint = true;
        node.unsignedValue = static_cast<std::uint64_t>(number);
    }
}

void setComplex(NumberNode &node, double real, double imaginary)
{
    node.isComplex = true;
    node.real = real;
    node.imaginary = imaginary;
    if (imaginary != 0)
        return;
    node.isFloat = true;
    node.floatValue = real;
    addIntegersOf(node, real);
}

std::optional<std::string> readCharacter(NumberNode &node)
{
    const std::string_view literal = node.text;
    const auto character = unquotedCharacter(literal.substr(1), '\'');
    if (!character)
        return "invalid syntax";
    if (character->rest != "'")
        return "malformed character constant: " + std::string(node.text);
    node.isInt = node.isUint = node.isFloat = true;
    node.signedValue = static_cast<std::int64_t>(character->value);
    node.unsignedValue = character->value;
    node.floatValue = static_cast<double>(character->value);
    return std::nullopt;
}

/// Where the second part of "1e+2-3i" begins.
std::size_t signOfImaginary(std::string_view text)
{
    const bool isHex = text.size() > 2 && (text.find('x') < 3 || text.find('X') < 3);
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char before = static_cast<char>(text[i - 1] | 0x20);
        if ((text[i] == '+' || text[i] == '-') && before != (isHex ? 'p' : 'e'))
            return i;
    }
    return text.size();
}

std::optional<std::string> readComplex(NumberNode &node)
{
    const std::string_view text = node.text;
    const std::size_t sign = signOfImaginary(text);
    if (sign == text.size())
        return "syntax error scanning complex number";
    const std::string_view first = text.substr(0, sign);
    const std::string_view second = text.substr(sign, text.size() - sign - 1);
    for (const std::string_view part : {first, second}) {
        if (part.find_first_of("bBoO") != part.npos && part.find_first_of("xX") == part.npos)
            return "syntax error scanning complex number";
        // A lone sign, or the "i" of an infinity.
        if (part.find('i') != part.npos || part == "+" || part == "-")
            return "syntax error scanning complex number";
    }
    const std::optional<double> real = parsedFloat(first);
    if (!real)
        return "strconv.ParseFloat: parsing " + goQuoted(first) + ": invalid syntax";
    const std::optional<double> imaginary = parsedFloat(second);
    if (!imaginary)
        return "strconv.ParseFloat: parsing " + goQuoted(second) + ": invalid syntax";
    setComplex(node, *real, *imaginary);
    return std::nullopt;
}

void readInteger(NumberNode &node)
{
    if (const auto value = parsedUnsigned(node.text)) {
        node.isUint = true;
        node.unsignedValue = *value;
    }
    if (const auto value = parsedSigned(node.text)) {
        node.isInt = true;
        node.signedValue = *value;
        if (*value == 0)
            node.isUint = true;
    }
    node.isFloat = node.isInt || node.isUint;
    if (node.isInt)
        node.floatValue = static_cast<double>(node.signedValue);
    else if (node.isUint)
        node.floatValue = static_cast<double>(node.unsignedValue);
}

std::optional<std::string> readNumber(NumberNode &node)
{
    const std::string_view text = node.text;
    if (text.ends_with('i')) {
        if (const auto imaginary = parsedFloat(text.substr(0, text.size() - 1))) {
            setComplex(node, 0, *imaginary);
            return std::nullopt;
        }
    }
    readInteger(node);
    if (node.isFloat)
        return std::nullopt;
    const std::optional<double> number = parsedFloat(text);
    if (!number)
        return "illegal number syntax: " + goQuoted(text);
    if (text.find_first_of(".eEpP") == text.npos)
        return "integer overflow: " + goQuoted(text);
    node.isFloat = true;
    node.floatValue = *number;
    addIntegersOf(node, *number);
    return std::nullopt;
}

/// Source: golang src/text/template/exec.go (idealConstant)@go1.26
NumberNode::Ideal idealOf(const NumberNode &node)
{
    const std::string_view text = node.text;
    const bool isCharacter = text.starts_with('\'');
    const bool isHexInteger = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')
                              && text.find_first_of("pP") == text.npos;
    if (node.isComplex)
        return NumberNode::Ideal::Complex;
    if (node.isFloat && !isHexInteger && !isCharacter && text.find_first_of(".eEpP") != text.npos)
        return NumberNode::Ideal::Float;
    return node.isInt ? NumberNode::Ideal::Int : NumberNode::Ideal::Overflow;
}

} // namespace

std::expected<NumberNode *, std::string> numberNodeOf(const Item &item, NodeStore &store)
{
    auto *node = store.make<NumberNode>(item.position, item.value);
    std::optional<std::string> problem;
    if (item.type == ItemType::CharConstant)
        problem = readCharacter(*node);
    else if (item.type == ItemType::Complex)
        problem = readComplex(*node);
    else
        problem = readNumber(*node);
    if (problem)
        return std::unexpected(std::move(*problem));
    node->ideal = idealOf(*node);
    return node;
}

} // namespace tiphys::text::parse
