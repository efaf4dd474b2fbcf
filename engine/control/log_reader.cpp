// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_reader.h"

#include "async/delay.h"
#include "control/log_containers.h"
#include "control/request_outcome.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace tiphys::control {

using object::Object;
using service::LogContainer;
using service::LogLine;
using service::LogState;

namespace {

/// Lines that wait for a reader who is slower than their writer take no more than this.
constexpr std::size_t kMostBytes = 32 * 1024 * 1024;

/// \p line with its time apart, cut where it is too long; never inside a character.
LogLine logLineOf(std::string_view line)
{
    const std::string_view text = withoutLineTime(line);
    LogLine result;
    if (text.size() != line.size())
        result.time = line.substr(0, line.find(' '));
    std::size_t length = std::min(text.size(), service::kLongestLogLine);
    while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
        --length;
    result.text = text.substr(0, length);
    if (length < text.size())
        result.text += "…";
    return result;
}

std::size_t bytesOf(const LogLine &line)
{
    return line.text.size() + line.time.size() + sizeof(LogLine);
}

} // namespace

LogReader::LogReader(service::LogRequest request, Publish publish)
    : LogReader(std::move(request), std::move(publish), Pauses())
{
}

LogReader::LogReader(service::LogRequest request, Publish publish, Pauses pauses)
    : m_request(std::move(request)), m_publish(std::move(publish)), m_pauses(pauses)
{
    m_container.name = m_request.container;
    // Earlier runs of a container do not come again.
    m_request.follows = m_request.follows && !m_request.isPrevious;
}

ports::ObjectRef LogReader::pod() const
{
    return {{"", "v1", "pods", "Pod", true}, m_request.pod.ns, m_request.pod.name};
}

Async<void> LogReader::run(ports::ClusterPtr cluster, CancelToken cancel)
{
    while (true) {
        const Expected<Next> seen = co_await look(cluster, cancel);
        Next next = seen.value_or(Next::LookSoon);
        if (next == Next::Read && !cancel.isCancelled()) {
            const Expected<Next> end = co_await read(cluster, cancel);
            next = end.value_or(Next::LookSoon);
        }
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (next == Next::End)
            co_return {};
        if (next == Next::Read)
            continue;
        const Expected<void> waited =
            co_await async::delay(next == Next::LookSoon ? m_pauses.look : m_pauses.afterEnd, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
}

Async<LogReader::Next> LogReader::look(ports::ClusterPtr cluster, CancelToken cancel)
{
    const Expected<Object> seen = co_await cluster->get(pod(), {}, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (seen)
        co_return judged(*seen);
    const ErrorCode code = seen.error().code();
    if (code == ErrorCode::NotFound) {
        say(LogState::Gone);
        // Another pod of this name may come, of a StatefulSet for instance.
        co_return m_request.follows ? Next::LookLater : Next::End;
    }
    if (isPassing(seen.error())) {
        say(LogState::Lost, seen.error().text());
        co_return Next::LookSoon;
    }
    // The log may be readable where the pod is not.
    co_return Next::Read;
}

LogReader::Next LogReader::judged(const Object &pod)
{
    const std::optional<LogContainer> container = logContainerOf(pod, m_request.container);
    if (!container) {
        say(LogState::Failed, "pod '" + m_request.pod.name + "' has no container '" + m_request.container + "'");
        return Next::End;
    }
    if (m_podUid != pod.uid()) {
        // Of the new pod nothing was read, and the clock of its machine may be another.
        if (!m_podUid.empty()) {
            m_place = {};
            m_asked.reset();
            m_endedRun.reset();
            m_request.lines = service::kMostLogLines;
        }
        m_podUid = pod.uid();
    }
    m_hasNews = m_hasNews || m_container != *container;
    m_container = *container;
    m_isFinished = isFinishedPod(pod);
    publish();
    if (m_request.isPrevious)
        return Next::Read;
    if (!m_container.hasLog) {
        say(LogState::Waiting);
        return m_isFinished ? Next::End : Next::LookSoon;
    }
    if (!m_endedRun || *m_endedRun < m_container.restarts)
        return Next::Read;
    // The server ends the log of a container that runs now and then.
    if (m_container.state == LogContainer::State::Running)
        return !m_asked || std::chrono::system_clock::now() - *m_asked >= m_pauses.afterEnd ? Next::Read
                                                                                            : Next::LookSoon;
    say(LogState::Ended);
    return m_isFinished ? Next::End : Next::LookSoon;
}

Async<LogReader::Next> LogReader::read(ports::ClusterPtr cluster, CancelToken cancel)
{
    ports::LogOptions options;
    options.container = m_request.container;
    options.follows = m_request.follows;
    options.isPrevious = m_request.isPrevious;
    options.hasTimestamps = true;
    if (m_asked)
        askForRest(m_place, *m_asked, options);
    // More than a reader keeps is never of use.
    options.tailLines = m_asked ? service::kMostLogLines : std::min(m_request.lines, service::kMostLogLines);
    const std::optional<int> run = m_podUid.empty() ? std::nullopt : std::optional(m_container.restarts);
    bool isStarted = false;
    options.onStarted = [this, &isStarted, cancel] {
        if (cancel.isCancelled())
            return;
        isStarted = true;
        m_asked = std::chrono::system_clock::now();
        say(LogState::Reading);
    };
    const auto onLines = [this, cancel](std::vector<std::string> lines) {
        if (!cancel.isCancelled())
            take(std::move(lines));
    };
    const Expected<void> end = co_await cluster->logs(pod(), options, onLines, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!end)
        co_return judged(end.error(), isStarted);
    m_endedRun = run.value_or(0);
    if (!options.follows) {
        say(LogState::Ended);
        co_return Next::End;
    }
    co_return run ? Next::LookSoon : Next::LookLater;
}

LogReader::Next LogReader::judged(const Error &error, bool isStarted)
{
    // A container that is quiet and a connection that is dead look the same: nothing to tell before asking again.
    if (isStarted && m_request.follows && error.code() == ErrorCode::Timeout)
        return Next::Read;
    if (isPassing(error)) {
        say(LogState::Lost, error.text());
        return Next::LookSoon;
    }
    if (error.code() == ErrorCode::NotFound) {
        say(LogState::Gone);
        return m_request.follows ? Next::LookLater : Next::End;
    }
    if (!m_request.isPrevious && error.code() == ErrorCode::InvalidInput
        && error.message().contains("waiting to start")) {
        say(LogState::Waiting, error.text());
        return Next::LookSoon;
    }
    say(error.code() == ErrorCode::Denied ? LogState::Refused : LogState::Failed, error.text());
    return Next::End;
}

void LogReader::take(std::vector<std::string> lines)
{
    for (const std::string &line : lines) {
        if (!m_place.take(line))
            continue;
        LogLine read = logLineOf(line);
        m_bytes += bytesOf(read);
        m_lines.push_back(std::move(read));
        m_hasNews = true;
        while (m_lines.size() > static_cast<std::size_t>(service::kMostLogLines) || m_bytes > kMostBytes) {
            m_bytes -= bytesOf(m_lines.front());
            m_lines.pop_front();
        }
    }
    publish();
}

void LogReader::say(LogState state, std::string problem)
{
    m_hasNews = m_hasNews || state != m_state || problem != m_problem;
    m_state = state;
    m_problem = std::move(problem);
    publish();
}

void LogReader::shown()
{
    m_isShowing = false;
    publish();
}

void LogReader::publish()
{
    if (m_isShowing || !m_hasNews)
        return;
    m_isShowing = true;
    m_hasNews = false;
    service::LogNews news{.lines = {std::make_move_iterator(m_lines.begin()), std::make_move_iterator(m_lines.end())},
                          .state = m_state,
                          .container = m_container,
                          .problem = m_problem};
    m_lines.clear();
    m_bytes = 0;
    m_publish(std::move(news));
}

} // namespace tiphys::control
