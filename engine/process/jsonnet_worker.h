// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "process/kept_worker.h"
#include "script/jsonnet_engine.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace tiphys::process {

/// Jsonnet in a process of its own, `tiphysctl worker`, which is started when first needed and kept. It sees the files
/// that it asks for and nothing else. Calls from several threads wait for each other.
class JsonnetWorker final : public script::JsonnetEngine
{
public:
    /// \p program is the path of tiphysctl.
    explicit JsonnetWorker(std::string program, int timeLimitMilliseconds = 4000);

    Expected<std::string> evaluate(const script::JsonnetRequest &request, const script::ReadJsonnetFile &read) override;

private:
    const int m_timeLimit; ///< milliseconds
    std::mutex m_mutex;    ///< guards what follows: one request at a time
    KeptWorker m_worker;
    std::int64_t m_lastId = 0;
};

} // namespace tiphys::process
