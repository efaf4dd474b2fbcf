// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_os.h"

#include "process/lua_time.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <string>

#include <lua.hpp>

namespace tiphys::process {

namespace {

// Its address is where the present time lies in the registry.
char kNowKey;

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

} // namespace

void setPresentTime(lua_State *lua, const std::int64_t *now)
{
    lua_pushlightuserdata(lua, &kNowKey);
    if (now)
        lua_pushnumber(lua, static_cast<double>(*now));
    else
        lua_pushnil(lua);
    lua_rawset(lua, LUA_REGISTRYINDEX);
}

const luaL_Reg *safeOsFunctions()
{
    return kSafeOs;
}

const luaL_Reg *moreOsFunctions()
{
    return kMoreOs;
}

} // namespace tiphys::process
