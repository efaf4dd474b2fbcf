// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/tool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace tiphys::process {

namespace {

using Clock = std::chrono::steady_clock;

/// The two ends of a pipe, closed with the object.
class Pipe
{
public:
    Pipe()
    {
        if (pipe(m_ends.data()) != 0)
            m_ends = {-1, -1};
        for (const int end : m_ends) {
            if (end >= 0)
                fcntl(end, F_SETFD, FD_CLOEXEC);
        }
    }
    ~Pipe()
    {
        closeEnd(0);
        closeEnd(1);
    }
    Pipe(const Pipe &) = delete;
    Pipe &operator=(const Pipe &) = delete;

    bool isOpen() const { return m_ends[0] >= 0; }
    int reading() const { return m_ends[0]; }
    int writing() const { return m_ends[1]; }
    void closeEnd(std::size_t which)
    {
        if (m_ends[which] >= 0)
            close(m_ends[which]);
        m_ends[which] = -1;
    }

private:
    std::array<int, 2> m_ends{-1, -1};
};

std::vector<std::string> environmentOf(const ToolCommand &command)
{
    std::vector<std::string> all;
    for (char **entry = environ; *entry; ++entry) {
        const std::string text = *entry;
        const bool isReplaced = [&] {
            for (const auto &[name, value] : command.environment) {
                if (text.starts_with(name + "="))
                    return true;
            }
            return false;
        }();
        if (!isReplaced)
            all.push_back(text);
    }
    for (const auto &[name, value] : command.environment)
        all.push_back(name + "=" + value);
    return all;
}

std::vector<char *> pointersOf(std::vector<std::string> &texts)
{
    std::vector<char *> pointers;
    for (std::string &text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Becomes the program; only calls that are allowed after fork.
[[noreturn]] void become(const char *program, char **arguments, char **environment, const char *folder,
                         std::array<int, 3> channels)
{
    setpgid(0, 0);
    // What this program ignores or blocks its children would too, and a loop into a closed pipe would never end.
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int i = 0; i < 3; ++i)
        dup2(channels[static_cast<std::size_t>(i)], i);
    if (*folder == 0 || chdir(folder) == 0)
        execve(program, arguments, environment);
    _exit(127);
}

constexpr int kLookMilliseconds = 50;

/// True once \p child has ended; it stays a child that can be waited for, so that its number names nobody else.
bool hasEnded(pid_t child)
{
    siginfo_t news{};
    return waitid(P_PID, static_cast<id_t>(child), &news, WEXITED | WNOHANG | WNOWAIT) == 0 && news.si_pid == child;
}

/// What a program prints.
class Collector
{
public:
    Collector(const ToolCommand &command, pid_t child, const Pipe &output, const Pipe &errors)
        : m_command(command), m_child(child),
          m_watched{pollfd{output.reading(), POLLIN, 0}, pollfd{errors.reading(), POLLIN, 0}}, m_buffer(1 << 16)
    {
    }

    /// Reads until the program has ended, or a limit is reached.
    Expected<void> collect(ToolResult &result)
    {
        const auto end = Clock::now() + std::chrono::milliseconds(m_command.milliseconds);
        long long patience = kLookMilliseconds;
        while (true) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
            if (left <= 0)
                return failure(ErrorCode::Timeout, m_command.arguments.front() + " took longer than " + shownTime());
            const bool isLast = hasEnded(m_child);
            if (isLast && !isOpen())
                return {};
            if (isLast)
                kill(-m_child, SIGKILL); // what it left behind must not go on printing
            // Closed channels are its end in most cases: that is seen at once.
            patience = isOpen()                        ? kLookMilliseconds
                       : patience == kLookMilliseconds ? 1
                                                       : std::min<long long>(patience * 2, kLookMilliseconds - 1);
            const Expected<bool> news =
                readOnce(isLast ? 0 : static_cast<int>(std::min<long long>(left, patience)), result);
            if (!news)
                return std::unexpected(news.error());
            if (isLast && !*news)
                return {};
        }
    }

    /// Reads and forgets until the program ends, \p milliseconds at most.
    void drain(int milliseconds)
    {
        const auto end = Clock::now() + std::chrono::milliseconds(milliseconds);
        while (!hasEnded(m_child) && Clock::now() < end) {
            ToolResult forgotten;
            poll(m_watched.data(), m_watched.size(), kLookMilliseconds / 5);
            readReady(forgotten);
        }
    }

private:
    bool isOpen() const { return m_watched[0].fd >= 0 || m_watched[1].fd >= 0; }

    std::string shownTime() const
    {
        return m_command.milliseconds % 1000 == 0 ? std::to_string(m_command.milliseconds / 1000) + " s"
                                                  : std::to_string(m_command.milliseconds) + " ms";
    }

    /// True if anything was there to read, or ended.
    Expected<bool> readOnce(int milliseconds, ToolResult &result)
    {
        const int ready = poll(m_watched.data(), m_watched.size(), milliseconds);
        if (ready < 0 && errno != EINTR)
            return failure(ErrorCode::Unavailable, m_command.arguments.front() + ": " + std::strerror(errno));
        if (ready > 0)
            readReady(result);
        if (result.output.size() + result.errors.size() > m_command.limitBytes)
            return failure(ErrorCode::LimitExceeded, m_command.arguments.front() + " printed more than "
                                                         + std::to_string(m_command.limitBytes) + " bytes");
        return ready > 0;
    }

    void readReady(ToolResult &result)
    {
        for (std::size_t i = 0; i < m_watched.size(); ++i) {
            if (m_watched[i].fd < 0 || m_watched[i].revents == 0)
                continue;
            const ssize_t count = read(m_watched[i].fd, m_buffer.data(), m_buffer.size());
            if (count > 0)
                (i == 0 ? result.output : result.errors).append(m_buffer.data(), static_cast<std::size_t>(count));
            else if (count == 0 || errno != EINTR)
                m_watched[i].fd = -1;
        }
    }

    const ToolCommand &m_command;
    pid_t m_child;
    std::array<pollfd, 2> m_watched;
    std::vector<char> m_buffer;
};

bool isProgram(const std::string &path)
{
    struct stat status{};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

int exitCodeOf(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

std::optional<std::string> toolPath(const std::string &name, const std::string &folder)
{
    if (name.contains('/')) {
        const std::string path = name.starts_with('/') || folder.empty() ? name : folder + "/" + name;
        return isProgram(path) ? std::optional(path) : std::nullopt;
    }
    const char *list = std::getenv("PATH");
    std::string rest = list ? list : "";
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const std::string path = rest.substr(0, colon) + "/" + name;
        if (isProgram(path))
            return path;
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    }
    return std::nullopt;
}

Expected<ToolResult> runTool(const ToolCommand &command)
{
    const std::string &name = command.arguments.front();
    const std::optional<std::string> program = toolPath(name, command.folder);
    if (!program)
        return failure(ErrorCode::NotFound, "no program '" + name + "'" + (name.contains('/') ? "" : " in PATH"));
    Pipe output;
    Pipe errors;
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (!output.isOpen() || !errors.isOpen() || nothing < 0) {
        if (nothing >= 0)
            close(nothing);
        return failure(ErrorCode::Unavailable, "too many open files");
    }
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = environmentOf(command);
    const std::vector<char *> argumentPointers = pointersOf(arguments);
    const std::vector<char *> environmentPointers = pointersOf(environment);
    const pid_t child = fork();
    if (child == 0)
        become(program->c_str(), const_cast<char **>(argumentPointers.data()),
               const_cast<char **>(environmentPointers.data()), command.folder.c_str(),
               {nothing, output.writing(), errors.writing()});
    if (child > 0)
        setpgid(child, child); // whoever is first
    close(nothing);
    output.closeEnd(1);
    errors.closeEnd(1);
    if (child < 0)
        return failure(ErrorCode::Unavailable, std::string("cannot start a process: ") + std::strerror(errno));
    ToolResult result;
    Collector collector(command, child, output, errors);
    const Expected<void> collected = collector.collect(result);
    if (!collected && command.graceMilliseconds > 0) {
        kill(-child, SIGTERM);
        collector.drain(command.graceMilliseconds);
    }
    if (!collected || hasEnded(child))
        kill(-child, SIGKILL); // what it has started too
    result.exitCode = exitCodeOf(child);
    if (!collected)
        return std::unexpected(collected.error());
    return result;
}

} // namespace tiphys::process
