// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

struct lua_State;

/// What scripts find in their globals. May raise Lua errors: only inside of a protected call.
namespace tiphys::process {

enum class LuaLibraries {
    Few, ///< base and table; `require("os")` gives time and date
    All, ///< string, math, coroutine and os (without files, processes and environment) too
};

/// Prepares a new state: libraries, and errors in the original's words for what cannot be indexed or computed.
void openLibraries(lua_State *lua, LuaLibraries libraries);

/// Replaces the globals by fresh copies, so that nothing of an earlier script is left.
/// \p now is what os.time and os.date tell; null: the clock.
void renewGlobals(lua_State *lua, LuaLibraries libraries, const std::int64_t *now);

} // namespace tiphys::process
