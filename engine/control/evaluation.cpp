// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/evaluation.h"

#include "compare/diff.h"
#include "compare/ignore_rules.h"
#include "compare/tracking_targets.h"
#include "object/json.h"
#include "render/source_type.h"
#include "schema/schema.h"

namespace tiphys::control {

using object::Object;

namespace {

/// What the repo server says of files that it cannot use; any other failure has no code of its own.
std::string_view codeOf(std::string_view message)
{
    for (const std::string_view start : {"Failed to unmarshal ", "Failed to open ", "Found multiple objects in "}) {
        if (message.starts_with(start))
            return "FailedPrecondition";
    }
    return "Unknown";
}

/// The words that the controller puts before a failure of rendering.
std::string renderFailure(const Error &error, std::size_t source, std::size_t count)
{
    return "failed to generate manifest for source " + std::to_string(source) + " of " + std::to_string(count)
           + ": rpc error: code = " + std::string(codeOf(error.text())) + " desc = " + error.text();
}

struct Targets
{
    compare::RenderedTargets rendered;
    std::optional<Error> error;
    std::vector<std::string> warnings;
};

/// "group/version" and "group/version/Kind" of everything that the destination serves.
std::vector<std::string> apiVersionsOf(const ports::DiscoveryPtr &discovery)
{
    std::vector<std::string> versions;
    if (!discovery)
        return versions;
    versions = discovery->groupVersions();
    for (const ports::ApiResource &resource : discovery->resources())
        versions.push_back(resource.type.apiVersion() + "/" + resource.type.kind);
    return versions;
}

/// What rendering \p source depends on beside its files.
render::RenderContext contextOf(const EvaluationInput &input, const SourceFiles &source)
{
    render::RenderContext context;
    context.environment = {.appName = std::string(input.app.name()), .appNamespace = input.app.spec.destination.ns,
                           .project = input.app.spec.effectiveProject(), .revision = source.revision,
                           .repoUrl = source.source.repoUrl, .path = source.source.path,
                           .targetRevision = source.source.targetRevision};
    context.apiVersions = apiVersionsOf(input.discovery);
    for (const SourceFiles &other : input.sources) {
        if (!other.source.ref.empty() && other.files)
            context.references[other.source.ref] = other.files;
    }
    return context;
}

Expected<std::vector<Object>> objectsOf(const EvaluationInput &input, const SourceFiles &source, std::string_view instance,
                                        Targets &targets)
{
    if (source.error)
        return std::unexpected(*source.error);
    if (source.source.isOci())
        return failure(ErrorCode::Unsupported, "not yet supported: OCI sources");
    const Expected<render::Rendered> rendered =
        render::renderSource(source.source.value, *source.files, instance, contextOf(input, source));
    if (!rendered)
        return std::unexpected(rendered.error());
    targets.rendered.sourceTypes.emplace_back(render::word(rendered->type));
    targets.warnings.insert(targets.warnings.end(), rendered->warnings.begin(), rendered->warnings.end());
    std::vector<Object> objects;
    for (const render::RenderedObject &object : rendered->objects)
        objects.push_back(object.object);
    return objects;
}

Expected<std::vector<Object>> localObjects(const std::vector<std::string> &manifests)
{
    std::vector<Object> objects;
    for (const std::string &text : manifests) {
        const Expected<object::Value> value = object::parseJson(text);
        if (!value)
            return std::unexpected(value.error().in("local manifest"));
        objects.emplace_back(*value);
    }
    return objects;
}

Targets targetsOf(const EvaluationInput &input, std::string_view instance,
                  const compare::TrackingSettings &tracking)
{
    Targets targets;
    std::vector<Object> objects;
    if (!input.manifests.empty()) {
        const Expected<std::vector<Object>> local = localObjects(input.manifests);
        if (!local)
            targets.error = local.error();
        else
            objects = *local;
    }
    for (std::size_t i = 0; input.manifests.empty() && i < input.sources.size(); ++i) {
        const SourceFiles &source = input.sources[i];
        targets.rendered.revisions.push_back(source.revision);
        if (source.source.isRefOnly() && input.hasMultipleSources) {
            targets.rendered.sourceTypes.emplace_back();
            continue;
        }
        const Expected<std::vector<Object>> more = objectsOf(input, source, instance, targets);
        if (!more) {
            targets.error = more.error();
            targets.rendered.error = renderFailure(more.error(), i + 1, input.sources.size());
            return targets;
        }
        objects.insert(objects.end(), more->begin(), more->end());
    }
    Expected<std::vector<Object>> tracked =
        compare::trackedTargets(objects, instance, input.app.spec.destination.ns, tracking);
    if (!tracked) {
        targets.error = tracked.error();
        targets.rendered.error = renderFailure(tracked.error(), 1, input.sources.size());
        return targets;
    }
    targets.rendered.objects = std::move(*tracked);
    return targets;
}

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

compare::DiffOptions optionsOf(const EvaluationInput &input, const compare::IgnoreRules &rules)
{
    compare::DiffOptions options;
    options.rules = &rules;
    options.roles = input.settings.ignoresAggregatedRoles ? compare::AggregatedRoles::Ignored
                                                          : compare::AggregatedRoles::Compared;
    options.mode = compare::diffModeOf(false, input.app.spec.hasSyncOption("ServerSideApply=true"), nullptr);
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

Evaluation evaluated(const EvaluationInput &input)
{
    Evaluation evaluation;
    evaluation.instance = input.app.instanceName(input.controlPlaneNamespace);
    evaluation.tracking = compare::trackingSettingsOf(input.settings);
    evaluation.live = input.live;
    Targets targets = targetsOf(input, evaluation.instance, evaluation.tracking);
    evaluation.renderError = targets.error;
    evaluation.warnings = std::move(targets.warnings);
    evaluation.revisions = targets.rendered.revisions;

    if (auto scripts = std::make_shared<const action::ConfiguredHealth>(input.settings, input.lua); scripts->hasScripts())
        evaluation.scripts = std::move(scripts);

    const compare::ScopeOf scopeOf = scopesOf(input.discovery);
    Expected<compare::IgnoreRules> rules = compare::IgnoreRules::compile(
        input.app.spec.ignoreDifferences, input.settings.overrides, input.jq);
    compare::DiffOfPairs diffOf;
    if (rules) {
        evaluation.rules = std::make_shared<const compare::IgnoreRules>(std::move(*rules));
        diffOf = compare::diffOfPairs(optionsOf(input, *evaluation.rules), evaluation.tracking);
    } else {
        diffOf = [error = rules.error()](const std::vector<compare::Pair> &)
            -> Expected<std::vector<compare::DiffResult>> { return std::unexpected(error); };
    }

    // Live objects are looked up at the keys that targets have once namespaces are filled in.
    const auto normalized =
        compare::normalizedTargets(targets.rendered.objects, evaluation.instance, input.app.spec.destination.ns,
                                   evaluation.tracking, scopeOf);
    compare::ComparisonInput comparison{
        .app = input.app,
        .instance = evaluation.instance,
        .sources = {},
        .hasMultipleSources = input.hasMultipleSources,
        .revisions = {},
        .rendered = std::move(targets.rendered),
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
