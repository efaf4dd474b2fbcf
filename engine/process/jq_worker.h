// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "process/kept_worker.h"
#include "script/jq_engine.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace tiphys::process {

/// jq programs in a process of their own, `tiphysctl worker`, which is started when first needed and kept: a
/// program sees its input and nothing else, and one that needs too much time or memory ends with that process.
/// Requests from several threads wait for each other.
class JqWorker final : public script::JqEngine
{
public:
    /// \p program is the path of tiphysctl.
    explicit JqWorker(std::string program, int timeLimitMilliseconds = 1000);

    Expected<void> check(std::string_view program) override;
    Expected<std::vector<object::Value>> run(std::string_view program, const object::Value &input) override;

    /// Number of the worker's process; -1 if none runs now.
    int processId() const;

private:
    Expected<object::Value> answer(std::string_view program, const object::Value *input);

    const int m_timeLimit;      ///< milliseconds
    mutable std::mutex m_mutex; ///< guards what follows: one request at a time
    KeptWorker m_worker;
    std::int64_t m_lastId = 0;
};

} // namespace tiphys::process
