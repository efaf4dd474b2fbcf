// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_library.h"

#include "process/lua_error.h"
#include "process/lua_failures.h"
#include "process/lua_format.h"
#include "process/lua_message.h"
#include "process/lua_os.h"
#include "process/lua_tables.h"
#include "process/lua_values.h"
#include "script/lua_syntax.h"

#include <optional>
#include <string>

#include <lua.hpp>

namespace tiphys::process {

namespace {

// Where templates and the present globals lie in the registry; addresses of these are the keys.
char kBaseKey;
char kStringMetaKey;
char kSafeOsKey;

constexpr const char *kLibraryNames[] = {"table", "string", "math", "coroutine", "os"};

int countOf(LuaLibraries libraries)
{
    return libraries == LuaLibraries::All ? 5 : 1;
}

// Base functions that differ from LuaJIT's, or reach too far there

int toNumber(lua_State *lua)
{
    luaL_checkany(lua, 1);
    const std::optional<int> base = lua_isnoneornil(lua, 2) ? std::nullopt : std::optional(luaL_checkint(lua, 2));
    if (lua_type(lua, 1) == LUA_TNUMBER) {
        lua_settop(lua, 1);
        return 1;
    }
    if (lua_type(lua, 1) == LUA_TSTRING) {
        std::size_t size = 0;
        const char *text = lua_tolstring(lua, 1, &size);
        if (const std::optional<double> number = luaNumberOf({text, size}, base)) {
            lua_pushnumber(lua, *number);
            return 1;
        }
    }
    lua_pushnil(lua);
    return 1;
}

/// `error`: a text gets the place of the function that many levels up, counted from 1 at the caller, 2 being the
/// same.
int raiseError(lua_State *lua)
{
    luaL_checkany(lua, 1);
    const int level = luaL_optint(lua, 2, 1);
    lua_settop(lua, 1);
    if (lua_type(lua, 1) == LUA_TSTRING && level > 0) {
        pushPlace(lua, level - 1);
        lua_insert(lua, 1);
        lua_concat(lua, 2);
    }
    return lua_error(lua);
}

int assertTrue(lua_State *lua)
{
    luaL_checkany(lua, 1);
    if (lua_toboolean(lua, 1) != 0)
        return lua_gettop(lua);
    const char *message = luaL_optstring(lua, 2, "assertion failed!");
    lua_pushstring(lua, message);
    return raiseTop(lua);
}

int toString(lua_State *lua)
{
    luaL_checkany(lua, 1);
    if (lua_istable(lua, 1) && luaL_callmeta(lua, 1, "__tostring") != 0)
        return 1;
    pushText(lua, 1);
    return 1;
}

int getMetatable(lua_State *lua)
{
    luaL_checkany(lua, 1);
    if (!lua_istable(lua, 1) || lua_getmetatable(lua, 1) == 0) {
        lua_pushnil(lua);
        return 1;
    }
    if (luaL_getmetafield(lua, 1, "__metatable") != 0)
        return 1;
    return 1;
}

/// Text only: byte code is not checked by anybody.
int loadText(lua_State *lua)
{
    std::size_t size = 0;
    const char *text = luaL_checklstring(lua, 1, &size);
    const char *name = luaL_optstring(lua, 2, "<string>");
    const bool isLoaded = [&] {
        const Expected<std::string> checked = script::checkedLua({text, size}, name);
        if (!checked) {
            lua_pushlstring(lua, checked.error().message().data(), checked.error().message().size());
            return false;
        }
        const std::string chunk = std::string("=") + name;
        return luaL_loadbufferx(lua, checked->data(), checked->size(), chunk.c_str(), "t") == 0;
    }();
    if (isLoaded)
        return 1;
    lua_pushnil(lua);
    lua_insert(lua, -2);
    return 2;
}

int loadPieces(lua_State *lua)
{
    if (lua_type(lua, 1) == LUA_TSTRING)
        return loadText(lua);
    luaL_checktype(lua, 1, LUA_TFUNCTION);
    lua_settop(lua, 2);
    luaL_Buffer whole;
    // The pieces lie in a table while they come: a buffer does not go with calls.
    lua_newtable(lua);
    int count = 0;
    while (true) {
        lua_pushvalue(lua, 1);
        lua_call(lua, 0, 1);
        if (lua_type(lua, -1) != LUA_TSTRING || lua_objlen(lua, -1) == 0)
            break;
        lua_rawseti(lua, 3, ++count);
    }
    luaL_buffinit(lua, &whole);
    for (int index = 1; index <= count; ++index) {
        lua_rawgeti(lua, 3, index);
        luaL_addvalue(&whole);
    }
    luaL_pushresult(&whole);
    lua_replace(lua, 1);
    return loadText(lua);
}

int noFile(lua_State *lua)
{
    lua_pushfstring(lua, "open %s: scripts read no files", luaL_optstring(lua, 1, "stdin"));
    return raiseTop(lua);
}

int doNothing(lua_State *)
{
    return 0;
}

int collectGarbage(lua_State *lua)
{
    lua_pushnumber(lua, 0);
    return 1;
}

/// The environment of Lua functions and levels; that of ours is the present globals.
int getEnvironment(lua_State *lua)
{
    if (lua_iscfunction(lua, 1) != 0) {
        lua_pushvalue(lua, LUA_GLOBALSINDEX);
        return 1;
    }
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

int setEnvironment(lua_State *lua)
{
    if (lua_iscfunction(lua, 1) != 0) {
        lua_pushstring(lua, "cannot use function as an environment");
        return raiseTop(lua);
    }
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

/// The second result of a failed call, in the original's words.
int translateFailure(lua_State *lua)
{
    if (lua_toboolean(lua, 1) == 0 && lua_type(lua, 2) == LUA_TSTRING) {
        std::size_t size = 0;
        const char *text = lua_tolstring(lua, 2, &size);
        const std::string message = gopherMessage({text, size});
        lua_pushlstring(lua, message.data(), message.size());
        lua_replace(lua, 2);
    }
    return lua_gettop(lua);
}

int requireModule(lua_State *lua)
{
    const char *name = luaL_checkstring(lua, 1);
    lua_getglobal(lua, "package");
    if (lua_istable(lua, -1)) {
        lua_getfield(lua, -1, "loaded");
        if (lua_istable(lua, -1)) {
            lua_getfield(lua, -1, name);
            if (!lua_isnil(lua, -1))
                return 1;
        }
    }
    lua_pushfstring(lua, "module %s not found:\n\tno field package.preload['%s'], scripts read no files", name, name);
    return raiseTop(lua);
}

constexpr luaL_Reg kBase[] = {{"tonumber", toNumber},
                              {"tostring", toString},
                              {"getmetatable", getMetatable},
                              {"error", raiseError},
                              {"assert", assertTrue},
                              {"loadstring", loadText},
                              {"load", loadPieces},
                              {"dofile", noFile},
                              {"loadfile", noFile},
                              {"print", doNothing},
                              {"collectgarbage", collectGarbage},
                              {"require", requireModule},
                              {"_printregs", doNothing},
                              {nullptr, nullptr}};

void setFunctions(lua_State *lua, const luaL_Reg *functions)
{
    for (; functions->name; ++functions) {
        lua_pushcfunction(lua, functions->func);
        lua_setfield(lua, -2, functions->name);
    }
}

void openLibrary(lua_State *lua, lua_CFunction open, const char *name)
{
    lua_pushcfunction(lua, open);
    lua_pushstring(lua, name);
    lua_call(lua, 1, 0);
}

/// \p name of the globals, with the original as its first upvalue.
void wrap(lua_State *lua, const char *name, const char *original, lua_CFunction wrapper)
{
    lua_getglobal(lua, original);
    lua_pushcclosure(lua, wrapper, 1);
    lua_setglobal(lua, name);
}

constexpr char kProtectedCalls[] = "local pcall, xpcall, translate = ...\n"
                                   "return function(...) return translate(pcall(...)) end,\n"
                                   "function(f, handler) return translate(xpcall(f, handler)) end\n";

void wrapProtectedCalls(lua_State *lua)
{
    if (luaL_loadbuffer(lua, kProtectedCalls, sizeof kProtectedCalls - 1, "=") != 0)
        lua_error(lua);
    lua_getglobal(lua, "pcall");
    lua_getglobal(lua, "xpcall");
    lua_pushcfunction(lua, translateFailure);
    lua_call(lua, 3, 2);
    lua_setglobal(lua, "xpcall");
    lua_setglobal(lua, "pcall");
}

void remove(lua_State *lua, const char *name)
{
    lua_pushnil(lua);
    lua_setfield(lua, -2, name);
}

/// Pushes a copy of the table on top, which stays.
void pushCopy(lua_State *lua)
{
    lua_createtable(lua, 0, 48);
    for (lua_pushnil(lua); lua_next(lua, -3) != 0;) {
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, -4);
    }
}

} // namespace

void openLibraries(lua_State *lua, LuaLibraries libraries)
{
    openLibrary(lua, luaopen_base, "");
    openLibrary(lua, luaopen_table, LUA_TABLIBNAME);
    if (libraries == LuaLibraries::All) {
        openLibrary(lua, luaopen_string, LUA_STRLIBNAME);
        openLibrary(lua, luaopen_math, LUA_MATHLIBNAME);
    }
    lua_getglobal(lua, "next");
    lua_pushcclosure(lua, sortedPairs, 1);
    lua_setglobal(lua, "pairs");
    wrap(lua, "getfenv", "getfenv", getEnvironment);
    wrap(lua, "setfenv", "setfenv", setEnvironment);
    wrapProtectedCalls(lua);

    lua_pushvalue(lua, LUA_GLOBALSINDEX);
    setFunctions(lua, kBase);
    remove(lua, "gcinfo");
    remove(lua, "newproxy");
    if (libraries == LuaLibraries::Few)
        remove(lua, "coroutine");
    lua_getfield(lua, -1, "table");
    lua_pushcfunction(lua, concatTable);
    lua_setfield(lua, -2, "concat");
    lua_pushcfunction(lua, tableLength);
    lua_setfield(lua, -2, "getn");
    for (const char *name : {"foreach", "foreachi", "new", "clear", "move", "pack", "unpack"})
        remove(lua, name);
    setFunctions(lua, safeOsFunctions());
    lua_pop(lua, 1);
    if (libraries == LuaLibraries::All) {
        lua_getfield(lua, -1, "string");
        lua_pushcfunction(lua, luaFormat);
        lua_setfield(lua, -2, "format");
        remove(lua, "dump");
        lua_pop(lua, 1);
        lua_newtable(lua);
        setFunctions(lua, safeOsFunctions());
        setFunctions(lua, moreOsFunctions());
        lua_setfield(lua, -2, "os");
    }
    lua_pushlightuserdata(lua, &kSafeOsKey);
    lua_newtable(lua);
    setFunctions(lua, safeOsFunctions());
    lua_rawset(lua, LUA_REGISTRYINDEX);
    lua_pushlightuserdata(lua, &kBaseKey);
    lua_pushvalue(lua, -2);
    lua_rawset(lua, LUA_REGISTRYINDEX);
    lua_pop(lua, 1);
    setFailures(lua, &kStringMetaKey);
}

void renewGlobals(lua_State *lua, LuaLibraries libraries, const std::int64_t *now)
{
    setPresentTime(lua, now);

    lua_pushlightuserdata(lua, &kBaseKey);
    lua_rawget(lua, LUA_REGISTRYINDEX);
    const int base = lua_gettop(lua);
    pushCopy(lua);
    const int globals = lua_gettop(lua);
    lua_pushvalue(lua, globals);
    lua_setfield(lua, globals, "_G");

    lua_createtable(lua, 0, 6); // package.loaded
    for (int index = 0; index < countOf(libraries); ++index) {
        lua_getfield(lua, base, kLibraryNames[index]);
        pushCopy(lua);
        lua_remove(lua, -2);
        lua_pushvalue(lua, -1);
        lua_setfield(lua, globals, kLibraryNames[index]);
        lua_setfield(lua, -2, kLibraryNames[index]);
    }
    // Functions are made once: each keeps the globals of its making alive.
    lua_pushlightuserdata(lua, &kSafeOsKey);
    lua_rawget(lua, LUA_REGISTRYINDEX);
    pushCopy(lua);
    lua_remove(lua, -2);
    lua_setfield(lua, -2, "os");
    lua_createtable(lua, 0, 1);
    lua_insert(lua, -2);
    lua_setfield(lua, -2, "loaded");
    lua_setfield(lua, globals, "package");

    if (libraries == LuaLibraries::All) {
        lua_pushlightuserdata(lua, &kStringMetaKey);
        lua_rawget(lua, LUA_REGISTRYINDEX);
        lua_getfield(lua, globals, "string");
        lua_setfield(lua, -2, "__index");
        lua_pop(lua, 1);
    }
    lua_pushvalue(lua, globals);
    lua_replace(lua, LUA_GLOBALSINDEX);
    lua_settop(lua, base - 1);
}

} // namespace tiphys::process
