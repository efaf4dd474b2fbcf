// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jq_server.h"

#include "object/json.h"
#include "process/jq_program.h"
#include "process/jsonnet_server.h"
#include "process/lua_server.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <new>
#include <string>

#if !defined(_WIN32)
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>
#endif

namespace tiphys::process {

using object::Value;

namespace {

/// The starter ends a program sooner; this is for a worker whose starter is gone.
constexpr int kMostSeconds = 5;
constexpr std::size_t kMostCompiled = 64;
/// Answers that wait to be written together, in bytes.
constexpr std::size_t kMostPending = 32'768;

/// What is to be written, kept until nothing more is to be read: many requests come at once.
class Output
{
public:
    void add(const std::string &line)
    {
        m_text += line;
        m_text += '\n';
    }
    std::size_t size() const { return m_text.size(); }
    /// False if nobody reads any more.
    bool flush()
    {
        bool isWritten = true;
        for (std::size_t sent = 0; sent < m_text.size() && isWritten;) {
            const long long count = writeSome(m_text.data() + sent, m_text.size() - sent);
            isWritten = count > 0;
            sent += isWritten ? static_cast<std::size_t>(count) : 0;
        }
        m_text.clear();
        return isWritten;
    }

private:
    static long long writeSome(const char *text, std::size_t size)
    {
#if defined(_WIN32)
        const std::size_t count = std::fwrite(text, 1, size, stdout);
        std::fflush(stdout);
        return static_cast<long long>(count);
#else
        return static_cast<long long>(write(STDOUT_FILENO, text, size));
#endif
    }

    std::string m_text;
};

/// One a process: its last words are said in signal and memory handlers, which know nothing but globals.
Output *volatile theOutput = nullptr;

void writeLastWords(const char *text, std::size_t size)
{
    if (Output *output = theOutput) {
        output->flush();
#if !defined(_WIN32)
        static_cast<void>(!write(STDOUT_FILENO, text, size));
#endif
    }
    static_cast<void>(text);
    static_cast<void>(size);
}

void giveUpRights()
{
    std::set_new_handler([] {
        writeLastWords(nullptr, 0);
        std::_Exit(kOutOfMemoryExitCode);
    });
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
        if (request->contains("lua") || request->contains("script"))
            return m_lua.answer(*request);
        if (request->contains("jsonnet"))
            return object::toJson(jsonnetAnswer(*request));
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
    LuaServer m_lua{writeLastWords};
};

} // namespace

int runJqWorker()
{
    std::ios::sync_with_stdio(false);
    giveUpRights();
    Server server;
    Output output;
    theOutput = &output;
    output.add(R"({"worker":1})");
    bool isRead = output.flush();
    for (std::string line; isRead && std::getline(std::cin, line);) {
        limitTime(kMostSeconds);
        output.add(server.answer(line));
        limitTime(0);
        if (output.size() > kMostPending || std::cin.rdbuf()->in_avail() <= 0)
            isRead = output.flush();
    }
    theOutput = nullptr;
    return isRead ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace tiphys::process
