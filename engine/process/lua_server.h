// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "process/lua_interpreter.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace tiphys::process {

/// Lua's part of the worker: runs a script within a second. A script that is interrupted fails with its line; one
/// that no interruption reaches (a pattern that takes for ever) is answered and ends the process.
class LuaServer
{
public:
    /// \p writeNow is called in a signal handler with the last answer of this process.
    using WriteNow = void (*)(const char *text, std::size_t size);
    explicit LuaServer(WriteNow writeNow);

    /// The answer to \p request, one line of JSON: see jq_server.h.
    std::string answer(const object::Value &request);

private:
    const std::string *scriptOf(const object::Value &request, std::string &once);

    std::unordered_map<std::int64_t, std::string> m_scripts; ///< by the number that the starter gave them
    LuaInterpreter m_few{LuaLibraries::Few};
    LuaInterpreter m_all{LuaLibraries::All};
};

} // namespace tiphys::process
