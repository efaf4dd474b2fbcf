// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/evaluation.h"

#include "compare/diff.h"
#include "compare/ignore_rules.h"
#include "compare/tracking_targets.h"
#include "compare/version_conversion.h"
#include "control/drift.h"
#include "crd/names.h"
#include "crd/options.h"
#include "schema/schema.h"
#include "tree/live_graph.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;

namespace {

compare::LiveState liveStateOf(const EvaluationInput &input, const std::vector<Object> &targets,
                               std::string_view instance, const compare::TrackingSettings &tracking)
{
    compare::LiveState state;
    if (input.liveError) {
        state.error = input.liveError;
        return state;
    }
    std::map<object::ObjectKey, Object> byKey;
    std::vector<Object> topLevel;
    for (const Object &object : input.live) {
        byKey.insert_or_assign(object.key(), object);
        // Endpoints bear the labels of their Service, which owns them without saying so.
        if (tree::ownersOf(object).empty())
            topLevel.push_back(object);
    }
    const auto findLive = [&](const object::ObjectKey &key) {
        const auto found = byKey.find(key);
        return found == byKey.end() ? Object() : found->second;
    };
    Expected<compare::LiveObjects> live = compare::managedLiveObjects(topLevel, targets, instance, tracking, findLive);
    if (live)
        state.objects = std::move(*live);
    else
        state.error = live.error().text();
    return state;
}

constexpr std::string_view kIncludeMutationWebhook = "IncludeMutationWebhook=true";

bool appliesServerSide(const crd::Application &app)
{
    return app.spec.hasSyncOption("ServerSideApply=true");
}

compare::DiffOptions optionsOf(const crd::Application &app, const compare::CompareSettings &settings,
                               const compare::IgnoreRules &rules)
{
    compare::DiffOptions options;
    options.rules = &rules;
    options.roles =
        settings.ignoresAggregatedRoles ? compare::AggregatedRoles::Ignored : compare::AggregatedRoles::Compared;
    options.mode = compare::diffModeOf(false, appliesServerSide(app), nullptr);
    options.includesMutationWebhooks =
        crd::hasAnnotationOption(app.object, crd::kCompareOptionsAnnotation, kIncludeMutationWebhook);
    return options;
}

Expected<compare::NormalizedTargets> normalizedTargetsOf(const EvaluationInput &input,
                                                         const compare::RenderedTargets &targets)
{
    return compare::normalizedTargets(targets.objects, input.app.instanceName(input.controlPlaneNamespace),
                                      input.app.spec.destination.ns, compare::trackingSettingsOf(input.settings),
                                      scopesOf(input.discovery));
}

Expected<compare::IgnoreRules> rulesOf(const EvaluationInput &input)
{
    return compare::IgnoreRules::compile(input.app.spec.ignoreDifferences, input.settings.overrides, input.jq);
}

/// True if a rule names field managers. Rules are compiled for that alone only then: jq programs go to a worker.
bool trustsManagers(const EvaluationInput &input)
{
    const auto names = [](const auto &fields) { return !fields.managedFieldsManagers.empty(); };
    return std::ranges::any_of(input.app.spec.ignoreDifferences, names)
           || std::ranges::any_of(input.settings.overrides, names, &compare::ResourceOverride::ignoreDifferences);
}

/// How the pairs of \p input are compared by \p rules, which the caller keeps.
compare::DiffOfPairs diffOfPairs(const EvaluationInput &input, const compare::IgnoreRules &rules)
{
    compare::DiffOptions options = optionsOf(input.app, input.settings, rules);
    options.customSchemas = &input.schemas;
    const compare::TrackingSettings tracking = compare::trackingSettingsOf(input.settings);
    if (!input.dryRuns)
        return compare::diffOfPairs(options, tracking);
    if (*input.dryRuns)
        return compare::diffOfPairs(options, tracking, **input.dryRuns);
    return [error = input.dryRuns->error()](
               const std::vector<compare::Pair> &) -> Expected<std::vector<compare::DiffResult>> {
        return std::unexpected(error);
    };
}

/// Compares what was rendered, the pairs by \p diffOf.
compare::AppComparison comparisonOf(const EvaluationInput &input, compare::RenderedTargets targets,
                                    compare::DiffOfPairs diffOf, const action::ConfiguredHealth *scripts)
{
    const std::string instance = input.app.instanceName(input.controlPlaneNamespace);
    const compare::TrackingSettings tracking = compare::trackingSettingsOf(input.settings);
    // Live objects are looked up at the keys that targets have once namespaces are filled in.
    const auto normalized = normalizedTargetsOf(input, targets);
    compare::ComparisonInput comparison{
        .app = input.app,
        .instance = instance,
        .sources = {},
        .hasMultipleSources = input.hasMultipleSources,
        .revisions = {},
        .rendered = std::move(targets),
        .live = liveStateOf(input, normalized ? normalized->objects : std::vector<Object>{}, instance, tracking),
        .server = input.cluster.server,
        .tracking = tracking,
        .settings = input.settings,
        .scopeOf = scopesOf(input.discovery),
        .project = {.allowsLive = [&](const Object &live) -> Expected<bool> {
                        return policy::permitsLive(input.project, live.key(), input.cluster);
                    },
                    .allowsKind =
                        [&](const object::GroupKind &kind, std::string_view name, bool isNamespaced) {
                            return policy::permitsKind(input.project, kind, name,
                                                       isNamespaced ? policy::Scope::Namespaced
                                                                    : policy::Scope::Cluster);
                        }},
        .diffOf = std::move(diffOf),
        .scripts = scripts};
    for (const auto &[key, error] : input.unread)
        comparison.unread.emplace(key, error.text());
    comparison.sources = input.comparedTo;
    comparison.revisions = input.requestedRevisions;
    if (comparison.sources.empty()) {
        for (const SourceFiles &source : input.sources) {
            comparison.sources.push_back(source.source);
            comparison.revisions.push_back(source.source.targetRevision);
        }
    }
    return compare::compareApplication(comparison);
}

} // namespace

bool belongsToAnApplication(const Evaluation &evaluation, const std::string &instance)
{
    if (instance.empty())
        return false;
    const auto &known = evaluation.instances;
    if (!known || known->contains(instance))
        return true;
    // Where no Application of its namespace is seen, perhaps none may be.
    const std::size_t end = instance.find('_');
    if (end == std::string::npos)
        return false;
    const std::string ns = instance.substr(0, end + 1);
    const auto first = known->lower_bound(ns);
    return first == known->end() || !first->starts_with(ns);
}

bool servesTargets(const ports::Discovery &discovery, const Evaluation &evaluation)
{
    return std::ranges::all_of(evaluation.comparison.targets,
                               [&](const Object &target) { return discovery.find(target.gvk()) != nullptr; });
}

compare::ScopeOf scopesOf(ports::DiscoveryPtr discovery)
{
    return [discovery](const object::GroupKind &kind) -> std::optional<bool> {
        if (discovery) {
            if (const ports::ApiResource *resource = discovery->find(kind))
                return resource->type.isNamespaced;
            return std::nullopt;
        }
        return schema::isNamespaced(kind);
    };
}

Rendering renderingOf(const EvaluationInput &input, RenderCache *cache)
{
    return renderingOf(RenderInput{.app = input.app,
                                   .instance = input.app.instanceName(input.controlPlaneNamespace),
                                   .sources = input.sources,
                                   .hasMultipleSources = input.hasMultipleSources,
                                   .manifests = input.manifests,
                                   .manifestsProblem = input.manifestsProblem,
                                   .discovery = input.discovery,
                                   .tracking = compare::trackingSettingsOf(input.settings),
                                   .settings = input.rendering,
                                   .rendersAnew = input.rendersAnew},
                       cache);
}

std::vector<TargetNeed> targetNeedsOf(const EvaluationInput &input, const Rendering &rendering)
{
    const auto normalized = normalizedTargetsOf(input, rendering.targets);
    const Expected<compare::IgnoreRules> rules = trustsManagers(input) ? rulesOf(input) : compare::IgnoreRules();
    const bool appliesServer = appliesServerSide(input.app);
    std::vector<TargetNeed> needs;
    for (const Object &target : normalized ? normalized->objects : rendering.targets.objects) {
        TargetNeed need{target.key(), target.gvk()};
        need.readsSchema = compare::diffModeOf(false, appliesServer, &target) == compare::DiffMode::StructuredMerge
                           || (rules && !rules->trustedManagers(need.key).empty());
        need.readsManagers = need.readsSchema || input.appliesServerSide;
        needs.push_back(std::move(need));
    }
    return needs;
}

Expected<std::vector<DryRun>> dryRunsOf(const EvaluationInput &input, const Rendering &rendering)
{
    const Expected<compare::IgnoreRules> rules = rulesOf(input);
    if (!rules)
        return std::unexpected(rules.error());
    compare::DiffOptions options = optionsOf(input.app, input.settings, *rules);
    options.mode = compare::DiffMode::ServerSide;
    options.customSchemas = &input.schemas;
    const compare::TrackingSettings tracking = compare::trackingSettingsOf(input.settings);
    std::vector<DryRun> dryRuns;
    std::optional<Error> problem;
    comparisonOf(
        input, rendering.targets,
        [&](const std::vector<compare::Pair> &pairs) -> Expected<std::vector<compare::DiffResult>> {
            for (const compare::Pair &pair : pairs) {
                if (pair.target.isNull() || pair.live.isNull())
                    continue;
                const Object live = compare::withMigratedTracking(pair.live, pair.target, tracking);
                Expected<Object> target = compare::dryRunTarget(pair.target, live, options);
                if (!target)
                    problem = target.error().in(live.key().text());
                else
                    dryRuns.push_back({live.key(), std::move(*target), std::string(live.resourceVersion())});
            }
            return std::vector<compare::DiffResult>(pairs.size());
        },
        nullptr);
    if (problem)
        return std::unexpected(*problem);
    return dryRuns;
}

namespace {

/// \p live in the version of \p target: as the controller's tables convert it, else as definitions without a conversion of
/// their own do, which only rename it.
Object asTarget(const Object &live, const Object &target)
{
    const std::optional<Object> converted = compare::inVersion(live, target.gvk().version);
    return converted ? *converted : Object(live.value().with("apiVersion", target.apiVersion()));
}

} // namespace

bool wouldDiffer(const crd::Application &app, const Evaluation &evaluation, const compare::CompareSettings &settings,
                 const Object &live)
{
    if (!evaluation.rules)
        return false;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (resource.status.key() != live.key() || resource.target.isNull())
            continue;
        const auto diffs = compare::diffOfPairs(optionsOf(app, settings, *evaluation.rules), evaluation.tracking)(
            {{resource.target, asTarget(live, resource.target)}});
        return diffs && !diffs->empty() && diffs->front().isModified;
    }
    return false;
}

Evaluation evaluated(const EvaluationInput &input)
{
    return evaluated(input, renderingOf(input));
}

Evaluation evaluated(const EvaluationInput &input, Rendering rendering)
{
    Evaluation evaluation;
    evaluation.instance = input.app.instanceName(input.controlPlaneNamespace);
    evaluation.tracking = compare::trackingSettingsOf(input.settings);
    evaluation.live = input.live;
    evaluation.liveError = input.liveError;
    evaluation.unread = input.unread;
    evaluation.unlisted = input.unlisted;
    evaluation.cluster = input.cluster;
    evaluation.instances = input.instances;
    evaluation.schemas = input.schemas;
    evaluation.renderError = rendering.error;
    evaluation.targetsError = rendering.targets.error.value_or(std::string());
    evaluation.warnings = std::move(rendering.warnings);
    evaluation.warnings.insert(evaluation.warnings.end(), input.warnings.begin(), input.warnings.end());
    evaluation.revisions = rendering.targets.revisions;
    rendering.targets.problems.insert(rendering.targets.problems.end(), input.problems.begin(), input.problems.end());

    if (auto scripts = std::make_shared<const action::ConfiguredHealth>(input.settings, input.lua);
        scripts->hasScripts())
        evaluation.scripts = std::move(scripts);

    Expected<compare::IgnoreRules> rules = rulesOf(input);
    compare::DiffOfPairs diffOf;
    if (rules) {
        evaluation.rules = std::make_shared<const compare::IgnoreRules>(std::move(*rules));
        diffOf = diffOfPairs(input, *evaluation.rules);
    } else {
        diffOf = [error =
                      rules.error()](const std::vector<compare::Pair> &) -> Expected<std::vector<compare::DiffResult>> {
            return std::unexpected(error);
        };
    }
    evaluation.comparison =
        comparisonOf(input, std::move(rendering.targets), std::move(diffOf), evaluation.scripts.get());
    return evaluation;
}

} // namespace tiphys::control
