// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_desk.h"

#include "async/delay.h"
#include "control/log_containers.h"
#include "control/permission.h"

#include <chrono>

namespace tiphys::control {

using namespace std::chrono_literals;
using service::LogId;

namespace {

/// Between two looks for a cluster that is not at hand.
constexpr auto kPause = 2s;

Async<service::LogChoices> askChoices(ports::ClusterPtr cluster, object::ObjectKey pod, CancelToken cancel)
{
    service::LogChoices choices;
    const ports::AccessQuestion question{
        .verb = "get", .group = {}, .resource = "pods", .subresource = "log", .ns = pod.ns, .name = pod.name};
    const Expected<ports::Access> access = co_await cluster->canI(question, cancel);
    // A server that cannot tell is not one that refuses: the log itself is asked for then.
    choices.permission = access ? permissionOf(access, question.text()) : service::Permission{true, {}};
    const ports::ResourceType type{"", "v1", "pods", "Pod", true};
    const Expected<object::Object> found = co_await cluster->get({type, pod.ns, pod.name}, {}, cancel);
    // Where the pod may not be read, its log may: the server takes its default container.
    if (!found && found.error().code() != ErrorCode::Denied)
        co_return std::unexpected(found.error());
    if (found) {
        choices.containers = logContainersOf(*found);
        choices.defaultContainer = defaultContainerOf(*found);
    }
    co_return choices;
}

} // namespace

Async<service::LogChoices> LogDesk::choices(service::AppId app, object::ObjectKey pod)
{
    const Expected<ContextSession *> session = m_sessionOf(app);
    if (!session)
        co_return std::unexpected(session.error());
    const ports::ClusterPtr cluster = (*session)->cluster();
    const Expected<service::LogChoices> choices = co_await (*session)->include(
        m_tasks.token(), [cluster, pod](CancelToken cancel) { return askChoices(cluster, pod, cancel); });
    co_return choices;
}

void LogDesk::open(LogId log, service::LogRequest request, LogReader::Publish publish)
{
    OpenLog &opened = m_logs[log];
    opened.reader = std::make_shared<LogReader>(std::move(request), std::move(publish));
    start(opened);
}

void LogDesk::start(OpenLog &log)
{
    log.reading = CancelSource(m_tasks.token());
    m_tasks.start(read(log.reader, log.reading.token()));
}

void LogDesk::hold(LogId log)
{
    if (const auto found = m_logs.find(log); found != m_logs.end())
        found->second.reading.cancel();
}

void LogDesk::resume(LogId log)
{
    const auto found = m_logs.find(log);
    if (found == m_logs.end())
        return;
    found->second.reading.cancel();
    start(found->second);
}

void LogDesk::close(LogId log)
{
    hold(log);
    m_logs.erase(log);
}

void LogDesk::shown(LogId log)
{
    if (const auto found = m_logs.find(log); found != m_logs.end())
        found->second.reader->shown();
}

Async<void> LogDesk::read(std::shared_ptr<LogReader> reader, CancelToken cancel)
{
    while (!cancel.isCancelled()) {
        const Expected<ContextSession *> session = m_sessionOf(reader->request().app);
        if (session) {
            const ports::ClusterPtr cluster = (*session)->cluster();
            const Expected<void> end = co_await (*session)->include(
                cancel, [cluster, reader](CancelToken both) { return reader->run(cluster, both); });
            if (end || cancel.isCancelled())
                co_return {};
        } else {
            reader->lose(session.error());
        }
        // The session ended, and may come again.
        const Expected<void> waited = co_await async::delay(kPause, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
    co_return {};
}

} // namespace tiphys::control
