// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_interpreter.h"

#include "process/lua_error.h"
#include "process/lua_message.h"
#include "process/lua_values.h"
#include "script/lua_syntax.h"

#include <cstdlib>

#include <lua.hpp>

namespace tiphys::process {

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
/// What earlier runs may leave behind before it is collected.
constexpr std::size_t kMostLeftBytes = std::size_t{8} << 20;
constexpr std::size_t kMostResultBytes = std::size_t{16} << 20;
constexpr char kInterrupted[] = "context deadline exceeded";

void raiseInterruption(lua_State *lua, lua_Debug *)
{
    pushPlace(lua, 0);
    lua_pushstring(lua, kInterrupted);
    lua_concat(lua, 2);
    lua_error(lua);
}

int openProtected(lua_State *lua)
{
    openLibraries(lua, *static_cast<LuaLibraries *>(lua_touserdata(lua, 1)));
    return 0;
}

struct Preparation
{
    LuaLibraries libraries;
    const LuaRun *run;
};

int prepareProtected(lua_State *lua)
{
    const auto *preparation = static_cast<const Preparation *>(lua_touserdata(lua, 1));
    const LuaRun &run = *preparation->run;
    renewGlobals(lua, preparation->libraries, run.now ? &*run.now : nullptr);
    if (run.parameters.isMap())
        pushValue(lua, run.parameters);
    else
        lua_newtable(lua);
    lua_setglobal(lua, "actionParams");
    pushValue(lua, run.object);
    lua_setglobal(lua, "obj");
    return 0;
}

struct Encoding
{
    std::string json;
    std::optional<std::string> failure;
};

int encodeProtected(lua_State *lua)
{
    auto *encoding = static_cast<Encoding *>(lua_touserdata(lua, 1));
    lua_remove(lua, 1);
    encoding->failure = encodeTop(lua, encoding->json);
    return 0;
}

} // namespace

LuaInterpreter::LuaInterpreter(LuaLibraries libraries) : m_libraries(libraries)
{
    m_memory.interpreter = this;
}

LuaInterpreter::~LuaInterpreter()
{
    if (m_lua)
        lua_close(m_lua);
}

void *LuaInterpreter::allocate(void *memory, void *block, std::size_t oldSize, std::size_t newSize)
{
    auto *bounded = static_cast<Memory *>(memory);
    const std::size_t before = block ? oldSize : 0;
    if (newSize == 0) {
        bounded->used -= before;
        std::free(block);
        return nullptr;
    }
    if (newSize > before && bounded->used - before + newSize > kMostBytes) {
        bounded->isExhausted = true;
        bounded->line = bounded->interpreter->currentLine();
        return nullptr;
    }
    void *moved = std::realloc(block, newSize);
    if (moved)
        bounded->used += newSize - before;
    return moved;
}

int LuaInterpreter::currentLine() const
{
    lua_Debug frame;
    for (int level = 0; m_lua && level < 4 && lua_getstack(m_lua, level, &frame) != 0; ++level) {
        if (lua_getinfo(m_lua, "Sl", &frame) != 0 && frame.currentline > 0 && frame.short_src[0] == '<')
            return frame.currentline;
    }
    return 0;
}

void LuaInterpreter::interrupt()
{
    m_isInterrupted = true;
    if (m_lua)
        lua_sethook(m_lua, raiseInterruption, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

Expected<void> LuaInterpreter::start()
{
    if (m_lua)
        return {};
    m_compiled.clear();
    m_memory.used = 0;
    m_lua = lua_newstate(allocate, &m_memory);
    if (!m_lua)
        return failure(ErrorCode::Unavailable, "Lua cannot be started");
    luaJIT_setmode(m_lua, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    LuaLibraries libraries = m_libraries;
    if (lua_cpcall(m_lua, openProtected, &libraries) == 0)
        return {};
    Error error = runError(LUA_ERRRUN);
    lua_close(m_lua);
    m_lua = nullptr;
    return std::unexpected(std::move(error));
}

Expected<void> LuaInterpreter::loadScript(const LuaRun &run)
{
    if (const auto known = m_compiled.find(run.script); run.isKept && known != m_compiled.end()) {
        lua_rawgeti(m_lua, LUA_REGISTRYINDEX, known->second);
    } else {
        const Expected<std::string> text = script::checkedLua(*run.script);
        if (!text)
            return std::unexpected(text.error());
        const int code = luaL_loadbufferx(m_lua, text->data(), text->size(), "=<string>", "t");
        if (code != 0)
            return std::unexpected(runError(code));
        if (run.isKept) {
            lua_pushvalue(m_lua, -1);
            m_compiled.emplace(run.script, luaL_ref(m_lua, LUA_REGISTRYINDEX));
        }
    }
    // It was compiled for the globals of another run.
    lua_pushvalue(m_lua, LUA_GLOBALSINDEX);
    lua_setfenv(m_lua, -2);
    return {};
}

Error LuaInterpreter::runError(int code)
{
    const std::string place = m_memory.line > 0 ? "<string>:" + std::to_string(m_memory.line) + ": " : "<string>: ";
    if (code == LUA_ERRMEM || m_memory.isExhausted)
        return Error(ErrorCode::LimitExceeded, place + "the script needs more than 64 MiB of memory");
    std::size_t size = 0;
    std::string message;
    if (const char *text = lua_tolstring(m_lua, -1, &size))
        message = gopherMessage({text, size});
    else
        message = std::string(luaL_typename(m_lua, -1))
                  + (lua_isnil(m_lua, -1) ? "" : ": the error of the script is no text");
    const bool isTimeout = m_isInterrupted && message.ends_with(kInterrupted);
    return Error(isTimeout ? ErrorCode::Timeout : ErrorCode::InvalidInput, message);
}

Expected<LuaOutcome> LuaInterpreter::run(const LuaRun &run)
{
    if (const Expected<void> started = start(); !started)
        return std::unexpected(started.error());
    m_memory.isExhausted = false;
    m_memory.line = 0;
    m_isInterrupted = false;
    lua_sethook(m_lua, nullptr, 0, 0);
    if (m_memory.used > kMostLeftBytes)
        lua_gc(m_lua, LUA_GCCOLLECT, 0);
    const auto ended = [&](int code) {
        Error error = runError(code);
        // After want of memory nothing in the state is certain.
        if (error.code() == ErrorCode::LimitExceeded) {
            lua_close(m_lua);
            m_lua = nullptr;
        } else {
            lua_sethook(m_lua, nullptr, 0, 0);
            lua_settop(m_lua, 0);
        }
        return std::unexpected(std::move(error));
    };
    Preparation preparation{m_libraries, &run};
    if (const int code = lua_cpcall(m_lua, prepareProtected, &preparation); code != 0)
        return ended(code);
    if (const Expected<void> loaded = loadScript(run); !loaded) {
        lua_settop(m_lua, 0);
        return std::unexpected(loaded.error());
    }
    lua_pushcfunction(m_lua, placeFailure);
    lua_insert(m_lua, 1);
    if (const int code = lua_pcall(m_lua, 0, LUA_MULTRET, 1); code != 0)
        return ended(code);
    lua_remove(m_lua, 1);
    LuaOutcome outcome{"nil", {}};
    if (lua_gettop(m_lua) > 0) {
        outcome.type = luaL_typename(m_lua, -1);
        if (lua_istable(m_lua, -1)) {
            Encoding encoding;
            lua_pushcfunction(m_lua, encodeProtected);
            lua_insert(m_lua, 1);
            lua_pushlightuserdata(m_lua, &encoding);
            lua_insert(m_lua, 2);
            if (const int code = lua_pcall(m_lua, lua_gettop(m_lua) - 1, 0, 0); code != 0)
                return ended(code);
            if (encoding.failure) {
                lua_settop(m_lua, 0);
                return failure(ErrorCode::InvalidInput, *encoding.failure);
            }
            if (encoding.json.size() > kMostResultBytes) {
                lua_settop(m_lua, 0);
                return failure(ErrorCode::LimitExceeded, "the script returns more than 16 MiB");
            }
            outcome.json = std::move(encoding.json);
        }
    }
    lua_settop(m_lua, 0);
    return outcome;
}

} // namespace tiphys::process
