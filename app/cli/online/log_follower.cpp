// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/log_follower.h"

#include "async/delay.h"
#include "cli/commands.h"
#include "control/live_view.h"
#include "control/log_containers.h"
#include "control/request_outcome.h"

#include <QString>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace tiphys::cli {

using namespace std::chrono_literals;
using control::ContextSession;
using object::Object;
using object::ObjectKey;

namespace {

constexpr auto kPause = 1s;
/// Between two questions for a log that the server ends although its container runs.
constexpr auto kPauseAfterEnd = 5s;
/// After so many looks at what is watched a change is compared.
constexpr int kLooksBetweenComparisons = 10;

/// True if \p node or something above it is \p wanted.
bool isBelow(const control::TreeView &view, const service::TreeNode &node, const AppPods::Wanted &wanted)
{
    const service::TreeNode *at = &node;
    while (true) {
        const bool isNamed = wanted(at->key);
        if (isNamed || at->parent < 0)
            return isNamed;
        at = &view.nodes[static_cast<std::size_t>(at->parent)];
    }
}

LogStream streamOf(const Object &pod, std::string_view container)
{
    return {{{"", "v1", "pods", "Pod", true}, std::string(pod.ns()), std::string(pod.name())},
            std::string(pod.uid()),
            std::string(container)};
}

/// Makes \p options ask for what has not been read yet.
void goOn(LogOutput &output, const std::string &key, ports::LogOptions &options)
{
    options.hasTimestamps = true;
    const auto asked = output.asked.find(key);
    if (asked == output.asked.end())
        return;
    control::askForRest(output.places[key], asked->second, options);
}

} // namespace

bool ContainerChoice::takes(const service::LogContainer &container) const
{
    if (!name.empty())
        return container.name == name;
    return isEveryKind || container.kind == service::LogContainer::Kind::Ordinary;
}

bool LineFilter::takes(std::string_view line, bool hasTime) const
{
    const std::optional<control::LineTime> time = until && hasTime ? control::lineTimeOf(line) : std::nullopt;
    if (time && *time > *until)
        return false;
    if (text.empty())
        return true;
    const QString content = QString::fromUtf8(hasTime ? control::withoutLineTime(line) : line);
    return content.contains(QString::fromStdString(text), matchesCase ? Qt::CaseSensitive : Qt::CaseInsensitive)
           != isInverse;
}

Async<void> printLog(ports::ClusterPtr cluster, LogStream stream, ports::LogOptions options,
                     std::shared_ptr<LogOutput> output, CancelToken cancel)
{
    const std::string key = stream.key();
    const std::string name = stream.pod.name + (stream.container.empty() ? "" : " " + stream.container) + ": ";
    options.container = stream.container;
    const bool follows = options.follows;
    const bool showsTimes = options.hasTimestamps;
    const bool hasTimes = showsTimes || follows || output->filter.until;
    options.hasTimestamps = hasTimes;
    if (follows)
        goOn(*output, key, options);
    bool hasLines = false;
    const auto onLines = [&hasLines, &key, &name, follows, showsTimes, hasTimes,
                          output](std::vector<std::string> lines) {
        std::string text;
        control::LogPlace &place = output->places[key];
        for (const std::string &line : lines) {
            if ((follows && !place.take(line)) || !output->filter.takes(line, hasTimes))
                continue;
            text.append(output->isNamed ? name : "")
                .append(hasTimes && !showsTimes ? control::withoutLineTime(line) : line)
                .append("\n");
        }
        print(text);
        if (follows)
            flushOutput();
        if (!std::exchange(hasLines, true))
            ++output->readable;
    };
    bool isStarted = false;
    options.onStarted = [&isStarted, &key, &stream, output] {
        isStarted = true;
        output->asked[key] = std::chrono::system_clock::now();
        output->broken.erase(key);
        if (output->told.erase(key) > 0)
            std::fputs(("pod '" + stream.pod.name + "': its log goes on\n").c_str(), stderr);
    };
    output->ended.erase(key);
    output->running.insert(key);
    const Expected<void> end = co_await cluster->logs(stream.pod, options, onLines, cancel);
    output->running.erase(key);
    if (end) {
        output->readable += hasLines ? 0 : 1;
        output->ended.insert(key);
        co_return {};
    }
    if (end.error().code() == ErrorCode::Cancelled)
        co_return std::unexpected(end.error());
    if (end.error().code() == ErrorCode::Denied)
        ++output->refused;
    const bool isCutOff = control::isPassing(end.error());
    if (isCutOff)
        output->broken.insert(key);
    else
        output->broken.erase(key);
    // A container that is quiet and a connection that is dead look the same: nothing to tell before asking again.
    const bool isQuiet = follows && isStarted && end.error().code() == ErrorCode::Timeout;
    if (!isQuiet && (!isCutOff || output->told.insert(key).second))
        fail(end.error().in("pod '" + stream.pod.name + "'"));
    co_return {};
}

AppPods::AppPods(OnlineSession &session, NamedApp named, ContextSession *destination, std::vector<Wanted> below)
    : m_named(std::move(named)), m_below(std::move(below)),
      m_observer(*m_named.session, destination, session.parts(),
                 [this](tiphys::compare::CompareLevel, const tiphys::compare::ObjectChange &) { m_isChanged = true; })
{
}

Async<void> AppPods::compare(CancelToken cancel)
{
    m_named = asKnownNow(m_named);
    m_isChanged = false;
    m_looks = 0;
    control::ObserveRequest request;
    request.mayGoWithoutDryRuns = true;
    request.consistency = ports::Consistency::MostRecent;
    const Expected<control::EvaluationPtr> evaluation = co_await m_observer.observe(m_named.app, request, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    m_evaluation = *evaluation;
    co_return {};
}

Async<std::vector<Object>> AppPods::now(CancelToken cancel)
{
    const control::KnownApp *known = m_named.session->find(m_named.id);
    const bool isOther = known && known->app && known->app->spec.value != m_named.app.spec.value;
    const bool isOld = m_isChanged && ++m_looks >= kLooksBetweenComparisons;
    if (!m_evaluation || isOther || isOld) {
        const Expected<void> compared = co_await compare(cancel);
        if (!compared && !m_evaluation)
            co_return std::unexpected(compared.error());
    }
    control::Evaluation seen = *m_evaluation;
    if (const control::LiveViewPtr view = m_observer.view()) {
        control::LiveQuery query{.instance = seen.instance, .keys = {}, .orphanNamespace = {}};
        for (const Object &object : seen.live)
            query.keys.push_back(object.key());
        for (const Object &target : seen.comparison.targets)
            query.keys.push_back(target.key());
        seen.live = view->concerning(query);
    }
    // The tree assesses every object: it is made anew only where one of them is another.
    if (m_shown && m_shown->evaluation == m_evaluation && m_shown->live == seen.live)
        co_return m_shown->pods;
    const control::TreeView tree = treeOf(m_named, seen);
    std::vector<Object> pods;
    for (const service::TreeNode &node : tree.nodes) {
        if (node.key.kind != "Pod" || !node.key.group.empty() || !node.isLive
            || !std::ranges::all_of(m_below, [&](const Wanted &wanted) { return isBelow(tree, node, wanted); }))
            continue;
        const auto found = std::ranges::find(seen.live, node.key, &Object::key);
        if (found != seen.live.end())
            pods.push_back(*found);
    }
    m_shown = Shown{m_evaluation, std::move(seen.live), pods};
    co_return pods;
}

LogFollower::LogFollower(ports::ClusterPtr cluster, ContainerChoice choice, std::shared_ptr<LogOutput> output)
    : m_cluster(std::move(cluster)), m_choice(std::move(choice)), m_output(std::move(output))
{
}

void LogFollower::start(async::TaskScope &scope, const LogStream &stream, ports::LogOptions options)
{
    scope.start(printLog(m_cluster, stream, std::move(options), m_output, scope.token()));
}

void LogFollower::know(const Object &pod)
{
    for (const service::LogContainer &container : control::logContainersOf(pod)) {
        if (container.hasLog)
            m_known[streamOf(pod, container.name).key()] = container.restarts;
    }
}

bool LogFollower::hasEndedEarly(const service::LogContainer &container, const std::string &key) const
{
    const auto asked = m_output->asked.find(key);
    return m_output->ended.contains(key) && container.state == service::LogContainer::State::Running
           && (asked == m_output->asked.end() || std::chrono::system_clock::now() - asked->second >= kPauseAfterEnd);
}

void LogFollower::startNew(async::TaskScope &scope, const Object &pod)
{
    for (const service::LogContainer &container : control::logContainersOf(pod)) {
        const LogStream stream = streamOf(pod, container.name);
        const std::string key = stream.key();
        if (!container.hasLog || !m_choice.takes(container))
            continue;
        const std::int64_t restarts = container.restarts;
        const auto known = m_known.find(key);
        // It started between the look at the pod and the question for its log.
        if (m_output->running.contains(key)) {
            if (known == m_known.end())
                m_known[key] = restarts;
            continue;
        }
        const bool isSame = known != m_known.end() && known->second >= restarts;
        if (isSame && !m_output->broken.contains(key) && !hasEndedEarly(container, key))
            continue;
        if (scope.running() >= kMost) {
            if (!std::exchange(m_isLimitTold, true))
                std::fputs(("warning: more than " + std::to_string(kMost) + " containers are not followed at once; pod "
                            + stream.pod.name + " and later ones wait until others end\n")
                               .c_str(),
                           stderr);
            continue;
        }
        ports::LogOptions options = m_first;
        // A container that has started anew is read from its first line; what was read of it before the pod told so does not
        // come again (its place stays: the key is of one pod).
        if (!isSame) {
            options.tailLines.reset();
            options.sinceSeconds.reset();
        }
        m_output->isNamed = m_output->isNamed || known == m_known.end();
        m_known[key] = restarts;
        start(scope, stream, std::move(options));
    }
}

Async<void> LogFollower::follow(AppPods &source, std::vector<Object> pods, std::vector<LogStream> first,
                                ports::LogOptions options, CancelToken cancel)
{
    m_first = options;
    for (const Object &pod : pods)
        know(pod);
    async::TaskScope scope(cancel);
    for (const LogStream &stream : first)
        start(scope, stream, options);
    // Earlier runs of a container do not come again.
    while (!options.isPrevious && !cancel.isCancelled()) {
        const Expected<void> waited = co_await async::delay(kPause, cancel);
        if (!waited)
            break;
        const Expected<std::vector<Object>> seen = co_await source.now(cancel);
        if (!seen)
            continue;
        for (const Object &pod : *seen)
            startNew(scope, pod);
        const bool isRefused = m_output->readable == 0 && m_output->refused > 0;
        if (scope.running() == 0
            && (isRefused || (!seen->empty() && std::ranges::all_of(*seen, control::isFinishedPod))))
            break;
    }
    const Expected<void> ended = co_await scope.drained();
    co_return ended;
}

} // namespace tiphys::cli
