// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_grammar.h"

#include "script/lua_depth.h"

#include <algorithm>
#include <array>

namespace tiphys::script {

using Kind = LuaToken::Kind;

namespace {

constexpr std::array<std::string_view, 13> kOperators{"+", "-", "*",  "/",  "%",  "^", "..",
                                                      "<", ">", "<=", ">=", "==", "~="};

} // namespace

bool LuaGrammar::startsExpression() const
{
    constexpr std::array<std::string_view, 5> kWords{"nil", "true", "false", "not", "function"};
    switch (m_token.kind) {
    case Kind::Name:
    case Kind::Number:
    case Kind::Text: return true;
    case Kind::Keyword: return isAnyKeyword(kWords);
    case Kind::Symbol: return isSymbol("(") || isSymbol("{") || isSymbol("-") || isSymbol("#") || isSymbol("...");
    case Kind::End: return false;
    }
    return false;
}

bool LuaGrammar::expressionList()
{
    if (!expression())
        return false;
    while (isSymbol(",")) {
        if (!advance() || !expression())
            return false;
    }
    return true;
}

bool LuaGrammar::expression()
{
    Depth depth(*this);
    if (!depth.isBearable())
        return false;
    bool isPlain = true;
    while (isKeyword("not") || isSymbol("-") || isSymbol("#")) {
        isPlain = false;
        if (!advance())
            return false;
    }
    const int line = m_token.line;
    if (!operand())
        return false;
    m_expressionIsCall = m_expressionIsCall && isPlain;
    if (!operators())
        return false;
    m_expressionLine = line;
    return true;
}

/// Operators and operands behind the first operand.
bool LuaGrammar::operators()
{
    constexpr std::array<std::string_view, 2> kWords{"and", "or"};
    const auto isOperator = [&] {
        return isAnyKeyword(kWords)
               || (m_token.kind == Kind::Symbol && std::ranges::find(kOperators, m_token.text) != kOperators.end());
    };
    bool hasMore = false;
    while (isOperator()) {
        hasMore = true;
        if (!advance())
            return false;
        while (isKeyword("not") || isSymbol("-") || isSymbol("#")) {
            if (!advance())
                return false;
        }
        if (!operand())
            return false;
    }
    m_expressionIsCall = m_expressionIsCall && !hasMore;
    return true;
}

bool LuaGrammar::operand()
{
    if (!startsExpression())
        return syntaxError();
    if (m_token.kind == Kind::Name || isSymbol("(")) {
        Prefix whole;
        if (!prefix(whole))
            return false;
        m_expressionIsCall = whole.isCall;
        return true;
    }
    bool isRead = false;
    if (isKeyword("function")) {
        isRead = advance() && functionBody(false);
    } else if (isSymbol("{")) {
        isRead = table();
    } else {
        if (isSymbol("..."))
            m_scopes.spread(m_token.line);
        isRead = advance();
    }
    m_expressionIsCall = false;
    return isRead;
}

bool LuaGrammar::prefix(Prefix &prefix)
{
    if (m_token.kind == Kind::Name) {
        prefix.isVariable = true;
        return advance() && suffixes(prefix);
    }
    if (!advance() || !expression())
        return false;
    // What is in parentheses is the call itself to the original.
    prefix = {.isVariable = false, .isCall = m_expressionIsCall, .isWrapped = true};
    return takeSymbol(")") && suffixes(prefix);
}

bool LuaGrammar::suffixes(Prefix &prefix)
{
    while (true) {
        std::string name;
        if (isSymbol("[")) {
            prefix = {.isVariable = true, .isCall = false, .isWrapped = false};
            if (!advance() || !expression() || !takeSymbol("]"))
                return false;
        } else if (isSymbol(".")) {
            prefix = {.isVariable = true, .isCall = false, .isWrapped = false};
            if (!advance() || !takeName(name))
                return false;
        } else if (isSymbol(":") || isSymbol("(") || isSymbol("{") || m_token.kind == Kind::Text) {
            prefix = {.isVariable = false, .isCall = true, .isWrapped = false};
            if ((isSymbol(":") && (!advance() || !takeName(name))) || !arguments())
                return false;
        } else {
            return true;
        }
    }
}

bool LuaGrammar::arguments()
{
    if (m_token.kind == Kind::Text)
        return advance();
    if (isSymbol("{"))
        return table();
    if (!isSymbol("("))
        return syntaxError();
    const std::string_view between = m_script.substr(m_previousEnd, m_token.begin - m_previousEnd);
    if (between.find_first_of("\r\n") != std::string_view::npos) {
        // LuaJIT calls arguments on another line ambiguous.
        m_edits.push_back({m_previousEnd, 0, "("});
        drop();
    }
    if (!advance())
        return false;
    if (!isSymbol(")") && !expressionList())
        return false;
    return takeSymbol(")");
}

bool LuaGrammar::functionBody(bool isMethod)
{
    std::vector<std::string> names;
    bool isVariable = false;
    if (!takeSymbol("(") || !parameters(names, isVariable) || !takeSymbol(")"))
        return false;
    m_scopes.enterFunction(isVariable ? LuaScopes::Arguments::Variable : LuaScopes::Arguments::Fixed);
    if (isMethod)
        m_scopes.declare("self");
    for (const std::string &name : names)
        m_scopes.declare(name);
    if (isVariable)
        m_scopes.declare("arg");
    if (!chunk())
        return false;
    m_lastLine = m_token.line;
    if (!isKeyword("end"))
        return syntaxError();
    m_scopes.leaveFunction(m_lastLine);
    return advance();
}

bool LuaGrammar::parameters(std::vector<std::string> &names, bool &isVariable)
{
    if (isSymbol(")"))
        return true;
    while (true) {
        if (isSymbol("...")) {
            isVariable = true;
            return advance();
        }
        if (!takeName(names.emplace_back()))
            return false;
        if (!isSymbol(","))
            return true;
        if (!advance())
            return false;
    }
}

bool LuaGrammar::table()
{
    const auto isSeparator = [&] { return isSymbol(",") || isSymbol(";"); };
    if (!advance())
        return false;
    while (!isSymbol("}")) {
        if (!field())
            return false;
        if (!isSeparator())
            return takeSymbol("}");
        if (!advance())
            return false;
        for (; isSeparator();) {
            drop();
            if (!advance())
                return false;
        }
    }
    return advance();
}

bool LuaGrammar::field()
{
    if (isSymbol("["))
        return advance() && expression() && takeSymbol("]") && takeSymbol("=") && expression();
    if (m_token.kind != Kind::Name)
        return expression();
    Prefix first{.isVariable = true, .isCall = false, .isWrapped = false};
    if (!advance())
        return false;
    if (isSymbol("="))
        return advance() && expression();
    return suffixes(first) && operators();
}

} // namespace tiphys::script
