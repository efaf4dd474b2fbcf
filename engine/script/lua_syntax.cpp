// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_syntax.h"

#include "script/lua_grammar.h"

namespace tiphys::script {

namespace {

std::string edited(std::string_view script, const std::vector<LuaEdit> &edits)
{
    std::string text;
    text.reserve(script.size() + edits.size() * 8);
    std::size_t at = 0;
    for (const LuaEdit &edit : edits) {
        text += script.substr(at, edit.begin - at);
        text += edit.text;
        at = edit.begin + edit.size;
    }
    text += script.substr(at);
    return text;
}

} // namespace

Expected<std::string> checkedLua(std::string_view script, std::string_view source)
{
    LuaGrammar grammar(script, source);
    switch (grammar.read()) {
    case LuaGrammar::Outcome::Refused: return failure(ErrorCode::InvalidInput, grammar.message());
    case LuaGrammar::Outcome::BeyondLimits: return std::string(script);
    case LuaGrammar::Outcome::Accepted: break;
    }
    return edited(script, grammar.edits());
}

} // namespace tiphys::script
