// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/evaluation.h"

#include "control/drift.h"
#include "compare/diff.h"
#include "compare/ignore_rules.h"
#include "compare/tracking_targets.h"
#include "schema/schema.h"

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
        if (object.ownerReferences().empty())
            topLevel.push_back(object);
    }
    const auto findLive = [&](const object::ObjectKey &key) {
        const auto found = byKey.find(key);
        return found == byKey.end() ? Object() : found->second;
    };
    Expected<compare::LiveObjects> live =
        compare::managedLiveObjects(topLevel, targets, instance, tracking, findLive);
    if (live)
        state.objects = std::move(*live);
    else
        state.error = live.error().text();
    return state;
}

compare::DiffOptions optionsOf(const crd::Application &app, const compare::CompareSettings &settings,
                               const compare::IgnoreRules &rules)
{
    compare::DiffOptions options;
    options.rules = &rules;
    options.roles = settings.ignoresAggregatedRoles ? compare::AggregatedRoles::Ignored
                                                          : compare::AggregatedRoles::Compared;
    options.mode = compare::diffModeOf(false, app.spec.hasSyncOption("ServerSideApply=true"), nullptr);
    return options;
}

} // namespace

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
                                   .discovery = input.discovery,
                                   .tracking = compare::trackingSettingsOf(input.settings),
                                   .settings = input.rendering},
                       cache);
}

std::vector<object::ObjectKey> targetKeysOf(const EvaluationInput &input, const Rendering &rendering)
{
    const auto normalized = compare::normalizedTargets(
        rendering.targets.objects, input.app.instanceName(input.controlPlaneNamespace), input.app.spec.destination.ns,
        compare::trackingSettingsOf(input.settings), scopesOf(input.discovery));
    std::vector<object::ObjectKey> keys;
    for (const Object &target : normalized ? normalized->objects : rendering.targets.objects)
        keys.push_back(target.key());
    return keys;
}

bool wouldDiffer(const crd::Application &app, const Evaluation &evaluation, const compare::CompareSettings &settings,
                 const Object &live)
{
    if (!evaluation.rules)
        return false;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (resource.status.key() != live.key() || resource.target.isNull())
            continue;
        const auto diffs = compare::diffOfPairs(optionsOf(app, settings, *evaluation.rules),
                                                evaluation.tracking)({{resource.target, live}});
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
    evaluation.renderError = rendering.error;
    evaluation.warnings = std::move(rendering.warnings);
    evaluation.revisions = rendering.targets.revisions;

    if (auto scripts = std::make_shared<const action::ConfiguredHealth>(input.settings, input.lua); scripts->hasScripts())
        evaluation.scripts = std::move(scripts);

    const compare::ScopeOf scopeOf = scopesOf(input.discovery);
    Expected<compare::IgnoreRules> rules = compare::IgnoreRules::compile(
        input.app.spec.ignoreDifferences, input.settings.overrides, input.jq);
    compare::DiffOfPairs diffOf;
    if (rules) {
        evaluation.rules = std::make_shared<const compare::IgnoreRules>(std::move(*rules));
        diffOf = compare::diffOfPairs(optionsOf(input.app, input.settings, *evaluation.rules), evaluation.tracking);
    } else {
        diffOf = [error = rules.error()](const std::vector<compare::Pair> &)
            -> Expected<std::vector<compare::DiffResult>> { return std::unexpected(error); };
    }

    // Live objects are looked up at the keys that targets have once namespaces are filled in.
    const auto normalized =
        compare::normalizedTargets(rendering.targets.objects, evaluation.instance, input.app.spec.destination.ns,
                                   evaluation.tracking, scopeOf);
    compare::ComparisonInput comparison{
        .app = input.app,
        .instance = evaluation.instance,
        .sources = {},
        .hasMultipleSources = input.hasMultipleSources,
        .revisions = {},
        .rendered = std::move(rendering.targets),
        .live = liveStateOf(input, normalized ? normalized->objects : std::vector<Object>{}, evaluation.instance,
                            evaluation.tracking),
        .server = input.cluster.server,
        .tracking = evaluation.tracking,
        .settings = input.settings,
        .scopeOf = scopeOf,
        .project = {.allowsLive = [&](const Object &live) -> Expected<bool> {
                        return policy::permitsLive(input.project, live.key(), input.cluster);
                    },
                    .allowsKind =
                        [&](const object::GroupKind &kind, std::string_view name, bool isNamespaced) {
                            return policy::permitsKind(input.project, kind, name,
                                                       isNamespaced ? policy::Scope::Namespaced
                                                                    : policy::Scope::Cluster);
                        }},
        .diffOf = diffOf,
        .scripts = evaluation.scripts.get()};
    for (const SourceFiles &source : input.sources) {
        comparison.sources.push_back(source.source);
        comparison.revisions.push_back(source.source.targetRevision);
    }
    evaluation.comparison = compare::compareApplication(comparison);
    return evaluation;
}

} // namespace tiphys::control
