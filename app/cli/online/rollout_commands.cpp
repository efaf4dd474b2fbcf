// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/delay.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/rollout_output.h"
#include "cli/online/shown_app.h"
#include "control/rollout_intents.h"
#include "control/rollout_view.h"
#include "crd/duration.h"
#include "rollout/info/tree_text.h"

#include <QTimer>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace tiphys::cli {

using namespace std::chrono_literals;
using object::Object;
using object::Value;
using Command = Invocation::Command;

namespace {

struct Named
{
    ports::Connection connection;
    std::string ns;
    std::string name;
};

/// The rollout that the command names, "NAME" or "NAMESPACE/NAME".
Expected<Named> named(OnlineSession &session, const Invocation &invocation)
{
    const Expected<ports::Connection> connection = session.connect();
    if (!connection)
        return std::unexpected(connection.error());
    const std::string &name = invocation.rollout.name;
    const auto slash = name.find('/');
    if (slash != std::string::npos)
        return Named{*connection, name.substr(0, slash), name.substr(slash + 1)};
    return Named{*connection, rolloutNamespace(invocation, *connection), name};
}

bool hasTerminal()
{
#if defined(_WIN32)
    return false;
#else
    const char *kind = std::getenv("TERM");
    return isatty(STDOUT_FILENO) && kind && std::string_view(kind) != "dumb";
#endif
}

/// One look at what is watched: whether the command is done, with which code.
using Look = std::function<Expected<std::optional<int>>(const rollout::RolloutObjects &)>;

/// Looks at what is watched every 200 ms, until \p look is done.
Async<int> watched(OnlineSession &session, const Invocation &invocation, ports::ResourceType type, Look look,
                   CancelToken cancel)
{
    const Expected<Named> target = named(session, invocation);
    if (!target)
        co_return std::unexpected(target.error());
    control::RolloutView view(target->connection.cache, target->ns, target->name, type, [] {});
    const int seconds = invocation.rollout.timeoutSeconds;
    const Error late(ErrorCode::Timeout, invocation.command == Command::RolloutStatus
                                             ? "Rollout status watch exceeded timeout"
                                             : "timed out after " + std::to_string(seconds) + " s");
    const auto start = std::chrono::steady_clock::now();
    CancelSource end(cancel);
    QTimer limit; // for a cluster that is silent
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, &limit, [&end] { end.cancel(); });
    if (seconds > 0)
        limit.start(std::chrono::seconds(seconds));
    const Expected<void> ready = co_await view.ready(end.token());
    limit.stop();
    if (!ready)
        co_return std::unexpected(end.isCancelled() && !cancel.isCancelled() ? late : ready.error());
    while (true) {
        const rollout::RolloutObjects objects = view.objects();
        if (objects.rollout.isNull())
            co_return failure(ErrorCode::NotFound,
                              type.plural + "." + type.group + " \"" + target->name + "\" is gone");
        const Expected<std::optional<int>> code = look(objects);
        if (!code)
            co_return std::unexpected(code.error());
        if (*code)
            co_return **code;
        if (seconds > 0 && std::chrono::steady_clock::now() - start > std::chrono::seconds(seconds))
            co_return std::unexpected(late);
        const Expected<void> paused = co_await async::delay(200ms, cancel);
        if (!paused)
            co_return std::unexpected(paused.error());
    }
}

Async<int> get(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const bool isExperiment = invocation.command == Command::ExperimentGet;
    const bool isOnTerminal = hasTerminal();
    const char *withoutColours = std::getenv("NO_COLOR"); // https://no-color.org
    const bool isPlain = !invocation.rollout.hasColours || (withoutColours && *withoutColours);
    const rollout::Colours colours = isOnTerminal && !isPlain ? rollout::Colours::Ansi : rollout::Colours::No;
    std::string last;
    Value lastValue;
    const Look look = [&session, &invocation, &last, &lastValue, isExperiment, isOnTerminal,
                       colours](const rollout::RolloutObjects &objects) -> Expected<std::optional<int>> {
        const bool goesOn = invocation.rollout.watches;
        const std::optional<int> code = goesOn ? std::nullopt : std::optional(0);
        if (invocation.output != Output::Text) {
            const Value value = shownRollout(objects.rollout);
            if (value == lastValue)
                return code;
            if (invocation.output == Output::Yaml && !lastValue.isNull())
                print("---\n");
            printStored({value}, invocation.output, false);
            flushOutput();
            lastValue = value;
            return code;
        }
        const std::string text =
            isExperiment ? rollout::experimentText(rollout::experimentInfo(objects), nowOf(session), colours)
                         : rollout::rolloutText(rollout::rolloutInfo(objects), nowOf(session), colours);
        if (text != last) {
            if (goesOn && isOnTerminal)
                print("\x1b[H\x1b[2J\x1b[0;0H");
            print(text);
            flushOutput();
            last = text;
        }
        return code;
    };
    const Expected<int> code = co_await watched(
        session, invocation, isExperiment ? control::experimentType() : control::rolloutType(), look, cancel);
    // Ctrl+C is how watching ends.
    if (!code && code.error().code() == ErrorCode::Cancelled && invocation.rollout.watches
        && !(last.empty() && lastValue.isNull()))
        co_return 0;
    co_return code;
}

/// Prints the phase, until it is final or once.
Async<int> status(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    std::string last;
    const Look look = [&invocation, &last](const rollout::RolloutObjects &objects) -> Expected<std::optional<int>> {
        const rollout::PhaseText phase = rollout::shownPhase(objects.rollout);
        const bool isFinal = phase.phase == "Healthy" || phase.phase == "Degraded";
        const bool isOnce = !invocation.rollout.waitsForStatus;
        const std::string text = isOnce && isFinal ? phase.phase
                                 : isOnce          ? phase.phase + " - " + phase.message
                                                   : phase.text();
        if (text != last) {
            print(text + "\n");
            flushOutput();
            last = text;
        }
        if (phase.phase == "Degraded")
            return failure(ErrorCode::Unavailable, "The rollout is in a degraded state with message: " + phase.message);
        if (isFinal || isOnce)
            return 0;
        return std::nullopt;
    };
    const Expected<int> code = co_await watched(session, invocation, control::rolloutType(), look, cancel);
    co_return code;
}

/// What is asked for, and what is said once it is done.
struct Asked
{
    rollout::Intent intent;
    std::string done;
};

Asked askedOf(const Invocation &invocation)
{
    const RolloutFlags &flags = invocation.rollout;
    switch (invocation.command) {
    case Command::RolloutPause: return {rollout::Intent::Pause, "paused"};
    case Command::RolloutResume: return {rollout::Intent::Resume, "resumed"};
    case Command::RolloutAbort: return {rollout::Intent::Abort, "aborted"};
    case Command::RolloutRetry: return {rollout::Intent::Retry, "retried"};
    case Command::RolloutRestart:
        return {rollout::Intent::Restart, "restarts in " + (flags.in.empty() ? "0s" : flags.in)};
    default: break;
    }
    if (flags.skipsStep)
        return {rollout::Intent::SkipStep, "promoted"};
    if (flags.skipsAllSteps)
        return {rollout::Intent::SkipAllSteps, "promoted"};
    return flags.isFull ? Asked{rollout::Intent::PromoteFull, "fully promoted"}
                        : Asked{rollout::Intent::Promote, "promoted"};
}

Async<int> act(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<Named> target = named(session, invocation);
    if (!target)
        co_return std::unexpected(target.error());
    const Asked asked = askedOf(invocation);
    control::RolloutIntent request{
        .ns = target->ns, .name = target->name, .intent = asked.intent, .seen = {}, .restartAt = nowOf(session)};
    if (!invocation.rollout.in.empty()) {
        const Expected<crd::Duration> after = crd::goDurationOf(invocation.rollout.in);
        if (!after)
            co_return std::unexpected(after.error().in("--in"));
        request.restartAt.seconds += after->seconds();
    }
    const Expected<Object> done = co_await control::carryOutIntent(target->connection.cluster, request, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    print("rollout '" + target->name + "' " + asked.done + "\n");
    co_return 0;
}

Async<int> undo(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<Named> target = named(session, invocation);
    if (!target)
        co_return std::unexpected(target.error());
    const ports::ClusterPtr cluster = target->connection.cluster;
    const Expected<control::Undo> planned =
        co_await control::plannedUndo(cluster, target->ns, target->name, invocation.rollout.toRevision, cancel);
    if (!planned)
        co_return std::unexpected(planned.error());
    const Expected<std::string> done = co_await control::carryOutUndo(cluster, *planned, target->name, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    print(*done + "\n");
    co_return 0;
}

Async<int> setImages(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<Named> target = named(session, invocation);
    if (!target)
        co_return std::unexpected(target.error());
    std::vector<std::pair<std::string, std::string>> images;
    for (const std::string &pair : invocation.rollout.images) {
        const auto equal = pair.find('=');
        images.emplace_back(pair.substr(0, equal), pair.substr(equal + 1));
    }
    const Expected<std::string> done =
        co_await control::setRolloutImages(target->connection.cluster, target->ns, target->name, images, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    print(*done + "\n");
    co_return 0;
}

Async<int> terminate(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<Named> target = named(session, invocation);
    if (!target)
        co_return std::unexpected(target.error());
    const ports::ResourceType type =
        invocation.rollout.kind == "analysisrun" ? control::analysisRunType() : control::experimentType();
    const Expected<std::string> done =
        co_await control::terminateRun(target->connection.cluster, type, target->ns, target->name, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    print(*done + "\n");
    co_return 0;
}

Async<int> run(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    switch (invocation.command) {
    case Command::RolloutList:
    case Command::AnalysisList:
    case Command::ExperimentList: return runRolloutList(session, invocation, cancel);
    case Command::RolloutGet:
    case Command::ExperimentGet: return get(session, invocation, cancel);
    case Command::RolloutStatus: return status(session, invocation, cancel);
    case Command::RolloutUndo: return undo(session, invocation, cancel);
    case Command::RolloutSetImage: return setImages(session, invocation, cancel);
    case Command::RolloutTerminate: return terminate(session, invocation, cancel);
    default: return act(session, invocation, cancel);
    }
}

/// An object that is not there, with the namespace in which it was looked for where the name did not say it.
Error placed(const Error &error, OnlineSession &session, const Invocation &invocation)
{
    const Expected<Named> target = named(session, invocation);
    const bool isAbsent = error.code() == ErrorCode::NotFound && error.text().ends_with("\" not found");
    if (!isAbsent || !target || invocation.rollout.name.contains('/'))
        return error;
    return Error(error.code(),
                 error.text() + " in namespace " + tiphys::quoted(target->ns) + "; -n NAMESPACE names another one");
}

} // namespace

Async<int> runRollout(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<int> code = co_await run(session, invocation, cancel);
    if (!code)
        co_return std::unexpected(placed(code.error(), session, invocation));
    co_return code;
}

} // namespace tiphys::cli
