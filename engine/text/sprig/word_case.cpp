// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/word_case.h"

#include "object/utf8.h"
#include "text/gotemplate/unicode.h"
#include "text/sprig/letter_case.h"

namespace tiphys::text::sprig {

namespace {

using object::detail::appendUtf8;
using object::detail::codePointAt;

constexpr char32_t kBadCharacter = 0xFFFD;

bool isConnector(char32_t c)
{
    return c == '-' || c == '_' || isSpace(c);
}

bool isAlphabet(char32_t c)
{
    if (!isLetter(c))
        return false;
    return !((c >= 0x4E00 && c <= 0x9FCC) || (c >= 0x3400 && c <= 0x4D85) || (c >= 0x20000 && c <= 0x2B81D));
}

enum class WordKind { Invalid, Number, UpperCase, Alphabet, Connector, Punctuation, Other };

struct Word
{
    WordKind kind = WordKind::Invalid;
    std::string_view text;
};

/// A character after characters that are none, and the bytes of all of them; \p fallback at the end of the text.
struct Rune
{
    char32_t value;
    std::size_t size;
};
Rune validRune(std::string_view text, char32_t fallback)
{
    std::size_t size = 0;
    while (size < text.size()) {
        const object::detail::CodePoint point = codePointAt(text, size);
        size += point.size;
        if (point.value != kBadCharacter)
            return {point.value, size};
    }
    return {fallback, size};
}

/// Grows a word while its characters fit. A rest without any character counts as one more of the last kind, which
/// adds its bytes.
std::size_t grown(std::string_view text, std::size_t size, char32_t &last, bool (*fits)(char32_t))
{
    while (size < text.size()) {
        const Rune rune = validRune(text.substr(size), last);
        last = rune.value;
        if (!fits(rune.value))
            break;
        size += rune.size;
    }
    return size;
}

bool isSmallLetter(char32_t c)
{
    return isAlphabet(c) && !isUpper(c);
}
bool isOther(char32_t c)
{
    return !isConnector(c) && !isAlphabet(c) && !isNumber(c) && !isPunctuation(c);
}

/// A word that begins with an upper case letter: "HTTP" of "HTTPStatus", "Status" of "StatusCode".
std::size_t upperWordSize(std::string_view text, std::size_t size, char32_t last)
{
    if (size >= text.size())
        return size;
    const Rune second = validRune(text.substr(size), last);
    if (isUpper(second.value)) {
        size += second.size;
        std::size_t lastSize = second.size;
        char32_t current = second.value;
        while (size < text.size()) {
            const Rune rune = validRune(text.substr(size), current);
            current = rune.value;
            if (!isUpper(current))
                break;
            lastSize = rune.size;
            size += rune.size;
        }
        // The last upper case letter begins the next word.
        if (size < text.size() && isAlphabet(current))
            size -= lastSize;
        return size;
    }
    if (!isAlphabet(second.value))
        return size;
    char32_t current = second.value;
    return grown(text, size + second.size, current, isSmallLetter);
}

/// The next word, taken off \p rest.
Word takenWord(std::string_view &rest)
{
    if (rest.empty())
        return {};
    const Rune first = validRune(rest, kBadCharacter);
    std::size_t size = first.size;
    char32_t last = first.value;
    WordKind kind = WordKind::Other;
    if (first.value == kBadCharacter) {
        kind = WordKind::Invalid;
    } else if (isConnector(first.value)) {
        kind = WordKind::Connector;
        size = grown(rest, size, last, isConnector);
    } else if (isPunctuation(first.value)) {
        kind = WordKind::Punctuation;
        size = grown(rest, size, last, isPunctuation);
    } else if (isUpper(first.value)) {
        kind = WordKind::UpperCase;
        size = upperWordSize(rest, size, last);
    } else if (isAlphabet(first.value)) {
        kind = WordKind::Alphabet;
        size = grown(rest, size, last, isSmallLetter);
    } else if (isNumber(first.value)) {
        kind = WordKind::Number;
        size = grown(rest, size, last, isNumber);
    } else {
        size = grown(rest, size, last, isOther);
    }
    const Word word{kind, rest.substr(0, size)};
    rest.remove_prefix(size);
    return word;
}

class WordJoiner
{
public:
    WordJoiner(std::string_view text, char connector) : m_rest(text), m_connector(connector) {}

    std::string joined()
    {
        take();
        while (!m_rest.empty()) {
            if (m_word.kind != WordKind::Connector)
                append(m_word);
            const Word previous = m_word;
            take();
            afterWord(previous);
        }
        append(m_word);
        return std::move(m_out);
    }

private:
    void take() { m_word = takenWord(m_rest); }

    void append(const Word &word)
    {
        if (word.kind != WordKind::UpperCase && word.kind != WordKind::Connector) {
            m_out += word.text;
            return;
        }
        for (const char32_t character : charactersOf(word.text)) {
            if (isConnector(character))
                m_out += m_connector;
            else
                appendUtf8(m_out, isUpper(character) ? toLower(character) : character);
        }
    }

    /// Letters and digits that follow a number belong to it.
    void appendLettersAndNumbers()
    {
        while (m_word.kind == WordKind::Alphabet || m_word.kind == WordKind::Number) {
            append(m_word);
            take();
        }
        if (m_word.kind != WordKind::Invalid && m_word.kind != WordKind::Punctuation
            && m_word.kind != WordKind::Connector)
            m_out += m_connector;
    }

    void connectUnlessBorder()
    {
        if (m_word.kind != WordKind::Connector && m_word.kind != WordKind::Punctuation)
            m_out += m_connector;
    }

    void afterWord(const Word &previous)
    {
        switch (previous.kind) {
        case WordKind::Number: appendLettersAndNumbers(); return;
        case WordKind::Connector: append(previous); return;
        case WordKind::Punctuation: return;
        case WordKind::Invalid:
        case WordKind::UpperCase:
        case WordKind::Alphabet:
        case WordKind::Other: break;
        }
        if (m_word.kind != WordKind::Number) {
            connectUnlessBorder();
            return;
        }
        if (m_rest.empty())
            return;
        const Word number = m_word;
        take();
        if (m_word.kind != WordKind::Alphabet) {
            append(number);
            connectUnlessBorder();
            return;
        }
        m_out += m_connector;
        append(number);
        appendLettersAndNumbers();
    }

    std::string_view m_rest;
    char m_connector;
    Word m_word;
    std::string m_out;
};

bool isSeparator(char32_t c)
{
    if (c <= 0x7F)
        return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_');
    return !isLetter(c) && !isDigit(c) && isSpace(c);
}

} // namespace

std::string lowerWords(std::string_view text, char connector)
{
    return text.empty() ? std::string() : WordJoiner(text, connector).joined();
}

std::string pascalCase(std::string_view text)
{
    const std::u32string characters = charactersOf(text);
    std::u32string result;
    std::size_t at = 0;
    while (at < characters.size() && isConnector(characters[at]))
        ++at;
    result = characters.substr(0, at);
    if (at == characters.size()) {
        // Of a text of connectors alone the original writes the last one once more.
        if (!characters.empty())
            result += characters.back();
        return textOf(result);
    }
    bool firstIsUpper = isUpper(characters[at]);
    char32_t pending = toUpper(characters[at++]);
    for (; at < characters.size(); ++at) {
        const char32_t before = pending;
        pending = characters[at];
        if (isConnector(pending) && isConnector(before)) {
            result += before;
            continue;
        }
        if (isConnector(before)) {
            firstIsUpper = isUpper(pending);
            pending = toUpper(pending);
            continue;
        }
        if (firstIsUpper && isUpper(pending))
            pending = toLower(pending);
        else
            firstIsUpper = false;
        result += before;
    }
    return textOf(result + pending);
}

std::string titleCase(std::string_view text)
{
    std::u32string characters = charactersOf(text);
    char32_t previous = ' ';
    for (char32_t &character : characters) {
        const char32_t original = character;
        if (isSeparator(previous))
            character = toTitle(character);
        previous = original;
    }
    return textOf(characters);
}

std::string uncapitalized(std::string_view text)
{
    std::u32string characters = charactersOf(text);
    bool isFirst = true;
    for (char32_t &character : characters) {
        if (isSpace(character)) {
            isFirst = true;
        } else if (isFirst) {
            character = toLower(character);
            isFirst = false;
        }
    }
    return textOf(characters);
}

std::string swappedCase(std::string_view text)
{
    std::u32string characters = charactersOf(text);
    bool isAfterSpace = true;
    for (char32_t &character : characters) {
        if (isUpper(character) || isTitle(character)) {
            character = toLower(character);
            isAfterSpace = false;
        } else if (isLower(character)) {
            character = isAfterSpace ? toTitle(character) : toUpper(character);
            isAfterSpace = false;
        } else {
            isAfterSpace = isSpace(character);
        }
    }
    return textOf(characters);
}

std::string initialsOf(std::string_view text)
{
    std::string result;
    bool isGap = true;
    for (const char c : text) {
        const auto character = static_cast<unsigned char>(c);
        if (isSpace(character)) {
            isGap = true;
        } else if (isGap) {
            appendUtf8(result, character);
            isGap = false;
        }
    }
    return result;
}

std::string withoutSpace(std::string_view text)
{
    std::string result;
    bool hasSpace = false;
    for (const char c : text) {
        const auto character = static_cast<unsigned char>(c);
        hasSpace |= isSpace(character);
        if (!isSpace(character))
            appendUtf8(result, character);
    }
    return hasSpace ? result : std::string(text);
}

std::string wrapped(std::string_view text, std::int64_t width, std::string_view lineEnd, LongWords longWords)
{
    if (lineEnd.empty())
        lineEnd = "\n";
    const std::size_t limit = width < 1 ? 1 : static_cast<std::size_t>(width);
    std::string result;
    std::size_t at = 0;
    const auto addLine = [&](std::size_t end, std::size_t next) {
        result += text.substr(at, end - at);
        result += lineEnd;
        at = next;
    };
    while (text.size() - at > limit) {
        if (text[at] == ' ') {
            ++at;
            continue;
        }
        const std::size_t space = text.substr(at, limit + 1).rfind(' ');
        if (space != std::string_view::npos) {
            addLine(at + space, at + space + 1);
        } else if (longWords == LongWords::Cut) {
            addLine(at + limit, at + limit);
        } else if (const std::size_t next = text.find(' ', at + limit); next != std::string_view::npos) {
            addLine(next, next + 1);
        } else {
            result += text.substr(at);
            at = text.size();
        }
    }
    result += text.substr(at);
    return result;
}

std::string abbreviated(std::string_view text, std::int64_t offset, std::int64_t width)
{
    const auto size = static_cast<std::int64_t>(text.size());
    if (text.empty() || width < 4)
        return {};
    if (size <= width)
        return std::string(text);
    offset = std::min(offset, size);
    if (size - offset < width - 3)
        offset = size - (width - 3);
    if (offset <= 4)
        return std::string(text.substr(0, static_cast<std::size_t>(width - 3))) + "...";
    if (width < 7)
        return {};
    if (offset + width - 3 < size)
        return "..." + abbreviated(text.substr(static_cast<std::size_t>(offset)), 0, width - 3);
    return "..." + std::string(text.substr(static_cast<std::size_t>(size - (width - 3))));
}

} // namespace tiphys::text::sprig
