// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/sync.h"
#include "service/ticket.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tiphys::service {

/// One container of a pod, and what can be expected of its log.
struct LogContainer
{
    enum class Kind { Ordinary, Init, Sidecar, Ephemeral };
    enum class State {
        Unknown, ///< the pod may not be read, or says nothing of it
        Waiting,
        Running,
        Ended,
    };

    std::string name;
    Kind kind = Kind::Ordinary;
    State state = State::Unknown;
    std::string reason;   ///< "ContainerCreating", "CrashLoopBackOff", "Completed", ""
    int exitCode = 0;     ///< of the run that ended last
    WallTime endedAt = 0; ///< of that run; 0 if none has ended
    int restarts = 0;
    bool hasLog = false;      ///< it runs, or has run
    bool hasPrevious = false; ///< a run before this one left a log

    bool operator==(const LogContainer &) const = default;
};

/// What there is to choose from before a log is opened.
struct LogChoices
{
    std::vector<LogContainer> containers; ///< ordinary ones first; empty where the pod may not be read
    std::string defaultContainer;         ///< the one that the pod names, else the first
    Permission permission;                ///< of `get pods/log`
};

/// The most lines that a reader gets and keeps; older ones are let go.
inline constexpr int kMostLogLines = 10'000;
/// The longest line in bytes; a longer one is cut.
inline constexpr std::size_t kLongestLogLine = 16 * 1024;

/// Which log is read, and how.
struct LogRequest
{
    AppId app;
    object::ObjectKey pod;
    std::string container;
    bool follows = true;
    bool isPrevious = false;   ///< of the run before the last restart; it is never followed
    int lines = kMostLogLines; ///< of what was written so far
};

struct LogLine
{
    std::string time; ///< as the server gives it, RFC 3339 with up to nine decimals; "" where none is known
    std::string text;

    bool operator==(const LogLine &) const = default;
};

/// How reading a log stands.
enum class LogState {
    Asking,
    Reading, ///< lines come, or will come
    Waiting, ///< the container has not started; it is looked at until it does
    Lost,    ///< the server does not answer; it is asked again, from the last line on
    Ended,   ///< read to the end; one that is followed goes on where the container starts again
    Gone,    ///< there is no such pod (any more)
    Refused, ///< rights are missing
    Failed,  ///< the server refuses for another reason
};

/// What is new of an open log.
struct LogNews
{
    std::vector<LogLine> lines; ///< behind those given before
    LogState state = LogState::Asking;
    LogContainer container; ///< as it was last seen
    std::string problem;    ///< the error of Lost, Refused and Failed; what the server says of Waiting; else ""
};

/// Names an open log; 0 is none.
using LogId = std::uint64_t;

/// Logs of the pods of an application, read for as long as somebody looks at them. Functions return at once; see Service.
class PodLogs
{
public:
    virtual ~PodLogs() = default;

    /// The containers of \p pod, and whether their logs may be read.
    virtual Ticket<LogChoices> logChoices(const AppId &app, const object::ObjectKey &pod) = 0;
    /// Reads a log from now on. \p news is called in the thread of the caller, never again after closeLog(), and gets at
    /// most kMostLogLines lines at once, however fast they are written.
    virtual LogId openLog(const LogRequest &request, std::function<void(const LogNews &)> news) = 0;
    /// Nobody looks at it now: its stream ends, what was read stays known.
    virtual void holdLog(LogId log) = 0;
    /// Goes on after the last line that was given, without one twice.
    virtual void resumeLog(LogId log) = 0;
    virtual void closeLog(LogId log) = 0;
};

} // namespace tiphys::service
