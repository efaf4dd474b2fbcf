// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/application_tools.h"
#include "cli/commands.h"
#include "cli/module.h"
#include "cli/plugins.h"
#include "compose/local_tools.h"
#include "compose/parallel_for_each.h"
#include "object/json.h"
#include "object/yaml.h"
#include "object/yaml_fault.h"
#include "process/jsonnet_worker.h"
#include "render/directory.h"
#include "render/helm/helm_render.h"
#include "render/helm/source_options.h"
#include "render/helm/template_cache.h"
#include "render/plugin/plugin_source.h"
#include "render/source_type.h"
#include "store/folder_tree.h"
#include "store/template_world.h"
#include "store/written_tree.h"

#include <filesystem>
#include <optional>

namespace tiphys::cli {

using compose::firstDifference;
using compose::helmAnswer;
using compose::kustomizeAnswer;
using compose::ToolAnswer;
using object::Object;
using object::Value;

namespace {

/// The source that the flags describe.
Value sourceOf(const RenderFlags &flags, std::string_view path)
{
    Value source = Value::map({{"path", path}});
    if (flags.recurses || !flags.include.empty() || !flags.exclude.empty()) {
        Value directory = Value::map({});
        if (flags.recurses)
            directory = directory.with("recurse", true);
        if (!flags.include.empty())
            directory = directory.with("include", flags.include);
        if (!flags.exclude.empty())
            directory = directory.with("exclude", flags.exclude);
        source = source.with("directory", directory);
    }
    return source;
}

/// Errors of files that the user named on the command line name them as given.
Expected<std::string> fileText(const std::string &path)
{
    return store::fileContent(path);
}

/// True if the user gave a flag that only charts know.
bool hasHelmFlags(const RenderFlags &flags)
{
    return !flags.name.empty() || !flags.ns.empty() || !flags.valueFiles.empty() || !flags.set.empty()
           || !flags.setString.empty() || !flags.setJson.empty() || !flags.setFile.empty() || !flags.setLiteral.empty()
           || flags.skipsCrds || flags.skipsTests || flags.skipsSchemaValidation;
}

Expected<render::HelmOptions> helmOptionsOf(const RenderFlags &flags)
{
    render::HelmOptions options;
    if (!flags.name.empty())
        options.releaseName = flags.name;
    if (!flags.ns.empty())
        options.ns = flags.ns;
    options.kubeVersion = flags.kubeVersion;
    options.apiVersions = flags.apiVersions;
    options.includesCrds = !flags.skipsCrds;
    options.skipsTests = flags.skipsTests;
    options.skipsSchemaValidation = flags.skipsSchemaValidation;
    for (const std::string &file : flags.valueFiles) {
        Expected<std::string> text = fileText(file);
        if (!text)
            return std::unexpected(text.error());
        options.valueTexts.push_back({file, std::move(*text)});
    }
    const std::pair<render::SetKind, const std::vector<std::string> *> sets[] = {
        {render::SetKind::Json, &flags.setJson},
        {render::SetKind::Typed, &flags.set},
        {render::SetKind::String, &flags.setString},
        {render::SetKind::File, &flags.setFile},
        {render::SetKind::Literal, &flags.setLiteral}};
    for (const auto &[kind, texts] : sets) {
        for (const std::string &text : *texts)
            options.setFlags.push_back({kind, text});
    }
    options.readSetFile = fileText;
    return options;
}

std::vector<Object> reported(const render::Rendered &rendered)
{
    for (const std::string &warning : rendered.warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    std::vector<Object> objects;
    for (const render::RenderedObject &object : rendered.objects)
        objects.push_back(object.object);
    return objects;
}

/// What was read as template. It stays until the process ends: taking the nodes of a large chart apart one by one takes a
/// twentieth of the time of rendering it.
std::shared_ptr<render::TemplateCache> lastingTemplates()
{
    static const auto &templates =
        *new std::shared_ptr<render::TemplateCache>(std::make_shared<render::TemplateCache>());
    return templates;
}

constexpr int kMostRounds = 20;
/// More have nothing to do in what takes a few milliseconds.
constexpr unsigned kMostThreads = 3;

/// One rendering: its source, and what it depends on.
class Rendering
{
public:
    Rendering(const render::FileTree &files, const Invocation &invocation, std::string diskRoot, const ForEach &forEach)
        : m_files(files), m_flags(invocation.render), m_pluginFlags(invocation.plugins),
          m_diskRoot(std::move(diskRoot)), m_plugins(pluginHost(invocation.plugins, PluginPlaces::UserAndWorkspace))
    {
        const RenderFlags &flags = m_flags;
        m_context.plugins = m_plugins.get();
        m_context.world = store::machineWorld();
        m_context.templates = lastingTemplates();
        m_context.kubeVersion = flags.kubeVersion;
        m_context.apiVersions = flags.apiVersions;
        m_context.kustomizeBuildOptions = flags.kustomizeOptions;
        m_context.jsonnet = &m_jsonnet;
        m_context.needs = &m_needs;
        m_context.forEach = forEach;
    }

    /// Applications that the workspace chose tools for are rendered by them, unless flags say more about tools.
    Expected<void> useWorkspaceTools()
    {
        if (m_flags.tools != RenderFlags::Tools::None)
            return {};
        Expected<std::unique_ptr<render::ExternalTools>> tools = applicationTools(m_diskRoot);
        if (!tools)
            return std::unexpected(tools.error());
        m_tools = std::move(*tools);
        m_context.tools = m_tools.get();
        return {};
    }

    /// What the plugin of the folder at \p path announces.
    Expected<std::vector<Value>> parametersAt(const std::string &path)
    {
        const Expected<Value> plugin = pluginSourceOf(m_pluginFlags);
        return plugin ? render::announcedParameters(*plugin, m_files, path, m_context)
                      : std::unexpected(plugin.error());
    }

    void useRemote(std::shared_ptr<const render::RemoteContent> remote) { m_context.remote = std::move(remote); }
    const std::vector<render::RemoteNeed> &needs() const { return m_needs; }
    /// What the tools of this machine say of the last rendering, one line each.
    const std::vector<std::string> &verdicts() const { return m_verdicts; }
    bool toolsAgree() const { return m_toolsAgree; }

    /// The objects of the file or folder at \p path.
    Expected<std::vector<Object>> objectsAt(const std::string &path)
    {
        m_needs.clear();
        m_verdicts.clear();
        m_toolsAgree = true;
        const Expected<render::FileEntry> entry = m_files.entry(path);
        if (!path.empty() && entry && entry->kind == render::FileKind::File)
            return objectsOfFile(path);
        const Expected<Value> plugin = pluginAt(path);
        if (!plugin)
            return std::unexpected(plugin.error());
        if (!plugin->isNull())
            return objectsOf(Value::map({{"path", path}, {"plugin", *plugin}}), "");
        const Expected<render::SourceType> type = render::discoveredType(m_files, path);
        if (!type)
            return std::unexpected(type.error());
        if (*type == render::SourceType::Helm)
            return objectsOfChart(path);
        if (hasHelmFlags(m_flags))
            return failure(ErrorCode::InvalidInput,
                           "'" + m_flags.source + "' is no chart: flags such as --values and --set do not apply");
        return objectsOf(sourceOf(m_flags, path), "");
    }

private:
    /// `source.plugin` of a folder without an Application: what flags say, else the plugin that claims it; null for none.
    Expected<Value> pluginAt(const std::string &path)
    {
        Expected<Value> named = pluginSourceOf(m_pluginFlags);
        if (!named || !named->isNull() || !m_pluginFlags.mayClaim)
            return named;
        m_context.environment.path = path;
        const Expected<const render::Plugin *> claimed = render::discoveredPlugin(m_files, path, m_context);
        if (!claimed)
            return std::unexpected(claimed.error());
        return *claimed ? Value::map({{"name", (*claimed)->config.fullName()}}) : Value();
    }

    /// A chart as `helm template` renders it with the same flags.
    Expected<std::vector<Object>> objectsOfChart(const std::string &folder)
    {
        Expected<render::HelmOptions> options = helmOptionsOf(m_flags);
        if (!options)
            return std::unexpected(options.error());
        options->forEach = m_context.forEach;
        options->keepsLists = m_flags.tools == RenderFlags::Tools::None;
        const Expected<render::Rendered> rendered = render::renderChartFolder(
            m_files, folder, *options, m_context.world, *m_context.templates, m_context.remoteAccess());
        if (!rendered)
            return std::unexpected(rendered.error());
        return withTools(reported(*rendered), [&] { return helmOf(folder, *options); });
    }

    /// \p ours, or what a tool of this machine makes of the same source.
    template <typename Ask>
    Expected<std::vector<Object>> withTools(std::vector<Object> ours, Ask ask)
    {
        if (m_flags.tools == RenderFlags::Tools::None)
            return ours;
        const Expected<ToolAnswer> theirs = ask();
        if (m_flags.tools == RenderFlags::Tools::Use)
            return theirs ? Expected<std::vector<Object>>(theirs->objects) : std::unexpected(theirs.error());
        if (!theirs) {
            m_toolsAgree = false;
            m_verdicts.push_back("not verified: " + theirs.error().text());
            return ours;
        }
        const std::string difference = firstDifference(ours, theirs->objects);
        m_toolsAgree = m_toolsAgree && difference.empty();
        m_verdicts.push_back(theirs->tool
                             + (difference.empty() ? " agrees: " + std::to_string(ours.size()) + " objects"
                                                   : " differs: " + difference));
        return ours;
    }

    Expected<ToolAnswer> helmOf(const std::string &folder, const render::HelmOptions &options)
    {
        const Expected<std::string> place = onDisk(folder);
        return place ? helmAnswer(*place, options) : std::unexpected(place.error());
    }

    Expected<ToolAnswer> kustomizeOf(const std::string &folder, const Value &options)
    {
        const render::KustomizeCall call = render::kustomizeCallOf(options, m_context);
        if (!options.isEmpty())
            return compose::editedKustomizeAnswer(m_files, folder, call);
        const Expected<std::string> place = onDisk(folder);
        return place ? kustomizeAnswer(*place, call.flags) : std::unexpected(place.error());
    }

    /// Where \p folder of the files stands on this machine; files of a commit are written to a temporary folder.
    Expected<std::string> onDisk(const std::string &folder)
    {
        if (m_diskRoot.empty()) {
            Expected<std::unique_ptr<store::TemporaryFolder>> made = store::TemporaryFolder::make();
            const Expected<void> written =
                made ? store::writeTree(m_files, (*made)->path()) : std::unexpected(made.error());
            if (!written)
                return std::unexpected(written.error());
            m_diskRoot = (*made)->path().string();
            m_written = std::move(*made);
        }
        return (std::filesystem::path(m_diskRoot) / folder).string();
    }

    /// What tools make of a source of an Application, as far as they can be asked.
    Expected<std::vector<Object>> sourceWithTools(std::vector<Object> ours, const render::Rendered &rendered,
                                                  const Value &source, std::string_view instance)
    {
        if (m_flags.tools == RenderFlags::Tools::None || rendered.type == render::SourceType::Directory)
            return ours;
        return withTools(std::move(ours), [&]() -> Expected<ToolAnswer> {
            const Expected<std::string> folder = render::cleanPath(source["path"].stringOr());
            if (!folder || render::isFetchedSource(source))
                return failure(ErrorCode::Unsupported, "tools are not asked about sources from elsewhere");
            const Expected<Value> effective = render::withOverrides(source, m_files, *folder, instance);
            if (!effective)
                return std::unexpected(effective.error());
            if (rendered.type == render::SourceType::Kustomize)
                return kustomizeOf(*folder, (*effective)["kustomize"]);
            const Expected<render::HelmOptions> options =
                render::helmOptionsOf(*effective, m_files, *folder, m_context);
            return options ? helmOf(*folder, *options) : std::unexpected(options.error());
        });
    }

    Expected<std::vector<Object>> objectsOfFile(const std::string &path)
    {
        const Expected<render::FileContent> content = m_files.read(path);
        if (!content)
            return std::unexpected(content.error());
        Expected<std::vector<Object>> objects = render::manifestsIn(content->text, path);
        if (objects && objects->size() == 1 && objects->front().kind() == "Application")
            return objectsOfApplication(objects->front());
        // What is no manifest at all is left out of folders; here somebody named it.
        if (const auto fault = objects && objects->empty() ? object::yamlFault(content->text, path) : std::nullopt)
            return std::unexpected(*fault);
        return objects;
    }

    Expected<std::vector<Object>> objectsOf(const Value &source, std::string_view instance)
    {
        m_context.environment.appName = instance;
        m_context.environment.repoUrl = source["repoURL"].stringOr();
        m_context.environment.path = source["path"].stringOr();
        m_context.environment.targetRevision = source["targetRevision"].stringOr();
        const Expected<render::Rendered> rendered = render::renderSource(source, m_files, instance, m_context);
        if (!rendered)
            return std::unexpected(rendered.error());
        return sourceWithTools(reported(*rendered), *rendered, source, instance);
    }

    /// Every source of \p application in its order; refs without a path give nothing. Those of Git are read from the
    /// files at hand.
    Expected<std::vector<Object>> objectsOfApplication(const Object &application)
    {
        const Value spec = application.value()["spec"];
        std::vector<Value> sources;
        const Value several = spec["sources"];
        for (const Value &source : several.items())
            sources.push_back(source);
        if (sources.empty())
            sources.push_back(spec["source"]);
        m_context.environment.appNamespace = spec["destination"]["namespace"].stringOr();
        m_context.environment.project = spec["project"].stringOr("default");
        for (const Value &source : sources) {
            if (!source["ref"].isEmpty())
                m_context.references[std::string(source["ref"].stringOr())] = {
                    std::shared_ptr<const render::FileTree>(), &m_files};
        }
        std::vector<Object> objects;
        std::optional<Error> unavailable;
        for (const Value &source : sources) {
            if (sources.size() > 1 && source["path"].isEmpty() && !render::isFetchedSource(source))
                continue;
            const Expected<std::vector<Object>> more = objectsOf(source, application.name());
            if (more)
                objects.insert(objects.end(), more->begin(), more->end());
            else if (more.error().code() != ErrorCode::Unavailable)
                return more;
            else if (!unavailable)
                unavailable = more.error();
        }
        if (unavailable)
            return std::unexpected(*unavailable);
        return objects;
    }

    const render::FileTree &m_files;
    const RenderFlags &m_flags;
    const PluginFlags &m_pluginFlags;
    process::JsonnetWorker m_jsonnet{programFile("tiphysctl")};
    render::RenderContext m_context;
    std::vector<render::RemoteNeed> m_needs;
    std::string m_diskRoot; ///< "" while the files are nowhere on this machine
    std::shared_ptr<render::PluginHost> m_plugins;
    std::unique_ptr<render::ExternalTools> m_tools;
    std::unique_ptr<store::TemporaryFolder> m_written;
    std::vector<std::string> m_verdicts;
    bool m_toolsAgree = true;
};

/// Renders until nothing is missing that could be fetched.
Expected<std::vector<Object>> renderedObjects(Rendering &rendering, const std::string &path, const FetchMissing &fetch)
{
    Expected<std::vector<Object>> objects = rendering.objectsAt(path);
    for (int round = 0; round < kMostRounds && fetch && !rendering.needs().empty(); ++round) {
        rendering.useRemote(fetch(rendering.needs()));
        objects = rendering.objectsAt(path);
    }
    const std::string hint = objects ? std::string() : fetchHint(rendering.needs());
    if (!hint.empty())
        return failure(objects.error().code(), objects.error().text() + (fetch ? "" : "; " + hint));
    return objects;
}

/// The folder whose files may be read, and the path of the source in it.
struct RenderPlace
{
    std::filesystem::path root;
    std::string path;
};

/// The nearest folder above \p folder, or itself, that holds .git.
std::optional<std::filesystem::path> worktreeOf(const std::filesystem::path &folder)
{
    std::error_code ignored;
    for (std::filesystem::path up = folder;; up = up.parent_path()) {
        if (std::filesystem::exists(up / ".git", ignored))
            return up;
        if (up == up.parent_path())
            return std::nullopt;
    }
}

/// An Application file names paths of its repository: the worktree around it, else its own folder. A kustomization has
/// its bases and a chart its `file://` dependencies anywhere: in the worktree, else on the disk. Everything else stays in its folder.
RenderPlace placeOf(const std::filesystem::path &source)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const fs::path absolute = fs::absolute(source, ignored).lexically_normal();
    const bool isFolder = fs::is_directory(source, ignored);
    const auto hasNeighbours = [&] {
        for (const char *name : {"kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml"}) {
            if (fs::exists(source / name, ignored))
                return true;
        }
        return false;
    };
    if (isFolder && !hasNeighbours())
        return {source, {}};
    fs::path root = worktreeOf(isFolder ? absolute : absolute.parent_path())
                        .value_or(isFolder ? absolute.root_path() : absolute.parent_path());
    std::string path = fs::relative(absolute, root, ignored).generic_string();
    return {std::move(root), path == "." ? std::string() : path};
}

/// What a plugin sees of a folder: the worktree around it, as it sees a whole repository; else the folder.
RenderPlace pluginPlaceOf(const std::filesystem::path &folder)
{
    std::error_code ignored;
    const std::filesystem::path absolute = std::filesystem::absolute(folder, ignored).lexically_normal();
    std::filesystem::path root = worktreeOf(absolute).value_or(absolute);
    std::string path = std::filesystem::relative(absolute, root, ignored).generic_string();
    return {std::move(root), path == "." ? std::string() : path};
}

/// The flags for the folder at \p place of \p files once it is known which plugin, if any, claims it.
Expected<PluginFlags> claimedFlags(const Invocation &invocation, const render::FileTree &files, const std::string &path)
{
    PluginFlags flags = invocation.plugins;
    const std::shared_ptr<render::PluginHost> host = pluginHost(flags, PluginPlaces::UserAndWorkspace);
    render::RenderContext context;
    context.plugins = host.get();
    context.environment.path = path;
    context.kubeVersion = invocation.render.kubeVersion;
    context.apiVersions = invocation.render.apiVersions;
    const Expected<const render::Plugin *> claimed = render::discoveredPlugin(files, path, context);
    if (!claimed)
        return std::unexpected(claimed.error());
    if (*claimed)
        flags.name = (*claimed)->config.fullName();
    flags.mayClaim = false;
    return flags;
}

/// What to say of a source that gives nothing; a folder that is no part of something else by the name that it was given.
std::string emptinessOf(const render::FileTree &files, const std::string &path, const RenderFlags &flags)
{
    const std::string nothing = "no manifest comes out of " + tiphys::quoted(path.empty() ? flags.source : path);
    const Expected<render::SourceType> type = render::discoveredType(files, path);
    const bool mayRecurse = type && *type == render::SourceType::Directory && !flags.recurses;
    return mayRecurse ? nothing + "; --directory-recurse reads its sub-folders too" : nothing;
}

} // namespace

std::string fetchHint(const std::vector<render::RemoteNeed> &needs)
{
    std::string text;
    for (const render::RemoteNeed &need : needs)
        text += (text.empty() ? "run it again with --fetch to get " : ", ") + need.text();
    return text;
}

int renderFrom(const render::FileTree &files, std::string_view path, const Invocation &invocation,
               const FetchMissing &fetch, const std::string &diskRoot)
{
    const Expected<std::string> clean = render::cleanPath(path);
    if (!clean)
        return fail(clean.error());
    if (const Expected<render::FileEntry> entry = files.entry(*clean); !clean->empty() && !entry)
        return fail(entry.error());
    const ForEach forEach = compose::parallelForEach(kMostThreads);
    Rendering rendering(files, invocation, diskRoot, forEach);
    if (const Expected<void> ready = rendering.useWorkspaceTools(); !ready)
        return fail(ready.error());
    if (invocation.plugins.showsParameters) {
        const Expected<std::vector<Value>> parameters = rendering.parametersAt(*clean);
        if (!parameters)
            return fail(parameters.error());
        print(object::toJson(Value::list(*parameters), {.style = object::JsonStyle::Indented}) + "\n");
        return 0;
    }
    const Expected<std::vector<Object>> objects = renderedObjects(rendering, *clean, fetch);
    if (!objects)
        return fail(objects.error(), objects.error().text().contains("is no chart: flags") ? 2 : 1);
    printObjects(*objects, invocation.output == Output::Json ? Output::Json : Output::Yaml, forEach);
    if (objects->empty() && !invocation.isQuiet)
        std::fputs(("warning: " + emptinessOf(files, *clean, invocation.render) + "\n").c_str(), stderr);
    for (const std::string &verdict : rendering.verdicts())
        std::fputs((verdict + "\n").c_str(), stderr);
    return rendering.toolsAgree() ? 0 : 1;
}

int runRender(const Invocation &invocation, const FetchMissing &fetch)
{
    namespace fs = std::filesystem;
    const fs::path source = invocation.render.source;
    std::error_code ignored;
    if (!invocation.render.revision.empty())
        return fail(Error(ErrorCode::InvalidInput, "--revision needs --repo"), 2);
    if (!fs::exists(source, ignored))
        return fail(Error(ErrorCode::NotFound, "no file or folder '" + source.string() + "'"));
    Invocation own = invocation;
    RenderPlace place = placeOf(source);
    if (fs::is_directory(source, ignored) && !own.plugins.areOff) {
        const RenderPlace whole = pluginPlaceOf(source);
        const auto seen = store::folderTree(whole.root);
        const bool isNamed = !own.plugins.name.empty() || own.plugins.showsParameters;
        const Expected<PluginFlags> flags = isNamed ? Expected<PluginFlags>(own.plugins)
                                            : seen  ? claimedFlags(own, **seen, whole.path)
                                                    : std::unexpected(seen.error());
        if (!flags)
            return fail(flags.error());
        own.plugins = *flags;
        if (isNamed || !own.plugins.name.empty())
            place = whole;
    }
    const auto files = store::folderTree(place.root);
    if (!files)
        return fail(files.error());
    return renderFrom(**files, place.path, own, fetch, place.root.string());
}

} // namespace tiphys::cli
