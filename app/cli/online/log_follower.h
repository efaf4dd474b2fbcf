// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "cli/online/commands.h"
#include "control/log_place.h"
#include "ports/requests.h"
#include "service/pod_logs.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::cli {

/// The log of one container.
struct LogStream
{
    ports::ObjectRef pod;
    std::string uid; ///< of the pod; "" where it may not be read
    std::string container;

    /// The same for every start of the container.
    std::string key() const { return pod.ns + "/" + pod.name + "/" + uid + "/" + container; }
};

/// Which containers of a pod are read.
struct ContainerChoice
{
    std::string name;         ///< this one alone; "" for more
    bool isEveryKind = false; ///< init and ephemeral ones too, not ordinary ones alone

    bool takes(const service::LogContainer &container) const;
};

/// Which lines of the logs are printed.
struct LineFilter
{
    std::string text;       ///< that a line contains, "" is any
    bool isInverse = false; ///< that it does not contain
    bool matchesCase = false;
    std::optional<control::LineTime> until; ///< nothing later; needs lines with times

    /// \p hasTime: its time stands in front of \p line.
    bool takes(std::string_view line, bool hasTime) const;
};

/// What is known of the logs that are printed, shared by their streams.
struct LogOutput
{
    LineFilter filter;
    bool isNamed = false;                            ///< each line says where it is from
    int readable = 0;                                ///< logs that were read to their end, or of which a line came
    int refused = 0;                                 ///< logs that may not be read
    std::set<std::string> running;                   ///< LogStream::key
    std::set<std::string> broken;                    ///< cut off: asked for again
    std::set<std::string> told;                      ///< of these, whose trouble was told
    std::set<std::string> ended;                     ///< by the server; asked for again while the container runs
    std::map<std::string, control::LogPlace> places; ///< how far logs that are followed were read
    std::map<std::string, control::LogMoment> asked; ///< when the server last began to send them
};

/// Prints one log until its end; what goes wrong is told on the standard error. One that is followed and was read before goes on
/// where it was. Errors: Cancelled.
Async<void> printLog(ports::ClusterPtr cluster, LogStream stream, ports::LogOptions options,
                     std::shared_ptr<LogOutput> output, CancelToken cancel);

/// The pods of an application as they come and go.
class AppPods
{
public:
    /// True for a resource whose pods are wanted.
    using Wanted = std::function<bool(const object::ObjectKey &)>;

    /// Only pods that are, or are below, a resource that is wanted by each of \p below.
    AppPods(OnlineSession &session, NamedApp named, control::ContextSession *destination, std::vector<Wanted> below);

    /// The pods that are there now. The first call compares the application; later ones look at what is watched, and
    /// compare again where the application or its resources changed. Errors: of the comparison.
    Async<std::vector<object::Object>> now(CancelToken cancel);

private:
    /// The pods of the last look, and what they were found in.
    struct Shown
    {
        control::EvaluationPtr evaluation;
        std::vector<object::Object> live;
        std::vector<object::Object> pods;
    };
    Async<void> compare(CancelToken cancel);

    NamedApp m_named;
    std::vector<Wanted> m_below;
    bool m_isChanged = false;
    int m_looks = 0; ///< since the last comparison
    control::AppObserver m_observer;
    control::EvaluationPtr m_evaluation;
    std::optional<Shown> m_shown;
};

/// Follows logs until it is cancelled, those of containers that start later too, from their first line. Ends by itself
/// when all pods have finished, or where no log may be read.
class LogFollower
{
public:
    LogFollower(ports::ClusterPtr cluster, ContainerChoice choice, std::shared_ptr<LogOutput> output);

    /// \p first are the logs that are there, of \p pods; \p options are for them alone.
    Async<void> follow(AppPods &source, std::vector<object::Object> pods, std::vector<LogStream> first,
                       ports::LogOptions options, CancelToken cancel);

    /// Followed at the same time at most; more would open more connections than servers like.
    static constexpr std::size_t kMost = 50;

private:
    void start(async::TaskScope &scope, const LogStream &stream, ports::LogOptions options);
    void startNew(async::TaskScope &scope, const object::Object &pod);
    /// True if the server ended the log of \p container although it runs, some time after it was asked for.
    bool hasEndedEarly(const service::LogContainer &container, const std::string &key) const;
    /// Takes the containers of \p pod that have started for known.
    void know(const object::Object &pod);

    ports::ClusterPtr m_cluster;
    ContainerChoice m_choice;
    std::shared_ptr<LogOutput> m_output;
    std::map<std::string, std::int64_t> m_known; ///< how often a container had restarted when it was last followed
    ports::LogOptions m_first;                   ///< of the logs that were there
    bool m_isLimitTold = false;
};

} // namespace tiphys::cli
