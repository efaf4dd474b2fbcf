// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/local_work.h"

#include "async/delay.h"
#include "compose/machine.h"

#include <chrono>
#include <string_view>

namespace tiphys::cli {

using control::ContextSession;
using namespace std::chrono_literals;

LocalWork::LocalWork(OnlineSession &session, const NamedApp &named, ContextSession *destination)
    : m_session(session), m_named(named),
      m_engine(*named.session, [destination](const crd::Destination &) { return destination; }, session.parts(),
               compose::engineIdentity(), {named.id.name})
{
}

Async<void> LocalWork::start(CancelToken cancel)
{
    const Expected<void> started = co_await m_engine.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    m_session.setOnChange([this](const service::AppId *changed) {
        if (changed)
            m_engine.applicationChanged(*changed);
        else
            m_engine.applicationsChanged();
    });
    co_return {};
}

Async<void> LocalWork::rest(int seconds, CancelToken cancel)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!m_engine.isAtRest(m_named.id)) {
        if (std::chrono::steady_clock::now() >= end)
            co_return failure(ErrorCode::Timeout, "not compared after " + std::to_string(seconds) + " s");
        const Expected<void> waited = co_await async::delay(100ms, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
    co_return {};
}

Async<void> LocalWork::close()
{
    m_session.setOnChange({});
    const Expected<void> closed = co_await m_engine.close();
    co_return closed;
}

Async<LocalWorkPtr> startedLocalWork(OnlineSession &session, NamedApp named, const Invocation &invocation,
                                     CancelToken cancel)
{
    if (!invocation.app.localEngine)
        co_return nullptr;
    const Expected<ContextSession *> destination =
        co_await session.destinationOf(named.app.spec.destination, named.session, cancel);
    if (!destination)
        co_return std::unexpected(destination.error());
    const auto work = std::make_shared<LocalWork>(session, named, *destination);
    const Expected<void> started = co_await work->start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    co_return work;
}

namespace {

/// "'tiphysctl app WORD argocd/shop FLAGS --local-engine'", at the same cluster as the same user.
std::string localCommand(const NamedApp &named, const Invocation &invocation, const std::string &word,
                         const std::string &flags)
{
    std::string command = "tiphysctl app " + word + " " + named.id.ns + "/" + named.id.name + flags + " --local-engine";
    const auto add = [&command](std::string_view flag, const std::string &value) {
        if (!value.empty())
            command.append(" ").append(flag).append(" ").append(value);
    };
    add("--kubeconfig", invocation.connection.kubeconfig);
    add("--context", invocation.connection.context);
    add("--as", invocation.connection.as);
    for (const std::string &group : invocation.connection.asGroups)
        add("--as-group", group);
    return "'" + command + "'";
}

} // namespace

std::string wayOnWithOperation(const NamedApp &named, const Invocation &invocation)
{
    if (!invocation.app.localEngine)
        return {};
    return "nobody works on the operation now: " + localCommand(named, invocation, "wait", " --operation")
           + " goes on with it, " + localCommand(named, invocation, "terminate", "") + " ends it";
}

std::string wayOnWithDeletion(const NamedApp &named, const Invocation &invocation)
{
    if (!invocation.app.localEngine)
        return {};
    return "nobody works on the deletion now: " + localCommand(named, invocation, "wait", " --delete")
           + " goes on with it";
}

} // namespace tiphys::cli
