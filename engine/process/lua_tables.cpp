// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_tables.h"

#include "process/lua_error.h"

#include <algorithm>
#include <vector>

#include <lua.hpp>

namespace tiphys::process {

namespace {

int nextSorted(lua_State *lua)
{
    // Upvalues: the keys, the last one's number.
    lua_settop(lua, 1);
    int at = static_cast<int>(lua_tointeger(lua, lua_upvalueindex(2)));
    while (true) {
        lua_rawgeti(lua, lua_upvalueindex(1), ++at);
        if (lua_isnil(lua, -1))
            return 1;
        lua_pushvalue(lua, -1);
        lua_rawget(lua, 1);
        if (!lua_isnil(lua, -1))
            break;
        lua_settop(lua, 1);
    }
    lua_pushinteger(lua, at);
    lua_replace(lua, lua_upvalueindex(2));
    return 2;
}

/// True if the key at \p left comes before the one at \p right: numbers, then texts, then the rest as it came.
bool isKeyBefore(lua_State *lua, int left, int right)
{
    const int types[] = {lua_type(lua, left), lua_type(lua, right)};
    if (types[0] != types[1]) {
        const auto rank = [](int type) { return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : 2; };
        return rank(types[0]) < rank(types[1]);
    }
    if (types[0] == LUA_TNUMBER)
        return lua_tonumber(lua, left) < lua_tonumber(lua, right);
    return types[0] == LUA_TSTRING && lua_lessthan(lua, left, right) != 0;
}

/// The order in which the keys of the list at \p list come, as their numbers there.
void sortKeys(lua_State *lua, int list, std::vector<int> &order)
{
    std::ranges::stable_sort(order, [&](int left, int right) {
        lua_rawgeti(lua, list, left);
        lua_rawgeti(lua, list, right);
        const bool isBefore = isKeyBefore(lua, -2, -1);
        lua_pop(lua, 2);
        return isBefore;
    });
}

} // namespace

int sortedPairs(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 1);
    const int length = static_cast<int>(lua_objlen(lua, 1));
    int count = 0;
    for (lua_pushnil(lua); lua_next(lua, 1) != 0; lua_pop(lua, 1))
        ++count;
    if (count == length || count < 2) {
        lua_pushvalue(lua, lua_upvalueindex(1)); // next: a list has its order
        lua_pushvalue(lua, 1);
        lua_pushnil(lua);
        return 3;
    }
    lua_createtable(lua, count, 0);
    int index = 0;
    for (lua_pushnil(lua); lua_next(lua, 1) != 0; lua_pop(lua, 1)) {
        lua_pushvalue(lua, -2);
        lua_rawseti(lua, 2, ++index);
    }
    lua_createtable(lua, count, 0);
    {
        std::vector<int> order(static_cast<std::size_t>(count));
        for (int at = 0; at < count; ++at)
            order[static_cast<std::size_t>(at)] = at + 1;
        sortKeys(lua, 2, order);
        for (int at = 0; at < count; ++at) {
            lua_rawgeti(lua, 2, order[static_cast<std::size_t>(at)]);
            lua_rawseti(lua, 3, at + 1);
        }
    }
    lua_pushinteger(lua, 0);
    lua_pushcclosure(lua, nextSorted, 2);
    lua_pushvalue(lua, 1);
    lua_pushnil(lua);
    return 3;
}

int concatTable(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    std::size_t size = 0;
    const char *separator = luaL_optlstring(lua, 2, "", &size);
    const int length = static_cast<int>(lua_objlen(lua, 1));
    int from = luaL_optint(lua, 3, 1);
    const int to = std::min(luaL_optint(lua, 4, length), length);
    if (lua_gettop(lua) == 3 && (from > length || from < 1)) {
        lua_pushliteral(lua, "");
        return 1;
    }
    from = std::max(std::min(from, length), 1);
    luaL_Buffer text;
    luaL_buffinit(lua, &text);
    for (int index = from; index <= to; ++index) {
        lua_rawgeti(lua, 1, index);
        if (lua_isstring(lua, -1) == 0) {
            lua_pushfstring(lua, "invalid value (%s) at index %d in table for concat", luaL_typename(lua, -1), index);
            return raiseTop(lua);
        }
        if (lua_type(lua, -1) == LUA_TNUMBER) {
            pushText(lua, -1);
            lua_remove(lua, -2);
        }
        luaL_addvalue(&text);
        if (index != to)
            luaL_addlstring(&text, separator, size);
    }
    luaL_pushresult(&text);
    return 1;
}

int tableLength(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_pushinteger(lua, static_cast<lua_Integer>(lua_objlen(lua, 1)));
    return 1;
}

} // namespace tiphys::process
