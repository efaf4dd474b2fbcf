// SPDX-License-Identifier: GPL-3.0-or-later
// Source of all choices of style: go.yaml.in/yaml/v2 emitterc.go and encode.go@v2.4.2.
#include "object/json.h"
#include "object/number_text.h"
#include "object/utf8.h"
#include "object/yaml.h"
#include "object/yaml_key_order.h"
#include "object/yaml_scalar.h"
#include "object/yaml_text_style.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tiphys::object {

namespace {

using detail::YamlText;

constexpr std::size_t kBestWidth = 80;
constexpr std::size_t kLongestSimpleKey = 128;

class Writer
{
public:
    std::string write(const Value &value)
    {
        if (value.isMap() && value.size() > 0)
            writeMap(value, 0);
        else if (value.isList() && value.size() > 0)
            writeList(value, 0);
        else
            writeScalar(value, 2, Place::Value);
        if (m_column > 0)
            lineBreak();
        return std::move(m_out);
    }

private:
    enum class Place { Key, Value };

    void put(char c)
    {
        m_out += c;
        ++m_column;
    }
    void put(std::string_view ascii)
    {
        m_out += ascii;
        m_column += ascii.size();
    }
    /// Copies the character at \p at and returns the place after it.
    std::size_t putCharacter(std::string_view text, std::size_t at)
    {
        const std::size_t size = detail::codePointAt(text, at).size;
        m_out.append(text, at, size);
        ++m_column;
        return at + size;
    }
    void lineBreak()
    {
        m_out += '\n';
        m_column = 0;
    }
    std::size_t putBreak(std::string_view text, std::size_t at)
    {
        if (text[at] == '\n') {
            lineBreak();
            return at + 1;
        }
        at = putCharacter(text, at);
        m_column = 0;
        return at;
    }
    /// Moves to \p indent, on the same line if nothing else stands on it yet.
    void indentTo(std::size_t indent, bool isFresh)
    {
        if (!isFresh) {
            if (m_column > 0)
                lineBreak();
            m_out.append(indent, ' ');
            m_column = indent;
        }
    }

    /// Block content after "key:" or "-": a container starts its own lines, everything else follows a space.
    void writeMap(const Value &map, std::size_t indent)
    {
        std::vector<Value::Member> members = map.sortedEntries();
        const auto isBefore = [](const Value::Member &a, const Value::Member &b) {
            return detail::comesBefore(a.first, b.first);
        };
        if (!std::ranges::is_sorted(members, isBefore))
            std::stable_sort(members.begin(), members.end(), isBefore);
        bool isFresh = m_column == indent && m_isIndentation;
        for (const auto &[key, value] : members) {
            indentTo(indent, isFresh || (indent == 0 && m_out.empty()));
            isFresh = false;
            m_isIndentation = false;
            writeKey(key, indent);
            writeHeld(value, indent);
        }
    }

    void writeKey(std::string_view key, std::size_t indent)
    {
        if (isSimpleWord(key)) {
            writeString(key, indent + 2, Place::Key);
            put(':');
            m_isIndentation = false;
            return;
        }
        std::string storage;
        const std::string_view clean = cleaned(key, storage);
        const YamlText text(clean);
        if (!text.isMultiline() && clean.size() <= kLongestSimpleKey) {
            writeText(text, indent + 2, Place::Key);
            put(':');
            m_isIndentation = false;
            return;
        }
        put("? ");
        writeText(text, indent + 2, Place::Value);
        if (m_column > 0)
            lineBreak();
        m_out.append(indent, ' ');
        m_column = indent;
        put(':');
        m_isIndentation = true;
    }

    void writeHeld(const Value &value, std::size_t indent)
    {
        if (value.isMap() && value.size() > 0) {
            // After a key written with '?' the map stands beside the ':'.
            if (m_isIndentation)
                put(' ');
            writeMap(value, indent + 2);
        } else if (value.isList() && value.size() > 0) {
            if (m_isIndentation) {
                put(' ');
                writeList(value, indent + 2);
            } else {
                writeList(value, indent);
            }
        } else {
            put(' ');
            writeScalar(value, indent + 2, Place::Value);
        }
        m_isIndentation = false;
    }

    void writeList(const Value &list, std::size_t indent)
    {
        bool isFresh = m_column == indent && m_isIndentation;
        for (const Value &item : list.items()) {
            indentTo(indent, isFresh || (indent == 0 && m_out.empty()));
            isFresh = false;
            put("- ");
            m_isIndentation = true;
            if (item.isMap() && item.size() > 0)
                writeMap(item, indent + 2);
            else if (item.isList() && item.size() > 0)
                writeList(item, indent + 2);
            else
                writeScalar(item, indent + 2, Place::Value);
            m_isIndentation = false;
        }
    }

    void writeScalar(const Value &value, std::size_t indent, Place place)
    {
        switch (value.type()) {
        case Type::Null: put("null"); return;
        case Type::Bool: put(*value.asBool() ? "true" : "false"); return;
        case Type::Int: return writeInteger(*value.asInt());
        case Type::Uint: return writeInteger(*value.asUint());
        case Type::Double: return writeNumber(*value.asNumber());
        case Type::String: return writeString(*value.asString(), indent, place);
        case Type::List: put("[]"); return;
        case Type::Map: put("{}"); return;
        }
    }

    template <typename Integer>
    void writeInteger(Integer number)
    {
        char text[24];
        const char *end = std::to_chars(text, text + sizeof text, number).ptr;
        put(std::string_view(text, static_cast<std::size_t>(end - text)));
    }

    void writeNumber(double number)
    {
        constexpr double kInt64End = 9223372036854775808.0;
        constexpr double kUint64End = 18446744073709551616.0;
        if (number == std::trunc(number) && number >= -kInt64End && number < kInt64End)
            return writeInteger(static_cast<std::int64_t>(number));
        if (number == std::trunc(number) && number > 0 && number < kUint64End)
            return writeInteger(static_cast<std::uint64_t>(number));
        std::string text;
        detail::appendShortest(text, number);
        put(text);
    }

    /// What becomes of a text on its way through JSON and the YAML reader; a view of it or of \p storage.
    static std::string_view cleaned(std::string_view text, std::string &storage)
    {
        if (isAscii(text))
            return text;
        storage = detail::withValidUtf8(text);
        if (storage.find("\xC2\x85") != std::string::npos) {
            const Expected<Value> folded = parseYaml(toJson(Value(storage)));
            if (folded && folded->isString())
                storage = *folded->asString();
        }
        return storage;
    }

    static bool isAscii(std::string_view text)
    {
        unsigned char all = 0;
        for (const char c : text)
            all |= static_cast<unsigned char>(c);
        return all < 0x80;
    }

    /// Letters, digits and few signs that mean nothing in YAML: most texts of manifests.
    static bool isSimpleWord(std::string_view text)
    {
        static constexpr auto kSimple = [] {
            std::array<bool, 256> simple{};
            for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-"))
                simple[static_cast<unsigned char>(c)] = true;
            return simple;
        }();
        return !text.empty() && text.size() <= kBestWidth && text[0] != '-' && text[0] != '.'
               && std::ranges::all_of(text, [](char c) { return kSimple[static_cast<unsigned char>(c)]; });
    }

    void writeString(std::string_view original, std::size_t indent, Place place)
    {
        if (isSimpleWord(original)) {
            const bool isString = detail::startsYamlString(original[0])
                                  || detail::resolveYamlScalar(original).kind == detail::YamlScalar::Kind::String;
            if (!isString)
                put('"');
            put(original);
            if (!isString)
                put('"');
            return;
        }
        std::string storage;
        writeText(YamlText(cleaned(original, storage)), indent, place);
    }

    void writeText(const YamlText &text, std::size_t indent, Place place)
    {
        const bool isKey = place == Place::Key;
        switch (text.styleFor(isKey ? YamlText::Use::Key : YamlText::Use::Value)) {
        case YamlText::Style::Plain: return writePlain(text.text(), indent, place);
        case YamlText::Style::SingleQuoted: return writeSingleQuoted(text.text(), indent, place);
        case YamlText::Style::DoubleQuoted: return writeDoubleQuoted(text.text(), indent, place);
        case YamlText::Style::Literal: return writeLiteral(text.text(), indent);
        }
    }

    void fold(std::size_t indent)
    {
        lineBreak();
        m_out.append(indent, ' ');
        m_column = indent;
    }

    void writePlain(std::string_view text, std::size_t indent, Place place)
    {
        if (text.size() + m_column <= kBestWidth) {
            // Nothing to fold; multi-line texts are never plain.
            m_out += text;
            m_column += static_cast<std::size_t>(std::ranges::count_if(
                text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
            return;
        }
        bool hasSpace = false;
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] != ' ') {
                at = putCharacter(text, at);
                hasSpace = false;
                continue;
            }
            const bool isFold = place == Place::Value && !hasSpace && m_column > kBestWidth
                                && at + 1 < text.size() && text[at + 1] != ' ';
            if (isFold)
                fold(indent), ++at;
            else
                at = putCharacter(text, at);
            hasSpace = true;
        }
    }

    void writeSingleQuoted(std::string_view text, std::size_t indent, Place place)
    {
        put('\'');
        bool hasSpace = false;
        bool hasBreak = false;
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] == ' ') {
                const bool isFold = place == Place::Value && !hasSpace && m_column > kBestWidth && at > 0
                                    && at + 1 < text.size() && text[at + 1] != ' ';
                if (isFold)
                    fold(indent), ++at;
                else
                    at = putCharacter(text, at);
                hasSpace = true;
            } else if (detail::isYamlBreak(text, at)) {
                if (!hasBreak && text[at] == '\n')
                    lineBreak();
                at = putBreak(text, at);
                hasBreak = true;
            } else {
                if (hasBreak) {
                    m_out.append(indent, ' ');
                    m_column = indent;
                }
                if (text[at] == '\'')
                    put('\'');
                at = putCharacter(text, at);
                hasSpace = false;
                hasBreak = false;
            }
        }
        put('\'');
    }

    void writeDoubleQuoted(std::string_view text, std::size_t indent, Place place)
    {
        put('"');
        // go-yaml looks for a byte order mark at the start of the text, wherever it is in it.
        const bool escapesAll = text.starts_with("\xEF\xBB\xBF");
        bool hasSpace = false;
        for (std::size_t at = 0; at < text.size();) {
            const char c = text[at];
            if (escapesAll || c == '"' || c == '\\' || detail::isYamlBreak(text, at)
                || !detail::isYamlPrintable(text, at)) {
                const detail::CodePoint point = detail::codePointAt(text, at);
                putEscape(point.value);
                at += point.size;
                hasSpace = false;
            } else if (c == ' ') {
                const bool isFold =
                    place == Place::Value && !hasSpace && m_column > kBestWidth && at > 0 && at + 1 < text.size();
                if (isFold) {
                    fold(indent);
                    if (text[at + 1] == ' ')
                        put('\\');
                    ++at;
                } else {
                    at = putCharacter(text, at);
                }
                hasSpace = true;
            } else {
                at = putCharacter(text, at);
                hasSpace = false;
            }
        }
        put('"');
    }

    void putEscape(char32_t c)
    {
        constexpr std::u32string_view kValues = U"\x07\b\t\n\v\f\r\x1B\"\\\x85\xA0\u2028\u2029";
        constexpr std::string_view kNames = "abtnvfre\"\\N_LP";
        put('\\');
        if (c == 0) {
            put('0');
            return;
        }
        if (const std::size_t found = kValues.find(c); found != std::u32string_view::npos) {
            put(kNames[found]);
            return;
        }
        constexpr std::string_view kHex = "0123456789ABCDEF";
        const int digits = c <= 0xFF ? 2 : c <= 0xFFFF ? 4 : 8;
        put(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
            put(kHex[c >> shift & 15]);
    }

    void writeLiteral(std::string_view text, std::size_t indent)
    {
        put('|');
        if (text[0] == ' ' || detail::isYamlBreak(text, 0))
            put('2');
        putChomping(text);
        lineBreak();
        bool startsLine = true;
        std::size_t lineEnd = 0;
        for (std::size_t at = 0; at < text.size();) {
            if (detail::isYamlBreak(text, at)) {
                at = putBreak(text, at);
                startsLine = true;
                continue;
            }
            if (startsLine) {
                m_out.append(indent, ' ');
                m_column = indent;
            }
            startsLine = false;
            if (at >= lineEnd)
                lineEnd = std::min(text.find('\n', at), text.size());
            // What is written so holds no other breaks in ASCII, and in the rest only some that begin with this byte.
            const std::size_t end = std::min(text.substr(0, lineEnd).find('\xE2', at + 1), lineEnd);
            m_out.append(text, at, end - at);
            m_column += end - at;
            at = end;
        }
    }

    void putChomping(std::string_view text)
    {
        const auto lastCharacter = [](std::string_view part) {
            std::size_t at = part.size() - 1;
            while (at > 0 && (static_cast<unsigned char>(part[at]) & 0xC0u) == 0x80u)
                --at;
            return at;
        };
        const std::size_t last = lastCharacter(text);
        if (!detail::isYamlBreak(text, last))
            put('-');
        else if (last == 0 || detail::isYamlBreak(text, lastCharacter(text.substr(0, last))))
            put('+');
    }

    std::string m_out;
    std::size_t m_column = 0;
    bool m_isIndentation = false; ///< only indentation and "- " stand on the line so far
};

/// What go-yaml's reader refuses in the JSON that Marshal makes first.
std::optional<std::string> problemOf(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const detail::CodePoint point = detail::codePointAt(text, at);
        const char32_t c = point.value;
        if ((c >= 0x7F && c < 0xA0 && c != 0x85) || c == 0xFFFE || c == 0xFFFF)
            return "yaml: control characters are not allowed";
        at += point.size;
    }
    return std::nullopt;
}

/// Characters of a key in JSON, quotes included.
std::size_t writtenLength(std::string_view key)
{
    const std::string written = toJson(Value(key), {.escapesHtml = true});
    return static_cast<std::size_t>(std::ranges::count_if(
        written, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::optional<std::string> problemOf(const Value &value)
{
    constexpr std::size_t kLongestJsonKey = 1024;
    switch (value.type()) {
    case Type::String: return problemOf(*value.asString());
    case Type::Double:
        if (const double number = *value.asNumber(); !std::isfinite(number))
            return std::string("json: unsupported value: ") + (std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf");
        return std::nullopt;
    case Type::List:
        for (const Value &item : value.items()) {
            if (std::optional<std::string> problem = problemOf(item))
                return problem;
        }
        return std::nullopt;
    case Type::Map:
        for (const auto &[key, held] : value.entries()) {
            if (std::optional<std::string> problem = problemOf(key))
                return problem;
            if (key.size() > kLongestJsonKey / 6 && writtenLength(key) > kLongestJsonKey)
                return "yaml: did not find expected ',' or '}'";
            if (std::optional<std::string> problem = problemOf(held))
                return problem;
        }
        return std::nullopt;
    case Type::Null:
    case Type::Bool:
    case Type::Int:
    case Type::Uint: return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

std::string toYaml(const Value &value)
{
    return Writer().write(value);
}

Expected<std::string> marshalYaml(const Value &value)
{
    if (std::optional<std::string> problem = problemOf(value))
        return failure(ErrorCode::InvalidInput, std::move(*problem));
    return toYaml(value);
}

} // namespace tiphys::object
