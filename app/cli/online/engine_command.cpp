// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "compose/machine.h"
#include "control/local_engine.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace tiphys::cli {

using control::ContextSession;

namespace {

/// An error for the first of \p names that no Application has.
Expected<void> namedAreKnown(const ContextSession &home, const std::set<std::string> &names)
{
    for (const std::string &name : names) {
        if (std::ranges::none_of(home.apps(), [&name](const auto &one) { return one.first.name == name; }))
            return failure(ErrorCode::NotFound, "no application " + tiphys::quoted(name) + " in context "
                                                    + tiphys::quoted(home.state().context));
    }
    return {};
}

} // namespace

Async<int> runEngine(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ContextSession *> opened =
        co_await session.open({.ns = invocation.connection.ns, .name = {}}, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    ContextSession *home = *opened;
    const std::set<std::string> only(invocation.engine.applications.begin(), invocation.engine.applications.end());
    // Those that are known now are connected before the engine begins; others start when it meets them.
    for (const auto &[id, known] : home->apps()) {
        if (known.app)
            ignoreError(co_await session.destinationOf(known.app->spec.destination, home, cancel),
                        "the engine says what is missing");
    }
    control::LocalEngine engine(
        *home,
        [&session, home](const crd::Destination &destination) { return session.destinationNow(destination, *home); },
        session.parts(), compose::engineIdentity(), only);
    const Expected<void> started = co_await engine.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    if (const Expected<void> known = namedAreKnown(*home, only); !known) {
        if (invocation.engine.runsOnce) {
            ignoreError(co_await engine.close(), "it has done nothing");
            co_return std::unexpected(known.error());
        }
        std::fputs(("warning: " + known.error().text() + "; it is worked on once it is there\n").c_str(), stderr);
    }
    std::fputs(("engine of " + compose::engineIdentity() + " at work in context " + home->state().context
                + ", namespace " + home->controlPlaneNamespace() + "\n")
                   .c_str(),
               stderr);
    for (const auto &[id, known] : home->apps()) {
        const control::ReconcilerChoice choice = home->reconciler(id);
        if (!choice.mayRunLocal && (only.empty() || only.contains(id.name)))
            std::fputs(("left alone application=" + id.ns + "/" + id.name + ": " + choice.reason + "\n").c_str(),
                       stderr);
    }
    session.setOnChange([&engine](const service::AppId *changed) {
        if (changed)
            engine.applicationChanged(*changed);
        else
            engine.applicationsChanged();
    });
    if (invocation.engine.runsOnce) {
        const Expected<void> passed = co_await engine.firstPass(cancel);
        session.setOnChange({});
        ignoreError(co_await engine.close(), "the pass is done");
        if (!passed)
            co_return std::unexpected(passed.error());
        co_return 0;
    }
    async::Completion<void> stopped;
    const async::CancelRegistration registration = cancel.onCancel([stopped] { stopped.set({}); });
    const Expected<void> waited = co_await stopped;
    ignoreError(waited, "stopping is what was waited for");
    session.setOnChange({});
    ignoreError(co_await engine.close(), "the Lease is given up, or expires");
    std::fputs("engine stopped\n", stderr);
    co_return 0;
}

} // namespace tiphys::cli
