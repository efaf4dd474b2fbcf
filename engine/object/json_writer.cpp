// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/number_text.h"
#include "object/utf8.h"

#include <array>
#include <charconv>
#include <cmath>

namespace tiphys::object {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";

/// Bytes that go out as they are.
std::array<bool, 256> plainBytes(bool escapesHtml)
{
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x80; ++c)
        plain[c] = c != '"' && c != '\\';
    if (escapesHtml)
        plain['<'] = plain['>'] = plain['&'] = false;
    return plain;
}

class Writer
{
public:
    explicit Writer(const JsonOptions &options) : m_options(options), m_plain(plainBytes(options.escapesHtml)) {}

    void write(const Value &value)
    {
        switch (value.type()) {
        case Type::Null: m_out += "null"; return;
        case Type::Bool: m_out += *value.asBool() ? "true" : "false"; return;
        case Type::Int: writeInteger(*value.asInt()); return;
        case Type::Uint: writeInteger(*value.asUint()); return;
        case Type::Double: writeNumber(*value.asNumber()); return;
        case Type::String: writeString(*value.asString()); return;
        case Type::List: writeList(value); return;
        case Type::Map: writeMap(value); return;
        }
    }
    std::string take() { return std::move(m_out); }

private:
    template <typename Integer>
    void writeInteger(Integer number)
    {
        char text[24];
        m_out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
    }
    void writeNumber(double number)
    {
        if (std::isfinite(number))
            detail::appendJsonNumber(m_out, number);
        else
            m_out += "null";
    }

    void writeString(std::string_view text)
    {
        m_out += '"';
        std::size_t start = 0;
        std::size_t at = 0;
        while (at < text.size()) {
            if (m_plain[static_cast<unsigned char>(text[at])]) {
                ++at;
                continue;
            }
            m_out.append(text, start, at - start);
            at += writeSpecial(text, at);
            start = at;
        }
        m_out.append(text, start);
        m_out += '"';
    }

    /// Writes the character at \p at and returns the bytes it took.
    std::size_t writeSpecial(std::string_view text, std::size_t at)
    {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) {
            switch (byte) {
            case '"': m_out += "\\\""; break;
            case '\\': m_out += "\\\\"; break;
            case '\b': m_out += "\\b"; break;
            case '\f': m_out += "\\f"; break;
            case '\n': m_out += "\\n"; break;
            case '\r': m_out += "\\r"; break;
            case '\t': m_out += "\\t"; break;
            default:
                m_out += "\\u00";
                m_out += kHex[byte >> 4];
                m_out += kHex[byte & 15];
            }
            return 1;
        }
        const detail::CodePoint point = detail::codePointAt(text, at);
        if (!point.isValid)
            m_out += "\\ufffd";
        else if (point.value == 0x2028)
            m_out += "\\u2028";
        else if (point.value == 0x2029)
            m_out += "\\u2029";
        else
            m_out.append(text, at, point.size);
        return point.size;
    }

    void newLine()
    {
        if (m_options.style != JsonStyle::Indented)
            return;
        m_out += '\n';
        m_out.append(2 * m_depth, ' ');
    }

    void writeList(const Value &list)
    {
        if (list.size() == 0) {
            m_out += "[]";
            return;
        }
        m_out += '[';
        ++m_depth;
        bool isFirst = true;
        for (const Value &item : list.items()) {
            if (!isFirst)
                m_out += ',';
            isFirst = false;
            newLine();
            write(item);
        }
        --m_depth;
        newLine();
        m_out += ']';
    }

    void writeMap(const Value &map)
    {
        if (map.size() == 0) {
            m_out += "{}";
            return;
        }
        m_out += '{';
        ++m_depth;
        bool isFirst = true;
        const auto entry = [&](std::string_view key, const Value &value) {
            if (!isFirst)
                m_out += ',';
            isFirst = false;
            newLine();
            writeString(key);
            m_out += m_options.style == JsonStyle::Indented ? ": " : ":";
            write(value);
        };
        if (m_options.order == KeyOrder::Sorted) {
            for (const Value::Member &member : map.sortedEntries())
                entry(member.first, member.second);
        } else {
            for (const Value::Member &member : map.entries())
                entry(member.first, member.second);
        }
        --m_depth;
        newLine();
        m_out += '}';
    }

    const JsonOptions m_options;
    const std::array<bool, 256> m_plain;
    std::string m_out;
    std::size_t m_depth = 0;
};

} // namespace

std::string toJson(const Value &value, const JsonOptions &options)
{
    Writer writer(options);
    writer.write(value);
    return writer.take();
}

} // namespace tiphys::object
