// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::script {

/// A script and what it sees.
struct LuaRequest
{
    std::string_view script;
    bool opensLibraries = false; ///< string, math, coroutine, os beside the base and table libraries
    object::Value object;        ///< global `obj`
    std::vector<std::pair<std::string, std::string>> parameters; ///< global `actionParams`
    std::optional<std::int64_t> now; ///< seconds since 1970 for os.time and os.date; the clock where absent
};

/// What a script returned.
struct LuaReturn
{
    std::string type; ///< nil, boolean, number, string, table, function
    /// A table as JSON: a list where its keys are 1, 2, …, or where it is empty; null for other types.
    object::Value value;

    bool operator==(const LuaReturn &) const = default;
};

/// Runs Lua scripts as Argo CD does: Lua 5.1 with goto, nothing of the system but the time. Implementations bound
/// time and memory.
/// Source: argo-cd util/lua/lua.go@v3.5.1
class LuaEngine
{
public:
    virtual ~LuaEngine() = default;

    /// One answer a request, in their order; every script starts with fresh globals.
    /// Errors: InvalidInput with the script's error, which names its line ("<string>:3: attempt to index a non-table
    /// object(nil) with key 'phase'"); Timeout, LimitExceeded, Unavailable.
    virtual std::vector<Expected<LuaReturn>> runAll(std::span<const LuaRequest> requests) = 0;

    /// The answer to one request.
    Expected<LuaReturn> run(const LuaRequest &request) { return std::move(runAll({&request, 1}).front()); }
};

} // namespace tiphys::script
