// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_words.h"

#include "object/json.h"
#include "object/number_text.h"
#include "object/utf8.h"
#include "object/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace tiphys::object::detail {

namespace {

/// Messages do not follow a value deeper than this.
constexpr int kDeepestPrinted = 64;

/// Characters from U+0080 on that Go escapes when it quotes.
bool isUnprintable(char32_t c)
{
    return c < 0xA1 || c == 0xAD || (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F)
           || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || (c >= 0xE000 && c <= 0xF8FF) || c == 0xFEFF
           || (c >= 0xFFF0 && c <= 0xFFFB) || c >= 0xF0000;
}

void appendEscaped(std::string &quoted, char32_t c)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    const int digits = c <= 0xFFFF ? 4 : 8;
    quoted += digits == 4 ? "\\u" : "\\U";
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        quoted += kHex[c >> shift & 15];
}

std::string goQuoted(std::string_view text)
{
    std::string quoted = "\"";
    constexpr std::string_view kNamed = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kNames = "abfnrtv\\\"";
    constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) {
            const CodePoint point = codePointAt(text, i);
            if (point.isValid && isUnprintable(point.value))
                appendEscaped(quoted, point.value);
            else
                quoted.append(text, i, point.size);
            i += point.size - 1;
        } else if (const std::size_t at = kNamed.find(c); at != std::string_view::npos) {
            quoted += '\\';
            quoted += kNames[at];
        } else if (byte < 0x20 || byte == 0x7F) {
            quoted += "\\x";
            quoted += kHex[byte >> 4];
            quoted += kHex[byte & 15];
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string goList(const std::vector<std::string> &items)
{
    std::string text = "[]interface {}{";
    for (std::size_t i = 0; i < items.size(); ++i)
        text += (i > 0 ? ", " : "") + items[i];
    return text + "}";
}

std::string goMap(std::vector<std::string> entries)
{
    std::ranges::sort(entries);
    std::string text = "map[interface {}]interface {}{";
    for (std::size_t i = 0; i < entries.size(); ++i)
        text += (i > 0 ? ", " : "") + entries[i];
    return text + "}";
}

std::string goScalar(const YamlNode &node, int depth)
{
    if (!node.isImplicit || !node.tag.empty())
        return goQuoted(node.text);
    const YamlScalar scalar = resolveYamlScalar(node.text);
    switch (scalar.kind) {
    case YamlScalar::Kind::Null: return depth == 0 ? "<nil>" : "interface {}(nil)";
    case YamlScalar::Kind::Bool: return scalar.boolean ? "true" : "false";
    case YamlScalar::Kind::Int: return std::to_string(scalar.integer);
    case YamlScalar::Kind::Uint: return "0x" + hexText(std::to_string(scalar.unsignedInteger));
    case YamlScalar::Kind::Double: {
        std::string text;
        appendShortest(text, scalar.number);
        return text;
    }
    case YamlScalar::Kind::String:
    case YamlScalar::Kind::Timestamp:
    case YamlScalar::Kind::Merge: return goQuoted(node.text);
    }
    return {};
}

std::string goSyntaxOf(const YamlNode &node, int depth)
{
    if (depth > kDeepestPrinted)
        return "...";
    if (node.kind == YamlNode::Kind::Alias)
        return goSyntaxOf(*node.target, depth + 1);
    if (node.kind == YamlNode::Kind::Scalar)
        return goScalar(node, depth);
    std::vector<std::string> parts;
    const bool isMap = node.kind == YamlNode::Kind::Mapping;
    for (const YamlNode *child = node.firstChild; child; child = child->nextSibling) {
        std::string part = goSyntaxOf(*child, depth + 1);
        if (isMap) {
            child = child->nextSibling;
            part += ":" + goSyntaxOf(*child, depth + 1);
        }
        parts.push_back(std::move(part));
    }
    return isMap ? goMap(std::move(parts)) : goList(parts);
}

std::string goSyntaxOf(const Value &value, int depth)
{
    if (depth > kDeepestPrinted)
        return "...";
    std::vector<std::string> parts;
    switch (value.type()) {
    case Type::Null: return depth == 0 ? "<nil>" : "interface {}(nil)";
    case Type::String: return goQuoted(*value.asString());
    case Type::List:
        for (const Value &item : value.items())
            parts.push_back(goSyntaxOf(item, depth + 1));
        return goList(parts);
    case Type::Map:
        for (const auto &[key, held] : value.entries())
            parts.push_back(goQuoted(key) + ":" + goSyntaxOf(held, depth + 1));
        return goMap(std::move(parts));
    case Type::Bool:
    case Type::Int:
    case Type::Uint:
    case Type::Double: return toJson(value);
    }
    return {};
}

int base64Value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

void addYamlNumber(Builder &builder, double number)
{
    if (const std::optional<std::int64_t> integer = writtenInt64(number))
        builder.integer(*integer);
    else if (const std::optional<std::uint64_t> large = writtenUint64(number))
        builder.unsignedInteger(*large);
    else
        builder.number(number);
}

bool decodeBase64(std::string_view text, std::string &decoded)
{
    std::string bytes;
    unsigned buffer = 0;
    int filled = 0;
    int padding = 0;
    for (const char c : text) {
        if (c == '\n' || c == '\r')
            continue;
        if (c == '=') {
            if (filled + padding < 2 || ++padding + filled > 4)
                return false;
            continue;
        }
        const int value = base64Value(c);
        if (value < 0 || padding > 0)
            return false;
        buffer = buffer << 6 | static_cast<unsigned>(value);
        if (++filled == 4) {
            bytes += static_cast<char>(buffer >> 16 & 0xFF);
            bytes += static_cast<char>(buffer >> 8 & 0xFF);
            bytes += static_cast<char>(buffer & 0xFF);
            filled = 0;
            buffer = 0;
        }
    }
    if (filled > 0) {
        if (filled + padding != 4 || filled < 2)
            return false;
        buffer <<= 6 * (4 - filled);
        bytes += static_cast<char>(buffer >> 16 & 0xFF);
        if (filled == 3)
            bytes += static_cast<char>(buffer >> 8 & 0xFF);
    } else if (padding > 0) {
        return false;
    }
    decoded = withValidUtf8(bytes);
    return true;
}

std::string goSyntax(const YamlNode &node)
{
    return goSyntaxOf(node, 0);
}

std::string goSyntax(const Value &value)
{
    return goSyntaxOf(value, 0);
}

std::string hexText(std::string_view decimal)
{
    std::uint64_t number = 0;
    std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
    char text[20];
    return {text, std::to_chars(text, text + sizeof text, number, 16).ptr};
}

} // namespace tiphys::object::detail
