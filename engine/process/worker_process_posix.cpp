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
    const int code =
        posix_spawn(&worker->m_pid, program.c_str(), settings.actions(), settings.attributes(), arguments, environment);
    close(ends[1]);
    if (code != 0) {
        worker->m_pid = -1;
        return notStarted(systemMessage(code));
    }
    const Answers ready = worker->converse({}, 1, kReadyMilliseconds);
    if (ready.error)
        return notStarted(ready.error->text());
    if (ready.lines.front() != R"({"worker":1})")
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
    while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {}
}

Expected<std::string> WorkerProcess::exchange(std::string_view line, int milliseconds)
{
    Answers answers = converse(std::string(line) + '\n', 1, milliseconds);
    if (answers.error)
        return std::unexpected(std::move(*answers.error));
    return std::move(answers.lines.front());
}

WorkerProcess::Answers WorkerProcess::exchangeAll(std::string lines, std::size_t count, int milliseconds)
{
    return converse(std::move(lines), count, milliseconds);
}

namespace {

/// Moves the whole lines of \p text to \p lines; true if there was one.
bool takeLines(std::string &text, std::vector<std::string> &lines)
{
    std::size_t start = 0;
    for (std::size_t end = 0; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
        lines.push_back(text.substr(start, end - start));
    text.erase(0, start);
    return start > 0;
}

} // namespace

WorkerProcess::Answers WorkerProcess::converse(std::string unsent, std::size_t count, int milliseconds)
{
    const auto deadlineFromNow = [&] { return Clock::now() + std::chrono::milliseconds(milliseconds); };
    auto deadline = deadlineFromNow();
    std::size_t sent = 0;
    std::string partial;
    Answers answers;
    char buffer[1 << 16];
    while (answers.lines.size() < count) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) {
            answers.error = Error(ErrorCode::Timeout, "no answer within " + std::to_string(milliseconds) + " ms");
            return answers;
        }
        pollfd channel{m_channel, static_cast<short>(POLLIN | (sent < unsent.size() ? POLLOUT : 0)), 0};
        if (poll(&channel, 1, static_cast<int>(left)) <= 0)
            continue;
        if ((channel.revents & POLLOUT) != 0) {
            const ssize_t written = send(m_channel, unsent.data() + sent, unsent.size() - sent, MSG_NOSIGNAL);
            if (written > 0)
                sent += static_cast<std::size_t>(written);
            else if (errno != EAGAIN && errno != EINTR && (channel.revents & POLLIN) == 0) {
                answers.error = endError();
                return answers;
            }
        }
        if ((channel.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
            continue;
        const ssize_t received = recv(m_channel, buffer, sizeof buffer, 0);
        if (received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR)) {
            answers.error = endError();
            return answers;
        }
        if (received < 0)
            continue;
        partial.append(buffer, static_cast<std::size_t>(received));
        if (takeLines(partial, answers.lines))
            deadline = deadlineFromNow();
        if (partial.size() > kMostAnswerBytes) {
            answers.error = Error(ErrorCode::LimitExceeded, "the worker answers with more than 64 MiB");
            return answers;
        }
    }
    return answers;
}

Error WorkerProcess::endError()
{
    // It closed its channel, so it is ending; were it not, it would be of no use.
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(m_pid, &status, 0)) < 0 && errno == EINTR) {}
    m_pid = -1;
    if (ended < 0)
        return Error(ErrorCode::Unavailable, "the worker is gone");
    if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemoryExitCode)
        return Error(ErrorCode::LimitExceeded, "more memory is needed than the worker may have");
    if (WIFEXITED(status))
        return Error(ErrorCode::Unavailable, "the worker ended with exit code " + std::to_string(WEXITSTATUS(status)));
    const int number = WTERMSIG(status);
    // From outside, or of the system for want of memory; every other signal is the work's own doing.
    const bool isFromOutside = number == SIGKILL || number == SIGTERM || number == SIGHUP || number == SIGINT;
    return Error(isFromOutside ? ErrorCode::Unavailable : ErrorCode::LimitExceeded,
                 "the worker was ended by signal " + std::to_string(number));
}

} // namespace tiphys::process
