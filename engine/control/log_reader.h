// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "control/log_place.h"
#include "ports/cluster.h"
#include "service/pod_logs.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace tiphys::control {

/// Reads the log of one container for somebody who looks at it: waits for its start, goes on after a lost connection and
/// when the container starts again, each time after the last line that was taken. Engine thread only.
class LogReader
{
public:
    using Publish = std::function<void(service::LogNews)>;

    /// Times between two looks.
    struct Pauses
    {
        std::chrono::milliseconds look{2'000}; ///< at a pod whose container does not run, and after a lost connection
        std::chrono::milliseconds afterEnd{5'000}; ///< of a container that runs, and at a pod that is gone
    };

    /// \p publish gets news one by one: the next when shown() says that the last was.
    LogReader(service::LogRequest request, Publish publish);
    LogReader(service::LogRequest request, Publish publish, Pauses pauses);

    const service::LogRequest &request() const { return m_request; }
    /// Reads on, until all was read and no more can come; after the call before was cancelled, where that was. Errors:
    /// Cancelled.
    Async<void> run(ports::ClusterPtr cluster, CancelToken cancel);
    /// The cluster is not at hand.
    void lose(const Error &error) { say(service::LogState::Lost, error.text()); }
    /// The news were taken in; what came meanwhile follows.
    void shown();

private:
    /// What follows a look or a question.
    enum class Next { Read, LookSoon, LookLater, End };

    /// Looks at the pod: may its log be asked for now?
    Async<Next> look(ports::ClusterPtr cluster, CancelToken cancel);
    Next judged(const object::Object &pod);
    Async<Next> read(ports::ClusterPtr cluster, CancelToken cancel);
    Next judged(const Error &error, bool isStarted);
    ports::ObjectRef pod() const;
    void take(std::vector<std::string> lines);
    void say(service::LogState state, std::string problem = {});
    void publish();

    service::LogRequest m_request;
    Publish m_publish;
    Pauses m_pauses;
    LogPlace m_place;
    std::optional<LogMoment> m_asked;
    std::string m_podUid;          ///< as last seen
    std::optional<int> m_endedRun; ///< restarts of the run whose log was read to its end
    bool m_isFinished = false;     ///< no container of the pod starts again

    service::LogState m_state = service::LogState::Asking;
    std::string m_problem;
    service::LogContainer m_container;
    std::deque<service::LogLine> m_lines; ///< not given yet
    std::size_t m_bytes = 0;              ///< of them
    bool m_isShowing = false;
    bool m_hasNews = false;
};

} // namespace tiphys::control
