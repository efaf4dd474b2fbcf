// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

struct lua_State;
struct luaL_Reg;

/// The library `os` without files, processes and environment.
namespace tiphys::process {

/// What time and date are: \p now, or the clock if it is null.
void setPresentTime(lua_State *lua, const std::int64_t *now);

/// `time` and `date`, ended by an entry without a name.
const luaL_Reg *safeOsFunctions();
/// What else is there of the whole library.
const luaL_Reg *moreOsFunctions();

} // namespace tiphys::process
