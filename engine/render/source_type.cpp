// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/source_type.h"

#include "base/text.h"
#include "object/json.h"
#include "object/merge_patch.h"
#include "object/yaml.h"
#include "render/directory.h"
#include "render/external_tools.h"
#include "render/helm/capabilities.h"
#include "render/helm/chart_archive.h"
#include "render/helm/chart_inflation.h"
#include "render/helm/source_options.h"
#include "render/helm/template_cache.h"
#include "render/instance_name.h"
#include "render/kustomize/argo_source.h"
#include "render/plugin/plugin_source.h"

#include <algorithm>
#include <array>

namespace tiphys::render {

using object::Value;

namespace {

std::string below(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

/// Source members that override files must not change.
constexpr std::array<std::string_view, 4> kFixedMembers{"chart", "path", "repoURL", "targetRevision"};

Expected<Value> withOverride(const Value &source, const FileTree &files, const std::string &path)
{
    const Expected<FileEntry> entry = files.entry(path);
    if (!entry || entry->kind == FileKind::Folder)
        return source;
    const Expected<FileContent> content = files.read(path);
    if (!content)
        return std::unexpected(content.error());
    const Expected<Value> patch = object::parseYaml(content->text);
    if (!patch)
        return std::unexpected(patch.error().in("file " + quoted(path)));
    return object::applyMergePatch(source, *patch);
}

Expected<void> checkLinksBelow(const FileTree &files, const std::string &folder)
{
    const Expected<std::vector<FileEntry>> entries = files.list(folder);
    if (!entries)
        return std::unexpected(entries.error());
    for (const FileEntry &entry : *entries) {
        const std::string path = below(folder, entry.name);
        if (entry.kind == FileKind::Folder) {
            const Expected<void> checked = checkLinksBelow(files, path);
            if (!checked)
                return checked;
        }
        if (entry.kind != FileKind::Symlink)
            continue;
        const Expected<FileContent> target = files.read(path);
        if (!target)
            return std::unexpected(target.error());
        if (target->text.starts_with('/') || !cleanPath(below(folder, target->text)))
            return failure(ErrorCode::InvalidInput, "repository contains out-of-bounds symlinks. file: " + path);
    }
    return {};
}

/// \p ours, or what the tool of this machine says instead where it is chosen. It is not asked while something is not
/// fetched: a tool would fetch it unasked.
template <typename Ask>
Expected<Rendered> orFromTool(Expected<Rendered> ours, const RenderContext &context, Ask ask)
{
    const bool isMissing = !ours && ours.error().code() == ErrorCode::Unavailable;
    if (isMissing || !context.tools
        || !context.tools->areChosenFor(std::string(applicationNameOf(context.environment.appName))))
        return ours;
    return ask(*context.tools);
}

Expected<Rendered> renderHelmSource(const Value &source, const FileTree &files, const std::string &folder,
                                    const RenderContext &context)
{
    const Expected<HelmOptions> options = helmOptionsOf(source, files, folder, context);
    if (!options)
        return std::unexpected(options.error());
    const text::SprigWorldPtr world = context.world ? context.world : std::make_shared<const text::SprigWorld>();
    const std::shared_ptr<TemplateCache> templates =
        context.templates ? context.templates : std::make_shared<TemplateCache>();
    const Expected<Rendered> rendered =
        orFromTool(renderChartFolder(files, folder, *options, world, *templates, context.remoteAccess()), context,
                   [&](ExternalTools &tools) { return tools.chart(files, folder, *options); });
    if (!rendered)
        return rendered;
    const auto nameless =
        std::ranges::find_if(rendered->objects, [](const RenderedObject &each) { return each.object.kind().empty(); });
    if (nameless != rendered->objects.end())
        return failure(
            ErrorCode::InvalidInput,
            "failed to unmarshal manifest: error unmarshaling JSON: while decoding JSON: Object 'Kind' is missing in '"
                + object::toJson(nameless->object.value(), {.escapesHtml = true}) + "'");
    return rendered;
}

constexpr std::string_view kKustomizeVersion = "5.8.1";

/// The flags of the build: those of argocd-cm, and what Argo CD adds to them.
/// Source: argo-cd util/kustomize/kustomize.go (parseKustomizeBuildOptions)@v3.5.1
Expected<KustomizeOptions> kustomizeOptionsOf(const Value &kustomize, const RenderContext &context)
{
    Expected<KustomizeOptions> options = kustomizeBuildOptions(context.kustomizeBuildOptions);
    if (!options)
        return std::unexpected(options.error().in("kustomize.buildOptions"));
    options->remote = context.remote.get();
    options->needs = context.needs;
    std::string_view version = kustomize["version"].stringOr();
    if (version.starts_with('v'))
        version.remove_prefix(1);
    if (!version.empty() && version != kKustomizeVersion)
        return failure(ErrorCode::Unsupported, "kustomize version " + quoted(kustomize["version"].stringOr())
                                                   + " is not supported: " + std::string(kKustomizeVersion)
                                                   + " is built in");
    if (!options->enablesHelm)
        return options;
    const std::string_view own = kustomize["kubeVersion"].stringOr();
    if (const std::string kubeVersion = plainKubeVersion(own.empty() ? context.kubeVersion : own); !kubeVersion.empty())
        options->helmKubeVersion = kubeVersion;
    const Value apiVersions = kustomize["apiVersions"];
    for (const Value &apiVersion : apiVersions.items())
        options->helmApiVersions.emplace_back(apiVersion.stringOr());
    if (apiVersions.size() == 0)
        options->helmApiVersions.insert(options->helmApiVersions.end(), context.apiVersions.begin(),
                                        context.apiVersions.end());
    return options;
}

Expected<Rendered> renderKustomizeFolder(const Value &kustomize, const FileTree &files, const std::string &folder,
                                         const RenderContext &context)
{
    Expected<KustomizeOptions> options = kustomizeOptionsOf(kustomize, context);
    if (!options)
        return std::unexpected(options.error());
    options->helm = chartInflator(files, context);
    Expected<Rendered> ours =
        renderKustomizeSource(kustomize, files, folder, std::move(*options),
                              [&context](std::string_view text) { return context.environment.substituted(text); });
    return orFromTool(std::move(ours), context, [&](ExternalTools &tools) {
        return tools.kustomization(files, folder, kustomizeCallOf(kustomize, context));
    });
}

/// The chart or artifact that \p source names instead of a repository.
Expected<std::shared_ptr<const FileTree>> fetchedFiles(const Value &source, const RenderContext &context)
{
    const std::string url(source["repoURL"].stringOr());
    const std::string revision(source["targetRevision"].stringOr());
    RemoteNeed need{.url = url, .repository = {}, .chart = {}, .artifact = {}};
    Fetched<std::shared_ptr<const FileTree>> files;
    if (const std::string chart(source["chart"].stringOr()); !chart.empty()) {
        need.chart = ChartReference{.repository = url, .name = chart, .version = revision};
        Fetched<ArchivePtr> archive;
        if (context.remote)
            archive = context.remote->chart(*need.chart);
        if (archive && *archive)
            files = chartArchiveTree(***archive);
        else if (archive)
            files = std::unexpected(archive->error());
    } else {
        need.artifact = ArtifactReference{url, revision};
        if (context.remote)
            files = context.remote->artifact(*need.artifact);
    }
    if (!files) {
        const std::string text = need.text();
        context.remoteAccess().note(std::move(need));
        return failure(ErrorCode::Unavailable, text + " is not fetched");
    }
    if (!*files)
        return std::unexpected(fetchFailure(files->error()).in(need.text()));
    return **files;
}

Expected<Rendered> renderFiles(const Value &source, const FileTree &files, std::string_view instance,
                               const RenderContext &context);

} // namespace

Expected<SourceType> discoveredType(const FileTree &files, std::string_view folder)
{
    const Expected<std::vector<FileEntry>> entries = files.list(folder);
    if (!entries)
        return std::unexpected(entries.error());
    SourceType type = SourceType::Directory;
    for (const FileEntry &entry : *entries) {
        if (entry.kind == FileKind::Folder)
            continue;
        if (entry.name.ends_with("Chart.yaml"))
            type = SourceType::Helm;
        if (entry.name == "kustomization.yaml" || entry.name == "kustomization.yml" || entry.name == "Kustomization")
            type = SourceType::Kustomize;
    }
    return type;
}

KustomizeCall kustomizeCallOf(const Value &kustomize, const RenderContext &context)
{
    KustomizeCall call{
        .options = kustomize, .flags = {}, .substitute = [environment = context.environment](std::string_view text) {
            return environment.substituted(text);
        }};
    for (const std::string_view word : split(context.kustomizeBuildOptions, ' ')) {
        if (!word.empty())
            call.flags.emplace_back(word);
    }
    const Expected<KustomizeOptions> options = kustomizeOptionsOf(kustomize, context);
    if (!options || !options->enablesHelm)
        return call;
    if (!options->helmKubeVersion.empty())
        call.flags.insert(call.flags.end(), {"--helm-kube-version", options->helmKubeVersion});
    for (const std::string &version : options->helmApiVersions)
        call.flags.insert(call.flags.end(), {"--helm-api-versions", version});
    return call;
}

bool namesType(const Value &source)
{
    return std::ranges::any_of(std::array{"kustomize", "helm", "directory", "plugin"},
                               [&](const char *member) { return !source[member].isNull(); });
}

Expected<SourceType> sourceTypeOf(const Value &source, const FileTree &files, std::string_view folder)
{
    constexpr std::array<std::pair<std::string_view, SourceType>, 4> explicitTypes{
        std::pair{std::string_view("kustomize"), SourceType::Kustomize},
        std::pair{std::string_view("helm"), SourceType::Helm},
        std::pair{std::string_view("directory"), SourceType::Directory},
        std::pair{std::string_view("plugin"), SourceType::Plugin},
    };
    std::vector<std::string> named;
    SourceType type = SourceType::Directory;
    for (const auto &[member, memberType] : explicitTypes) {
        if (source[member].isNull())
            continue;
        named.emplace_back(word(memberType));
        type = memberType;
    }
    if (named.size() > 1)
        return failure(ErrorCode::InvalidInput, "multiple application sources defined: " + join(named, ","));
    return named.empty() ? discoveredType(files, folder) : Expected<SourceType>(type);
}

Expected<Value> withOverrides(const Value &source, const FileTree &files, std::string_view folder,
                              std::string_view instance)
{
    Value merged = source;
    const std::array names{std::string(".argocd-source.yaml"), ".argocd-source-" + std::string(instance) + ".yaml"};
    for (const std::string &name : names) {
        Expected<Value> next = withOverride(merged, files, below(folder, name));
        if (!next)
            return next;
        merged = *next;
    }
    for (const std::string_view member : kFixedMembers) {
        const std::optional<Value> original = source.find(member);
        merged = original ? merged.with(member, *original) : merged.without(member);
    }
    return merged;
}

Expected<Rendered> renderSource(const Value &source, const FileTree &files, std::string_view instance,
                                const RenderContext &context)
{
    if (!isFetchedSource(source))
        return renderFiles(source, files, instance, context);
    const Expected<std::shared_ptr<const FileTree>> fetched = fetchedFiles(source, context);
    if (!fetched)
        return std::unexpected(fetched.error());
    return renderFiles(source, **fetched, instance, context);
}

bool isFetchedSource(const Value &source)
{
    return !source["chart"].stringOr().empty() || source["repoURL"].stringOr().starts_with("oci://");
}

namespace {

/// True if the last part of \p path is a symbolic link. Argo CD walks the folder of a source without following it, and so
/// discovers nothing and reads no plain manifest behind one; tools that work in the folder do.
bool endsInLink(const FileTree &files, const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    if (path.empty())
        return false;
    const Expected<std::string> parent =
        resolvedPath(files, slash == std::string::npos ? std::string() : path.substr(0, slash));
    const Expected<FileEntry> entry =
        parent ? files.entry(below(*parent, path.substr(slash + 1))) : std::unexpected(parent.error());
    return entry && entry->kind == FileKind::Symlink;
}

/// The type of \p source: what it says, else a plugin that claims \p folder, else what stands there.
Expected<SourceType> typeWithPlugins(const Value &source, const FileTree &files, const std::string &folder,
                                     const RenderContext &context)
{
    if (namesType(source))
        return sourceTypeOf(source, files, folder);
    const Expected<const Plugin *> plugin = discoveredPlugin(files, folder, context);
    if (!plugin)
        return std::unexpected(plugin.error());
    return *plugin ? SourceType::Plugin : discoveredType(files, folder);
}

Expected<Rendered> renderFiles(const Value &source, const FileTree &files, std::string_view instance,
                               const RenderContext &context)
{
    const std::string_view path = source["chart"].stringOr().empty() ? source["path"].stringOr() : std::string_view();
    if (path.starts_with('/'))
        return failure(ErrorCode::InvalidInput, std::string(path) + ": app path is absolute");
    const Expected<std::string> clean = cleanPath(path);
    if (!clean)
        return failure(ErrorCode::InvalidInput, std::string(path) + ": app path outside root");
    const Expected<std::string> folder = resolvedPath(files, *clean);
    if (!folder)
        return failure(ErrorCode::NotFound, std::string(path) + ": app path does not exist");
    if (!folder->empty()) {
        const Expected<FileEntry> entry = files.entry(*folder);
        if (entry && entry->kind != FileKind::Folder)
            return failure(ErrorCode::InvalidInput, std::string(path) + ": app path is not a directory");
    }
    const Expected<Value> effective = withOverrides(source, files, *folder, instance);
    if (!effective)
        return std::unexpected(effective.error());
    const Expected<SourceType> type = typeWithPlugins(*effective, files, *folder, context);
    if (!type)
        return std::unexpected(type.error().in("error getting app source type"));
    const bool isWalked = *type == SourceType::Directory || (!namesType(*effective) && *type != SourceType::Plugin);
    if (isWalked && endsInLink(files, *clean))
        return Rendered{.type = SourceType::Directory,
                        .objects = {},
                        .warnings = {"path " + quoted(path)
                                     + " is a symbolic link, behind which nothing is found: name the folder itself, or "
                                       "the type of the source"}};
    switch (*type) {
    case SourceType::Helm: return renderHelmSource(*effective, files, *folder, context);
    case SourceType::Kustomize: return renderKustomizeFolder((*effective)["kustomize"], files, *folder, context);
    case SourceType::Plugin: return renderPluginSource((*effective)["plugin"], files, *folder, context);
    case SourceType::Directory: break;
    }
    const Value directory = (*effective)["directory"];
    Expected<JsonnetOptions> jsonnet = jsonnetOptionsOf(directory["jsonnet"], context.environment);
    if (!jsonnet)
        return std::unexpected(jsonnet.error());
    jsonnet->engine = context.jsonnet;
    return renderDirectory(files, *folder,
                           {.recurses = directory["recurse"].boolOr(false),
                            .include = std::string(directory["include"].stringOr()),
                            .exclude = std::string(directory["exclude"].stringOr()),
                            .jsonnet = std::move(*jsonnet)});
}

} // namespace

Expected<void> checkSymlinks(const FileTree &files)
{
    return checkLinksBelow(files, "");
}

} // namespace tiphys::render
