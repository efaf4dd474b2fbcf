// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_error.h"

#include "process/lua_values.h"

#include <string>
#include <string_view>

#include <lua.hpp>

namespace tiphys::process {

void pushPlace(lua_State *lua, int level)
{
    lua_Debug frame;
    for (; lua_getstack(lua, level, &frame) != 0; ++level) {
        // Our own wrappers have lines too, but another name.
        if (lua_getinfo(lua, "Sl", &frame) != 0 && frame.currentline > 0
            && std::string_view(frame.short_src) == "<string>") {
            lua_pushfstring(lua, "<string>:%d: ", frame.currentline);
            return;
        }
    }
    lua_pushliteral(lua, "");
}

void pushText(lua_State *lua, int index)
{
    switch (lua_type(lua, index)) {
    case LUA_TNUMBER: {
        const std::string text = luaNumberText(lua_tonumber(lua, index));
        lua_pushlstring(lua, text.data(), text.size());
        return;
    }
    case LUA_TSTRING: lua_pushvalue(lua, index); return;
    case LUA_TBOOLEAN: lua_pushstring(lua, lua_toboolean(lua, index) != 0 ? "true" : "false"); return;
    case LUA_TNIL: lua_pushliteral(lua, "nil"); return;
    default: lua_pushfstring(lua, "%s: %p", luaL_typename(lua, index), lua_topointer(lua, index));
    }
}

int raiseTop(lua_State *lua)
{
    pushPlace(lua, 0);
    lua_insert(lua, -2);
    lua_concat(lua, 2);
    return lua_error(lua);
}

int placeFailure(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TSTRING)
        return 1;
    const std::string_view message = lua_tostring(lua, 1);
    for (const std::string_view start : {"stack overflow", "attempt to ", "bad argument #", "invalid "}) {
        if (!message.starts_with(start))
            continue;
        pushPlace(lua, 1);
        lua_insert(lua, 1);
        lua_concat(lua, 2);
        return 1;
    }
    return 1;
}

} // namespace tiphys::process
