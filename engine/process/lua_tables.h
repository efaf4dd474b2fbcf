// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

/// Functions of tables that differ from LuaJIT's.
namespace tiphys::process {

/// `pairs`, in an order that does not change from run to run; `next` is the first upvalue.
int sortedPairs(lua_State *lua);
/// `table.concat`
int concatTable(lua_State *lua);
/// `table.getn`
int tableLength(lua_State *lua);

} // namespace tiphys::process
