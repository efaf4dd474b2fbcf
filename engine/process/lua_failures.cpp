// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_failures.h"

#include "process/lua_error.h"

#include <initializer_list>

#include <lua.hpp>

namespace tiphys::process {

namespace {

int indexFailed(lua_State *lua)
{
    pushText(lua, 2);
    lua_pushfstring(lua, "attempt to index a non-table object(%s) with key '%s'", luaL_typename(lua, 1),
                    lua_tostring(lua, -1));
    return raiseTop(lua);
}

int arithmeticFailed(lua_State *lua)
{
    lua_pushfstring(lua, "cannot perform %s operation between %s and %s", lua_tostring(lua, lua_upvalueindex(1)),
                    luaL_typename(lua, 1), luaL_typename(lua, 2));
    return raiseTop(lua);
}

int compareFailed(lua_State *lua)
{
    lua_pushfstring(lua, "attempt to compare %s with %s", luaL_typename(lua, 1), luaL_typename(lua, 2));
    return raiseTop(lua);
}

int minusFailed(lua_State *lua)
{
    lua_pushstring(lua, "__unm undefined");
    return raiseTop(lua);
}

int lengthFailed(lua_State *lua)
{
    lua_pushstring(lua, "__len undefined");
    return raiseTop(lua);
}

/// Fills the table on top with what fails for every type but tables.
void addFailures(lua_State *lua)
{
    for (const char *name : {"add", "sub", "mul", "div", "mod", "pow", "concat"}) {
        lua_pushfstring(lua, "__%s", name);
        lua_pushstring(lua, name);
        lua_pushcclosure(lua, arithmeticFailed, 1);
        lua_rawset(lua, -3);
    }
    for (const char *name : {"__lt", "__le"}) {
        lua_pushcfunction(lua, compareFailed);
        lua_setfield(lua, -2, name);
    }
    lua_pushcfunction(lua, minusFailed);
    lua_setfield(lua, -2, "__unm");
    lua_pushcfunction(lua, indexFailed);
    lua_setfield(lua, -2, "__newindex");
}

} // namespace

void setFailures(lua_State *lua, void *stringMetaKey)
{
    lua_createtable(lua, 0, 16);
    addFailures(lua);
    lua_pushcfunction(lua, indexFailed);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, lengthFailed);
    lua_setfield(lua, -2, "__len");
    const auto setFor = [&] {
        lua_pushvalue(lua, -2);
        lua_setmetatable(lua, -2);
        lua_pop(lua, 1);
    };
    lua_pushnil(lua);
    setFor();
    lua_pushboolean(lua, 1);
    setFor();
    lua_pushnumber(lua, 0);
    setFor();
    lua_pushcfunction(lua, indexFailed);
    setFor();
    lua_pop(lua, 1);

    // Strings can be asked for their length and, where the library is open, for its functions.
    lua_createtable(lua, 0, 16);
    addFailures(lua);
    lua_pushcfunction(lua, indexFailed);
    lua_setfield(lua, -2, "__index");
    lua_pushliteral(lua, "");
    lua_pushvalue(lua, -2);
    lua_setmetatable(lua, -2);
    lua_pop(lua, 1);
    lua_pushlightuserdata(lua, stringMetaKey);
    lua_insert(lua, -2);
    lua_rawset(lua, LUA_REGISTRYINDEX);
}

} // namespace tiphys::process
