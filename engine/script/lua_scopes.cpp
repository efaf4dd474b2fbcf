// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_scopes.h"

#include <algorithm>
#include <utility>

namespace tiphys::script {

void LuaScopes::complain(int line, const std::string &what)
{
    if (m_problem.empty())
        m_problem = "compile error near line(" + std::to_string(line) + ") " + std::string(m_source) + ": " + what;
}

void LuaScopes::enterFunction(Arguments arguments)
{
    m_functions.push_back({.hasArguments = arguments == Arguments::Variable, .scopes = {Scope{}}, .jumps = {}});
}

void LuaScopes::leaveFunction(int lastLine)
{
    for (const std::optional<Label> &jump : m_functions.back().jumps) {
        if (jump)
            complain(lastLine,
                     "no visible label '" + jump->name + "' for <goto> at line " + std::to_string(jump->line));
    }
    m_functions.pop_back();
}

void LuaScopes::enterBlock(Block block)
{
    Function &function = m_functions.back();
    function.scopes.push_back({.isLoop = block == Block::Loop,
                               .firstJump = function.jumps.size(),
                               .variables = {},
                               .labels = {},
                               .waiting = {}});
}

void LuaScopes::leaveBlock()
{
    Function &function = m_functions.back();
    const std::size_t outer = function.scopes.size() - 1;
    const std::size_t variables = countVariables(function, outer);
    for (std::size_t i = function.scopes.back().firstJump; i < function.jumps.size(); ++i) {
        std::optional<Label> &jump = function.jumps[i];
        if (!jump)
            continue;
        jump->variables = std::min(jump->variables, variables);
        if (const Label *label = find(function.scopes[outer - 1], jump->name))
            resolve(i, *label);
    }
    function.scopes.pop_back();
}

void LuaScopes::declare(std::string_view name)
{
    m_functions.back().scopes.back().variables.emplace_back(name);
}

void LuaScopes::statement()
{
    settle(false);
}

void LuaScopes::endStatements(Behind behind)
{
    settle(behind == Behind::Nothing);
}

void LuaScopes::label(std::string_view name, int line)
{
    m_functions.back().scopes.back().waiting.push_back({std::string(name), line, 0});
}

void LuaScopes::jump(std::string_view name, int line)
{
    Function &function = m_functions.back();
    function.jumps.emplace_back(Label{std::string(name), line, countVariables(function, function.scopes.size())});
    if (const Label *label = find(function.scopes.back(), name))
        resolve(function.jumps.size() - 1, *label);
}

void LuaScopes::leaveLoop(int line)
{
    if (std::ranges::none_of(m_functions.back().scopes, &Scope::isLoop))
        complain(line, "no loop to break");
}

void LuaScopes::spread(int line)
{
    if (!m_functions.back().hasArguments)
        complain(line, "cannot use '...' outside a vararg function");
}

std::size_t LuaScopes::countVariables(const Function &function, std::size_t scopes)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < scopes; ++i)
        count += function.scopes[i].variables.size();
    return count;
}

const LuaScopes::Label *LuaScopes::find(const Scope &scope, std::string_view name)
{
    const auto found = std::ranges::find(scope.labels, name, &Label::name);
    return found != scope.labels.end() ? &*found : nullptr;
}

/// Labels behind which the block ends see the variables of the block around it.
void LuaScopes::settle(bool isLast)
{
    Function &function = m_functions.back();
    Scope &scope = function.scopes.back();
    if (scope.waiting.empty())
        return;
    const std::vector<Label> labels = std::exchange(scope.waiting, {});
    for (Label label : labels) {
        if (const Label *known = find(scope, label.name))
            complain(label.line + 1,
                     "label '" + label.name + "' already defined on line " + std::to_string(known->line));
        label.variables = countVariables(function, function.scopes.size() - (isLast ? 1 : 0));
        scope.labels.push_back(label);
        for (std::size_t i = scope.firstJump; i < function.jumps.size(); ++i) {
            if (function.jumps[i] && function.jumps[i]->name == label.name)
                resolve(i, label);
        }
    }
}

void LuaScopes::resolve(std::size_t jump, const Label &label)
{
    Function &function = m_functions.back();
    const std::vector<std::string> &variables = function.scopes.back().variables;
    const std::optional<Label> from = std::exchange(function.jumps[jump], std::nullopt);
    if (from->variables < label.variables && !variables.empty())
        complain(label.line + 1, "<goto " + label.name + "> at line " + std::to_string(from->line)
                                     + " jumps into the scope of local '" + variables.back() + "'");
}

} // namespace tiphys::script
