// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/sync.h"
#include "service/ticket.h"

#include <QObject>

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::service {

/// Which Rollout: the context it was read through, its namespace and name.
struct RolloutId
{
    std::string context;
    std::string ns;
    std::string name;

    auto operator<=>(const RolloutId &) const = default;
};

enum class RolloutPhase { Healthy, Progressing, Paused, Degraded, Unknown };

/// What a Rollout waits for.
enum class RolloutWait {
    Nothing,
    Promotion,    ///< a pause without duration: a person
    Switch,       ///< blue-green without automatic promotion: a person
    Inconclusive, ///< an analysis or experiment that a person has to judge
    Resume,       ///< `spec.paused`: a person
    Timer,        ///< a pause that ends by itself
};
/// True where a person is waited for.
constexpr bool waitsForPerson(RolloutWait wait)
{
    return wait != RolloutWait::Nothing && wait != RolloutWait::Timer;
}

/// A step of a canary.
struct RolloutStep
{
    enum class Kind {
        SetWeight,
        Pause,
        Analysis,
        Experiment,
        SetCanaryScale,
        SetHeaderRoute,
        SetMirrorRoute,
        Plugin,
        Unknown
    };
    Kind kind = Kind::Unknown;
    int weight = 0;           ///< of SetWeight
    std::int64_t seconds = 0; ///< of Pause; 0 waits for a person
    std::string detail;       ///< names of templates, route or plugin; else the controller's words

    bool operator==(const RolloutStep &) const = default;
    bool waitsForPerson() const { return kind == Kind::Pause && seconds == 0; }
};

/// Rights on the Rollouts of a namespace.
struct RolloutRights
{
    Permission status; ///< patch of rollouts/status: promote, skip, abort, retry
    Permission spec;   ///< patch of rollouts: pause, restart, undo, set image

    bool operator==(const RolloutRights &other) const
    {
        return status.isAllowed == other.status.isAllowed && status.reason == other.status.reason
               && spec.isAllowed == other.spec.isAllowed && spec.reason == other.spec.reason;
    }
};

enum class RolloutAct {
    Promote,
    PromoteFull,
    SkipStep,
    SkipAllSteps,
    Pause,
    Resume,
    Abort,
    Retry,
    Restart,
    Undo,
    SetImage
};
inline constexpr std::size_t kRolloutActs = 11;

/// What became of an act whose answer was lost.
enum class ActFate { None, Checking, Done, NotSent };

/// What stood on the screen when the person decided.
struct SeenRollout
{
    std::string podHash;
    std::optional<std::int64_t> stepIndex;

    bool operator==(const SeenRollout &) const = default;
};

/// One line of the table.
struct RolloutRow
{
    RolloutId id;
    RolloutPhase phase = RolloutPhase::Unknown;
    std::string message;
    RolloutWait wait = RolloutWait::Nothing;
    WallTime waitSince = 0;
    WallTime waitEnds = 0; ///< of a Timer
    bool isBlueGreen = false;
    std::vector<RolloutStep> steps;
    int stepIndex = -1; ///< steps.size() when all are done; -1 without steps
    bool hasRouting = false;
    int weight = 0; ///< traffic of the new version; without routing what the steps ask for
    int maxWeight = 100;
    int desired = 0;
    int current = 0;
    int updated = 0;
    int ready = 0;
    int available = 0;
    std::string podHash;    ///< of the wanted version
    std::string stableHash; ///< of the version that was last fully promoted
    std::int64_t revision = 0;
    bool isUpdating = false; ///< the two differ
    bool isAborted = false;
    bool isPausedBySpec = false;
    bool isPromotingFully = false;
    bool hasWorkloadRef = false;
    std::vector<std::string> images;       ///< wanted
    std::vector<std::string> stableImages; ///< of the stable version, while it is another one and known
    std::vector<std::pair<std::string, std::string>> containers; ///< name and image
    std::string analysis;                                        ///< phase of the analysis that counts now, "" if none
    std::string analysisMessage;
    AppId app; ///< that it belongs to; empty name if none
    bool isAppAutomated = false;
    bool isAppSelfHealed = false;
    WallTime created = 0;
    WallTime since = 0; ///< of the last change of its condition Progressing or Paused
    RolloutRights rights;
    bool hasRights = false; ///< rights have been asked for
    ActFate fate = ActFate::None;
    RolloutAct fateOf = RolloutAct::Promote;

    bool operator==(const RolloutRow &) const = default;
    SeenRollout seen() const
    {
        return {podHash, stepIndex < 0 ? std::nullopt : std::optional<std::int64_t>(stepIndex)};
    }
};
using RolloutRowPtr = std::shared_ptr<const RolloutRow>;

/// All Rollouts of the ticked clusters, sorted by id. Rows that did not change are the same pointer as in the snapshot
/// before.
struct RolloutsSnapshot
{
    std::vector<RolloutRowPtr> rows;
    std::uint64_t version = 0;
    bool isComplete = false; ///< every ticked cluster has answered (or is known not to)
    std::vector<std::pair<std::string, std::string>> problems; ///< context and why its Rollouts are not known
};
using RolloutsPtr = std::shared_ptr<const RolloutsSnapshot>;

struct RolloutPod
{
    std::string name;
    std::string status; ///< "Running", "CrashLoopBackOff", …
    int ready = 0;
    int containers = 0;
    int restarts = 0;
    bool isReady() const { return containers > 0 && ready == containers; }

    bool operator==(const RolloutPod &) const = default;
};

/// One version of the Rollout's pods.
struct RolloutRevision
{
    std::int64_t revision = 0;
    std::string replicaSet;
    std::string hash;
    std::string status; ///< Healthy, Progressing, ScaledDown, …
    std::int64_t replicas = 0;
    std::int64_t available = 0;
    WallTime created = 0;
    WallTime scaleDownAt = 0; ///< 0 if not planned
    std::vector<std::string> images;
    bool isStable = false;
    bool isCanary = false;
    bool isActive = false;
    bool isPreview = false;
    std::string experiment; ///< that it belongs to, "" if none
    std::vector<RolloutPod> pods;
    std::string templateName; ///< of the experiment, "" if none
    std::string service;      ///< that the experiment put in front of it, "" if none
    int weight = -1;          ///< traffic that the experiment asks for, in parts of maxWeight; -1 if it asks for none

    bool operator==(const RolloutRevision &) const = default;
};

struct MeasurementRow
{
    std::string phase;
    std::string value;
    std::string message;
    WallTime startedAt = 0;
    WallTime finishedAt = 0;

    bool operator==(const MeasurementRow &) const = default;
};

struct MetricRow
{
    std::string name;
    std::string provider; ///< "prometheus", "job", "web", …
    std::string query;    ///< that is asked, without secrets
    std::string phase;
    std::string message;
    std::string successCondition;
    std::string failureCondition;
    int count = 0; ///< measurements to take, 0 if there is no end
    int successful = 0;
    int failed = 0;
    int inconclusive = 0;
    int error = 0;
    std::string failureLimit;
    std::string inconclusiveLimit;
    bool isDryRun = false;
    std::vector<MeasurementRow> measurements;

    bool operator==(const MetricRow &) const = default;
};

struct AnalysisRow
{
    std::string name;
    std::string type; ///< Step, Background, PrePromotion, PostPromotion
    int stepIndex = -1;
    std::int64_t revision = 0;
    std::string phase;
    std::string message;
    WallTime startedAt = 0;
    WallTime completedAt = 0;
    bool isCurrent = false; ///< that of the update under way
    std::vector<MetricRow> metrics;

    bool operator==(const AnalysisRow &) const = default;
};

struct ExperimentRow
{
    std::string name;
    std::string phase;
    std::string message;
    std::int64_t revision = 0;

    bool operator==(const ExperimentRow &) const = default;
};

/// When a step of an update began and ended; 0 for what is not known.
struct StepTimes
{
    int index = 0;
    WallTime startedAt = 0;
    WallTime endedAt = 0;

    bool operator==(const StepTimes &) const = default;
};

/// A Service of the Rollout and the version that it selects.
struct RolloutService
{
    enum class Role { Stable, Canary, Active, Preview };
    Role role = Role::Stable;
    std::string name;
    std::string hash; ///< "" if it selects by no version
    bool isMissing = false;

    bool operator==(const RolloutService &) const = default;
};

/// An object that routes traffic, as it stands in the cluster.
struct RouterRow
{
    std::string kind;
    std::string name;
    std::vector<std::string> facts; ///< "nginx.ingress.kubernetes.io/canary-weight: 20"
    bool isMissing = false;

    bool operator==(const RouterRow &) const = default;
};

struct ConditionRow
{
    std::string type;
    std::string status;
    std::string reason;
    std::string message;
    WallTime since = 0;

    bool operator==(const ConditionRow &) const = default;
};

/// Whether a load balancer of AWS has taken the weights that an Ingress asks for, as the status says it.
enum class WeightCheck { NotNeeded, NotVerified, NotTaken, Taken };

/// Everything a Rollout's page shows.
struct RolloutDetail
{
    RolloutRow row;
    std::array<Permission, kRolloutActs> acts; ///< by RolloutAct: rights and state together
    std::vector<RolloutRevision> revisions;    ///< latest first
    std::vector<AnalysisRow> analyses;         ///< latest first
    std::vector<ExperimentRow> experiments;
    std::vector<StepTimes> stepTimes; ///< of steps of which something is known, by index
    std::vector<RolloutService> services;
    std::vector<RouterRow> routers;
    WeightCheck weightCheck = WeightCheck::NotNeeded;
    std::vector<ConditionRow> conditions;
    std::vector<std::string> advice; ///< lines of Argo CD's policy that speak of acts on Rollouts
    std::string manifest;
    std::string problem; ///< why parts are missing, "" if none are
    WallTime observedAt = 0;
    bool isStale = false;

    const Permission &may(RolloutAct act) const { return acts[static_cast<std::size_t>(act)]; }
};
using RolloutDetailPtr = std::shared_ptr<const RolloutDetail>;

/// Where a Rollout stands at a moment of an update that is only thought through.
struct ForecastMoment
{
    std::int64_t milliseconds = 0; ///< since the beginning of the update
    int step = 0;                  ///< from 0; equal to \c steps after the last one
    int steps = 0;
    std::string stepText;      ///< "" after the last step
    std::optional<int> weight; ///< traffic of the new version in percent; nothing without routing
    int newAvailable = 0;      ///< of the version that is updated to, also once it is the stable one
    int newReplicas = 0;
    int stableAvailable = 0; ///< of the one before
    int stableReplicas = 0;
    std::string phase;
    bool isPromotion = false; ///< a person promotes

    bool operator==(const ForecastMoment &) const = default;
};

/// The whole way of an update, thought through without doing anything.
struct RolloutForecast
{
    std::vector<ForecastMoment> moments; ///< oldest first, each after something was done
    std::string phase;                   ///< in the end
    std::string message;
    std::string text; ///< for people: what is written at each moment, and what was made up
};

struct RolloutRequest
{
    RolloutId id;
    RolloutAct act = RolloutAct::Promote;
    SeenRollout seen;
    std::int64_t revision = 0;                               ///< of Undo; 0: the one before
    std::vector<std::pair<std::string, std::string>> images; ///< of SetImage: container and image
};

/// Rollouts for front ends; threads as with Service, whose child it is.
class Rollouts : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual RolloutsPtr rollouts() const = 0;
    /// The newest detail of an open Rollout, null until the first.
    virtual RolloutDetailPtr rollout(const RolloutId &id) const = 0;
    /// Keeps the detail up to date until closed as often as opened.
    virtual void open(const RolloutId &id) = 0;
    virtual void close(const RolloutId &id) = 0;
    /// Does it once, and only if the Rollout still is what was seen. The text says what was done. Errors: Conflict: it
    /// moved on and nothing was changed; Denied; Unavailable: it was not sent; Unknown: not known, the row tells.
    virtual Ticket<std::string> act(const RolloutRequest &request) = 0;
    /// The whole way of the update from its beginning, without doing anything.
    virtual Ticket<RolloutForecast> simulate(const RolloutId &id) = 0;
    /// How the pod template of one version differs from another's.
    virtual Ticket<ResourceDiff> difference(const RolloutId &id, const std::string &fromHash,
                                            const std::string &toHash) = 0;

Q_SIGNALS:
    void rolloutsChanged();
    void rolloutChanged(const tiphys::service::RolloutId &id);
};

/// The Rollouts of a Service. It must have them.
inline Rollouts &rolloutsOf(const QObject &service)
{
    auto *rollouts = service.findChild<Rollouts *>(Qt::FindDirectChildrenOnly);
    Q_ASSERT(rollouts);
    return *rollouts;
}

} // namespace tiphys::service
