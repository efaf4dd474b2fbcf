// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/glob.h"

#include "base/text.h"

namespace tiphys {

namespace {

constexpr std::size_t kMostAlternatives = 1024;

/// The character at the start of \p text and its length; invalid bytes count as one character each.
std::pair<char32_t, std::size_t> firstCharacter(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length == 1 || text.size() < length)
        return {lead, 1};
    char32_t code = lead & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {lead, 1};
        code = (code << 6) | (byte(i) & 0x3F);
    }
    return {code, length};
}

/// Cuts "a{b,c}d" at its first brace: before, alternatives, after. No brace gives no alternatives.
struct Braces
{
    std::string_view before;
    std::vector<std::string_view> alternatives;
    std::string_view after;
};

Expected<Braces> firstBraces(std::string_view pattern)
{
    Braces braces{.before = pattern, .alternatives = {}, .after = {}};
    int depth = 0;
    bool inClass = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\') {
            ++i;
        } else if (inClass) {
            inClass = c != ']';
        } else if (c == '[') {
            inClass = true;
        } else if (c == '{') {
            if (depth++ == 0) {
                braces.before = pattern.substr(0, i);
                start = i + 1;
            }
        } else if (c == ',' && depth == 1) {
            braces.alternatives.push_back(pattern.substr(start, i - start));
            start = i + 1;
        } else if (c == '}' && depth > 0 && --depth == 0) {
            braces.alternatives.push_back(pattern.substr(start, i - start));
            braces.after = pattern.substr(i + 1);
            return braces;
        }
    }
    if (depth > 0)
        return failure(ErrorCode::InvalidInput, "unclosed '{' in glob " + quoted(pattern));
    return braces;
}

Expected<std::vector<std::string>> withoutBraces(std::string_view pattern)
{
    std::vector<std::string> open{std::string(pattern)};
    std::vector<std::string> done;
    while (!open.empty()) {
        const std::string text = std::move(open.back());
        open.pop_back();
        const Expected<Braces> braces = firstBraces(text);
        if (!braces)
            return std::unexpected(braces.error());
        if (braces->alternatives.empty()) {
            done.push_back(text);
        } else {
            for (const std::string_view alternative : braces->alternatives)
                open.push_back(std::string(braces->before) + std::string(alternative)
                               + std::string(braces->after));
        }
        if (open.size() + done.size() > kMostAlternatives)
            return failure(ErrorCode::LimitExceeded, "glob " + quoted(pattern) + " has too many alternatives");
    }
    return done;
}

} // namespace

Expected<Glob> Glob::compile(std::string_view pattern)
{
    const Expected<std::vector<std::string>> alternatives = withoutBraces(pattern);
    if (!alternatives)
        return std::unexpected(alternatives.error());
    Glob glob;
    for (const std::string &alternative : *alternatives) {
        Sequence tokens;
        const auto addText = [&](std::string_view text) {
            if (tokens.empty() || tokens.back().kind != Token::Kind::Text)
                tokens.emplace_back();
            tokens.back().text += text;
        };
        for (std::size_t i = 0; i < alternative.size(); ++i) {
            const char c = alternative[i];
            if (c == '\\' && i + 1 < alternative.size()) {
                addText(alternative.substr(++i, 1));
            } else if (c == '*') {
                if (tokens.empty() || tokens.back().kind != Token::Kind::Any)
                    tokens.push_back({.kind = Token::Kind::Any, .text = {}, .ranges = {}});
            } else if (c == '?') {
                tokens.push_back({.kind = Token::Kind::One, .text = {}, .ranges = {}});
            } else if (c == '[') {
                const auto end = alternative.find(']', i + 2);
                if (end == std::string::npos)
                    return failure(ErrorCode::InvalidInput, "unclosed '[' in glob " + quoted(pattern));
                std::string_view inner = std::string_view(alternative).substr(i + 1, end - i - 1);
                Token token{.kind = Token::Kind::Class, .text = {}, .ranges = {}};
                if (inner.starts_with('!') || inner.starts_with('^')) {
                    token.isNegated = true;
                    inner.remove_prefix(1);
                }
                while (!inner.empty()) {
                    const auto [low, length] = firstCharacter(inner);
                    inner.remove_prefix(length);
                    char32_t high = low;
                    if (inner.size() > 1 && inner.front() == '-') {
                        const auto [code, size] = firstCharacter(inner.substr(1));
                        high = code;
                        inner.remove_prefix(1 + size);
                    }
                    token.ranges.emplace_back(low, high);
                }
                tokens.push_back(std::move(token));
                i = end;
            } else {
                addText(std::string_view(alternative).substr(i, 1));
            }
        }
        glob.m_alternatives.push_back(std::move(tokens));
    }
    return glob;
}

bool Glob::matchesSequence(const Sequence &tokens, std::string_view text)
{
    // Greedy with one point of return: the last `*` takes one character more.
    std::size_t token = 0;
    std::size_t at = 0;
    std::size_t lastAny = tokens.size();
    std::size_t lastAt = 0;
    while (true) {
        bool fits = false;
        if (token < tokens.size()) {
            const Token &wanted = tokens[token];
            const std::string_view rest = text.substr(at);
            switch (wanted.kind) {
            case Token::Kind::Any:
                lastAny = token++;
                lastAt = at;
                continue;
            case Token::Kind::Text:
                fits = rest.starts_with(wanted.text);
                if (fits)
                    at += wanted.text.size();
                break;
            case Token::Kind::One:
            case Token::Kind::Class:
                if (!rest.empty()) {
                    const auto [code, length] = firstCharacter(rest);
                    fits = wanted.kind == Token::Kind::One;
                    for (const auto &[low, high] : wanted.ranges)
                        fits = fits || (code >= low && code <= high);
                    if (wanted.kind == Token::Kind::Class)
                        fits = fits != wanted.isNegated;
                    if (fits)
                        at += length;
                }
                break;
            }
            if (fits) {
                ++token;
                continue;
            }
        } else if (at == text.size()) {
            return true;
        }
        if (lastAny == tokens.size() || lastAt >= text.size())
            return false;
        lastAt += firstCharacter(text.substr(lastAt)).second;
        at = lastAt;
        token = lastAny + 1;
    }
}

bool Glob::matches(std::string_view text) const
{
    for (const Sequence &alternative : m_alternatives) {
        if (matchesSequence(alternative, text))
            return true;
    }
    return false;
}

bool globMatches(std::string_view pattern, std::string_view text)
{
    const Expected<Glob> glob = Glob::compile(pattern);
    return glob && glob->matches(text);
}

} // namespace tiphys
