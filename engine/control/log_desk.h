// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/context_session.h"
#include "control/log_reader.h"

#include <functional>
#include <map>
#include <memory>

namespace tiphys::control {

/// The logs that somebody looks at. Engine thread only.
class LogDesk
{
public:
    /// The session of the cluster that an application's pods are in. Errors: why there is none now.
    using SessionOf = std::function<Expected<ContextSession *>(const service::AppId &)>;

    /// \p tasks are where logs are read: it ends before this.
    LogDesk(SessionOf sessionOf, async::TaskScope &tasks) : m_sessionOf(std::move(sessionOf)), m_tasks(tasks) {}

    Async<service::LogChoices> choices(service::AppId app, object::ObjectKey pod);
    /// \p publish gets news one by one: the next after shown().
    void open(service::LogId log, service::LogRequest request, LogReader::Publish publish);
    void hold(service::LogId log);
    void resume(service::LogId log);
    void close(service::LogId log);
    void shown(service::LogId log);

private:
    struct OpenLog
    {
        std::shared_ptr<LogReader> reader;
        CancelSource reading; ///< cancelled while it is held
    };
    void start(OpenLog &log);
    Async<void> read(std::shared_ptr<LogReader> reader, CancelToken cancel);

    SessionOf m_sessionOf;
    async::TaskScope &m_tasks;
    std::map<service::LogId, OpenLog> m_logs;
};

} // namespace tiphys::control
