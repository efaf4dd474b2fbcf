// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_worker.h"

#include "object/json.h"

#include <algorithm>

namespace tiphys::process {

using object::Value;
using script::LuaRequest;
using script::LuaReturn;

namespace {

/// A script has a second of processor time, and the worker itself ends what goes on after it: this is for a worker
/// that hangs.
constexpr int kMostMilliseconds = 60'000;
constexpr std::size_t kMostTogether = 256;
constexpr std::size_t kMostKept = 256;

ErrorCode codeOf(std::string_view name)
{
    for (const ErrorCode code : {ErrorCode::Timeout, ErrorCode::LimitExceeded, ErrorCode::Unavailable}) {
        if (codeName(code) == name)
            return code;
    }
    return ErrorCode::InvalidInput;
}

/// Nothing if \p line is no answer to the request \p id.
std::optional<Expected<LuaReturn>> answerIn(const std::string &line, std::int64_t id)
{
    const Expected<Value> answer = object::parseJson(line);
    if (!answer || (*answer)["id"] != Value(id))
        return std::nullopt;
    if (const std::optional<Value> details = answer->find("error"))
        return failure(codeOf((*details)["code"].stringOr()), std::string((*details)["message"].stringOr()));
    return LuaReturn{std::string((*answer)["type"].stringOr()), (*answer)["value"]};
}

} // namespace

LuaWorker::LuaWorker(std::string program) : m_program(std::move(program)) {}

int LuaWorker::processId() const
{
    const std::lock_guard lock(m_mutex);
    return m_process ? m_process->processId() : -1;
}

std::vector<Expected<LuaReturn>> LuaWorker::runAll(std::span<const LuaRequest> requests)
{
    const std::lock_guard lock(m_mutex);
    Answers answers;
    answers.reserve(requests.size());
    m_isOneByOne = false;
    while (answers.size() < requests.size())
        answerSome(requests.subspan(answers.size()), answers);
    return answers;
}

std::string LuaWorker::requestLine(const LuaRequest &request, std::int64_t id)
{
    const object::JsonOptions kept{.order = object::KeyOrder::Kept};
    std::string line = "{\"id\":" + std::to_string(id);
    auto known = m_kept.find(request.script);
    const bool isNew = known == m_kept.end();
    if (isNew && m_kept.size() < kMostKept)
        known = m_kept.emplace(request.script, static_cast<std::int64_t>(m_kept.size())).first;
    if (known != m_kept.end())
        line += ",\"script\":" + std::to_string(known->second);
    if (isNew)
        line += ",\"lua\":" + object::toJson(Value(request.script), kept);
    line += std::string(",\"open\":") + (request.opensLibraries ? "true" : "false");
    if (!request.parameters.empty()) {
        std::vector<std::pair<std::string, Value>> parameters;
        for (const auto &[name, text] : request.parameters)
            parameters.emplace_back(name, text);
        line += ",\"params\":" + object::toJson(Value::map(parameters), kept);
    }
    if (request.now)
        line += ",\"now\":" + std::to_string(*request.now);
    return line + ",\"input\":" + object::toJson(request.object, kept) + "}\n";
}

Expected<void> LuaWorker::start()
{
    if (m_process)
        return {};
    Expected<std::unique_ptr<WorkerProcess>> started = WorkerProcess::start(m_program);
    if (!started)
        return std::unexpected(started.error());
    m_process = std::move(*started);
    m_kept.clear();
    return {};
}

void LuaWorker::answerSome(std::span<const LuaRequest> requests, Answers &answers)
{
    const bool wasRunning = m_process != nullptr;
    if (const Expected<void> started = start(); !started) {
        answers.emplace_back(std::unexpected(started.error()));
        return;
    }
    const std::size_t count = m_isOneByOne ? 1 : std::min(requests.size(), kMostTogether);
    const std::int64_t firstId = m_lastId + 1;
    std::string lines;
    for (std::size_t index = 0; index < count; ++index)
        lines += requestLine(requests[index], ++m_lastId);
    WorkerProcess::Answers received = m_process->exchangeAll(std::move(lines), count, kMostMilliseconds);
    const std::size_t before = answers.size();
    for (const std::string &line : received.lines) {
        std::optional<Expected<LuaReturn>> answer =
            answerIn(line, firstId + static_cast<std::int64_t>(answers.size() - before));
        if (!answer) {
            received.error = Error(ErrorCode::Unavailable, "the Lua worker answered something else");
            break;
        }
        answers.push_back(std::move(*answer));
    }
    if (!received.error)
        return;
    m_process.reset();
    if (answers.size() > before)
        return;
    // A worker that somebody ended while it waited is started again; else the fault may be any of the requests'.
    const bool isWorthAnother = (wasRunning && received.error->code() == ErrorCode::Unavailable) || count > 1;
    if (isWorthAnother && !(m_isOneByOne && !wasRunning)) {
        m_isOneByOne = true;
        return;
    }
    answers.emplace_back(std::unexpected(received.error->in("Lua script")));
}

} // namespace tiphys::process
