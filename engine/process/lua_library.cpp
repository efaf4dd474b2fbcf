// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_library.h"

#include "process/lua_format.h"
#include "process/lua_message.h"
#include "process/lua_time.h"
#include "process/lua_values.h"
#include "script/lua_syntax.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <string>
#include <vector>

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

namespace {

// Where templates and the present globals lie in the registry; addresses of these are the keys.
char kBaseKey;
char kStringMetaKey;
char kNowKey;
char kSafeOsKey;

constexpr const char *kLibraryNames[] = {"table", "string", "math", "coroutine", "os"};

int countOf(LuaLibraries libraries)
{
    return libraries == LuaLibraries::All ? 5 : 1;
}

/// Pushes the value at \p index as text, as messages show it.
void pushText(lua_State *lua, int index)
{
    switch (lua_type(lua, index)) {
    case LUA_TNUMBER: {
        const std::string text = luaNumberText(lua_tonumber(lua, index));
        lua_pushlstring(lua, text.data(), text.size());
        return;
    }
    case LUA_TSTRING:
        lua_pushvalue(lua, index);
        return;
    case LUA_TBOOLEAN:
        lua_pushstring(lua, lua_toboolean(lua, index) != 0 ? "true" : "false");
        return;
    case LUA_TNIL:
        lua_pushliteral(lua, "nil");
        return;
    default:
        lua_pushfstring(lua, "%s: %p", luaL_typename(lua, index), lua_topointer(lua, index));
    }
}

/// Raises the text on top of the stack, at the script's line.
int raiseTop(lua_State *lua)
{
    pushPlace(lua, 0);
    lua_insert(lua, -2);
    lua_concat(lua, 2);
    return lua_error(lua);
}

// What is asked of values that are no tables

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

void setFailures(lua_State *lua)
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
    lua_pushlightuserdata(lua, &kStringMetaKey);
    lua_insert(lua, -2);
    lua_rawset(lua, LUA_REGISTRYINDEX);
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

// pairs, in an order that does not change from run to run

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

// table and os

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

std::int64_t presentTime(lua_State *lua)
{
    lua_pushlightuserdata(lua, &kNowKey);
    lua_rawget(lua, LUA_REGISTRYINDEX);
    const bool isGiven = lua_type(lua, -1) == LUA_TNUMBER;
    const double given = lua_tonumber(lua, -1);
    lua_pop(lua, 1);
    return isGiven ? static_cast<std::int64_t>(given) : static_cast<std::int64_t>(std::time(nullptr));
}

int timeField(lua_State *lua, const char *name, int fallback)
{
    lua_pushstring(lua, name);
    lua_rawget(lua, 1);
    const bool isNumber = lua_type(lua, -1) == LUA_TNUMBER;
    const double number = std::clamp(lua_tonumber(lua, -1), -1e6, 1e6);
    lua_pop(lua, 1);
    return isNumber ? static_cast<int>(number) : fallback;
}

int osTime(lua_State *lua)
{
    if (lua_gettop(lua) == 0) {
        lua_pushnumber(lua, static_cast<double>(presentTime(lua)));
        return 1;
    }
    luaL_checktype(lua, 1, LUA_TTABLE);
    CivilTime time;
    time.second = timeField(lua, "sec", 0);
    time.minute = timeField(lua, "min", 0);
    time.hour = timeField(lua, "hour", 12);
    time.day = timeField(lua, "day", -1);
    time.month = timeField(lua, "month", -1);
    time.year = timeField(lua, "year", -1);
    lua_pushnumber(lua, static_cast<double>(secondsOf(time)));
    return 1;
}

void pushDate(lua_State *lua, const CivilTime &time)
{
    const auto set = [&](const char *name, double number) {
        lua_pushnumber(lua, number);
        lua_setfield(lua, -2, name);
    };
    lua_createtable(lua, 0, 9);
    set("year", static_cast<double>(time.year));
    set("month", time.month);
    set("day", time.day);
    set("hour", time.hour);
    set("min", time.minute);
    set("sec", time.second);
    set("wday", time.weekday + 1);
    set("yday", 0);
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "isdst");
}

int osDate(lua_State *lua)
{
    std::size_t size = 0;
    const char *pattern = luaL_optlstring(lua, 1, "%c", &size);
    const double given = lua_gettop(lua) >= 2 ? luaL_checknumber(lua, 2) : 0;
    const std::int64_t seconds =
        lua_gettop(lua) >= 2 ? static_cast<std::int64_t>(std::clamp(given, -1e11, 1e12)) : presentTime(lua);
    while (size > 0 && *pattern == '!') {
        ++pattern;
        --size;
    }
    if (size >= 2 && pattern[0] == '*' && pattern[1] == 't') {
        pushDate(lua, civilTimeOf(seconds));
        return 1;
    }
    const std::string text = dateText({pattern, size}, seconds);
    lua_pushlstring(lua, text.data(), text.size());
    return 1;
}

int osClock(lua_State *lua)
{
    lua_pushnumber(lua, static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
    return 1;
}

int osDifference(lua_State *lua)
{
    lua_pushnumber(lua, std::trunc(luaL_checknumber(lua, 1)) - std::trunc(luaL_checknumber(lua, 2)));
    return 1;
}

int osEnvironment(lua_State *lua)
{
    luaL_checkstring(lua, 1);
    lua_pushnil(lua);
    return 1;
}

constexpr luaL_Reg kSafeOs[] = {{"time", osTime}, {"date", osDate}, {nullptr, nullptr}};
constexpr luaL_Reg kMoreOs[] = {
    {"clock", osClock}, {"difftime", osDifference}, {"getenv", osEnvironment}, {nullptr, nullptr}};
constexpr luaL_Reg kBase[] = {{"tonumber", toNumber},       {"tostring", toString},       {"getmetatable", getMetatable},
                              {"error", raiseError},        {"assert", assertTrue},
                              {"loadstring", loadText},     {"load", loadPieces},         {"dofile", noFile},
                              {"loadfile", noFile},         {"print", doNothing},         {"collectgarbage", collectGarbage},
                              {"require", requireModule},   {"_printregs", doNothing},    {nullptr, nullptr}};

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
    setFunctions(lua, kSafeOs);
    lua_pop(lua, 1);
    if (libraries == LuaLibraries::All) {
        lua_getfield(lua, -1, "string");
        lua_pushcfunction(lua, luaFormat);
        lua_setfield(lua, -2, "format");
        remove(lua, "dump");
        lua_pop(lua, 1);
        lua_newtable(lua);
        setFunctions(lua, kSafeOs);
        setFunctions(lua, kMoreOs);
        lua_setfield(lua, -2, "os");
    }
    lua_pushlightuserdata(lua, &kSafeOsKey);
    lua_newtable(lua);
    setFunctions(lua, kSafeOs);
    lua_rawset(lua, LUA_REGISTRYINDEX);
    lua_pushlightuserdata(lua, &kBaseKey);
    lua_pushvalue(lua, -2);
    lua_rawset(lua, LUA_REGISTRYINDEX);
    lua_pop(lua, 1);
    setFailures(lua);
}

void renewGlobals(lua_State *lua, LuaLibraries libraries, const std::int64_t *now)
{
    lua_pushlightuserdata(lua, &kNowKey);
    if (now)
        lua_pushnumber(lua, static_cast<double>(*now));
    else
        lua_pushnil(lua);
    lua_rawset(lua, LUA_REGISTRYINDEX);

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
