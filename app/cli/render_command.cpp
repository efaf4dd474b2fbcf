// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "object/yaml.h"
#include "render/directory.h"
#include "render/helm/helm_render.h"
#include "render/source_type.h"
#include "store/folder_tree.h"

#include <chrono>
#include <filesystem>
#include <random>

namespace tiphys::cli {

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

/// Clock, chance and zones of this machine for the functions of templates.
text::SprigWorldPtr machineWorld()
{
    auto world = std::make_shared<text::SprigWorld>();
    world->now = [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
        return text::Moment{seconds.count(),
                            static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now - seconds).count())};
    };
    world->random = [](std::span<std::uint8_t> bytes) {
        std::random_device device;
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(device());
    };
    return world;
}

/// Errors of files that the user named on the command line name them as given.
Expected<std::string> fileText(const std::string &path)
{
    return store::fileContent(path);
}

/// True if the user gave a flag that only charts know.
bool hasHelmFlags(const RenderFlags &flags)
{
    return !flags.name.empty() || !flags.ns.empty() || !flags.valueFiles.empty() || !flags.set.empty() || !flags.setString.empty()
           || !flags.setJson.empty() || !flags.setFile.empty() || !flags.setLiteral.empty() || !flags.kubeVersion.empty()
           || !flags.apiVersions.empty() || flags.skipsCrds || flags.skipsTests || flags.skipsSchemaValidation;
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
        {render::SetKind::Json, &flags.setJson}, {render::SetKind::Typed, &flags.set}, {render::SetKind::String, &flags.setString},
        {render::SetKind::File, &flags.setFile}, {render::SetKind::Literal, &flags.setLiteral}};
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

/// A chart as `helm template` renders it with the same flags.
Expected<std::vector<Object>> objectsOfChart(const render::FileTree &files, std::string_view folder, const RenderFlags &flags)
{
    const Expected<render::HelmOptions> options = helmOptionsOf(flags);
    if (!options)
        return std::unexpected(options.error());
    render::TemplateCache templates;
    const Expected<render::Rendered> rendered = render::renderChartFolder(files, folder, *options, machineWorld(), templates);
    if (!rendered)
        return std::unexpected(rendered.error());
    return reported(*rendered);
}

Expected<std::vector<Object>> objectsOf(const Value &source, const render::FileTree &files, std::string_view instance)
{
    render::RenderContext context;
    context.environment.appName = instance;
    context.environment.path = source["path"].stringOr();
    context.world = machineWorld();
    const Expected<render::Rendered> rendered = render::renderSource(source, files, instance, context);
    if (!rendered)
        return std::unexpected(rendered.error());
    return reported(*rendered);
}

/// Every source of the Application at \p path in its order; refs without a path give nothing.
Expected<std::vector<Object>> objectsOfApplication(const Object &application, const render::FileTree &files)
{
    const Value spec = application.value()["spec"];
    std::vector<Value> sources;
    const Value several = spec["sources"];
    for (const Value &source : several.items())
        sources.push_back(source);
    if (sources.empty())
        sources.push_back(spec["source"]);
    std::vector<Object> objects;
    for (const Value &source : sources) {
        if (sources.size() > 1 && source["path"].isEmpty() && source["chart"].isEmpty())
            continue;
        const Expected<std::vector<Object>> more = objectsOf(source, files, application.name());
        if (!more)
            return more;
        objects.insert(objects.end(), more->begin(), more->end());
    }
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
/// its bases anywhere, as `kustomize build` does: in the worktree, else on the disk. Everything else stays in its folder.
RenderPlace placeOf(const std::filesystem::path &source)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const fs::path absolute = fs::absolute(source, ignored).lexically_normal();
    const bool isFolder = fs::is_directory(source, ignored);
    const auto isKustomization = [&] {
        for (const char *name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
            if (fs::exists(source / name, ignored))
                return true;
        }
        return false;
    };
    if (isFolder && !isKustomization())
        return {source, {}};
    fs::path root = worktreeOf(isFolder ? absolute : absolute.parent_path()).value_or(isFolder ? absolute.root_path() : absolute.parent_path());
    std::string path = fs::relative(absolute, root, ignored).generic_string();
    return {std::move(root), path == "." ? std::string() : path};
}

} // namespace

int renderFrom(const render::FileTree &files, std::string_view path, const Invocation &invocation)
{
    const Expected<std::string> clean = render::cleanPath(path);
    if (!clean)
        return fail(clean.error());
    const Expected<render::FileEntry> entry = files.entry(*clean);
    if (!clean->empty() && !entry)
        return fail(entry.error());
    Expected<std::vector<Object>> objects = std::vector<Object>{};
    if (!clean->empty() && entry->kind == render::FileKind::File) {
        const Expected<render::FileContent> content = files.read(*clean);
        if (!content)
            return fail(content.error());
        objects = render::manifestsIn(content->text, *clean);
        if (objects && objects->size() == 1 && objects->front().kind() == "Application")
            objects = objectsOfApplication(objects->front(), files);
    } else {
        const Expected<render::SourceType> type = render::discoveredType(files, *clean);
        if (!type)
            return fail(type.error());
        if (*type == render::SourceType::Helm)
            objects = objectsOfChart(files, *clean, invocation.render);
        else if (hasHelmFlags(invocation.render))
            return fail(Error(ErrorCode::InvalidInput, "'" + invocation.render.source + "' is no chart: flags such as --values and --set do not apply"), 2);
        else
            objects = objectsOf(sourceOf(invocation.render, *clean), files, "");
    }
    if (!objects)
        return fail(objects.error());
    printObjects(*objects, invocation.output == Output::Json ? Output::Json : Output::Yaml);
    return 0;
}

int runRender(const Invocation &invocation)
{
    namespace fs = std::filesystem;
    const fs::path source = invocation.render.source;
    std::error_code ignored;
    if (!invocation.render.revision.empty())
        return fail(Error(ErrorCode::InvalidInput, "--revision needs --repo"), 2);
    if (!fs::exists(source, ignored))
        return fail(Error(ErrorCode::NotFound, "no file or folder '" + source.string() + "'"));
    const RenderPlace place = placeOf(source);
    const auto files = store::folderTree(place.root);
    if (!files)
        return fail(files.error());
    return renderFrom(**files, place.path, invocation);
}

} // namespace tiphys::cli
