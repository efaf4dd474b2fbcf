// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_json.h"

#include "base/base64.h"
#include "object/builder.h"
#include "object/json.h"
#include "object/utf8.h"
#include "text/gotemplate/quote.h"
#include "text/sprig/base_text.h"

#include <cmath>
#include <string>

namespace tiphys::text::sprig {

namespace {

constexpr int kWriteDepth = 1'000;
constexpr int kReadDepth = 10'000;

class JsonWriter
{
public:
    TemplateExpected<object::Value> write(const TemplateValue &value)
    {
        if (const TemplateExpected<void> result = add(value, 0); !result)
            return std::unexpected(result.error());
        return m_builder.finish();
    }

private:
    TemplateExpected<void> add(const TemplateValue &value, int depth)
    {
        if (depth > kWriteDepth)
            return templateError("json: unsupported value: encountered a cycle via " + std::string(value.typeName()));
        if (value.isNilOfItsType() && value.kind() != Kind::Func) {
            m_builder.null();
            return {};
        }
        if (const auto *const methods = dynamic_cast<const JsonMethods *>(value.type().methods)) {
            m_builder.value(methods->jsonValue(value));
            return {};
        }
        switch (value.kind()) {
        case Kind::Bool: m_builder.boolean(value.boolean()); return {};
        case Kind::Int:
        case Kind::Int8:
        case Kind::Int16:
        case Kind::Int32:
        case Kind::Int64: m_builder.integer(value.integer()); return {};
        case Kind::Uint:
        case Kind::Uint8:
        case Kind::Uint16:
        case Kind::Uint32:
        case Kind::Uint64:
        case Kind::Uintptr: m_builder.unsignedInteger(value.unsignedInteger()); return {};
        case Kind::Float32:
        case Kind::Float64: return addFloat(value.number());
        case Kind::String: m_builder.string(object::detail::withValidUtf8(value.text(), m_valid)); return {};
        case Kind::Slice: return addList(value, depth);
        case Kind::Map: return addMap(value, depth);
        case Kind::Struct:
        case Kind::Pointer: return addFields(value, depth);
        case Kind::Invalid:
        case Kind::Interface:
        case Kind::Complex128:
        case Kind::Func: break;
        }
        return templateError("json: unsupported type: " + std::string(value.typeName()));
    }

    TemplateExpected<void> addFloat(double number)
    {
        if (std::isnan(number))
            return templateError("json: unsupported value: NaN");
        if (std::isinf(number))
            return templateError(number > 0 ? "json: unsupported value: +Inf" : "json: unsupported value: -Inf");
        m_builder.number(number);
        return {};
    }

    TemplateExpected<void> addList(const TemplateValue &value, int depth)
    {
        if (value.isBytes()) {
            m_builder.string(base64Of(value.text()));
            return {};
        }
        m_builder.beginList();
        for (const TemplateValue &item : value.items()) {
            if (const TemplateExpected<void> result = add(item, depth + 1); !result)
                return result;
        }
        m_builder.endList();
        return {};
    }

    TemplateExpected<void> addMap(const TemplateValue &value, int depth)
    {
        m_builder.beginMap();
        for (const MapEntry &entry : value.entries()) {
            m_builder.key(object::detail::withValidUtf8(entry.key.text(), m_valid));
            if (const TemplateExpected<void> result = add(entry.value, depth + 1); !result)
                return result;
        }
        m_builder.endMap();
        return {};
    }

    TemplateExpected<void> addFields(const TemplateValue &value, int depth)
    {
        m_builder.beginMap();
        const TypeMethods *const methods = value.type().methods;
        const auto *const tagged = dynamic_cast<const TaggedFields *>(methods);
        if (methods) {
            for (const auto &[name, field] : tagged ? tagged->jsonFields(value) : methods->fields(value)) {
                m_builder.key(name);
                if (const TemplateExpected<void> result = add(field, depth + 1); !result)
                    return result;
            }
        }
        m_builder.endMap();
        return {};
    }

    object::Builder m_builder;
    std::string m_valid; ///< a text that had bytes which are no UTF-8
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Checks the syntax of a document in the order in which Go's scanner sees it.
class JsonChecker
{
public:
    explicit JsonChecker(std::string_view text) : m_text(text) {}

    TemplateExpected<void> check()
    {
        if (!value(0))
            return fault();
        skipSpace();
        if (m_at < m_text.size()) {
            bad("after top-level value");
            return fault();
        }
        return {};
    }

private:
    std::unexpected<TemplateError> fault() const
    {
        if (m_words.empty())
            return templateError("unexpected end of JSON input");
        return templateError(m_words);
    }

    /// A fault inside of a word or number, where the end of the text counts as a space.
    bool badInside(std::string_view words)
    {
        if (m_at >= m_text.size())
            m_words = "invalid character ' ' " + std::string(words);
        return bad(words);
    }

    bool bad(std::string_view words)
    {
        if (m_at < m_text.size())
            m_words = "invalid character " + quotedCharacter(m_text[m_at]) + " " + std::string(words);
        return false;
    }

    static std::string quotedCharacter(char c)
    {
        if (c == '\'')
            return R"('\'')";
        if (c == '"')
            return R"('"')";
        std::string character;
        object::detail::appendUtf8(character, static_cast<unsigned char>(c));
        const std::string quoted = goQuoted(character);
        return "'" + quoted.substr(1, quoted.size() - 2) + "'";
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }
    bool at(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }

    bool value(int depth)
    {
        skipSpace();
        if (m_at >= m_text.size())
            return false;
        if (depth > kReadDepth) {
            m_words = "exceeded max depth";
            return false;
        }
        switch (m_text[m_at]) {
        case '{': return object(depth);
        case '[': return list(depth);
        case '"': return string();
        case 't': return literal("true");
        case 'f': return literal("false");
        case 'n': return literal("null");
        default: break;
        }
        return at('-') || isDigit(m_text[m_at]) ? number() : bad("looking for beginning of value");
    }

    bool object(int depth)
    {
        ++m_at;
        skipSpace();
        if (at('}')) {
            ++m_at;
            return true;
        }
        while (true) {
            skipSpace();
            if (!at('"'))
                return bad("looking for beginning of object key string");
            if (!string())
                return false;
            skipSpace();
            if (!at(':'))
                return bad("after object key");
            ++m_at;
            if (!value(depth + 1))
                return false;
            skipSpace();
            if (at('}')) {
                ++m_at;
                return true;
            }
            if (!at(','))
                return bad("after object key:value pair");
            ++m_at;
        }
    }

    bool list(int depth)
    {
        ++m_at;
        skipSpace();
        if (at(']')) {
            ++m_at;
            return true;
        }
        while (true) {
            if (!value(depth + 1))
                return false;
            skipSpace();
            if (at(']')) {
                ++m_at;
                return true;
            }
            if (!at(','))
                return bad("after array element");
            ++m_at;
        }
    }

    bool string()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (at('"')) {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(m_text[m_at]) < 0x20)
                return bad("in string literal");
            if (at('\\') && !escape())
                return false;
        }
        return false;
    }

    bool escape()
    {
        ++m_at;
        if (!at('u')) {
            const bool isKnown =
                m_at < m_text.size() && std::string_view("bfnrt\\/\"").find(m_text[m_at]) != std::string_view::npos;
            return isKnown || badInside("in string escape code");
        }
        for (int i = 0; i < 4; ++i) {
            ++m_at;
            const char c = m_at < m_text.size() ? m_text[m_at] : ' ';
            const char lower = static_cast<char>(c | 0x20);
            if (!isDigit(c) && !(lower >= 'a' && lower <= 'f'))
                return badInside("in \\u hexadecimal character escape");
        }
        return true;
    }

    bool literal(std::string_view word)
    {
        for (std::size_t i = 1; i < word.size(); ++i) {
            ++m_at;
            if (!at(word[i]))
                return badInside("in literal " + std::string(word) + " (expecting '" + word[i] + "')");
        }
        ++m_at;
        return true;
    }

    bool digits(std::string_view words)
    {
        if (m_at >= m_text.size() || !isDigit(m_text[m_at]))
            return badInside(words);
        while (m_at < m_text.size() && isDigit(m_text[m_at]))
            ++m_at;
        return true;
    }

    bool number()
    {
        if (at('-'))
            ++m_at;
        if (at('0'))
            ++m_at;
        else if (!digits("in numeric literal"))
            return false;
        if (at('.')) {
            ++m_at;
            if (!digits("after decimal point in numeric literal"))
                return false;
        }
        if (at('e') || at('E')) {
            ++m_at;
            if (at('+') || at('-'))
                ++m_at;
            return digits("in exponent of numeric literal");
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_words;
};

std::string_view jsonKind(const object::Value &value)
{
    switch (value.type()) {
    case object::Type::Bool: return "bool";
    case object::Type::String: return "string";
    case object::Type::List: return "array";
    case object::Type::Map: return "object";
    default: return value.isNumber() ? "number" : "null";
    }
}

/// Valid JSON with every `-0` written as `-0.0`: Go reads all numbers as doubles, which know a negative zero, where
/// parseJson makes the integer 0 of it.
std::string withFloatZeros(std::string_view text)
{
    std::string result;
    bool inString = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        result += c;
        if (inString && c == '\\' && at + 1 < text.size()) {
            result += text[++at];
        } else if (c == '"') {
            inString = !inString;
        } else if (!inString && c == '0' && at > 0 && text[at - 1] == '-') {
            const bool isExponent = at > 1 && (text[at - 2] == 'e' || text[at - 2] == 'E');
            const bool goesOn = at + 1 < text.size() && std::string_view(".eE").contains(text[at + 1]);
            if (!isExponent && !goesOn)
                result += ".0";
        }
    }
    return result;
}

} // namespace

TemplateExpected<object::Value> jsonValueOf(const TemplateValue &value)
{
    return JsonWriter().write(value);
}

TemplateExpected<object::Value> parseGoJson(std::string_view text)
{
    if (const TemplateExpected<void> result = JsonChecker(text).check(); !result)
        return std::unexpected(result.error());
    Expected<object::Value> value =
        text.contains("-0") ? object::parseJson(withFloatZeros(text)) : object::parseJson(text);
    if (!value)
        return std::unexpected(TemplateError(value.error()));
    return *std::move(value);
}

std::unexpected<TemplateError> cannotUnmarshal(const object::Value &value, const Type &wanted)
{
    return templateError("json: cannot unmarshal " + std::string(jsonKind(value)) + " into Go value of type "
                         + std::string(wanted.name));
}

} // namespace tiphys::text::sprig
