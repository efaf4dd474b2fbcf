// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/base64.h"

#include <cstdint>

namespace tiphys::rollout {

namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::unexpected<Error> corrupt(std::size_t at)
{
    return failure(ErrorCode::InvalidInput, "illegal base64 data at input byte " + std::to_string(at));
}

} // namespace

std::string base64Of(std::string_view bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k > bytes.size() ? '=' : kDigits[(group >> (18 - 6 * k)) & 63];
    }
    return out;
}

Expected<std::string> decodedBase64(std::string_view text)
{
    std::string out;
    std::uint32_t group = 0;
    int digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n' || c == '\r')
            continue;
        if (c == '=') {
            const std::size_t padding = text.size() - i;
            if (digits < 2 || padding != static_cast<std::size_t>(4 - digits) || text.substr(i) != std::string_view("==").substr(0, padding))
                return corrupt(i);
            out += static_cast<char>(group >> (digits == 2 ? 4 : 10));
            if (digits == 3)
                out += static_cast<char>(group >> 2);
            return out;
        }
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos)
            return corrupt(i);
        group = (group << 6) | static_cast<std::uint32_t>(digit);
        if (++digits < 4)
            continue;
        out += static_cast<char>(group >> 16);
        out += static_cast<char>(group >> 8);
        out += static_cast<char>(group);
        digits = 0;
        group = 0;
    }
    if (digits != 0)
        return corrupt(text.size());
    return out;
}

} // namespace tiphys::rollout
