// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/base_text.h"

#include "base/base64.h"

#include <cstdint>

namespace tiphys::text::sprig {

namespace {

constexpr std::string_view kAlphabet32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// \p bits per character, \p group characters at a time.
std::string encoded(std::string_view bytes, std::string_view alphabet, unsigned bits, std::size_t group)
{
    std::string text;
    std::uint32_t pending = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        pending = pending << 8 | static_cast<unsigned char>(c);
        for (count += 8; count >= bits; count -= bits)
            text += alphabet[(pending >> (count - bits)) & ((1u << bits) - 1)];
    }
    if (count > 0)
        text += alphabet[(pending << (bits - count)) & ((1u << bits) - 1)];
    while (text.size() % group != 0)
        text += '=';
    return text;
}

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

std::unexpected<TemplateError> illegal(std::string_view name, std::size_t at)
{
    return templateError("illegal " + std::string(name) + " data at input byte " + std::to_string(at));
}

} // namespace

std::string base32Text(std::string_view bytes)
{
    return encoded(bytes, kAlphabet32, 5, 8);
}

TemplateExpected<std::string> base64Bytes(std::string_view text)
{
    Expected<std::string> bytes = decodedBase64(text);
    if (!bytes)
        return templateError(bytes.error().message());
    return std::move(*bytes);
}

TemplateExpected<std::string> base32Bytes(std::string_view text)
{
    std::string plain;
    for (const char c : text) {
        if (!isLineEnd(c))
            plain += c;
    }
    const std::size_t size = plain.size();
    std::string bytes;
    for (std::size_t at = 0; at < size;) {
        std::uint64_t bits = 0;
        std::size_t count = 0;
        bool isEnd = false;
        while (count < 8 && !isEnd) {
            if (at == size)
                return illegal("base32", at - count);
            const char c = plain[at++];
            const std::size_t left = size - at;
            if (c == '=' && count >= 2 && left < 8) {
                if (left + count < 7)
                    return illegal("base32", size);
                for (std::size_t k = 0; k < 7 - count; ++k) {
                    if (left > k && plain[at + k] != '=')
                        return illegal("base32", at + k - 1);
                }
                if (count == 3 || count == 6)
                    return illegal("base32", at - 1);
                isEnd = true;
                break;
            }
            const std::size_t value = kAlphabet32.find(c);
            if (value == std::string_view::npos)
                return illegal("base32", at - 1);
            bits = bits << 5 | value;
            ++count;
        }
        bits <<= 5 * (8 - count);
        for (std::size_t i = 0; i < count * 5 / 8; ++i)
            bytes += static_cast<char>(bits >> (32 - 8 * i));
        if (isEnd)
            break;
    }
    return bytes;
}

} // namespace tiphys::text::sprig
