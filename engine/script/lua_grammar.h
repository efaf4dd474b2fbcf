// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/lua_scanner.h"
#include "script/lua_scopes.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::script {

/// Recognises scripts as gopher-lua's parser does, and collects what LuaJIT must see differently. It fails at the
/// first token behind which no script goes on, as a table-driven parser does.
/// Source: github.com/yuin/gopher-lua parse/parser.go.y@v1.1.2
class LuaGrammar
{
public:
    LuaGrammar(std::string_view script, std::string_view source);

    enum class Outcome { Accepted, Refused, BeyondLimits };
    Outcome read();
    /// Of a refused script.
    const std::string &message() const { return m_message; }
    /// Of an accepted one, in their order.
    std::vector<LuaEdit> edits() const;

private:
    /// What stands before arguments, keys and "=".
    struct Prefix
    {
        bool isVariable = false;
        bool isCall = false;
        bool isWrapped = false; ///< in parentheses, nothing behind them
    };
    class Depth;

    // Tokens; false once the script is refused or too much
    bool advance();
    bool isSymbol(std::string_view text) const;
    bool isKeyword(std::string_view text) const;
    bool isAnyKeyword(std::span<const std::string_view> words) const;
    bool syntaxError();
    bool takeSymbol(std::string_view text);
    bool takeKeyword(std::string_view text);
    bool takeName(std::string &name);
    void drop();

    // Statements
    bool chunk(LuaScopes::Behind behind = LuaScopes::Behind::Nothing);
    bool lastStatement();
    bool statement();
    bool keywordStatement(const std::string &word);
    bool expressionStatement();
    bool blockUntilEnd(LuaScopes::Block block);
    bool whileStatement();
    bool repeatStatement();
    bool ifStatement();
    bool branch();
    bool forStatement();
    bool functionStatement();
    bool localStatement();
    bool labelStatement();
    bool countLabel();

    // Expressions
    bool startsExpression() const;
    bool expression();
    bool operators();
    bool operand();
    bool expressionList();
    bool prefix(Prefix &prefix);
    bool suffixes(Prefix &prefix);
    bool arguments();
    bool functionBody(bool isMethod);
    bool parameters(std::vector<std::string> &names, bool &isVariable);
    bool table();
    bool field();

    LuaScanner m_scanner;
    LuaScopes m_scopes;
    std::string_view m_script;
    LuaToken m_token;
    std::size_t m_previousEnd = 0;
    int m_expressionLine = 0; ///< where the last whole expression begins
    bool m_expressionIsCall = false;
    int m_lastLine = 0; ///< of the last statement
    std::size_t m_depth = 0;
    std::size_t m_labels = 0;
    bool m_isBeyondLimits = false;
    std::string m_message;
    std::vector<LuaEdit> m_edits;
};

} // namespace tiphys::script
