// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_grammar.h"

#include "script/lua_depth.h"

#include <algorithm>
#include <array>

namespace tiphys::script {

using Kind = LuaToken::Kind;

namespace {

constexpr std::size_t kMostLabels = 1000; ///< and jumps
constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::array<std::string_view, 8> kStatementWords{"do",  "while",    "repeat", "if",
                                                          "for", "function", "local",  "goto"};

} // namespace

LuaGrammar::LuaGrammar(std::string_view script, std::string_view source)
    : m_scanner(script, source), m_scopes(source), m_script(script)
{
}

LuaGrammar::Outcome LuaGrammar::read()
{
    if (m_script.size() > kMostBytes)
        return Outcome::BeyondLimits;
    m_scopes.enterFunction(LuaScopes::Arguments::Variable);
    const bool isRead = advance() && chunk() && (m_token.kind == Kind::End || syntaxError());
    if (!isRead)
        return m_isBeyondLimits ? Outcome::BeyondLimits : Outcome::Refused;
    m_scopes.leaveFunction(m_lastLine + 1);
    m_message = m_scopes.problem();
    return m_message.empty() ? Outcome::Accepted : Outcome::Refused;
}

std::vector<LuaEdit> LuaGrammar::edits() const
{
    std::vector<LuaEdit> all = m_scanner.edits();
    all.insert(all.end(), m_edits.begin(), m_edits.end());
    std::ranges::stable_sort(all, {}, &LuaEdit::begin);
    return all;
}

bool LuaGrammar::advance()
{
    m_previousEnd = m_token.end;
    if (m_scanner.next(m_token))
        return true;
    m_message = m_scanner.message();
    return false;
}

bool LuaGrammar::isSymbol(std::string_view text) const
{
    return m_token.kind == Kind::Symbol && m_token.text == text;
}

bool LuaGrammar::isKeyword(std::string_view text) const
{
    return m_token.kind == Kind::Keyword && m_token.text == text;
}

bool LuaGrammar::isAnyKeyword(std::span<const std::string_view> words) const
{
    return m_token.kind == Kind::Keyword && std::ranges::find(words, m_token.text) != words.end();
}

bool LuaGrammar::syntaxError()
{
    // The original's scanner leaves a single dot without text.
    m_message = m_scanner.messageAt(isSymbol(".") ? std::string_view() : m_token.text, "syntax error");
    return false;
}

bool LuaGrammar::takeSymbol(std::string_view text)
{
    return isSymbol(text) ? advance() : syntaxError();
}

bool LuaGrammar::takeKeyword(std::string_view text)
{
    return isKeyword(text) ? advance() : syntaxError();
}

bool LuaGrammar::takeName(std::string &name)
{
    if (m_token.kind != Kind::Name)
        return syntaxError();
    name = m_token.text;
    return advance();
}

/// The present token is one too many for LuaJIT.
void LuaGrammar::drop()
{
    m_edits.push_back({m_token.begin, m_token.end - m_token.begin, " "});
}

bool LuaGrammar::chunk(LuaScopes::Behind behind)
{
    Depth depth(*this);
    if (!depth.isBearable())
        return false;
    bool endsStatement = false;
    while (true) {
        if (isSymbol(";")) {
            if (!endsStatement)
                drop();
            endsStatement = false;
            if (!advance())
                return false;
        } else if (isKeyword("return") || isKeyword("break")) {
            if (!lastStatement())
                return false;
            break;
        } else if (m_token.kind == Kind::Name || isSymbol("(") || isSymbol("::") || isAnyKeyword(kStatementWords)) {
            // LuaJIT wants nothing between a label and the end of its block.
            endsStatement = !isSymbol("::");
            if (!statement())
                return false;
        } else {
            break;
        }
    }
    m_scopes.endStatements(behind);
    return true;
}

bool LuaGrammar::lastStatement()
{
    m_scopes.statement();
    const bool isReturn = isKeyword("return");
    const int line = m_token.line;
    if (!isReturn)
        m_scopes.leaveLoop(line);
    if (!advance() || (isReturn && startsExpression() && !expressionList()))
        return false;
    m_lastLine = line;
    return !isSymbol(";") || advance();
}

bool LuaGrammar::statement()
{
    const int line = m_token.line;
    if (isSymbol("::")) {
        m_lastLine = line;
        return labelStatement();
    }
    m_scopes.statement();
    m_lastLine = line;
    if (m_token.kind != Kind::Keyword) {
        const bool isRead = expressionStatement();
        m_lastLine = line;
        return isRead;
    }
    const std::string word = m_token.text;
    return keywordStatement(word);
}

bool LuaGrammar::keywordStatement(const std::string &word)
{
    if (word == "do")
        return advance() && blockUntilEnd(LuaScopes::Block::Plain);
    if (word == "while")
        return whileStatement();
    if (word == "repeat")
        return repeatStatement();
    if (word == "if")
        return ifStatement();
    if (word == "for")
        return forStatement();
    if (word == "function")
        return functionStatement();
    if (word == "local")
        return localStatement();
    const int line = m_token.line;
    std::string name;
    if (!advance() || !takeName(name) || !countLabel())
        return false;
    m_scopes.jump(name, line);
    return true;
}

bool LuaGrammar::countLabel()
{
    m_isBeyondLimits = m_isBeyondLimits || ++m_labels > kMostLabels;
    return !m_isBeyondLimits;
}

bool LuaGrammar::labelStatement()
{
    const int line = m_token.line;
    std::string name;
    if (!advance() || !takeName(name) || !takeSymbol("::") || !countLabel())
        return false;
    m_scopes.label(name, line);
    return true;
}

bool LuaGrammar::expressionStatement()
{
    const std::size_t begin = m_token.begin;
    Prefix first;
    if (!prefix(first))
        return false;
    if (first.isVariable && (isSymbol("=") || isSymbol(","))) {
        while (isSymbol(",")) {
            Prefix next;
            if (!advance())
                return false;
            if (m_token.kind != Kind::Name && !isSymbol("("))
                return syntaxError();
            if (!prefix(next))
                return false;
            if (!next.isVariable)
                return syntaxError();
        }
        return takeSymbol("=") && expressionList();
    }
    if (!first.isCall) {
        m_message = m_scanner.messageAt(isSymbol(".") ? std::string_view() : m_token.text, "parse error");
        return false;
    }
    if (first.isWrapped) {
        // "(f())" is a statement there.
        m_edits.push_back({begin, 0, "do local _ = "});
        m_edits.push_back({m_previousEnd, 0, " end"});
    }
    return true;
}

/// Behind the word that opens the block.
bool LuaGrammar::blockUntilEnd(LuaScopes::Block block)
{
    m_scopes.enterBlock(block);
    if (!chunk())
        return false;
    m_scopes.leaveBlock();
    m_lastLine = m_token.line;
    return takeKeyword("end");
}

bool LuaGrammar::whileStatement()
{
    return advance() && expression() && takeKeyword("do") && blockUntilEnd(LuaScopes::Block::Loop);
}

bool LuaGrammar::repeatStatement()
{
    if (!advance())
        return false;
    m_scopes.enterBlock(LuaScopes::Block::Loop);
    if (!chunk(LuaScopes::Behind::Condition) || !takeKeyword("until") || !expression())
        return false;
    m_scopes.leaveBlock();
    m_lastLine = m_expressionLine;
    return true;
}

/// Behind `then` or `else`.
bool LuaGrammar::branch()
{
    m_scopes.enterBlock(LuaScopes::Block::Plain);
    if (!chunk())
        return false;
    m_scopes.leaveBlock();
    return true;
}

bool LuaGrammar::ifStatement()
{
    do {
        if (!advance() || !expression() || !takeKeyword("then") || !branch())
            return false;
    } while (isKeyword("elseif"));
    if (isKeyword("else") && (!advance() || !branch()))
        return false;
    m_lastLine = m_token.line;
    return takeKeyword("end");
}

bool LuaGrammar::forStatement()
{
    std::vector<std::string> names(1);
    if (!advance() || !takeName(names.front()))
        return false;
    const bool isNumeric = isSymbol("=");
    if (isNumeric) {
        if (!advance() || !expression() || !takeSymbol(",") || !expression()
            || (isSymbol(",") && (!advance() || !expression())))
            return false;
    } else {
        while (isSymbol(",")) {
            if (!advance() || !takeName(names.emplace_back()))
                return false;
        }
        if (!takeKeyword("in") || !expressionList())
            return false;
    }
    if (!takeKeyword("do"))
        return false;
    m_scopes.enterBlock(LuaScopes::Block::Loop);
    for (int i = 0; i < 3; ++i)
        m_scopes.declare("(for state)");
    for (const std::string &name : names)
        m_scopes.declare(name);
    if (!chunk())
        return false;
    m_scopes.leaveBlock();
    m_lastLine = m_token.line;
    return takeKeyword("end");
}

bool LuaGrammar::functionStatement()
{
    std::string name;
    if (!advance() || !takeName(name))
        return false;
    while (isSymbol(".")) {
        if (!advance() || !takeName(name))
            return false;
    }
    const bool isMethod = isSymbol(":");
    if (isMethod && (!advance() || !takeName(name)))
        return false;
    return functionBody(isMethod);
}

bool LuaGrammar::localStatement()
{
    const int line = m_token.line;
    if (!advance())
        return false;
    if (isKeyword("function")) {
        std::string name;
        if (!advance() || !takeName(name))
            return false;
        m_scopes.declare(name);
        return functionBody(false);
    }
    std::vector<std::string> names(1);
    if (!takeName(names.front()))
        return false;
    while (isSymbol(",")) {
        if (!advance() || !takeName(names.emplace_back()))
            return false;
    }
    if (isSymbol("=") && (!advance() || !expressionList()))
        return false;
    for (const std::string &name : names)
        m_scopes.declare(name);
    m_lastLine = line;
    return true;
}

} // namespace tiphys::script
