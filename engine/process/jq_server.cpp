// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jq_server.h"

#include "object/json.h"
#include "process/jq_program.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <new>
#include <string>

#if !defined(_WIN32)
#include <sys/resource.h>
#include <sys/time.h>
#endif

namespace tiphys::process {

using object::Value;

namespace {

/// The starter ends a program sooner; this is for a worker whose starter is gone.
constexpr int kMostSeconds = 5;
constexpr std::size_t kMostCompiled = 64;

void giveUpRights()
{
    std::set_new_handler([] { std::_Exit(kOutOfMemoryExitCode); });
#if !defined(_WIN32)
    const auto limit = [](auto what, rlim_t most) {
        const rlimit both{most, most};
        if (setrlimit(what, &both) != 0)
            std::_Exit(EXIT_FAILURE);
    };
    // Address sanitizer maps terabytes before main().
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    limit(RLIMIT_AS, rlim_t{256} << 20);
#endif
    limit(RLIMIT_CORE, 0);
    // Only the three standard channels: `import "x" {search: "/etc"}` opens nothing.
    limit(RLIMIT_NOFILE, 3);
#endif
}

/// Processor time from now on; 0 ends the limit.
void limitTime(int seconds)
{
#if defined(_WIN32)
    static_cast<void>(seconds);
#else
    const itimerval once{.it_interval = {}, .it_value = {.tv_sec = seconds, .tv_usec = 0}};
    setitimer(ITIMER_PROF, &once, nullptr);
#endif
}

class Server
{
public:
    std::string answer(const std::string &line)
    {
        const Expected<Value> request = object::parseJson(line);
        if (!request)
            return errorText(Value(), request.error());
        const Value id = (*request)["id"];
        const Expected<JqProgram *> program = compiled(std::string((*request)["program"].stringOr()));
        if (!program)
            return errorText(id, program.error());
        const std::optional<Value> input = request->find("input");
        const Expected<std::vector<Value>> results = input ? (*program)->run(*input) : std::vector<Value>{};
        if (!results)
            return errorText(id, results.error());
        return object::toJson(Value::map({{"id", id}, {"results", Value::list(*results)}}),
                              {.order = object::KeyOrder::Kept});
    }

private:
    static std::string errorText(const Value &id, const Error &error)
    {
        const Value details = Value::map({{"code", Value(codeName(error.code()))}, {"message", Value(error.text())}});
        return object::toJson(Value::map({{"id", id}, {"error", details}}));
    }

    /// Compiling takes much longer than running: the same few programs see every object.
    Expected<JqProgram *> compiled(const std::string &text)
    {
        if (const auto known = m_programs.find(text); known != m_programs.end())
            return &known->second;
        Expected<JqProgram> program = JqProgram::compiled(text);
        if (!program)
            return std::unexpected(program.error());
        if (m_programs.size() >= kMostCompiled)
            m_programs.clear();
        return &m_programs.emplace(text, std::move(*program)).first->second;
    }

    std::map<std::string, JqProgram> m_programs;
};

void writeLine(const std::string &text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

} // namespace

int runJqWorker()
{
    std::ios::sync_with_stdio(false);
    giveUpRights();
    Server server;
    writeLine(R"({"worker":1})");
    for (std::string line; std::getline(std::cin, line);) {
        limitTime(kMostSeconds);
        writeLine(server.answer(line));
        limitTime(0);
    }
    return std::ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

} // namespace tiphys::process
