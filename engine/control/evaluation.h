// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/configured_health.h"
#include "compare/app_comparison.h"
#include "compare/ignore_rules.h"
#include "compare/settings.h"
#include "compare/tracking.h"
#include "control/rendering.h"
#include "crd/application.h"
#include "policy/project.h"
#include "ports/discovery.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// OpenAPI schemas of custom resources.
using CustomSchemas = std::map<object::Gvk, object::Value>;
/// What the server answered to the dry runs of all pairs (dryRunsOf), or the first thing that it refused.
using DryRunAnswers = std::shared_ptr<const Expected<compare::DryRuns>>;

/// What comparing one target takes beyond what is watched.
struct TargetNeed
{
    object::ObjectKey key;      ///< where its live object stands, the namespace filled in
    object::Gvk gvk;            ///< the live object is compared in this version
    bool readsManagers = false; ///< the managers of the live object's fields count
    bool readsSchema = false;   ///< it is merged by the schema of its kind
};

/// One server-side dry run that a comparison waits for.
struct DryRun
{
    object::ObjectKey key;
    object::Object target;           ///< what is applied
    std::string liveResourceVersion; ///< of the object that it would change
};

/// Everything that comparing one application with its cluster reads. Immutable; goes to a pool thread.
struct EvaluationInput
{
    crd::Application app;
    std::string controlPlaneNamespace;
    std::vector<SourceFiles> sources;
    /// What the status names as compared with, and the revisions that were asked for: as \c sources say where these are empty.
    std::vector<crd::ApplicationSource> comparedTo = {};
    std::vector<std::string> requestedRevisions = {};
    bool hasMultipleSources = false;
    std::vector<object::Object> live;     ///< objects of the destination that concern it (LiveQuery)
    std::optional<std::string> liveError; ///< why there are none
    std::map<object::ObjectKey, Error> unread =
        {};                        ///< what of them could not be read, for who only looks; the rest is compared
    std::string unlisted = {};     ///< what had not been listed when they were taken; "" if all had
    ports::DiscoveryPtr discovery; ///< of the destination; null while it is not reached
    policy::EffectiveProject project;
    policy::Cluster cluster; ///< the destination
    compare::CompareSettings settings;
    script::JqEngine *jq = nullptr;     ///< must be callable from pool threads
    script::LuaEngine *lua = nullptr;   ///< likewise; null: health scripts of argocd-cm fail, saying so
    std::vector<std::string> manifests; ///< local manifests as JSON texts instead of the sources
    std::string manifestsProblem = {};  ///< why they may not be used; "" if they may
    RenderSettings rendering = {};
    CustomSchemas schemas = {};             ///< of the targets that need one (TargetNeed)
    DryRunAnswers dryRuns = {};             ///< null: compared without asking the server
    std::vector<std::string> warnings = {}; ///< of what was read
    std::vector<std::string> problems = {}; ///< of source integrity; each forbids a sync
    bool rendersAnew = false;               ///< nothing is taken from the cache of renderings
    bool appliesServerSide = false;         ///< for an operation that does: it looks at the managers of fields
    std::shared_ptr<const std::set<std::string>> instances = {}; ///< of all applications; null: not known
};

/// What came out.
struct Evaluation
{
    compare::AppComparison comparison;
    std::vector<std::string> revisions; ///< resolved, one a source
    std::string instance;
    compare::TrackingSettings tracking;
    std::vector<object::Object> live;                        ///< of the input, for the tree
    std::optional<std::string> liveError;                    ///< of the input: why there are none
    std::map<object::ObjectKey, Error> unread;               ///< of the input: of these nothing is told
    std::string unlisted;                                    ///< of the input: of what there may be more
    policy::Cluster cluster;                                 ///< of the input: where they are
    std::shared_ptr<const std::set<std::string>> instances;  ///< of the input
    std::shared_ptr<const compare::IgnoreRules> rules;       ///< null where they could not be compiled
    CustomSchemas schemas;                                   ///< of the input
    std::shared_ptr<const action::ConfiguredHealth> scripts; ///< of argocd-cm; null where it brings none
    std::optional<Error> renderError; ///< the reason where targets are missing; Unsupported has its own words
    std::string targetsError;         ///< the same with the source that it came from; "" where there are targets
    std::vector<std::string> warnings;

    bool hasTargets() const { return !renderError; }
    std::string revision() const { return revisions.empty() ? std::string() : revisions.front(); }
};

/// The targets of \p input; \p cache may be null.
Rendering renderingOf(const EvaluationInput &input, RenderCache *cache = nullptr);
/// What the targets of \p rendering need, in their order.
std::vector<TargetNeed> targetNeedsOf(const EvaluationInput &input, const Rendering &rendering);
/// The dry runs by whose answers \p input would be compared: one for each target that has a live object.
/// Errors: InvalidInput where a target cannot be prepared.
Expected<std::vector<DryRun>> dryRunsOf(const EvaluationInput &input, const Rendering &rendering);
/// Pairs, compares and assesses what was rendered. Pure.
Evaluation evaluated(const EvaluationInput &input, Rendering rendering);
/// Renders first.
Evaluation evaluated(const EvaluationInput &input);

/// Is an object that is marked with \p instance managed by an application that is there. One that is gone leaves orphans.
bool belongsToAnApplication(const Evaluation &evaluation, const std::string &instance);

/// Does \p discovery know the kinds of all targets that were compared. Where not, what was kept may be older than a kind.
bool servesTargets(const ports::Discovery &discovery, const Evaluation &evaluation);

/// Whether kinds live in namespaces, as the server says; built-in kinds are known without one.
compare::ScopeOf scopesOf(ports::DiscoveryPtr discovery);

} // namespace tiphys::control
