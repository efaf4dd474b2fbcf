// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression.h"

#include "object/number_text.h"
#include "rollout/analysis/expression_token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace tiphys::rollout::expression {

namespace {

constexpr int kMostDepth = 200;

constexpr std::array<std::string_view, 13> kPredicates{"all",           "none",    "any",   "one",       "filter",
                                                       "map",           "count",   "find",  "findIndex", "findLast",
                                                       "findLastIndex", "groupBy", "reduce"};
constexpr std::array<std::string_view, 45> kBuiltins{
    "len",    "type",       "abs",         "ceil",      "floor",      "round",   "int",        "float",   "string",
    "trim",   "trimPrefix", "trimSuffix",  "upper",     "lower",      "split",   "splitAfter", "replace", "repeat",
    "join",   "indexOf",    "lastIndexOf", "hasPrefix", "hasSuffix",  "max",     "min",        "sum",     "mean",
    "median", "toJSON",     "fromJSON",    "toBase64",  "fromBase64", "now",     "duration",   "date",    "first",
    "last",   "get",        "take",        "keys",      "values",     "toPairs", "fromPairs",  "sort",    "sortBy"};

struct Precedence
{
    std::string_view op;
    int level;
    bool isRight = false;
};
constexpr std::array<Precedence, 25> kBinary{
    {{"|", 0},         {"or", 10}, {"||", 10},        {"and", 15},      {"&&", 15},
     {"==", 20},       {"!=", 20}, {"<", 20},         {">", 20},        {">=", 20},
     {"<=", 20},       {"in", 20}, {"matches", 20},   {"contains", 20}, {"startsWith", 20},
     {"endsWith", 20}, {"..", 25}, {"+", 30},         {"-", 30},        {"*", 60},
     {"/", 60},        {"%", 60},  {"**", 100, true}, {"^", 100, true}, {"??", 500}}};
constexpr std::array<Precedence, 4> kUnary{{{"not", 50}, {"!", 50}, {"-", 90}, {"+", 90}}};

template <std::size_t N>
const Precedence *precedenceOf(const std::array<Precedence, N> &table, const Token &token)
{
    if (!token.is(TokenKind::Operator))
        return nullptr;
    const auto found = std::ranges::find(table, token.text, &Precedence::op);
    return found == table.end() ? nullptr : &*found;
}

using Parts = std::vector<NodePtr>;

Parts partsOf(NodePtr first, NodePtr second = {}, NodePtr third = {})
{
    Parts parts;
    parts.push_back(std::move(first));
    if (second || third)
        parts.push_back(std::move(second));
    if (third)
        parts.push_back(std::move(third));
    return parts;
}

NodePtr node(NodeKind kind, std::string text = {}, Parts parts = {})
{
    auto made = std::make_shared<Node>();
    made->kind = kind;
    made->text = std::move(text);
    made->parts = std::move(parts);
    return made;
}

class Parser
{
public:
    explicit Parser(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

    Expected<NodePtr> run()
    {
        NodePtr tree = expression(0);
        if (!m_error && !current().is(TokenKind::End))
            unexpected();
        if (m_error)
            return std::unexpected(*m_error);
        return tree;
    }

private:
    const Token &current() const { return m_tokens[m_at]; }
    void next()
    {
        if (m_at + 1 < m_tokens.size())
            ++m_at;
        else
            fail("unexpected end of expression");
    }
    NodePtr fail(std::string message, ErrorCode code = ErrorCode::InvalidInput)
    {
        if (!m_error)
            m_error = Error(code, std::move(message));
        return node(NodeKind::Nil);
    }
    NodePtr unexpected() { return fail("unexpected token " + current().shown()); }
    void expect(TokenKind kind, std::string_view text)
    {
        if (current().is(kind, text))
            next();
        else
            unexpected();
    }

    NodePtr expression(int level)
    {
        if (++m_depth > kMostDepth) {
            --m_depth;
            return fail("the expression is nested too deeply", ErrorCode::LimitExceeded);
        }
        NodePtr result = level == 0 && current().isOperator("let") ? variable() : operators(level);
        --m_depth;
        return result;
    }

    NodePtr operators(int level)
    {
        NodePtr left = primary();
        std::string previous;
        while (!m_error && current().is(TokenKind::Operator)) {
            const bool isNegated = current().isOperator("not");
            if (isNegated)
                next();
            const Precedence *found = precedenceOf(kBinary, current());
            if (!found || found->level < level)
                break;
            const std::string op(found->op);
            if (op == "|") {
                next();
                left = pipe(std::move(left));
                previous = op;
                continue;
            }
            if (previous == "??" && op != "??") {
                fail("Operator (" + op
                     + ") and coalesce expressions (?\?) cannot be mixed. Wrap either by parentheses.");
                break;
            }
            next();
            NodePtr right = expression(found->isRight ? found->level : found->level + 1);
            left = node(NodeKind::Binary, op, partsOf(std::move(left), std::move(right)));
            if (isNegated)
                left = node(NodeKind::Unary, "not", partsOf(std::move(left)));
            previous = op;
        }
        return level == 0 ? conditional(std::move(left)) : std::move(left);
    }

    NodePtr variable()
    {
        next();
        const Token name = current();
        if (name.is(TokenKind::Identifier))
            next();
        else
            unexpected();
        expect(TokenKind::Operator, "=");
        NodePtr value = expression(0);
        expect(TokenKind::Operator, ";");
        NodePtr body = m_error ? node(NodeKind::Nil) : expression(0);
        return node(NodeKind::Variable, name.text, partsOf(std::move(value), std::move(body)));
    }

    NodePtr conditional(NodePtr condition)
    {
        while (!m_error && current().isOperator("?")) {
            next();
            NodePtr yes = current().isOperator(":") ? condition : expression(0);
            expect(TokenKind::Operator, ":");
            NodePtr no = expression(0);
            condition = node(NodeKind::Conditional, "", partsOf(std::move(condition), std::move(yes), std::move(no)));
        }
        return condition;
    }

    NodePtr primary()
    {
        const Token token = current();
        if (const Precedence *unary = precedenceOf(kUnary, token)) {
            next();
            NodePtr operand = expression(unary->level);
            return postfix(node(NodeKind::Unary, token.text, partsOf(std::move(operand))));
        }
        if (token.isBracket("(")) {
            next();
            NodePtr inner = expression(0);
            expect(TokenKind::Bracket, ")");
            return postfix(std::move(inner));
        }
        if (token.isOperator("#") || token.isOperator(".")) {
            if (m_predicates == 0)
                return fail("cannot use pointer accessor outside closure");
            return element(token);
        }
        return secondary(token);
    }

    NodePtr element(const Token &token)
    {
        std::string name;
        if (token.isOperator("#")) {
            next();
            if (current().is(TokenKind::Identifier)) {
                name = current().text;
                next();
            }
        }
        return postfix(node(NodeKind::Element, name));
    }

    NodePtr secondary(const Token &token)
    {
        switch (token.kind) {
        case TokenKind::Identifier:
            next();
            if (token.text == "true" || token.text == "false")
                return boolean(token.text == "true");
            if (token.text == "nil")
                return node(NodeKind::Nil);
            return postfix(name(token));
        case TokenKind::Number: next(); return number(token);
        case TokenKind::String: next(); return node(NodeKind::String, token.text);
        case TokenKind::Operator:
        case TokenKind::Bracket:
        case TokenKind::End: break;
        }
        if (token.isBracket("["))
            return postfix(list());
        if (token.isBracket("{"))
            return postfix(map());
        return unexpected();
    }

    static NodePtr boolean(bool value)
    {
        auto made = std::make_shared<Node>();
        made->kind = NodeKind::Bool;
        made->integer = value;
        return made;
    }

    NodePtr number(const Token &token)
    {
        std::string digits = token.text;
        std::erase(digits, '_');
        auto made = std::make_shared<Node>();
        const bool isHex = digits.find('x') != std::string::npos;
        if (!isHex && digits.find_first_of(".eE") != std::string::npos) {
            const std::optional<double> value = object::detail::doubleOf(digits);
            if (!value)
                return fail("invalid float literal: strconv.ParseFloat: parsing \"" + digits + "\": invalid syntax");
            made->kind = NodeKind::Float;
            made->number = *value;
            return made;
        }
        const char *begin = digits.data() + (isHex ? 2 : 0);
        const char *end = digits.data() + digits.size();
        const auto [rest, problem] = std::from_chars(begin, end, made->integer, isHex ? 16 : 10);
        if (problem != std::errc() || rest != end)
            return fail(std::string(isHex ? "invalid hex literal" : "invalid integer literal")
                        + ": strconv.ParseInt: parsing \"" + digits + "\": "
                        + (problem == std::errc::result_out_of_range ? "value out of range" : "invalid syntax"));
        made->kind = NodeKind::Integer;
        return made;
    }

    NodePtr name(const Token &token)
    {
        if (!current().isBracket("("))
            return node(NodeKind::Name, token.text);
        if (isPredicate(token.text)) {
            next();
            NodePtr collection = expression(0);
            expect(TokenKind::Operator, ",");
            return predicate(token.text, std::move(collection));
        }
        Parts arguments;
        parseArguments(arguments);
        return node(isBuiltin(token.text) ? NodeKind::Builtin : NodeKind::Call, token.text, std::move(arguments));
    }

    /// After the comma: the predicate, the start value of reduce, the bracket.
    NodePtr predicate(const std::string &builtin, NodePtr collection)
    {
        Parts parts = partsOf(std::move(collection), closure());
        if (builtin == "reduce" && current().isOperator(",")) {
            next();
            parts.push_back(expression(0));
        }
        expect(TokenKind::Bracket, ")");
        return node(NodeKind::Builtin, builtin, std::move(parts));
    }

    NodePtr closure()
    {
        const bool isBraced = current().isBracket("{");
        if (isBraced)
            next();
        ++m_predicates;
        NodePtr body = expression(0);
        --m_predicates;
        if (isBraced)
            expect(TokenKind::Bracket, "}");
        return body;
    }

    void parseArguments(Parts &arguments)
    {
        expect(TokenKind::Bracket, "(");
        for (bool isFirst = true; !m_error && !current().isBracket(")"); isFirst = false) {
            if (!isFirst)
                expect(TokenKind::Operator, ",");
            arguments.push_back(expression(0));
        }
        expect(TokenKind::Bracket, ")");
    }

    NodePtr pipe(NodePtr value)
    {
        const Token name = current();
        if (!name.is(TokenKind::Identifier))
            return unexpected();
        next();
        if (isPredicate(name.text)) {
            expect(TokenKind::Bracket, "(");
            return predicate(name.text, std::move(value));
        }
        Parts arguments = partsOf(std::move(value));
        parseArguments(arguments);
        return node(isBuiltin(name.text) ? NodeKind::Builtin : NodeKind::Call, name.text, std::move(arguments));
    }

    NodePtr list()
    {
        next();
        Parts items;
        while (!m_error && !current().isBracket("]")) {
            if (!items.empty()) {
                expect(TokenKind::Operator, ",");
                if (current().isBracket("]"))
                    break;
            }
            items.push_back(expression(0));
        }
        expect(TokenKind::Bracket, "]");
        return node(NodeKind::List, "", std::move(items));
    }

    NodePtr map()
    {
        next();
        Parts members;
        while (!m_error && !current().isBracket("}")) {
            if (!members.empty()) {
                expect(TokenKind::Operator, ",");
                if (current().isBracket("}"))
                    break;
            }
            members.push_back(key());
            expect(TokenKind::Operator, ":");
            members.push_back(expression(0));
        }
        expect(TokenKind::Bracket, "}");
        return node(NodeKind::Map, "", std::move(members));
    }

    NodePtr key()
    {
        const Token token = current();
        if (token.is(TokenKind::Number) || token.is(TokenKind::String) || token.is(TokenKind::Identifier)) {
            next();
            return node(NodeKind::String, token.text);
        }
        if (token.isBracket("("))
            return expression(0);
        return fail(
            "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses "
            "(unexpected token "
            + token.shown() + ")");
    }

    NodePtr postfix(NodePtr base)
    {
        bool isChain = false;
        while (!m_error) {
            const bool isOptional = current().isOperator("?.");
            if (isOptional || current().isOperator(".")) {
                isChain = isChain || isOptional;
                base = field(std::move(base), isOptional);
            } else if (current().isBracket("[")) {
                base = subscript(std::move(base));
            } else {
                break;
            }
        }
        return isChain ? node(NodeKind::Chain, "", partsOf(std::move(base))) : std::move(base);
    }

    NodePtr field(NodePtr base, bool isOptional)
    {
        next();
        const Token property = current();
        const bool isWord = property.is(TokenKind::Operator) && !property.text.empty() && property.text[0] >= 'a'
                            && property.text[0] <= 'z';
        if (!property.is(TokenKind::Identifier) && !isWord)
            return fail("expected name");
        next();
        if (current().isBracket("("))
            return fail("methods are not supported: " + property.text, ErrorCode::Unsupported);
        auto made = std::make_shared<Node>();
        made->kind = NodeKind::Member;
        made->isOptional = isOptional;
        made->parts = partsOf(std::move(base), node(NodeKind::String, property.text));
        return made;
    }

    NodePtr subscript(NodePtr base)
    {
        next();
        NodePtr from, to;
        if (!current().isOperator(":"))
            from = expression(0);
        if (!current().isOperator(":")) {
            expect(TokenKind::Bracket, "]");
            return node(NodeKind::Member, "", partsOf(std::move(base), std::move(from)));
        }
        next();
        if (!current().isBracket("]"))
            to = expression(0);
        expect(TokenKind::Bracket, "]");
        Parts parts;
        parts.push_back(std::move(base));
        parts.push_back(std::move(from));
        parts.push_back(std::move(to));
        return node(NodeKind::Slice, "", std::move(parts));
    }

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    int m_depth = 0;
    int m_predicates = 0;
    std::optional<Error> m_error;
};

} // namespace

bool isPredicate(std::string_view name)
{
    return std::ranges::contains(kPredicates, name);
}

bool isBuiltin(std::string_view name)
{
    return !name.empty() && (isPredicate(name) || std::ranges::contains(kBuiltins, name));
}

Expected<NodePtr> parse(std::string_view text)
{
    Expected<std::vector<Token>> tokens = tokensOf(text);
    if (!tokens)
        return std::unexpected(tokens.error());
    return Parser(std::move(*tokens)).run();
}

} // namespace tiphys::rollout::expression
