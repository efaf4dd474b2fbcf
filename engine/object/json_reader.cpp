// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json_reader.h"

#include "object/builder.h"
#include "object/number_text.h"
#include "object/utf8.h"

#include <charconv>
#include <string>
#include <vector>

namespace tiphys::object::detail {

namespace {

constexpr std::size_t kDeepest = 10'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// A byte as Go prints it in its syntax errors.
std::string quotedByte(char c)
{
    if (c == '\'')
        return "'\\''";
    if (c == '"')
        return "'\"'";
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kNamed = "\a\b\f\n\r\t\v\\";
    constexpr std::string_view kNames = "abfnrtv\\";
    if (const std::size_t at = kNamed.find(c); at != std::string_view::npos)
        return std::string("'\\") + kNames[at] + "'";
    constexpr std::string_view kHex = "0123456789abcdef";
    if (byte < 0x20 || byte == 0x7F)
        return std::string("'\\x") + kHex[byte >> 4] + kHex[byte & 15] + "'";
    if (byte >= 0x80 && (byte <= 0xA0 || byte == 0xAD))
        return std::string("'\\u00") + kHex[byte >> 4] + kHex[byte & 15] + "'";
    std::string text = "'";
    appendUtf8(text, byte);
    return text + "'";
}

class Reader
{
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    Expected<Value> read()
    {
        while (m_ok) {
            if (!value())
                break;
            if (!closings())
                break;
            if (m_open.empty())
                break;
        }
        if (m_ok) {
            skipSpace();
            if (m_at < m_text.size())
                refuse("after top-level value");
        }
        if (!m_ok)
            return failure(m_code, std::move(m_problem));
        return m_builder.finish();
    }

private:
    bool fail(std::string why, ErrorCode code = ErrorCode::InvalidInput)
    {
        m_ok = false;
        m_code = code;
        m_problem = "json: offset " + std::to_string(m_at) + ": " + std::move(why);
        return false;
    }
    bool refuse(std::string_view where)
    {
        if (m_at >= m_text.size())
            return fail("unexpected end of JSON input");
        return fail("invalid character " + quotedByte(m_text[m_at]) + " " + std::string(where));
    }
    void skipSpace()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
                return;
            ++m_at;
        }
    }
    bool next(char c)
    {
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    /// One scalar, or the opening of containers down to the first scalar or empty container.
    bool value()
    {
        for (;;) {
            skipSpace();
            if (m_at >= m_text.size())
                return refuse("");
            const char c = m_text[m_at];
            if (c != '{' && c != '[')
                return scalar(c);
            if (m_open.size() >= kDeepest)
                return fail("exceeded max depth", ErrorCode::LimitExceeded);
            ++m_at;
            m_open.push_back(c);
            skipSpace();
            if (c == '[') {
                m_builder.beginList();
                if (m_at < m_text.size() && m_text[m_at] == ']')
                    return true;
            } else {
                m_builder.beginMap();
                if (m_at < m_text.size() && m_text[m_at] == '}')
                    return true;
                if (!key())
                    return false;
            }
        }
    }

    /// After a value: the ends of containers, up to the comma (and key) before the next value.
    bool closings()
    {
        while (!m_open.empty()) {
            skipSpace();
            const bool isMap = m_open.back() == '{';
            if (next(',')) {
                skipSpace();
                return isMap ? key() : true;
            }
            if (!next(isMap ? '}' : ']'))
                return refuse(isMap ? "after object key:value pair" : "after array element");
            m_open.pop_back();
            if (isMap)
                m_builder.endMap();
            else
                m_builder.endList();
        }
        return true;
    }

    bool key()
    {
        if (m_at >= m_text.size() || m_text[m_at] != '"')
            return refuse("looking for beginning of object key string");
        if (!string())
            return false;
        m_builder.key(m_string);
        skipSpace();
        return next(':') || refuse("after object key");
    }

    bool scalar(char c)
    {
        switch (c) {
        case '"':
            if (!string())
                return false;
            m_builder.string(m_string);
            return true;
        case 't':
            if (!literal("true"))
                return false;
            m_builder.boolean(true);
            return true;
        case 'f':
            if (!literal("false"))
                return false;
            m_builder.boolean(false);
            return true;
        case 'n':
            if (!literal("null"))
                return false;
            m_builder.null();
            return true;
        default:
            if (c == '-' || isDigit(c))
                return number();
            return refuse("looking for beginning of value");
        }
    }

    bool literal(std::string_view word)
    {
        for (std::size_t i = 0; i < word.size(); ++i) {
            if (!next(word[i]))
                return refuse("in literal " + std::string(word) + " (expecting '" + word[i] + "')");
        }
        return true;
    }

    bool digits(std::string_view where)
    {
        if (m_at >= m_text.size() || !isDigit(m_text[m_at]))
            return refuse(where);
        while (m_at < m_text.size() && isDigit(m_text[m_at]))
            ++m_at;
        return true;
    }

    bool number()
    {
        const std::size_t start = m_at;
        bool isInteger = true;
        next('-');
        if (!next('0') && !digits("in numeric literal"))
            return false;
        if (next('.')) {
            isInteger = false;
            if (!digits("after decimal point in numeric literal"))
                return false;
        }
        if (m_at < m_text.size() && (m_text[m_at] == 'e' || m_text[m_at] == 'E')) {
            isInteger = false;
            ++m_at;
            if (!next('+'))
                next('-');
            if (!digits("in exponent of numeric literal"))
                return false;
        }
        const std::string_view text = m_text.substr(start, m_at - start);
        return addNumber(text, isInteger);
    }

    bool addNumber(std::string_view text, bool isInteger)
    {
        const char *end = text.data() + text.size();
        if (isInteger) {
            std::int64_t whole = 0;
            if (std::from_chars(text.data(), end, whole).ec == std::errc()) {
                m_builder.integer(whole);
                return true;
            }
            std::uint64_t large = 0;
            if (text[0] != '-' && std::from_chars(text.data(), end, large).ec == std::errc()) {
                m_builder.unsignedInteger(large);
                return true;
            }
        }
        const std::optional<double> number = doubleOf(text);
        if (!number)
            return fail("cannot unmarshal number " + std::string(text) + " into Go value of type float64");
        m_builder.number(*number);
        return true;
    }

    /// Reads a string with both of its quotes into m_string.
    bool string()
    {
        ++m_at;
        m_string.clear();
        for (;;) {
            if (m_at >= m_text.size())
                return refuse("");
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (c == '\\') {
                if (!escape())
                    return false;
            } else if (static_cast<unsigned char>(c) < 0x20) {
                return refuse("in string literal");
            } else {
                const CodePoint point = codePointAt(m_text, m_at);
                if (point.isValid)
                    m_string.append(m_text, m_at, point.size);
                else
                    appendUtf8(m_string, 0xFFFD);
                m_at += point.size;
            }
        }
    }

    bool escape()
    {
        ++m_at;
        if (m_at >= m_text.size())
            return refuse("");
        constexpr std::string_view kNames = "\"\\/bfnrt";
        constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
        if (const std::size_t at = kNames.find(m_text[m_at]); at != std::string_view::npos) {
            m_string += kValues[at];
            ++m_at;
            return true;
        }
        if (m_text[m_at] != 'u')
            return refuse("in string escape code");
        ++m_at;
        char32_t first = 0;
        if (!hex(first))
            return false;
        const bool isHigh = first >= 0xD800 && first < 0xDC00;
        if (isHigh && m_text.substr(m_at).starts_with("\\u")) {
            const std::size_t before = m_at;
            m_at += 2;
            char32_t second = 0;
            if (!hex(second))
                return false;
            if (second >= 0xDC00 && second < 0xE000) {
                appendUtf8(m_string, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
                return true;
            }
            m_at = before; // The second one stands for itself.
        }
        appendUtf8(m_string, first);
        return true;
    }

    bool hex(char32_t &value)
    {
        for (int i = 0; i < 4; ++i, ++m_at) {
            const char c = m_at < m_text.size() ? m_text[m_at] : '\0';
            const char32_t digit = isDigit(c)               ? static_cast<char32_t>(c - '0')
                                   : (c >= 'a' && c <= 'f') ? static_cast<char32_t>(c - 'a' + 10)
                                   : (c >= 'A' && c <= 'F') ? static_cast<char32_t>(c - 'A' + 10)
                                                            : 16;
            if (digit == 16)
                return refuse("in \\u hexadecimal character escape");
            value = value * 16 + digit;
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<char> m_open;
    std::string m_string;
    Builder m_builder;
    bool m_ok = true;
    ErrorCode m_code = ErrorCode::InvalidInput;
    std::string m_problem;
};

} // namespace

Expected<Value> readJson(std::string_view text)
{
    return Reader(text).read();
}

} // namespace tiphys::object::detail
