// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "process/worker_process.h"
#include "script/lua_engine.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tiphys::process {

/// Lua scripts in a process of their own, `tiphysctl worker`, which is started when first needed and kept. A script
/// sees its input and the time, nothing else; one that needs more than a second or 64 MiB fails, by itself or with
/// that process. Requests of one call travel together. Calls from several threads wait for each other.
class LuaWorker final : public script::LuaEngine
{
public:
    /// \p program is the path of tiphysctl.
    explicit LuaWorker(std::string program);

    std::vector<Expected<script::LuaReturn>> runAll(std::span<const script::LuaRequest> requests) override;

    /// Number of the worker's process; -1 if none runs now.
    int processId() const;

private:
    using Answers = std::vector<Expected<script::LuaReturn>>;
    /// Adds answers to the first requests, at least one.
    void answerSome(std::span<const script::LuaRequest> requests, Answers &answers);
    Expected<void> start();
    std::string requestLine(const script::LuaRequest &request, std::int64_t id);

    const std::string m_program;
    mutable std::mutex m_mutex; ///< guards what follows: one call at a time
    std::unique_ptr<WorkerProcess> m_process;
    std::map<std::string, std::int64_t, std::less<>> m_kept; ///< scripts that the process knows, by number
    std::int64_t m_lastId = 0;
    bool m_isOneByOne = false; ///< the worker ended without a word: the next requests travel alone
};

} // namespace tiphys::process
