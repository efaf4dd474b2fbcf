// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "process/worker_process.h"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::process {

/// A `tiphysctl worker` that is started when first needed and kept. One that somebody ended while it waited is started
/// again. One thread at a time.
class KeptWorker
{
public:
    /// \p program is the path of tiphysctl.
    explicit KeptWorker(std::string program) : m_program(std::move(program)) {}

    /// As WorkerProcess::exchange; a worker that failed is ended.
    Expected<std::string> exchange(std::string_view line, int milliseconds);
    /// Ends the worker: it answered something else.
    void drop() { m_process.reset(); }
    /// Number of the worker's process; -1 if none runs now.
    int processId() const { return m_process ? m_process->processId() : -1; }

private:
    std::string m_program;
    std::unique_ptr<WorkerProcess> m_process;
};

} // namespace tiphys::process
