// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rendering.h"

#include "compare/tracking_targets.h"
#include "control/source_rendering.h"
#include "object/json.h"

namespace tiphys::control {

using object::Object;

namespace {

/// What the repo server says of files that it cannot use; any other failure has no code of its own.
std::string_view codeOf(std::string_view message)
{
    for (const std::string_view start :
         {"Failed to unmarshal ", "Failed to evaluate jsonnet ", "Failed to open ", "Found multiple objects in "}) {
        if (message.starts_with(start))
            return "FailedPrecondition";
    }
    return "Unknown";
}

/// The words that the controller puts before a failure of rendering.
std::string renderFailure(const Error &error, std::size_t source, std::size_t count)
{
    return "failed to generate manifest for source " + std::to_string(source) + " of " + std::to_string(count) + ": "
           + repoServerText(error);
}

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
render::RenderContext contextOf(const RenderInput &input, const SourceFiles &source)
{
    render::RenderContext context;
    context.kubeVersion = input.settings.kubeVersion;
    context.kustomizeBuildOptions = input.settings.kustomizeBuildOptions;
    context.remote = input.settings.remote;
    context.world = input.settings.world;
    context.jsonnet = input.settings.jsonnet;
    context.plugins = input.settings.plugins;
    context.tools = input.settings.tools;
    context.environment = {.appName = input.instance,
                           .appNamespace = input.app.spec.destination.ns,
                           .project = input.app.spec.effectiveProject(),
                           .revision = source.revision,
                           .repoUrl = source.source.repoUrl,
                           .path = source.source.path,
                           .targetRevision = source.source.targetRevision};
    context.apiVersions = apiVersionsOf(input.discovery);
    for (const SourceFiles &other : input.sources) {
        if (!other.source.ref.empty() && other.files)
            context.references[other.source.ref] = other.files;
    }
    return context;
}

/// Which files the references of a context are.
std::string referencesOf(const RenderInput &input)
{
    std::string text;
    for (const SourceFiles &other : input.sources) {
        if (!other.source.ref.empty() && other.files)
            text += other.source.ref + " " + other.source.repoUrl + " " + other.revision + "\n";
    }
    return text;
}

/// \p error of reading JSON as Go says it, which names no place.
Error withoutOffset(const Error &error)
{
    constexpr std::string_view start = "json: offset ";
    const std::string text = error.text();
    const std::size_t end = text.find(": ", start.size());
    return text.starts_with(start) && end != std::string::npos ? Error(error.code(), text.substr(end + 2)) : error;
}

/// As Kubernetes' decoder reads one object, with its errors.
Expected<Object> localObject(const std::string &text)
{
    const Expected<object::Value> value = object::parseJson(text);
    if (!value)
        return std::unexpected(withoutOffset(value.error()));
    if (!value->isMap() && !value->isNull()) {
        const std::string_view type = value->isList()     ? "array"
                                      : value->isString() ? "string"
                                      : value->isBool()   ? "bool"
                                                          : "number";
        return failure(ErrorCode::InvalidInput, "json: cannot unmarshal " + std::string(type)
                                                    + " into Go value of type map[string]interface {}");
    }
    if (Object(*value).kind().empty())
        return failure(ErrorCode::InvalidInput, "Object 'Kind' is missing in '" + text + '\'');
    return Object(*value);
}

/// Local manifests instead of sources; where they cannot be used, the rendering says why.
Expected<std::vector<Object>> localObjects(const RenderInput &input, Rendering &rendering)
{
    const auto refuse = [&](std::string prefix, const Error &error) {
        rendering.targets.errorPrefix = std::move(prefix);
        rendering.targets.error = error.text();
        return std::unexpected(error);
    };
    if (!input.manifestsProblem.empty())
        return refuse("", Error(ErrorCode::Denied, input.manifestsProblem));
    std::vector<Object> objects;
    for (const std::string &text : input.manifests) {
        if (text.empty() || text == "null")
            continue;
        const Expected<Object> object = localObject(text);
        if (!object)
            return refuse("Failed to load local manifests: ", object.error());
        objects.push_back(*object);
    }
    return objects;
}

/// Objects of all sources; where one fails, the rendering says why.
Expected<std::vector<Object>> sourceObjects(const RenderInput &input, RenderCache *cache, Rendering &rendering)
{
    std::vector<Object> objects;
    std::optional<Error> unavailable;
    for (std::size_t i = 0; i < input.sources.size(); ++i) {
        const SourceFiles &source = input.sources[i];
        rendering.targets.revisions.push_back(source.revision);
        if (source.source.isRefOnly() && input.hasMultipleSources) {
            rendering.targets.sourceTypes.emplace_back();
            continue;
        }
        const Expected<RenderedPtr> rendered = renderedSource(input, source, cache, rendering.needs);
        // What else is missing is asked for in the same round.
        if (!rendered && rendered.error().code() == ErrorCode::Unavailable && !rendering.needs.empty()
            && i + 1 < input.sources.size()) {
            if (!rendering.targets.error)
                rendering.targets.error = renderFailure(rendered.error(), i + 1, input.sources.size());
            if (!unavailable)
                unavailable = rendered.error();
            continue;
        }
        if (!rendered) {
            rendering.targets.error = renderFailure(rendered.error(), i + 1, input.sources.size());
            return std::unexpected(rendered.error());
        }
        rendering.targets.sourceTypes.emplace_back(render::word((*rendered)->type));
        rendering.warnings.insert(rendering.warnings.end(), (*rendered)->warnings.begin(), (*rendered)->warnings.end());
        for (const render::RenderedObject &object : (*rendered)->objects)
            objects.push_back(object.object);
    }
    if (unavailable)
        return std::unexpected(*unavailable);
    return objects;
}

} // namespace

std::string repoServerText(const Error &error)
{
    return "rpc error: code = " + std::string(codeOf(error.text())) + " desc = " + error.text();
}

Expected<RenderedPtr> renderedSource(const RenderInput &input, const SourceFiles &source, RenderCache *cache,
                                     std::vector<render::RemoteNeed> &needs)
{
    if (source.error)
        return std::unexpected(*source.error);
    RenderRequest request{.repoUrl = source.source.repoUrl,
                          .revision = source.revision,
                          .source = source.source.value,
                          .files = source.files,
                          .instance = input.instance,
                          .context = contextOf(input, source),
                          .references = referencesOf(input),
                          .rendersAnew = input.rendersAnew};
    request.context.needs = &needs;
    return cache ? cache->rendered(request) : renderedAnew(request);
}

Rendering renderingOf(const RenderInput &input, RenderCache *cache)
{
    Rendering rendering;
    const Expected<std::vector<Object>> objects =
        input.manifests.empty() ? sourceObjects(input, cache, rendering) : localObjects(input, rendering);
    if (!objects) {
        rendering.error = objects.error();
        if (!rendering.targets.error)
            rendering.targets.error = renderFailure(objects.error(), 1, 1);
        return rendering;
    }
    Expected<std::vector<Object>> tracked =
        compare::trackedTargets(*objects, input.instance, input.app.spec.destination.ns, input.tracking);
    if (!tracked) {
        rendering.error = tracked.error();
        rendering.targets.error = renderFailure(tracked.error(), 1, input.sources.size());
        return rendering;
    }
    rendering.targets.objects = std::move(*tracked);
    return rendering;
}

} // namespace tiphys::control
