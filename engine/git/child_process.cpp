// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/child_process.h"

#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace tiphys::git {

namespace {

/// How long a program may take to end that was asked to.
constexpr std::chrono::milliseconds kPatience(2000);
constexpr std::chrono::milliseconds kLongestPause(20);
/// How often a stop request is looked for while a program is silent.
constexpr int kLookMilliseconds = 100;

std::vector<std::string> mergedEnvironment(const Command &command)
{
    std::vector<std::string> entries;
    for (char **entry = environ; *entry; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        bool replaced = false;
        for (const auto &[key, value] : command.environment)
            replaced |= key == name;
        if (!replaced)
            entries.emplace_back(text);
    }
    for (const auto &[key, value] : command.environment)
        if (!value.empty())
            entries.push_back(key + "=" + value);
    return entries;
}

std::vector<char *> pointersTo(std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    for (std::string &text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

Expected<std::unique_ptr<ChildProcess>> ChildProcess::start(const Command &command, std::stop_token cancel)
{
    std::unique_ptr<ChildProcess> child(new ChildProcess);
    int channel[2] = {-1, -1};
    int output[2] = {-1, -1};
    child->m_errors = std::tmpfile();
    // A socket as input: writing to one that is closed can be kept from raising a signal.
    if (!child->m_errors || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0)
        return failure(ErrorCode::Unavailable, std::string("cannot start a program: ") + std::strerror(errno));
    child->m_channel = channel[0];
    if (pipe2(output, O_CLOEXEC) != 0) {
        close(channel[1]);
        return failure(ErrorCode::Unavailable, std::string("cannot start a program: ") + std::strerror(errno));
    }
    child->m_output = output[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, channel[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(child->m_errors), STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = mergedEnvironment(command);
    const int code = posix_spawnp(&child->m_pid, arguments[0].c_str(), &actions, nullptr, pointersTo(arguments).data(),
                                  pointersTo(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    close(channel[1]);
    close(output[1]);
    if (code != 0) {
        child->m_pid = -1;
        return failure(code == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable,
                       "cannot start " + tiphys::quoted(arguments[0]) + ": " + std::strerror(code));
    }
    child->m_stop = cancel;
    child->m_onStop.emplace(std::move(cancel), [raw = child.get()] { raw->send(SIGTERM); });
    return child;
}

ChildProcess::~ChildProcess()
{
    m_onStop.reset();
    closeInput();
    if (m_output >= 0)
        close(m_output);
    if (m_pid > 0 && !m_exitCode) {
        send(SIGTERM);
        if (!endsWithin(kPatience))
            send(SIGKILL);
        // One that hangs in the system's own calls is left behind.
        if (endsWithin(kPatience))
            reap();
    }
    if (m_errors)
        std::fclose(m_errors);
}

void ChildProcess::send(int signal)
{
    const std::lock_guard lock(m_mutex);
    if (m_pid > 0 && !m_exitCode)
        kill(m_pid, signal);
}

bool ChildProcess::endsWithin(std::chrono::milliseconds patience) const
{
    const auto until = std::chrono::steady_clock::now() + patience;
    for (std::chrono::milliseconds pause(1);; pause = std::min(pause * 2, kLongestPause)) {
        siginfo_t state = {};
        // The process stays a zombie until it is reaped under the lock, so its number cannot be another's when killed.
        const int found = waitid(P_PID, static_cast<id_t>(m_pid), &state, WEXITED | WNOWAIT | WNOHANG);
        if ((found == 0 && state.si_pid == m_pid) || (found != 0 && errno != EINTR))
            return true;
        if (std::chrono::steady_clock::now() >= until)
            return false;
        poll(nullptr, 0, static_cast<int>(pause.count()));
    }
}

Expected<void> ChildProcess::waitFor(int file, short events) const
{
    // A shell that is ended may leave the program that it started, which holds the pipe.
    while (true) {
        pollfd awaited = {file, events, 0};
        const int ready = poll(&awaited, 1, m_stop.stop_possible() ? kLookMilliseconds : -1);
        if (m_stop.stop_requested())
            return failure(ErrorCode::Cancelled, "cancelled");
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return failure(ErrorCode::Unavailable, std::string("cannot wait for the program: ") + std::strerror(errno));
    }
}

Expected<void> ChildProcess::write(std::string_view text)
{
    if (m_channel < 0)
        return failure(ErrorCode::Unavailable, "the program's input is closed");
    while (!text.empty()) {
        if (const Expected<void> ready = waitFor(m_channel, POLLOUT); !ready)
            return ready;
        const ssize_t count = ::send(m_channel, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            return failure(ErrorCode::Unavailable, std::string("the program stopped reading: ") + std::strerror(errno));
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

void ChildProcess::closeInput()
{
    if (m_channel >= 0)
        close(m_channel);
    m_channel = -1;
}

Expected<std::size_t> ChildProcess::read(char *buffer, std::size_t size)
{
    while (true) {
        if (const Expected<void> ready = waitFor(m_output, POLLIN); !ready)
            return std::unexpected(ready.error());
        const ssize_t count = ::read(m_output, buffer, size);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            return failure(ErrorCode::Unavailable,
                           std::string("cannot read the program's output: ") + std::strerror(errno));
    }
}

int ChildProcess::wait()
{
    if (m_exitCode)
        return *m_exitCode;
    while (!endsWithin(kPatience)) {
        // It was asked to end when the stop was requested.
        if (m_stop.stop_requested() && !endsWithin(kPatience))
            send(SIGKILL);
    }
    return reap();
}

int ChildProcess::reap()
{
    const std::lock_guard lock(m_mutex);
    int status = 0;
    while (waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {}
    m_exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return *m_exitCode;
}

std::string ChildProcess::errorText()
{
    constexpr std::size_t kMostBytes = 2000;
    std::string text(kMostBytes, '\0');
    std::rewind(m_errors);
    text.resize(std::fread(text.data(), 1, text.size(), m_errors));
    return std::string(trimmed(text));
}

} // namespace tiphys::git
