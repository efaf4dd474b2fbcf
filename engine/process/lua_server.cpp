// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_server.h"

#include "object/json.h"

#include <cstdio>
#include <cstdlib>

#if !defined(_WIN32)
#include <csignal>
#include <sys/time.h>
#endif

namespace tiphys::process {

using object::Value;

namespace {

/// As long as Argo CD gives a script, but of processor time: a busy machine fails no script. Then as long as an
/// interruption may need to be seen.
constexpr int kScriptMilliseconds = 1000;
constexpr int kGraceMilliseconds = 300;
constexpr std::size_t kMostKept = 256;

// A signal handler knows nothing but globals. Written only while no timer runs.
LuaInterpreter *volatile runningInterpreter = nullptr;
LuaServer::WriteNow volatile writeLast = nullptr;
volatile long long runningId = 0;
volatile int tickCount = 0;

#if !defined(_WIN32)

void onTimer(int)
{
    LuaInterpreter *interpreter = runningInterpreter;
    if (!interpreter)
        return;
    if (tickCount == 0) {
        tickCount = 1;
        interpreter->interrupt();
        return;
    }
    // Deep in one function of the library, from which only the end of the process leads.
    char line[256];
    const int size = std::snprintf(line, sizeof line,
                                   "{\"id\":%lld,\"error\":{\"code\":\"timeout\",\"message\":\"<string>:%d: context "
                                   "deadline exceeded\"}}\n",
                                   runningId, interpreter->currentLine());
    writeLast(line, static_cast<std::size_t>(size));
    std::_Exit(EXIT_FAILURE);
}

void setTimer(int firstMilliseconds, int nextMilliseconds)
{
    const auto interval = [](int milliseconds) {
        return timeval{.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    };
    const itimerval timer{.it_interval = interval(nextMilliseconds), .it_value = interval(firstMilliseconds)};
    setitimer(ITIMER_VIRTUAL, &timer, nullptr);
}

/// The timer of one run.
class RunningTime
{
public:
    RunningTime(LuaInterpreter &interpreter, long long id)
    {
        runningId = id;
        tickCount = 0;
        runningInterpreter = &interpreter;
        setTimer(kScriptMilliseconds, kGraceMilliseconds);
    }
    ~RunningTime()
    {
        setTimer(0, 0);
        runningInterpreter = nullptr;
    }
    RunningTime(const RunningTime &) = delete;
    RunningTime &operator=(const RunningTime &) = delete;
};

#else

class RunningTime
{
public:
    RunningTime(LuaInterpreter &, long long) {}
};

#endif

std::string errorLine(const Value &id, const Error &error)
{
    const Value details = Value::map({{"code", Value(codeName(error.code()))}, {"message", Value(error.message())}});
    return object::toJson(Value::map({{"id", id}, {"error", details}}));
}

} // namespace

LuaServer::LuaServer(WriteNow writeNow)
{
    writeLast = writeNow;
#if !defined(_WIN32)
    struct sigaction action = {};
    action.sa_handler = onTimer;
    action.sa_flags = SA_RESTART;
    sigaction(SIGVTALRM, &action, nullptr);
#endif
}

/// The script of \p request: kept under its number, or \p once; null for a number that stands for nothing.
const std::string *LuaServer::scriptOf(const Value &request, std::string &once)
{
    const std::optional<std::int64_t> number = request["script"].asInt();
    const std::optional<std::string_view> text = request["lua"].asString();
    if (!number) {
        once = text.value_or("");
        return &once;
    }
    if (text && m_scripts.size() < kMostKept)
        m_scripts.emplace(*number, *text);
    const auto known = m_scripts.find(*number);
    return known != m_scripts.end() ? &known->second : nullptr;
}

std::string LuaServer::answer(const Value &request)
{
    LuaRun run;
    std::string once;
    run.script = scriptOf(request, once);
    run.isKept = run.script != &once;
    if (!run.script)
        return errorLine(request["id"], Error(ErrorCode::Unavailable, "the script is not known any more"));
    run.object = request["input"];
    run.parameters = request["params"];
    run.now = request["now"].asInt();
    LuaInterpreter &interpreter = request["open"].boolOr(false) ? m_all : m_few;
    const Value id = request["id"];
    const Expected<LuaOutcome> outcome = [&] {
        const RunningTime time(interpreter, id.intOr(0));
        return interpreter.run(run);
    }();
    if (!outcome)
        return errorLine(id, outcome.error());
    std::string line = "{\"id\":" + std::to_string(id.intOr(0)) + ",\"type\":\"" + outcome->type + '"';
    if (!outcome->json.empty())
        line += ",\"value\":" + outcome->json;
    return line + '}';
}

} // namespace tiphys::process
