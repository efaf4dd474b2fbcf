// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/utf8.h"
#include "text/gotemplate/builtins.h"
#include "text/gotemplate/unicode.h"

namespace tiphys::text::detail {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

void appendEscape(std::string &out, char32_t character)
{
    out += "\\u";
    int shift = 12;
    while (character >> (shift + 4) != 0)
        shift += 4;
    for (; shift >= 0; shift -= 4)
        out += kHex[character >> shift & 15];
}

void appendForJs(std::string &out, unsigned char c)
{
    switch (c) {
    case '\\': out += "\\\\"; break;
    case '\'': out += "\\'"; break;
    case '"': out += "\\\""; break;
    default: appendEscape(out, c);
    }
}

bool isSpecialInJs(unsigned char c)
{
    return c < ' ' || std::string_view("\\'\"<>&=").find(static_cast<char>(c)) != std::string_view::npos;
}

bool isUnreservedInQuery(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
           || c == '.' || c == '~';
}

} // namespace

std::string htmlEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '\0': out += "\uFFFD"; break;
        case '"': out += "&#34;"; break;
        case '\'': out += "&#39;"; break;
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string jsEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x80) {
            if (isSpecialInJs(c))
                appendForJs(out, c);
            else
                out += text[at];
            ++at;
            continue;
        }
        const auto point = object::detail::codePointAt(text, at);
        if (isPrintable(point.value))
            out.append(text, at, point.size);
        else
            appendEscape(out, point.value);
        at += point.size;
    }
    return out;
}

std::string queryEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (isUnreservedInQuery(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    return out;
}

} // namespace tiphys::text::detail
