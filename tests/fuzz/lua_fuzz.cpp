// SPDX-License-Identifier: GPL-3.0-or-later
// No script leaves its sandbox, and none runs without end: the input is joined from parts of scripts that try to, and from
// its own text; it runs in an interpreter that is interrupted after some milliseconds of processor time.
#include "process/lua_interpreter.h"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/time.h>

using namespace tiphys;

namespace {

constexpr std::size_t kMostParts = 48;
constexpr int kMilliseconds = 30;

constexpr std::string_view kParts[] = {"local ",
                                       "return ",
                                       "hs = {} ",
                                       "obj",
                                       "obj.status",
                                       ".x",
                                       "[1]",
                                       "= ",
                                       "== nil ",
                                       "nil ",
                                       "true ",
                                       "0 ",
                                       "1e308 ",
                                       "'x' ",
                                       "\"%s\" ",
                                       "{} ",
                                       "{status = 'Healthy'} ",
                                       "function() ",
                                       "end ",
                                       "do ",
                                       "while true do ",
                                       "repeat ",
                                       "until false ",
                                       "for i = 1, 1e9 do ",
                                       "if ",
                                       "then ",
                                       "else ",
                                       "for k, v in pairs(_G) do ",
                                       "goto a ",
                                       "::a:: ",
                                       "(",
                                       ") ",
                                       ", ",
                                       "; ",
                                       ".. ",
                                       "+ ",
                                       "# ",
                                       "not ",
                                       "and ",
                                       "or ",
                                       "pcall(",
                                       "error(",
                                       "setmetatable({}, {__index = function(t, k) return t[k] end})",
                                       "getmetatable('')",
                                       "rawset(_G, 'x', 1) ",
                                       "setfenv(1, {}) ",
                                       "getfenv(0)",
                                       "loadstring('return _G')()",
                                       "load(function() return 'x' end)",
                                       "string.rep('x', 1e9)",
                                       "('x'):rep(1e8)",
                                       "string.dump(function() end)",
                                       "require('os')",
                                       "require('io')",
                                       "os.execute('true')",
                                       "os.getenv('HOME')",
                                       "io.open('/etc/passwd')",
                                       "debug.getregistry()",
                                       "package.loadlib('x', 'y')",
                                       "dofile('/etc/passwd')",
                                       "collectgarbage()",
                                       "newproxy(true)",
                                       "coroutine.wrap(function() ",
                                       "coroutine.yield()",
                                       "table.concat({}, 'x', 1, 1e9)",
                                       "table.insert(obj, 1) ",
                                       "unpack({}, 1, 1e8)",
                                       "tostring(print)",
                                       "xpcall(function() error() end, function() error() end)",
                                       "string.format('%99d', 1)",
                                       "('a'):find(('a?'):rep(30) .. ('a'):rep(30))",
                                       "local function f() return f() end f() ",
                                       "local function f() f() end f() ",
                                       "error(setmetatable({}, {__tostring = function() error() end})) "};

process::LuaInterpreter *running = nullptr;

/// The script that \p data stands for: bytes below the number of parts are parts, others are themselves.
std::string scriptOf(const std::uint8_t *data, std::size_t size)
{
    std::string script;
    for (std::size_t i = 0; i < std::min(size, kMostParts); ++i) {
        if (data[i] >= 128)
            script += kParts[(data[i] - 128U) % std::size(kParts)];
        else
            script += static_cast<char>(data[i]);
    }
    return script;
}

void onTimer(int)
{
    if (running)
        running->interrupt();
}

void setTimer(int milliseconds)
{
    const itimerval timer{.it_interval = {0, milliseconds * 1000}, .it_value = {0, milliseconds * 1000}};
    setitimer(ITIMER_VIRTUAL, &timer, nullptr);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static process::LuaInterpreter few(process::LuaLibraries::Few);
    static process::LuaInterpreter all(process::LuaLibraries::All);
    static const bool isReady = [] {
        std::signal(SIGVTALRM, onTimer);
        return true;
    }();
    (void)isReady;
    const std::string script = scriptOf(data, size);
    // Patterns that take for ever end the worker; here they would end the fuzzer.
    if (script.find("a?") != std::string::npos)
        return 0;
    for (process::LuaInterpreter *interpreter : {&few, &all}) {
        const process::LuaRun run{.script = &script,
                                  .isKept = false,
                                  .object = object::Value::map({{"status", object::Value::map({{"x", "y"}})}}),
                                  .parameters = {},
                                  .now = 1};
        running = interpreter;
        setTimer(kMilliseconds);
        const auto outcome = interpreter->run(run);
        setTimer(0);
        running = nullptr;
        if (!outcome && outcome.error().message().empty()) {
            std::cerr << "a silent failure: " << script << "\n";
            std::abort();
        }
        // The next script finds the globals as they should be.
        const std::string probe = "return {a = type(io), b = type(debug), c = tostring(x), d = type(pairs)}";
        const process::LuaRun after{.script = &probe, .isKept = false, .object = {}, .parameters = {}, .now = 1};
        const auto clean = interpreter->run(after);
        if (!clean || clean->json.find("\"nil\"") == std::string::npos
            || clean->json.find("\"c\":\"nil\"") == std::string::npos
            || clean->json.find("\"d\":\"function\"") == std::string::npos) {
            std::cerr << "what is left behind: " << script << "\n"
                      << (clean ? clean->json : clean.error().text()) << "\n";
            std::abort();
        }
    }
    return 0;
}
