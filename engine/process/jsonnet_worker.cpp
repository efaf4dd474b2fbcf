// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/jsonnet_worker.h"

#include "object/json.h"

#include <map>

namespace tiphys::process {

using object::Value;

namespace {

constexpr int kMostRounds = 1000;
constexpr std::size_t kMostBytes = std::size_t(32) << 20;

Value listOf(const std::vector<script::JsonnetVariable> &variables)
{
    std::vector<Value> items;
    for (const script::JsonnetVariable &variable : variables)
        items.push_back(Value::map({{"name", variable.name}, {"value", variable.value}, {"code", variable.isCode}}));
    return Value::list(items);
}

Value listOf(const std::vector<std::string> &texts)
{
    std::vector<Value> items;
    for (const std::string &text : texts)
        items.emplace_back(text);
    return Value::list(items);
}

/// The files that a request carries: text, or null where there is none.
class Files
{
public:
    Files(const script::ReadJsonnetFile &read) : m_read(read) {}

    Expected<void> add(const std::string &path)
    {
        const std::optional<std::string> text = m_read(path);
        m_bytes += text ? text->size() : 0;
        if (m_bytes > kMostBytes)
            return failure(ErrorCode::LimitExceeded, "the files that are imported are larger than 32 MiB");
        m_texts[path] = text ? Value(*text) : Value();
        return {};
    }
    bool has(const std::string &path) const { return m_texts.contains(path); }
    Value value() const
    {
        return Value::map(std::vector<std::pair<std::string, Value>>(m_texts.begin(), m_texts.end()));
    }

private:
    const script::ReadJsonnetFile &m_read;
    std::map<std::string, Value> m_texts;
    std::size_t m_bytes = 0;
};

} // namespace

JsonnetWorker::JsonnetWorker(std::string program, int timeLimitMilliseconds)
    : m_timeLimit(timeLimitMilliseconds), m_worker(std::move(program))
{
}

Expected<std::string> JsonnetWorker::evaluate(const script::JsonnetRequest &request,
                                              const script::ReadJsonnetFile &read)
{
    const std::lock_guard lock(m_mutex);
    Files files(read);
    if (const Expected<void> added = files.add(request.file); !added)
        return std::unexpected(added.error());
    const Value fixed = Value::map({{"jsonnet", request.file},
                                    {"importFolders", listOf(request.importFolders)},
                                    {"externals", listOf(request.externals)},
                                    {"arguments", listOf(request.arguments)}});
    for (int round = 0; round < kMostRounds; ++round) {
        const Value id = ++m_lastId;
        const Expected<std::string> line =
            m_worker.exchange(object::toJson(fixed.with("id", id).with("files", files.value())), m_timeLimit);
        const Expected<Value> answer = line ? object::parseJson(*line) : std::unexpected(line.error());
        if (!answer || (*answer)["id"] != id) {
            m_worker.drop();
            return answer ? failure(ErrorCode::Unavailable, "the jsonnet worker answered something else")
                          : std::unexpected(answer.error());
        }
        if (const std::optional<Value> details = answer->find("error"))
            return failure(ErrorCode::InvalidInput,
                           std::string((*details)["message"].stringOr("jsonnet gives no reason")));
        if (const std::optional<Value> output = answer->find("output"))
            return std::string(output->stringOr());
        bool isNew = false;
        const Value needs = (*answer)["need"];
        for (const Value &need : needs.items()) {
            const std::string path(need.stringOr());
            if (files.has(path))
                continue;
            isNew = true;
            if (const Expected<void> added = files.add(path); !added)
                return std::unexpected(added.error());
        }
        if (!isNew)
            break;
    }
    return failure(ErrorCode::LimitExceeded, "jsonnet imports too many files");
}

} // namespace tiphys::process
