// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "service/clusters.h"
#include "service/words.h"

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::service {

/// Which Application: the context it was read through, its namespace and name.
struct AppId
{
    std::string context;
    std::string ns;
    std::string name;

    auto operator<=>(const AppId &) const = default;
    /// "tiphys://context/namespace/name".
    std::string address() const;
};

/// One source of an application, as it stands in spec.
struct SourceSummary
{
    std::string repoUrl; ///< without passwords
    std::string path;    ///< or chart
    std::string targetRevision;
    bool isChart = false;

    bool operator==(const SourceSummary &) const = default;
};

/// Commit as people read it; revision is the full SHA (or a chart version, with the rest empty).
struct CommitSummary
{
    std::string revision;
    std::string subject;
    std::string author;
    WallTime time = 0;

    bool operator==(const CommitSummary &) const = default;
};

/// What needs a person, most urgent first: the default order of the table.
enum class Urgency {
    FailedOperation, ///< failed operation or error condition
    Degraded,
    StuckDeletion,
    OutOfSyncAutomated, ///< OutOfSync although automated sync is on
    Missing,
    Progressing,
    OutOfSyncManual,
    Unknown,
    None,
};

/// One line of the application table.
struct AppRow
{
    AppId id;
    std::string project;
    std::string destination; ///< cluster name or server
    std::string destinationNamespace;
    std::vector<SourceSummary> sources;
    std::string revision; ///< status.sync.revision
    CommitSummary commit; ///< subject where the repository is at hand
    SyncStatus sync = SyncStatus::Unknown;
    HealthStatus health = HealthStatus::Unknown;
    OperationPhase operation = OperationPhase::None;
    std::string operationMessage;
    bool isOperationRequested = false; ///< `.operation` stands and nobody has picked it up
    bool isAutomated = false;
    bool isBeingDeleted = false;
    std::string
        awaitsConfirmation; ///< what a person has to confirm before it goes on, one English sentence, "" for nothing
    std::vector<std::string> conditions; ///< "ComparisonError: …", errors first
    std::string cause;                   ///< why it needs a person, one English sentence, "" if it does not
    Urgency urgency = Urgency::None;
    WallTime since = 0; ///< of the state that urgency names
    WallTime lastSync = 0;
    WallTime reconciledAt = 0;
    Reconciler reconciler = Reconciler::ControllerUnknown;
    bool isComputedHere = false; ///< status words are this engine's, because nobody writes them
    bool isDisputed = false;     ///< this engine's comparison disagrees with the stored status
    std::string parent;          ///< ApplicationSet or Application that made it, "" if none
    std::vector<std::string> images;
    std::map<std::string, std::string> labels;

    bool operator==(const AppRow &) const = default;
};
using AppRowPtr = std::shared_ptr<const AppRow>;

/// All applications of the ticked clusters, sorted by id. Rows that did not change are the same pointer as in the
/// snapshot before.
struct ApplicationsSnapshot
{
    std::vector<AppRowPtr> rows;
    std::uint64_t version = 0;
    bool isComplete = false; ///< every ticked cluster has answered (or is known not to)
};
using ApplicationsPtr = std::shared_ptr<const ApplicationsSnapshot>;

/// One object of an application's tree.
struct TreeNode
{
    object::ObjectKey key;
    std::string version;
    std::string uid;
    int parent = -1; ///< index of the parent node, -1: child of the application itself
    SyncStatus sync = SyncStatus::Unknown;
    bool hasSync = false; ///< managed by the application itself
    HealthStatus health = HealthStatus::None;
    std::string healthMessage;
    /// What keeps the pods of a workload that is not well: "2 of 3 pods: CrashLoopBackOff, exit 137 OOMKilled, container api".
    std::string podTrouble;
    bool isNotAssessed = false; ///< a script decides about this kind and may not run here
    std::string info;           ///< "3/3", "Running", …
    WallTime created = 0;
    int wave = 0;
    bool isHook = false;
    bool requiresPruning = false;
    bool isOrphaned = false;
    bool isLive = true;    ///< false: wanted, but not in the cluster
    bool isStored = false; ///< what the Application's status says of it: the object itself has not been seen yet
    std::vector<std::string> images;

    bool operator==(const TreeNode &) const = default;
};

/// What a diff line is: on both sides, only live (removed by a sync), only desired (added).
enum class LineKind { Same, Live, Desired };
/// Part of a line that differs from its partner, in bytes.
struct WordRange
{
    std::uint32_t start = 0;
    std::uint32_t length = 0;

    bool operator==(const WordRange &) const = default;
};
struct DiffLine
{
    LineKind kind = LineKind::Same;
    int left = 0;  ///< line number at the live side, 0 if absent there
    int right = 0; ///< line number at the desired side, 0 if absent there
    std::string text;
    std::vector<WordRange> words;

    bool operator==(const DiffLine &) const = default;
};

enum class ChangeKind { Changed, Added, Removed };

/// Differences of one resource, as YAML lines; Secrets are masked.
struct ResourceDiff
{
    object::ObjectKey key;
    std::string version;
    ChangeKind change = ChangeKind::Changed;
    std::string cause; ///< "changed in the cluster by kubectl-edit", one English phrase
    int added = 0;     ///< lines
    int removed = 0;
    std::vector<DiffLine> lines; ///< as compared (normalised)
    std::string error;           ///< why it cannot be compared, "" if it can
    bool isPruned = false;       ///< a sync with prune would delete it

    bool operator==(const ResourceDiff &) const = default;
};

/// One resource of an operation's result.
struct ResultRow
{
    object::ObjectKey key;
    std::string phase;  ///< PreSync, Sync, PostSync, SyncFail
    std::string status; ///< Synced, SyncFailed, Pruned, PruneSkipped, ""
    std::string hookType;
    std::string hookPhase;
    std::string message;
    int wave = 0;

    bool operator==(const ResultRow &) const = default;
};

struct OperationView
{
    OperationPhase phase = OperationPhase::None;
    std::string message;
    std::string revision;
    std::string initiatedBy;
    WallTime startedAt = 0;
    WallTime finishedAt = 0;
    int retryCount = 0;
    bool isDryRun = false;
    std::vector<ResultRow> results;

    bool operator==(const OperationView &) const = default;
};

struct HistoryRow
{
    std::int64_t id = 0;
    CommitSummary commit;
    WallTime deployedAt = 0;
    std::string initiatedBy;
    bool isAutomated = false;

    bool operator==(const HistoryRow &) const = default;
};

struct EventRow
{
    std::string type; ///< Normal, Warning
    std::string reason;
    std::string message;
    object::ObjectKey object;
    int count = 1;
    WallTime lastSeen = 0;

    bool operator==(const EventRow &) const = default;
};

/// How far the first lists of what a cluster has have come.
struct Arrival
{
    int listed = 0;       ///< have come, are refused, or failed
    int asked = 0;        ///< 0: none has been asked for yet
    std::string waitsFor; ///< one that has not come, "pods in all namespaces"; "" if all have

    bool operator==(const Arrival &) const = default;
};

/// Everything an application page shows. A pane that could not be made says why and leaves the others alone.
struct AppDetail
{
    AppRow row;
    CommitSummary target; ///< what the target revision resolves to now
    CommitSummary lastSynced;
    std::string manifest;       ///< the Application as YAML
    std::vector<TreeNode> tree; ///< parents before children
    /// Nothing was compared yet: the resources and their sync statuses are those of the Application's status, and what of them
    /// has been seen so far is told as it is.
    bool isTreeStored = false;
    Arrival arrival; ///< while isTreeStored, and where the tree was made without lists that do not come
    std::string treeProblem;
    std::string destinationContext;  ///< by which its objects are reached; "" if no ticked context is
    std::string unreachedServer;     ///< API address of the destination that no ticked context reaches; "" if one does
    std::vector<ResourceDiff> diffs; ///< only what differs
    bool isDiffReady = false;
    std::string diffProblem; ///< "not yet supported: Helm charts", "no credentials for …"
    OperationView operation;
    std::vector<HistoryRow> history;
    std::vector<EventRow> events;
    bool areEventsReady = false; ///< they were asked for
    std::string eventsProblem;
    WallTime observedAt = 0;   ///< of the oldest data on the page
    bool isStale = false;      ///< a cluster does not answer; data are old
    std::string silentContext; ///< which one, while isStale; "" for that of the application itself
    std::string
        unseen; ///< why the objects of the destination cannot be seen now; "" if they are, or were not asked for
};
using AppDetailPtr = std::shared_ptr<const AppDetail>;

} // namespace tiphys::service
