// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "object/yaml.h"
#include "render/directory.h"
#include "render/source_type.h"
#include "store/folder_tree.h"

#include <filesystem>

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

Expected<std::vector<Object>> objectsOf(const Value &source, const render::FileTree &files, std::string_view instance)
{
    const Expected<render::Rendered> rendered = render::renderSource(source, files, instance);
    if (!rendered)
        return std::unexpected(rendered.error());
    for (const std::string &warning : rendered->warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
    std::vector<Object> objects;
    for (const render::RenderedObject &object : rendered->objects)
        objects.push_back(object.object);
    return objects;
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
    // An Application file names paths of its repository: the nearest folder above that holds .git, else its own.
    fs::path root = fs::is_directory(source, ignored) ? source : fs::absolute(source, ignored).parent_path();
    std::string path;
    if (!fs::is_directory(source, ignored)) {
        const fs::path own = root;
        for (fs::path up = own; ; up = up.parent_path()) {
            if (fs::exists(up / ".git", ignored)) {
                root = up;
                break;
            }
            if (up == up.parent_path())
                break;
        }
        path = fs::relative(fs::absolute(source, ignored), root, ignored).generic_string();
    }
    const auto files = store::folderTree(root);
    if (!files)
        return fail(files.error());
    return renderFrom(**files, path, invocation);
}

} // namespace tiphys::cli
