// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "script/lua_grammar.h"

namespace tiphys::script {

/// Counts how deep blocks and expressions are nested.
class LuaGrammar::Depth
{
public:
    explicit Depth(LuaGrammar &grammar) : m_grammar(grammar) { ++m_grammar.m_depth; }
    ~Depth() { --m_grammar.m_depth; }
    Depth(const Depth &) = delete;
    Depth &operator=(const Depth &) = delete;
    bool isBearable()
    {
        constexpr std::size_t kDeepest = 150;
        m_grammar.m_isBeyondLimits = m_grammar.m_isBeyondLimits || m_grammar.m_depth > kDeepest;
        return !m_grammar.m_isBeyondLimits;
    }

private:
    LuaGrammar &m_grammar;
};

} // namespace tiphys::script
