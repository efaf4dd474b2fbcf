// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/tool.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
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
[[noreturn]] void become(const char *program, char **arguments, char **environment, const char *folder, std::array<int, 3> channels)
{
    setpgid(0, 0);
    for (int i = 0; i < 3; ++i)
        dup2(channels[static_cast<std::size_t>(i)], i);
    if (*folder == 0 || chdir(folder) == 0)
        execve(program, arguments, environment);
    _exit(127);
}

/// Reads both channels until they end, or a limit is reached.
Expected<void> collect(const ToolCommand &command, Pipe &output, Pipe &errors, ToolResult &result)
{
    const auto end = Clock::now() + std::chrono::milliseconds(command.milliseconds);
    std::array<pollfd, 2> watched{pollfd{output.reading(), POLLIN, 0}, pollfd{errors.reading(), POLLIN, 0}};
    std::vector<char> buffer(1 << 16);
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0)
            return failure(ErrorCode::Timeout, command.arguments.front() + " took longer than " + std::to_string(command.milliseconds / 1000) + " s");
        if (poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR)
            return failure(ErrorCode::Unavailable, command.arguments.front() + ": " + std::strerror(errno));
        for (std::size_t i = 0; i < watched.size(); ++i) {
            if (watched[i].fd < 0 || watched[i].revents == 0)
                continue;
            const ssize_t count = read(watched[i].fd, buffer.data(), buffer.size());
            if (count > 0)
                (i == 0 ? result.output : result.errors).append(buffer.data(), static_cast<std::size_t>(count));
            else if (count == 0 || errno != EINTR)
                watched[i].fd = -1;
        }
        if (result.output.size() + result.errors.size() > command.limitBytes)
            return failure(ErrorCode::LimitExceeded, command.arguments.front() + " printed more than " + std::to_string(command.limitBytes) + " bytes");
    }
    return {};
}

int exitCodeOf(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

std::optional<std::string> toolPath(const std::string &name)
{
    if (name.contains('/'))
        return access(name.c_str(), X_OK) == 0 ? std::optional(name) : std::nullopt;
    const char *list = std::getenv("PATH");
    std::string rest = list ? list : "";
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const std::string path = rest.substr(0, colon) + "/" + name;
        if (access(path.c_str(), X_OK) == 0)
            return path;
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    }
    return std::nullopt;
}

Expected<ToolResult> runTool(const ToolCommand &command)
{
    const std::optional<std::string> program = toolPath(command.arguments.front());
    if (!program)
        return failure(ErrorCode::NotFound, "no program '" + command.arguments.front() + "' in PATH");
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
        become(program->c_str(), const_cast<char **>(argumentPointers.data()), const_cast<char **>(environmentPointers.data()),
               command.folder.c_str(), {nothing, output.writing(), errors.writing()});
    close(nothing);
    output.closeEnd(1);
    errors.closeEnd(1);
    if (child < 0)
        return failure(ErrorCode::Unavailable, std::string("cannot start a process: ") + std::strerror(errno));
    ToolResult result;
    const Expected<void> collected = collect(command, output, errors, result);
    if (!collected)
        kill(-child, SIGKILL);
    result.exitCode = exitCodeOf(child);
    if (!collected)
        return std::unexpected(collected.error());
    return result;
}

} // namespace tiphys::process
