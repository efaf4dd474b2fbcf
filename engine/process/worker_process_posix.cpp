// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/worker_process.h"

#include "base/text.h"
#include "process/jq_server.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tiphys::process {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kReadyMilliseconds = 20'000;
constexpr std::size_t kMostAnswerBytes = std::size_t{64} << 20;

std::string systemMessage(int number)
{
    return std::strerror(number);
}

/// What the child does between fork and exec: standard channels only, no signal of ours, no group of ours (an
/// interrupt typed at the terminal is for us, a worker ends when its input does).
class SpawnSettings
{
public:
    explicit SpawnSettings(int channel)
    {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawn_file_actions_adddup2(&m_actions, channel, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&m_actions, channel, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&m_actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addchdir_np(&m_actions, "/");
#if defined(__GLIBC__)
        posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1);
#endif
        posix_spawnattr_init(&m_attributes);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&m_attributes, &none);
        posix_spawnattr_setsigdefault(&m_attributes, &all);
        posix_spawnattr_setpgroup(&m_attributes, 0);
        posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnSettings()
    {
        posix_spawnattr_destroy(&m_attributes);
        posix_spawn_file_actions_destroy(&m_actions);
    }
    SpawnSettings(const SpawnSettings &) = delete;
    SpawnSettings &operator=(const SpawnSettings &) = delete;

    const posix_spawn_file_actions_t *actions() const { return &m_actions; }
    const posix_spawnattr_t *attributes() const { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_actions;
    posix_spawnattr_t m_attributes;
};

} // namespace

Expected<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string &program)
{
    const auto notStarted = [&](const std::string &why) {
        return failure(ErrorCode::Unavailable, "cannot start the worker " + tiphys::quoted(program) + ": " + why);
    };
    std::unique_ptr<WorkerProcess> worker(new WorkerProcess);
    // A socket in both directions: writing to one that is closed can be kept from raising a signal.
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return notStarted(systemMessage(errno));
    worker->m_channel = ends[0];
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    const SpawnSettings settings(ends[1]);
    std::string name = program;
    std::string command = "worker";
    char *arguments[] = {name.data(), command.data(), nullptr};
    char *environment[] = {nullptr};
    const int code = posix_spawn(&worker->m_pid, program.c_str(), settings.actions(), settings.attributes(), arguments,
                                 environment);
    close(ends[1]);
    if (code != 0) {
        worker->m_pid = -1;
        return notStarted(systemMessage(code));
    }
    const Expected<std::string> ready = worker->converse({}, kReadyMilliseconds);
    if (!ready)
        return notStarted(ready.error().text());
    if (*ready != R"({"worker":1})")
        return notStarted("it is of another version");
    return worker;
}

WorkerProcess::~WorkerProcess()
{
    if (m_channel >= 0)
        close(m_channel);
    if (m_pid <= 0)
        return;
    kill(m_pid, SIGKILL);
    while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Expected<std::string> WorkerProcess::exchange(std::string_view line, int milliseconds)
{
    return converse(std::string(line) + '\n', milliseconds);
}

Expected<std::string> WorkerProcess::converse(std::string unsent, int milliseconds)
{
    const auto deadline = Clock::now() + std::chrono::milliseconds(milliseconds);
    std::size_t sent = 0;
    std::string answer;
    char buffer[1 << 16];
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0)
            return failure(ErrorCode::Timeout, "no answer within " + std::to_string(milliseconds) + " ms");
        pollfd channel{m_channel, static_cast<short>(POLLIN | (sent < unsent.size() ? POLLOUT : 0)), 0};
        if (poll(&channel, 1, static_cast<int>(left)) <= 0)
            continue;
        if ((channel.revents & POLLOUT) != 0) {
            const ssize_t count = send(m_channel, unsent.data() + sent, unsent.size() - sent, MSG_NOSIGNAL);
            if (count > 0)
                sent += static_cast<std::size_t>(count);
            else if (errno != EAGAIN && errno != EINTR)
                return std::unexpected(endError());
        }
        if ((channel.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
            continue;
        const ssize_t count = recv(m_channel, buffer, sizeof buffer, 0);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
            return std::unexpected(endError());
        if (count < 0)
            continue;
        answer.append(buffer, static_cast<std::size_t>(count));
        if (answer.back() == '\n') {
            answer.pop_back();
            return answer;
        }
        if (answer.size() > kMostAnswerBytes)
            return failure(ErrorCode::LimitExceeded, "the worker answers with more than 64 MiB");
    }
}

Error WorkerProcess::endError()
{
    // It closed its channel, so it is ending; were it not, it would be of no use.
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(m_pid, &status, 0)) < 0 && errno == EINTR) {
    }
    m_pid = -1;
    if (ended < 0)
        return Error(ErrorCode::Unavailable, "the worker is gone");
    if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemoryExitCode)
        return Error(ErrorCode::LimitExceeded, "more memory is needed than the worker may have");
    if (WIFEXITED(status))
        return Error(ErrorCode::Unavailable,
                     "the worker ended with exit code " + std::to_string(WEXITSTATUS(status)));
    const int number = WTERMSIG(status);
    // From outside, or of the system for want of memory; every other signal is the work's own doing.
    const bool isFromOutside = number == SIGKILL || number == SIGTERM || number == SIGHUP || number == SIGINT;
    return Error(isFromOutside ? ErrorCode::Unavailable : ErrorCode::LimitExceeded,
                 "the worker was ended by signal " + std::to_string(number));
}

} // namespace tiphys::process
