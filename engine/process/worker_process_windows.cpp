// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/worker_process.h"

namespace tiphys::process {

namespace {

std::unexpected<Error> unsupported()
{
    return failure(ErrorCode::Unsupported,
                   "jq programs beyond simple paths and Lua scripts are not supported on Windows");
}

} // namespace

Expected<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string &)
{
    return unsupported();
}

WorkerProcess::~WorkerProcess() = default;

Expected<std::string> WorkerProcess::exchange(std::string_view, int)
{
    return unsupported();
}

WorkerProcess::Answers WorkerProcess::exchangeAll(std::string, std::size_t, int)
{
    return {.lines = {}, .error = unsupported().error()};
}

} // namespace tiphys::process
