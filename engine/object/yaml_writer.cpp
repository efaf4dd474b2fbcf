// SPDX-License-Identifier: GPL-3.0-or-later
// Source of all choices of style: go.yaml.in/yaml/v2 emitterc.go and encode.go@v2.4.2.
#include "object/builder.h"
#include "object/json.h"
#include "object/number_text.h"
#include "object/text_buffer.h"
#include "object/utf8.h"
#include "object/yaml.h"
#include "object/yaml_key_order.h"
#include "object/yaml_print.h"
#include "object/yaml_scalar.h"
#include "object/yaml_text_style.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tiphys::object {

namespace {

using detail::Entry;
using detail::Key;
using detail::Node;
using detail::YamlText;

constexpr std::size_t kBestWidth = 80;
constexpr std::size_t kLongestSimpleKey = 128;
constexpr std::size_t kPiece = 32 * 1024; ///< about what is given away at once

/// Letters, digits and few signs that mean nothing in YAML: most texts of manifests.
bool isSimpleWord(std::string_view text)
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

/// True if \p text, which is a simple word, is read as a text where it stands without quotes.
bool isReadAsText(std::string_view text)
{
    return detail::startsYamlString(text[0])
           || detail::resolveYamlScalar(text).kind == detail::YamlScalar::Kind::String;
}

using Take = std::function<void(std::string_view)>;

class Writer
{
public:
    /// Without \p take the text is kept.
    explicit Writer(const Take *take = nullptr) : m_take(take) {}

    std::string write(const Node &node)
    {
        if (isFilled(node, Type::Map))
            writeMap(node, 0);
        else if (isFilled(node, Type::List))
            writeList(node, 0);
        else
            writeScalar(node, 2);
        if (column() > 0)
            lineBreak();
        if (m_take)
            (*m_take)(m_out.text());
        return m_out.take();
    }

private:
    enum class Place { Key, Value };

    static bool isFilled(const Node &node, Type type) { return node.type == type && node.size > 0; }

    std::size_t column() const { return m_out.size() - m_lineStart; }
    void put(char c) { m_out.put(c); }
    void put(std::string_view text) { m_out.put(text); }
    /// Copies the character at \p at and returns the place after it.
    std::size_t putCharacter(std::string_view text, std::size_t at)
    {
        const std::size_t size = detail::codePointAt(text, at).size;
        m_out.put(text.substr(at, size));
        m_lineStart += size - 1;
        return at + size;
    }
    void lineBreak()
    {
        m_out.put('\n');
        m_isFirstLine = false;
        if (m_take && m_out.size() >= kPiece) {
            (*m_take)(m_out.text());
            m_out.clear();
        }
        m_lineStart = m_out.size();
    }
    bool isAtStart() const { return m_isFirstLine && m_out.isEmpty(); }
    std::size_t putBreak(std::string_view text, std::size_t at)
    {
        if (text[at] == '\n') {
            lineBreak();
            return at + 1;
        }
        at = putCharacter(text, at);
        m_lineStart = m_out.size();
        return at;
    }
    /// Blanks of a new line.
    void putIndent(std::size_t indent)
    {
        m_lineStart = m_out.size();
        m_out.putSpaces(indent);
    }
    /// Moves to \p indent, on the same line if nothing else stands on it yet.
    void indentTo(std::size_t indent, bool isFresh)
    {
        if (!isFresh) {
            if (column() > 0)
                lineBreak();
            putIndent(indent);
        }
    }

    /// Block content after "key:" or "-": a container starts its own lines, everything else follows a space.
    void writeMap(const Node &map, std::size_t indent)
    {
        bool isFresh = column() == indent && m_isIndentation;
        const std::size_t first = m_sorter.push(map);
        for (std::size_t i = 0; i < map.size; ++i) {
            const Entry &entry = m_sorter.at(first + i);
            indentTo(indent, isFresh || (indent == 0 && isAtStart()));
            isFresh = false;
            m_isIndentation = false;
            writeKey(*entry.key, indent);
            writeHeld(entry.value, indent);
        }
        m_sorter.pop(first);
    }

    void writeKey(const Key &key, std::size_t indent)
    {
        const Key *&known = m_words[(reinterpret_cast<std::uintptr_t>(&key) >> 3) % m_words.size()];
        if (known == &key) {
            put(key.text());
            put(':');
        } else if (isSimpleWord(key.text()) && isReadAsText(key.text())) {
            known = &key;
            put(key.text());
            put(':');
        } else {
            writeUnusualKey(key.text(), indent);
        }
    }

    void writeUnusualKey(std::string_view key, std::size_t indent)
    {
        if (isSimpleWord(key)) {
            writeString(key, indent + 2);
            put(':');
            return;
        }
        std::string storage;
        const std::string_view clean = cleaned(key, storage);
        const YamlText text(clean);
        if (!text.isMultiline() && clean.size() <= kLongestSimpleKey) {
            writeText(text, indent + 2, Place::Key);
            put(':');
            return;
        }
        put("? ");
        writeText(text, indent + 2, Place::Value);
        if (column() > 0)
            lineBreak();
        putIndent(indent);
        put(':');
        m_isIndentation = true;
    }

    void writeHeld(const Node &value, std::size_t indent)
    {
        if (isFilled(value, Type::Map)) {
            // After a key written with '?' the map stands beside the ':'.
            if (m_isIndentation)
                put(' ');
            writeMap(value, indent + 2);
        } else if (isFilled(value, Type::List)) {
            if (m_isIndentation) {
                put(' ');
                writeList(value, indent + 2);
            } else {
                writeList(value, indent);
            }
        } else {
            put(' ');
            writeScalar(value, indent + 2);
        }
        m_isIndentation = false;
    }

    void writeList(const Node &list, std::size_t indent)
    {
        bool isFresh = column() == indent && m_isIndentation;
        for (std::uint32_t i = 0; i < list.size; ++i) {
            const Node &item = list.items[i];
            indentTo(indent, isFresh || (indent == 0 && isAtStart()));
            isFresh = false;
            put("- ");
            m_isIndentation = true;
            if (isFilled(item, Type::Map))
                writeMap(item, indent + 2);
            else if (isFilled(item, Type::List))
                writeList(item, indent + 2);
            else
                writeScalar(item, indent + 2);
            m_isIndentation = false;
        }
    }

    void writeScalar(const Node &value, std::size_t indent)
    {
        switch (value.type) {
        case Type::Null: put("null"); return;
        case Type::Bool: put(value.boolean ? "true" : "false"); return;
        case Type::Int: return writeInteger(value.integer);
        case Type::Uint: return writeInteger(value.unsignedInteger);
        case Type::Double: return writeNumber(value.number);
        case Type::String: return writeString({value.text, value.size}, indent);
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
        if (const std::optional<std::int64_t> integer = detail::writtenInt64(number))
            return writeInteger(*integer);
        if (const std::optional<std::uint64_t> large = detail::writtenUint64(number))
            return writeInteger(*large);
        std::string text;
        detail::appendShortest(text, number);
        put(text);
    }

    /// What becomes of a text on its way through JSON and the YAML reader; a view of it or of \p storage.
    static std::string_view cleaned(std::string_view text, std::string &storage)
    {
        if (detail::isAscii(text))
            return text;
        storage = detail::withValidUtf8(text);
        if (storage.find("\xC2\x85") != std::string::npos) {
            const Expected<Value> folded = parseYaml(toJson(Value(storage)));
            if (folded && folded->isString())
                storage = *folded->asString();
        }
        return storage;
    }

    void writeString(std::string_view original, std::size_t indent)
    {
        if (isSimpleWord(original)) {
            const bool isText = isReadAsText(original);
            if (!isText)
                put('"');
            put(original);
            if (!isText)
                put('"');
            return;
        }
        std::string storage;
        writeText(YamlText(cleaned(original, storage)), indent, Place::Value);
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
        putIndent(indent);
    }

    void writePlain(std::string_view text, std::size_t indent, Place place)
    {
        if (text.size() + column() <= kBestWidth) {
            // Nothing to fold; multi-line texts are never plain.
            put(text);
            if (!detail::isAscii(text))
                m_lineStart += static_cast<std::size_t>(std::ranges::count_if(
                    text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }));
            return;
        }
        bool hasSpace = false;
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] != ' ') {
                at = putCharacter(text, at);
                hasSpace = false;
                continue;
            }
            const bool isFold = place == Place::Value && !hasSpace && column() > kBestWidth && at + 1 < text.size()
                                && text[at + 1] != ' ';
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
        if (text.size() + column() <= kBestWidth && text.find_first_of("'\n\r") == text.npos && detail::isAscii(text)) {
            // Nothing to fold, to double or to indent.
            put(text);
            put('\'');
            return;
        }
        bool hasSpace = false;
        bool hasBreak = false;
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] == ' ') {
                const bool isFold = place == Place::Value && !hasSpace && column() > kBestWidth && at > 0
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
                if (hasBreak)
                    putIndent(indent);
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
                    place == Place::Value && !hasSpace && column() > kBestWidth && at > 0 && at + 1 < text.size();
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
            if (startsLine)
                putIndent(indent);
            startsLine = false;
            if (at >= lineEnd)
                lineEnd = std::min(text.find('\n', at), text.size());
            // What is written so holds no other breaks in ASCII, and in the rest only some that begin with this byte.
            const std::size_t end = std::min(text.substr(0, lineEnd).find('\xE2', at + 1), lineEnd);
            put(text.substr(at, end - at));
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

    const Take *m_take;
    detail::TextBuffer m_out;
    bool m_isFirstLine = true;
    std::size_t m_lineStart = 0;  ///< so that the characters of the line begin there, were each one byte
    bool m_isIndentation = false; ///< only indentation and "- " stand on the line so far
    detail::YamlKeySorter m_sorter;
    std::array<const Key *, 64> m_words{}; ///< some keys that stand without quotes
};

} // namespace

std::string toYaml(const Value &value)
{
    return Writer().write(Builder::nodeOf(value));
}

void printYaml(const Value &value, const Take &take)
{
    Writer(&take).write(Builder::nodeOf(value));
}

} // namespace tiphys::object
