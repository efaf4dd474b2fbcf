// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/utf8.h"

#include "object/short_text.h"

#include <cstring>

namespace tiphys::object::detail {

CodePoint codePointAt(std::string_view text, std::size_t at)
{
    constexpr CodePoint kInvalid{0xFFFD, 1, false};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return {first, 1, true};
    std::uint32_t size = 0;
    char32_t value = 0;
    char32_t least = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        size = 2, value = first & 0x1Fu, least = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
        size = 3, value = first & 0x0Fu, least = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        size = 4, value = first & 0x07u, least = 0x10000;
    } else {
        return kInvalid;
    }
    if (at + size > text.size())
        return kInvalid;
    for (std::uint32_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u)
            return kInvalid;
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return kInvalid;
    return {value, size, true};
}

void appendUtf8(std::string &out, char32_t value)
{
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        value = 0xFFFD;
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (value < 0x80) {
        put(value);
    } else if (value < 0x800) {
        put(0xC0 | (value >> 6));
        put(0x80 | (value & 0x3F));
    } else if (value < 0x10000) {
        put(0xE0 | (value >> 12));
        put(0x80 | ((value >> 6) & 0x3F));
        put(0x80 | (value & 0x3F));
    } else {
        put(0xF0 | (value >> 18));
        put(0x80 | ((value >> 12) & 0x3F));
        put(0x80 | ((value >> 6) & 0x3F));
        put(0x80 | (value & 0x3F));
    }
}

bool isValidUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        std::uint64_t eight = 0;
        if (i + 8 <= text.size()) {
            std::memcpy(&eight, text.data() + i, 8);
            if ((eight & 0x8080808080808080ull) == 0) {
                i += 8;
                continue;
            }
        }
        const CodePoint point = codePointAt(text, i);
        if (!point.isValid)
            return false;
        i += point.size;
    }
    return true;
}

bool isAscii(std::string_view text)
{
    std::uint64_t all = 0;
    for (; text.size() >= sizeof all; text.remove_prefix(sizeof all))
        all |= wordAt<std::uint64_t>(text.data());
    for (const char c : text)
        all |= static_cast<unsigned char>(c);
    return (all & 0x8080808080808080u) == 0;
}

std::string_view withValidUtf8(std::string_view text, std::string &storage)
{
    if (isValidUtf8(text))
        return text;
    storage = withValidUtf8(text);
    return storage;
}

std::string withValidUtf8(std::string_view text)
{
    std::string valid;
    valid.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = codePointAt(text, i);
        if (point.isValid)
            valid.append(text, i, point.size);
        else
            appendUtf8(valid, 0xFFFD);
        i += point.size;
    }
    return valid;
}

} // namespace tiphys::object::detail
