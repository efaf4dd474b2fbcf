// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::process {

/// A running `tiphysctl worker`: empty environment, root folder, no open file of ours. One thread at a time.
///
/// After an error the worker is of no use any more and is killed with this object.
class WorkerProcess
{
public:
    /// Starts \p program and waits until it is ready. Errors: Unavailable; Unsupported on Windows.
    static Expected<std::unique_ptr<WorkerProcess>> start(const std::string &program);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess &) = delete;
    WorkerProcess &operator=(const WorkerProcess &) = delete;

    /// Sends \p line and gives the line that answers it, both without the end of line.
    /// Errors: Timeout after \p milliseconds; LimitExceeded if the work took too much memory or stack, or answered
    /// with more than 64 MiB; Unavailable if somebody ended the worker.
    Expected<std::string> exchange(std::string_view line, int milliseconds);
    /// Lines that came back, and what kept the others from coming.
    struct Answers
    {
        std::vector<std::string> lines;
        std::optional<Error> error;
    };
    /// Sends \p lines, each with its end of line, and gives the \p count lines that answer them. \p milliseconds is
    /// the time for each.
    Answers exchangeAll(std::string lines, std::size_t count, int milliseconds);
    /// Number of the process, for people and tests.
    int processId() const { return m_pid; }

private:
    WorkerProcess() = default;
    Answers converse(std::string unsent, std::size_t count, int milliseconds);
    Error endError();

    int m_pid = -1;
    int m_channel = -1; ///< socket: its standard input and output
};

} // namespace tiphys::process
