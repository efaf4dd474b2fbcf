// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jq_worker.h"

#include "object/json.h"

namespace tiphys::process {

using object::Value;

namespace {

Error errorOf(const Value &details)
{
    const bool isLimit = details["code"].stringOr() == codeName(ErrorCode::LimitExceeded);
    return Error(isLimit ? ErrorCode::LimitExceeded : ErrorCode::InvalidInput,
                 std::string(details["message"].stringOr("jq gives no reason")));
}

} // namespace

JqWorker::JqWorker(std::string program, int timeLimitMilliseconds)
    : m_timeLimit(timeLimitMilliseconds), m_worker(std::move(program))
{
}

Expected<void> JqWorker::check(std::string_view program)
{
    const Expected<Value> answered = answer(program, nullptr);
    if (!answered)
        return std::unexpected(answered.error());
    return {};
}

Expected<std::vector<Value>> JqWorker::run(std::string_view program, const Value &input)
{
    const Expected<Value> answered = answer(program, &input);
    if (!answered)
        return std::unexpected(answered.error());
    const Value list = (*answered)["results"];
    return std::vector<Value>(list.items().begin(), list.items().end());
}

int JqWorker::processId() const
{
    const std::lock_guard lock(m_mutex);
    return m_worker.processId();
}

Expected<Value> JqWorker::answer(std::string_view program, const Value *input)
{
    const std::lock_guard lock(m_mutex);
    const Value id = ++m_lastId;
    Value request = Value::map({{"id", id}, {"program", Value(program)}});
    if (input)
        request = request.with("input", *input);
    const Expected<std::string> line =
        m_worker.exchange(object::toJson(request, {.order = object::KeyOrder::Kept}), m_timeLimit);
    if (!line)
        return std::unexpected(line.error().in("jq program"));
    Expected<Value> answered = object::parseJson(*line);
    if (!answered || (*answered)["id"] != id) {
        m_worker.drop();
        return failure(ErrorCode::Unavailable, "the jq worker answered something else");
    }
    if (const std::optional<Value> details = answered->find("error"))
        return std::unexpected(errorOf(*details));
    return answered;
}

} // namespace tiphys::process
