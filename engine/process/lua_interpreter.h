// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "process/lua_library.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

struct lua_State;

namespace tiphys::process {

/// What one run gets.
struct LuaRun
{
    const std::string *script = nullptr;
    bool isKept = false; ///< the script stays where it is and comes again: it is compiled once
    object::Value object;
    object::Value parameters; ///< a map of texts
    std::optional<std::int64_t> now;
};

/// What one run gives.
struct LuaOutcome
{
    std::string type; ///< of the first value returned
    std::string json; ///< of a table; "" for other types
};

/// LuaJIT without its compiler, kept between runs. Memory is bounded; time by interruptLua(), and scripts that no
/// interruption reaches only by ending the process. One thread at a time.
class LuaInterpreter
{
public:
    explicit LuaInterpreter(LuaLibraries libraries);
    ~LuaInterpreter();
    LuaInterpreter(const LuaInterpreter &) = delete;
    LuaInterpreter &operator=(const LuaInterpreter &) = delete;

    /// Errors: InvalidInput with the script's error, Timeout when it was interrupted, LimitExceeded beyond 64 MiB.
    Expected<LuaOutcome> run(const LuaRun &run);
    /// The line that runs, 0 if none does. For a signal handler of a process that is about to end.
    int currentLine() const;
    /// Makes the running script fail at its next instruction. Safe in a signal handler.
    void interrupt();

private:
    struct Memory
    {
        std::size_t used = 0;
        bool isExhausted = false;
        int line = 0; ///< where it was
        const LuaInterpreter *interpreter = nullptr;
    };
    static void *allocate(void *memory, void *block, std::size_t oldSize, std::size_t newSize);
    Expected<void> start();
    Expected<void> loadScript(const LuaRun &run);
    Error runError(int code);

    const LuaLibraries m_libraries;
    lua_State *m_lua = nullptr;
    Memory m_memory;
    bool m_isInterrupted = false;
    std::unordered_map<const std::string *, int> m_compiled; ///< references to functions
};

} // namespace tiphys::process
