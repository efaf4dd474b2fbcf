// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_values.h"

#include "object/json.h"
#include "object/number_text.h"

#include <charconv>
#include <cmath>
#include <map>
#include <unordered_set>
#include <vector>

#include <lua.hpp>

namespace tiphys::process {

using object::Value;

namespace {

constexpr int kMostDepth = 1000;

void pushBelow(lua_State *lua, const Value &value, int depth)
{
    if (depth > kMostDepth)
        luaL_error(lua, "the object is nested too deeply");
    luaL_checkstack(lua, 4, "the object is nested too deeply");
    if (value.isMap()) {
        lua_createtable(lua, 0, static_cast<int>(value.size()));
        for (const auto &[key, member] : value.entries()) {
            if (member.isNull())
                continue;
            lua_pushlstring(lua, key.data(), key.size());
            pushBelow(lua, member, depth + 1);
            lua_rawset(lua, -3);
        }
    } else if (value.isList()) {
        lua_createtable(lua, static_cast<int>(value.size()), 0);
        int index = 0;
        for (const Value &item : value.items()) {
            if (item.isNull())
                continue;
            pushBelow(lua, item, depth + 1);
            lua_rawseti(lua, -2, ++index);
        }
    } else if (const std::optional<std::string_view> text = value.asString()) {
        lua_pushlstring(lua, text->data(), text->size());
    } else if (const std::optional<bool> flag = value.asBool()) {
        lua_pushboolean(lua, *flag);
    } else if (const std::optional<double> number = value.asNumber()) {
        lua_pushnumber(lua, *number);
    } else {
        lua_pushnil(lua);
    }
}

/// What keys a table has.
struct Keys
{
    std::size_t numbers = 0;
    std::size_t texts = 0;
    std::size_t others = 0;
    double largest = 0;
    bool areWhole = true; ///< all numbers are 1, 2, … without fractions
};

Keys keysOfTop(lua_State *lua)
{
    Keys keys;
    for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        if (lua_type(lua, -2) == LUA_TSTRING) {
            ++keys.texts;
        } else if (lua_type(lua, -2) == LUA_TNUMBER) {
            const double key = lua_tonumber(lua, -2);
            ++keys.numbers;
            keys.largest = std::max(keys.largest, key);
            keys.areWhole = keys.areWhole && key >= 1 && key == std::trunc(key);
        } else {
            ++keys.others;
        }
    }
    return keys;
}

class Encoder
{
public:
    Encoder(lua_State *lua, std::string &out) : m_lua(lua), m_out(out) {}

    /// Where a failure lies decides how often Go names the type on its way out.
    std::optional<std::string> encode(int depth)
    {
        if (depth > kMostDepth)
            return failed(depth, "the table is nested too deeply");
        luaL_checkstack(m_lua, 6, "the table is nested too deeply");
        switch (lua_type(m_lua, -1)) {
        case LUA_TNIL: m_out += "null"; return std::nullopt;
        case LUA_TBOOLEAN: m_out += lua_toboolean(m_lua, -1) != 0 ? "true" : "false"; return std::nullopt;
        case LUA_TNUMBER: return encodeNumber(depth);
        case LUA_TSTRING: appendText(-1); return std::nullopt;
        case LUA_TTABLE: return encodeTable(depth);
        default: return failed(depth, std::string("cannot encode ") + luaL_typename(m_lua, -1) + " to JSON");
        }
    }

private:
    static std::string failed(int depth, const std::string &why)
    {
        std::string text;
        for (int level = 0; level <= depth; ++level)
            text += "json: error calling MarshalJSON for type json.jsonValue: ";
        return text + why;
    }

    void appendText(int index)
    {
        std::size_t size = 0;
        const char *text = lua_tolstring(m_lua, index, &size);
        m_out += object::toJson(Value(std::string_view(text, size)));
    }

    std::optional<std::string> encodeNumber(int depth)
    {
        const double number = lua_tonumber(m_lua, -1);
        if (!std::isfinite(number))
            return failed(depth, std::string("json: unsupported value: ")
                                     + (std::isnan(number) ? "NaN"
                                        : number > 0       ? "+Inf"
                                                           : "-Inf"));
        object::detail::appendJsonNumber(m_out, number);
        return std::nullopt;
    }

    std::optional<std::string> encodeTable(int depth)
    {
        if (!m_visited.insert(lua_topointer(m_lua, -1)).second)
            return failed(depth, "cannot encode recursively nested tables to JSON");
        const Keys keys = keysOfTop(m_lua);
        if (keys.others > 0 || (keys.numbers > 0 && keys.texts > 0))
            return failed(depth, "cannot encode mixed or invalid key types");
        if (keys.texts > 0)
            return encodeMap(depth);
        if (keys.numbers > 0 && (!keys.areWhole || keys.largest != static_cast<double>(keys.numbers)))
            return failed(depth, "cannot encode sparse array");
        m_out += '[';
        for (std::size_t index = 1; index <= keys.numbers; ++index) {
            if (index > 1)
                m_out += ',';
            lua_rawgeti(m_lua, -1, static_cast<int>(index));
            std::optional<std::string> failure = encode(depth + 1);
            lua_pop(m_lua, 1);
            if (failure)
                return failure;
        }
        m_out += ']';
        return std::nullopt;
    }

    std::optional<std::string> encodeMap(int depth)
    {
        m_out += '{';
        bool isFirst = true;
        for (lua_pushnil(m_lua); lua_next(m_lua, -2) != 0; lua_pop(m_lua, 1)) {
            if (!isFirst)
                m_out += ',';
            isFirst = false;
            appendText(-2);
            m_out += ':';
            if (std::optional<std::string> failure = encode(depth + 1))
                return failure;
        }
        m_out += '}';
        return std::nullopt;
    }

    lua_State *m_lua;
    std::string &m_out;
    std::unordered_set<const void *> m_visited;
};

} // namespace

void pushValue(lua_State *lua, const Value &value)
{
    pushBelow(lua, value, 0);
}

std::optional<std::string> encodeTop(lua_State *lua, std::string &out)
{
    return Encoder(lua, out).encode(0);
}

std::string luaNumberText(double number)
{
    if (number == std::trunc(number) && std::abs(number) < 9.2e18)
        return std::to_string(static_cast<long long>(number));
    if (!std::isfinite(number))
        return std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    std::string text;
    object::detail::appendShortest(text, number);
    return text;
}

std::optional<double> luaNumberOf(std::string_view text, std::optional<int> base)
{
    constexpr std::string_view kBlanks = " \n\t";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    if (text.contains('.'))
        return object::detail::doubleOf(text);
    int used = base.value_or(10);
    if (!base && (text.starts_with("0x") || text.starts_with("0X"))) {
        used = 16;
        text.remove_prefix(2);
    }
    if (used < 2 || used > 36)
        return std::nullopt;
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    long long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, used);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return static_cast<double>(number);
}

} // namespace tiphys::process
