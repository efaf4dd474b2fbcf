// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/kept_worker.h"

namespace tiphys::process {

Expected<std::string> KeptWorker::exchange(std::string_view line, int milliseconds)
{
    if (m_process) {
        Expected<std::string> answered = m_process->exchange(line, milliseconds);
        if (answered)
            return answered;
        m_process.reset();
        if (answered.error().code() != ErrorCode::Unavailable)
            return answered;
    }
    Expected<std::unique_ptr<WorkerProcess>> started = WorkerProcess::start(m_program);
    if (!started)
        return std::unexpected(started.error());
    m_process = std::move(*started);
    Expected<std::string> answered = m_process->exchange(line, milliseconds);
    if (!answered)
        m_process.reset();
    return answered;
}

} // namespace tiphys::process
