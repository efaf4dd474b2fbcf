// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/edit.h"
#include "render/kustomize/selector.h"

#include <algorithm>
#include <vector>

namespace tiphys::render::kustomize {

namespace {

enum class Token {
    End,
    Identifier,
    Comma,
    Not,
    Open,
    Close,
    Equals,
    DoubleEquals,
    NotEquals,
    In,
    NotIn,
    Less,
    Greater,
    Bad
};

struct Item
{
    Token token = Token::End;
    std::string text;
};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool isSymbol(char c)
{
    return std::string_view("=!(),><").contains(c);
}

Token symbolOf(std::string_view text)
{
    constexpr std::pair<std::string_view, Token> kSymbols[] = {
        {")", Token::Close},         {",", Token::Comma},      {"!", Token::Not},
        {"==", Token::DoubleEquals}, {"=", Token::Equals},     {">", Token::Greater},
        {"<", Token::Less},          {"!=", Token::NotEquals}, {"(", Token::Open},
    };
    for (const auto &[symbol, token] : kSymbols) {
        if (symbol == text)
            return token;
    }
    return Token::Bad;
}

std::vector<Item> itemsOf(std::string_view text)
{
    std::vector<Item> items;
    std::size_t at = 0;
    while (true) {
        while (at < text.size() && isSpace(text[at]))
            ++at;
        if (at >= text.size() || text[at] == '\0')
            break;
        const std::size_t from = at;
        if (isSymbol(text[at])) {
            Item item{symbolOf(text.substr(at, 1)), std::string(text.substr(at, 1))};
            ++at;
            if (at < text.size() && isSymbol(text[at]) && symbolOf(text.substr(from, 2)) != Token::Bad) {
                item = {symbolOf(text.substr(from, 2)), std::string(text.substr(from, 2))};
                ++at;
            }
            items.push_back(std::move(item));
            continue;
        }
        while (at < text.size() && !isSpace(text[at]) && !isSymbol(text[at]))
            ++at;
        const std::string word(text.substr(from, at - from));
        items.push_back({word == "in" ? Token::In : word == "notin" ? Token::NotIn : Token::Identifier, word});
    }
    items.push_back({});
    return items;
}

bool isAlphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letters and digits at both ends, also '-', '_' and '.' between.
bool isName(std::string_view text)
{
    return !text.empty() && text.size() <= 63 && isAlphanumeric(text.front()) && isAlphanumeric(text.back())
           && std::ranges::all_of(text, [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

bool isSubdomain(std::string_view text)
{
    const auto fits = [](char c) { return (isAlphanumeric(c) && !(c >= 'A' && c <= 'Z')) || c == '-' || c == '.'; };
    return !text.empty() && text.size() <= 253 && fits(text.front()) && fits(text.back()) && text.front() != '-'
           && text.front() != '.' && text.back() != '-' && text.back() != '.' && std::ranges::all_of(text, fits)
           && !text.contains("..");
}

Expected<void> checkKey(std::string_view key)
{
    const std::size_t slash = key.find('/');
    const bool fits = slash == std::string_view::npos
                          ? isName(key)
                          : isSubdomain(key.substr(0, slash)) && isName(key.substr(slash + 1));
    if (fits)
        return {};
    return failure(ErrorCode::InvalidInput, "invalid label key \"" + std::string(key)
                                                + "\": name part must consist of alphanumeric characters, '-', '_' or "
                                                  "'.', and must start and end with an alphanumeric character");
}

struct Requirement
{
    std::string key;
    Token token = Token::Identifier; ///< Identifier: exists
    std::vector<std::string> values;

    bool matches(const Texts &texts) const
    {
        const auto found = texts.find(key);
        const bool has = found != texts.end();
        const bool hasValue = has && std::ranges::find(values, found->second) != values.end();
        switch (token) {
        case Token::In:
        case Token::Equals:
        case Token::DoubleEquals: return hasValue;
        case Token::NotIn:
        case Token::NotEquals: return !hasValue;
        case Token::Not: return !has;
        case Token::Greater:
        case Token::Less: return has && compares(found->second);
        default: return has;
        }
    }

private:
    bool compares(std::string_view text) const
    {
        const auto left = integerOf(text);
        const auto right = integerOf(values.front());
        return left && right && (token == Token::Greater ? *left > *right : *left < *right);
    }
};

class Parser
{
public:
    explicit Parser(std::string_view text) : m_items(itemsOf(text)) {}

    Expected<std::vector<Requirement>> parse()
    {
        std::vector<Requirement> requirements;
        while (true) {
            const Item item = peek();
            if (item.token == Token::End)
                return requirements;
            if (item.token != Token::Identifier && item.token != Token::Not)
                return found(item, "!, identifier, or 'end of string'");
            const Expected<Requirement> requirement = one();
            if (!requirement)
                return std::unexpected(requirement.error().in("unable to parse requirement"));
            requirements.push_back(*requirement);
            const Item next = take();
            if (next.token == Token::End)
                return requirements;
            if (next.token != Token::Comma)
                return found(next, "',' or 'end of string'");
            if (peek().token != Token::Identifier && peek().token != Token::Not)
                return found(peek(), "identifier after ','");
        }
    }

private:
    /// Keywords are identifiers where a value stands.
    Item peek() const
    {
        Item item = m_items[std::min(m_at, m_items.size() - 1)];
        if (item.token == Token::In || item.token == Token::NotIn)
            item.token = Token::Identifier;
        return item;
    }
    Item take()
    {
        const Item item = peek();
        ++m_at;
        return item;
    }
    static std::unexpected<Error> found(const Item &item, std::string_view expected)
    {
        return failure(ErrorCode::InvalidInput, "found '" + item.text + "', expected: " + std::string(expected));
    }

    Expected<Requirement> one()
    {
        Requirement requirement;
        Item item = take();
        const bool isNegated = item.token == Token::Not;
        if (isNegated)
            item = take();
        if (item.token != Token::Identifier)
            return found(item, "identifier");
        const Expected<void> valid = checkKey(item.text);
        if (!valid)
            return std::unexpected(valid.error());
        requirement.key = item.text;
        if (isNegated) {
            requirement.token = Token::Not;
            return requirement;
        }
        if (peek().token == Token::End || peek().token == Token::Comma)
            return requirement;
        const Item sign = m_items[m_at++];
        requirement.token = sign.token;
        switch (sign.token) {
        case Token::In:
        case Token::NotIn: return list(std::move(requirement));
        case Token::Equals:
        case Token::DoubleEquals:
        case Token::NotEquals:
        case Token::Greater:
        case Token::Less: return exact(std::move(requirement));
        default: return found(sign, "'=', '!=', '==', 'in', notin'");
        }
    }

    Expected<Requirement> exact(Requirement requirement)
    {
        if (peek().token == Token::End || peek().token == Token::Comma) {
            requirement.values.emplace_back();
            return checked(std::move(requirement));
        }
        const Item item = take();
        if (item.token != Token::Identifier)
            return found(item, "identifier");
        requirement.values.push_back(item.text);
        return checked(std::move(requirement));
    }

    Expected<Requirement> list(Requirement requirement)
    {
        if (const Item item = take(); item.token != Token::Open)
            return failure(ErrorCode::InvalidInput, "found '" + item.text + "' expected: '('");
        bool wantsValue = true;
        while (true) {
            const Item item = take();
            if (item.token == Token::Identifier && wantsValue) {
                requirement.values.push_back(item.text);
                wantsValue = false;
            } else if (item.token == Token::Comma) {
                if (wantsValue)
                    requirement.values.emplace_back();
                wantsValue = true;
            } else if (item.token == Token::Close) {
                if (wantsValue)
                    requirement.values.emplace_back();
                return checked(std::move(requirement));
            } else {
                return found(item, wantsValue ? "',', or identifier" : "',' or ')'");
            }
        }
    }

    static Expected<Requirement> checked(Requirement requirement)
    {
        const bool isCompared = requirement.token == Token::Greater || requirement.token == Token::Less;
        for (const std::string &value : requirement.values) {
            if (isCompared && !integerOf(value))
                return failure(ErrorCode::InvalidInput, "for 'Gt', 'Lt' operators, the value must be an integer");
            if (!value.empty() && !isName(value))
                return failure(ErrorCode::InvalidInput, "invalid label value: \"" + value + "\": at key: \""
                                                            + requirement.key
                                                            + "\": a valid label must be an empty string or "
                                                              "consist of alphanumeric characters, '-', '_' or '.'");
        }
        return requirement;
    }

    std::vector<Item> m_items;
    std::size_t m_at = 0;
};

} // namespace

Expected<bool> matchesLabels(std::string_view selector, const Texts &texts)
{
    if (selector.empty())
        return true;
    const Expected<std::vector<Requirement>> requirements = Parser(selector).parse();
    if (!requirements)
        return std::unexpected(requirements.error());
    return std::ranges::all_of(*requirements, [&](const Requirement &each) { return each.matches(texts); });
}

} // namespace tiphys::render::kustomize
