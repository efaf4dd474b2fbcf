// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/managed_pairs.h"
#include "compare/settings.h"
#include "crd/application.h"
#include "crd/timestamp.h"
#include "health/application_health.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::compare {

/// What rendering gave.
struct RenderedTargets
{
    std::vector<object::Object> objects;  ///< with tracking marks (trackedTargets)
    std::vector<std::string> revisions;   ///< resolved, one a source
    std::vector<std::string> sourceTypes; ///< Helm, Kustomize, Directory, Plugin; "" for a source that renders nothing
    std::vector<std::string> problems;    ///< of verified sources (source integrity); each a ComparisonError
    std::optional<std::string> error;     ///< why there is nothing: "failed to generate manifest for source 1 of 1: …"
    std::string errorPrefix = "Failed to load target state: "; ///< stands before the error in the condition
};

/// What the cluster gave.
struct LiveState
{
    LiveObjects objects;              ///< managedLiveObjects
    std::optional<std::string> error; ///< why there is nothing
};

/// Compares all pairs at once: results in their order, or the error of the first that cannot be compared.
using DiffOfPairs = std::function<Expected<std::vector<DiffResult>>(const std::vector<Pair> &)>;
/// Compares with \p options, after tracking marks of an older method are brought to that of \p tracking.
/// \p options must not point to rules that go before the function does.
DiffOfPairs diffOfPairs(DiffOptions options, TrackingSettings tracking);

/// What the API server answered to server-side dry runs of targets (dryRunTarget), by the keys of the live objects.
using DryRuns = std::map<object::ObjectKey, object::Object>;
/// The same by these answers. A pair whose answer is missing is InvalidInput.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (ServerSideDiff)@v3.5.1
DiffOfPairs diffOfPairs(DiffOptions options, TrackingSettings tracking, DryRuns dryRuns);

/// What the project of the Application allows.
struct ProjectRules
{
    std::function<Expected<bool>(const object::Object &live)> allowsLive;
    std::function<bool(const object::GroupKind &, std::string_view name, bool isNamespaced)> allowsKind;
};

/// Everything that a comparison reads. Functions must be set.
struct ComparisonInput
{
    crd::Application app;
    std::string instance;                        ///< Application::instanceName
    std::vector<crd::ApplicationSource> sources; ///< what is compared with: of the spec, or of an operation
    bool hasMultipleSources = false;
    std::vector<std::string> revisions; ///< requested; kept in the result where rendering failed
    RenderedTargets rendered;
    LiveState live;
    std::string server; ///< API URL of the destination
    TrackingSettings tracking;
    CompareSettings settings;
    ScopeOf scopeOf;
    ProjectRules project;
    DiffOfPairs diffOf;
    const health::ScriptHealth *scripts = nullptr;
    bool storesResourceHealth = false; ///< `--persist-resource-health`
    /// Why the live objects at some keys could not be read, for who only looks: nothing is told of these, and all others are
    /// compared.
    std::map<object::ObjectKey, std::string> unread = {};
};

/// One managed resource as the comparison saw it.
struct ComparedResource
{
    crd::ResourceStatus status;
    object::Object target;
    object::Object live;
    DiffResult diff;
    std::optional<health::Health> health;
    bool isSelfReferenced = true;
    std::string unread = {}; ///< why the live object could not be read; then it is Unknown
};

/// The state of an Application against its target.
struct AppComparison
{
    crd::SyncStatus sync;
    health::HealthCode health = health::HealthCode::Unknown;
    std::vector<ComparedResource> resources; ///< sorted as status.resources is
    std::vector<object::Object> hooks;       ///< rendered hooks
    std::vector<object::Object> targets;     ///< normalised and filtered, hooks included: what a sync starts from
    std::vector<crd::Condition> conditions;  ///< found by this comparison, without times
    bool couldNotLoad = false;               ///< target, live or difference is missing: all is Unknown
    bool hasPreDeleteHooks = false;
    bool hasPostDeleteHooks = false;
    std::string sourceType;               ///< single source
    std::vector<std::string> sourceTypes; ///< several sources
    std::string resourceHealthSource;     ///< "appTree", or "" where resources carry their health
    std::size_t notAssessed = 0;          ///< resources whose health script is not here
};

/// True if \p app is compared by server-side dry runs: where annotation `compare-options` asks for them, or they are usual
/// (\p isUsual) and it does not refuse them.
bool usesServerSideDiff(const crd::Application &app, bool isUsual);

/// Compares an Application with the cluster.
/// Source: argo-cd controller/state.go (CompareAppState)@v3.5.1
AppComparison compareApplication(const ComparisonInput &input);

/// True if `managedNamespaceMetadata` of the spec is not what the last sync applied.
bool hasChangedNamespaceMetadata(const crd::Application &app);

} // namespace tiphys::compare
