// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"

#include <cstdint>

namespace tiphys {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

std::unexpected<Error> illegal(std::size_t at)
{
    return failure(ErrorCode::InvalidInput, "illegal base64 data at input byte " + std::to_string(at));
}

/// Reads base64 in groups of four characters.
class Base64Reader
{
public:
    explicit Base64Reader(std::string_view text) : m_text(text) {}

    Expected<std::string> read()
    {
        while (m_at < m_text.size() && !m_isEnd) {
            if (const Expected<void> result = readGroup(); !result)
                return std::unexpected(result.error());
        }
        return std::move(m_bytes);
    }

private:
    Expected<void> readGroup()
    {
        std::uint32_t bits = 0;
        std::size_t count = 0;
        while (count < 4) {
            if (m_at == m_text.size())
                return count == 0 ? Expected<void>() : illegal(m_at - count);
            const char c = m_text[m_at++];
            if (const std::size_t value = kAlphabet.find(c); value != std::string_view::npos) {
                bits = bits << 6 | static_cast<std::uint32_t>(value);
                ++count;
            } else if (c == '=') {
                return readPadding(bits, count);
            } else if (!isLineEnd(c)) {
                return illegal(m_at - 1);
            }
        }
        append(bits, 3);
        return {};
    }

    Expected<void> readPadding(std::uint32_t bits, std::size_t count)
    {
        if (count < 2)
            return illegal(m_at - 1);
        if (count == 2) {
            skipLineEnds();
            if (m_at == m_text.size())
                return illegal(m_at);
            if (m_text[m_at] != '=')
                return illegal(m_at - 1);
            ++m_at;
        }
        skipLineEnds();
        if (m_at < m_text.size())
            return illegal(m_at);
        append(bits << (6 * (4 - count)), count - 1);
        m_isEnd = true;
        return {};
    }

    void skipLineEnds()
    {
        while (m_at < m_text.size() && isLineEnd(m_text[m_at]))
            ++m_at;
    }

    void append(std::uint32_t bits, std::size_t bytes)
    {
        for (std::size_t i = 0; i < bytes; ++i)
            m_bytes += static_cast<char>(bits >> (16 - 8 * i));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_isEnd = false;
    std::string m_bytes;
};

} // namespace

std::string base64Of(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::string_view group = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8 | (j < group.size() ? static_cast<unsigned char>(group[j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= group.size() ? kAlphabet[bits >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

Expected<std::string> decodedBase64(std::string_view text)
{
    return Base64Reader(text).read();
}

} // namespace tiphys
