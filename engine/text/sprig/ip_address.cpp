// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/ip_address.h"

#include "text/gotemplate/quote.h"

#include <algorithm>

namespace tiphys::text::sprig {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

class AddressReader
{
public:
    explicit AddressReader(std::string_view whole) : m_whole(whole) {}

    TemplateExpected<IpAddress> read()
    {
        const std::size_t mark = m_whole.find_first_of(".:%");
        if (mark == std::string_view::npos)
            return fault("unable to parse IP");
        if (m_whole[mark] == '%')
            return fault("missing IPv6 address");
        const bool isV4 = m_whole[mark] == '.';
        m_address.isV4 = isV4;
        const TemplateExpected<void> result = isV4 ? readV4(m_whole, 12) : readV6();
        if (!result)
            return std::unexpected(result.error());
        return m_address;
    }

private:
    std::unexpected<TemplateError> fault(std::string_view words, std::string_view at = {}) const
    {
        std::string text = "ParseAddr(" + goQuoted(m_whole) + "): " + std::string(words);
        if (!at.empty())
            text += " (at " + goQuoted(at) + ")";
        return templateError(std::move(text));
    }

    TemplateExpected<void> readV4(std::string_view text, std::size_t place)
    {
        int value = 0, digits = 0;
        std::size_t field = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (isDigit(text[i])) {
                if (digits == 1 && value == 0)
                    return fault("IPv4 field has octet with leading zero");
                value = value * 10 + (text[i] - '0');
                ++digits;
                if (value > 255)
                    return fault("IPv4 field has value >255");
                continue;
            }
            if (text[i] != '.')
                return fault("unexpected character", text.substr(i));
            if (i == 0 || i == text.size() - 1 || text[i - 1] == '.')
                return fault("IPv4 field must have at least one digit", text.substr(i));
            if (field == 3)
                return fault("IPv4 address too long");
            m_address.bytes[place + field++] = static_cast<std::uint8_t>(value);
            value = digits = 0;
        }
        if (field < 3)
            return fault("IPv4 address too short");
        m_address.bytes[place + 3] = static_cast<std::uint8_t>(value);
        return {};
    }

    TemplateExpected<void> readV6()
    {
        m_rest = m_whole;
        if (const std::size_t percent = m_rest.find('%'); percent != std::string_view::npos) {
            m_address.zone = m_rest.substr(percent + 1);
            if (m_address.zone.empty())
                return fault("zone must be a non-empty string");
            m_rest = m_rest.substr(0, percent);
        }
        if (m_rest.starts_with("::")) {
            m_ellipsis = 0;
            m_rest.remove_prefix(2);
            if (m_rest.empty())
                return {};
        }
        while (m_size < 16) {
            const TemplateExpected<bool> more = readGroup();
            if (!more)
                return std::unexpected(more.error());
            if (!*more)
                break;
        }
        if (!m_rest.empty())
            return fault("trailing garbage after address", m_rest);
        return expand();
    }

    /// One group and the colon after it; false at the end.
    TemplateExpected<bool> readGroup()
    {
        std::size_t length = 0;
        std::uint32_t value = 0;
        for (; length < m_rest.size() && hexDigit(m_rest[length]) >= 0; ++length) {
            value = value * 16 + static_cast<std::uint32_t>(hexDigit(m_rest[length]));
            if (length > 3)
                return fault("each group must have 4 or less digits", m_rest);
        }
        if (length == 0)
            return fault("each colon-separated field must have at least one digit", m_rest);
        if (length < m_rest.size() && m_rest[length] == '.')
            return readEmbeddedV4();
        m_address.bytes[m_size++] = static_cast<std::uint8_t>(value >> 8);
        m_address.bytes[m_size++] = static_cast<std::uint8_t>(value);
        m_rest.remove_prefix(length);
        if (m_rest.empty())
            return false;
        if (m_rest[0] != ':')
            return fault("unexpected character, want colon", m_rest);
        if (m_rest.size() == 1)
            return fault("colon must be followed by more characters", m_rest);
        m_rest.remove_prefix(1);
        if (m_rest[0] != ':')
            return true;
        if (m_ellipsis >= 0)
            return fault("multiple :: in address", m_rest);
        m_ellipsis = static_cast<int>(m_size);
        m_rest.remove_prefix(1);
        return !m_rest.empty();
    }

    TemplateExpected<bool> readEmbeddedV4()
    {
        if (m_ellipsis < 0 && m_size != 12)
            return fault("embedded IPv4 address must replace the final 2 fields of the address", m_rest);
        if (m_size + 4 > 16)
            return fault("too many hex fields to fit an embedded IPv4 at the end of the address", m_rest);
        if (const TemplateExpected<void> result = readV4(m_rest, m_size); !result)
            return std::unexpected(result.error());
        m_rest = {};
        m_size += 4;
        return false;
    }

    TemplateExpected<void> expand()
    {
        if (m_size == 16) {
            if (m_ellipsis >= 0)
                return fault("the :: must expand to at least one field of zeros");
            return {};
        }
        if (m_ellipsis < 0)
            return fault("address string too short");
        auto &bytes = m_address.bytes;
        std::copy_backward(bytes.begin() + m_ellipsis, bytes.begin() + static_cast<std::ptrdiff_t>(m_size),
                           bytes.end());
        std::fill_n(bytes.begin() + m_ellipsis, 16 - m_size, std::uint8_t(0));
        return {};
    }

    std::string_view m_whole;
    std::string_view m_rest;
    IpAddress m_address;
    std::size_t m_size = 0;
    int m_ellipsis = -1;
};

} // namespace

TemplateExpected<IpAddress> parseIpAddress(std::string_view text)
{
    return AddressReader(text).read();
}

} // namespace tiphys::text::sprig
