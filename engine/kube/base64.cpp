// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/base64.h"

#include <cstdint>

namespace tiphys::kube {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string withoutLineBreaks(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (c != '\r' && c != '\n')
            result += c;
    }
    return result;
}

} // namespace

std::optional<std::string> decodedBase64(std::string_view text)
{
    const std::string plain = withoutLineBreaks(text);
    if (plain.size() % 4 != 0)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(plain.size() / 4 * 3);
    for (std::size_t i = 0; i < plain.size(); i += 4) {
        std::uint32_t bits = 0;
        int padding = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const char c = plain[i + j];
            const bool mayBePadding = i + 4 == plain.size() && j >= 2;
            if (c == '=' && mayBePadding) {
                ++padding;
                bits <<= 6;
                continue;
            }
            const std::size_t digit = kAlphabet.find(c);
            if (digit == std::string_view::npos || padding > 0)
                return std::nullopt;
            bits = bits << 6 | static_cast<std::uint32_t>(digit);
        }
        for (int byte = 0; byte < 3 - padding; ++byte)
            bytes += static_cast<char>(bits >> (16 - 8 * byte) & 0xff);
    }
    return bytes;
}

std::string encodedBase64(std::string_view bytes)
{
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= count ? kAlphabet[bits >> (18 - 6 * j) & 0x3f] : '=';
    }
    return text;
}

} // namespace tiphys::kube
