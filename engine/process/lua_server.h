// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "process/lua_interpreter.h"

#include <string>

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
    LuaInterpreter m_few{LuaLibraries::Few};
    LuaInterpreter m_all{LuaLibraries::All};
};

} // namespace tiphys::process
