// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::git {

/// A program that is run, and how.
struct Command
{
    std::vector<std::string> arguments;                           ///< the program (looked up in PATH) first
    std::vector<std::pair<std::string, std::string>> environment; ///< set in addition to ours; "" removes a variable
};

/// A running program with its input and output. It runs in the root folder, so that no repository's configuration
/// applies to it; a stop request ends it. A program that is asked to end (SIGTERM) and does not within seconds is killed.
class ChildProcess
{
public:
    /// NotFound if there is no such program.
    static Expected<std::unique_ptr<ChildProcess>> start(const Command &command, std::stop_token cancel);
    /// Ends the program; takes seconds at most.
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;

    /// Writes all of \p text; Unavailable if the program does not read any more, Cancelled after a stop request.
    Expected<void> write(std::string_view text);
    void closeInput();
    /// Waits for output; 0 at its end. Cancelled after a stop request, even while a child of the program keeps its output open.
    Expected<std::size_t> read(char *buffer, std::size_t size);
    /// Waits for the end, after a stop request for seconds at most; the exit code, 128 + number after a signal.
    int wait();
    /// What the program said on its error channel, trimmed, of bounded length. Call after wait().
    std::string errorText();

private:
    ChildProcess() = default;
    void send(int signal);
    /// True once it has ended, within \p patience.
    bool endsWithin(std::chrono::milliseconds patience) const;
    /// Until \p file, an end of ours, is ready for \p events of poll(). Cancelled after a stop request.
    Expected<void> waitFor(int file, short events) const;
    /// The exit code of a program that has ended.
    int reap();

    int m_pid = -1;
    int m_channel = -1; ///< socket: its input, our end
    int m_output = -1;
    std::FILE *m_errors = nullptr;
    std::mutex m_mutex; ///< guards m_exitCode: a stop request comes from another thread
    std::optional<int> m_exitCode;
    std::stop_token m_stop;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace tiphys::git
