// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/directory.h"

#include "base/glob.h"
#include "base/text.h"
#include "object/text_place.h"
#include "object/yaml_fault.h"
#include "render/manifest_stream.h"

#include <optional>

namespace tiphys::render {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kSkipMark = "+argocd:skip-file-rendering";

bool looksLikeManifest(std::string_view text)
{
    return text.contains("apiVersion:") && text.contains("kind:") && text.contains("metadata:");
}

/// ": yaml: line 1: … (at FILE:LINE:COLUMN)" where \p text is no YAML.
std::string faultOf(std::string_view text, const std::string &file)
{
    const std::optional<Error> fault = object::yamlFault(text, file);
    return fault ? ": " + object::textWithPlace(*fault) : std::string();
}

class Walk
{
public:
    Walk(const FileTree &files, std::string_view root, const DirectoryOptions &options)
        : m_files(files), m_root(root), m_options(options)
    {
    }

    Expected<Rendered> run(const Glob &include, const Glob &exclude)
    {
        m_include = &include;
        m_exclude = &exclude;
        const Expected<void> walked = folder(m_root);
        if (!walked)
            return std::unexpected(walked.error());
        return std::move(m_rendered);
    }

private:
    std::string below(const std::string &folder, const std::string &name) const
    {
        return folder.empty() ? name : folder + "/" + name;
    }

    Expected<void> folder(const std::string &path)
    {
        const Expected<std::vector<FileEntry>> entries = m_files.list(path);
        if (!entries)
            return std::unexpected(entries.error());
        for (const FileEntry &entry : *entries) {
            const std::string child = below(path, entry.name);
            Expected<void> done;
            if (entry.kind == FileKind::Folder) {
                if (m_options.recurses)
                    done = folder(child);
            } else if (entry.kind != FileKind::Submodule && isManifestName(entry.name)) {
                done = file(child, entry.kind);
            }
            if (!done)
                return done;
        }
        return {};
    }

    Expected<void> file(const std::string &path, FileKind kind)
    {
        const std::string relative = m_root.empty() ? path : path.substr(m_root.size() + 1);
        if (!m_options.exclude.empty() && m_exclude->matches(relative))
            return {};
        if (!m_options.include.empty() && !m_include->matches(relative))
            return {};
        std::string target = path;
        if (kind == FileKind::Symlink) {
            const Expected<std::string> resolved = resolvedPath(m_files, path);
            if (!resolved && resolved.error().code() == ErrorCode::NotFound) {
                m_rendered.warnings.push_back("symbolic link " + quoted(path) + " points to nothing");
                return {};
            }
            if (!resolved)
                return std::unexpected(resolved.error());
            target = *resolved;
            const Expected<FileEntry> entry = m_files.entry(target);
            if (!entry || entry->kind != FileKind::File)
                return {};
        }
        const Expected<FileContent> content = m_files.read(target);
        if (!content)
            return std::unexpected(content.error());
        std::string storage;
        if (utf8Text(content->text, storage).contains(kSkipMark))
            return {};
        const bool isJsonnet = path.ends_with(".jsonnet");
        if (!isJsonnet)
            m_bytes += static_cast<std::int64_t>(content->text.size());
        if (m_options.limitBytes > 0 && m_bytes > m_options.limitBytes)
            return failure(ErrorCode::LimitExceeded, "manifests of " + quoted(m_root.empty() ? "." : m_root)
                                                         + " exceed " + std::to_string(m_options.limitBytes)
                                                         + " bytes at " + quoted(path));
        Expected<std::vector<Object>> objects =
            isJsonnet ? jsonnetManifests(m_files, path, m_root, m_options.jsonnet) : manifestsIn(content->text, path);
        if (!objects)
            return std::unexpected(objects.error());
        if (objects->empty() && !isJsonnet && !trimmed(content->text).empty())
            m_rendered.warnings.push_back("no manifest in " + quoted(path) + faultOf(content->text, path));
        objects = withoutLists(std::move(*objects));
        if (!objects)
            return std::unexpected(objects.error().in("file " + quoted(path)));
        for (Object &object : *objects)
            m_rendered.objects.push_back({std::move(object), path});
        return {};
    }

    const FileTree &m_files;
    std::string m_root;
    const DirectoryOptions &m_options;
    const Glob *m_include = nullptr;
    const Glob *m_exclude = nullptr;
    std::int64_t m_bytes = 0;
    Rendered m_rendered;
};

} // namespace

std::string_view word(SourceType type)
{
    switch (type) {
    case SourceType::Directory: return "Directory";
    case SourceType::Helm: return "Helm";
    case SourceType::Kustomize: return "Kustomize";
    case SourceType::Plugin: return "Plugin";
    }
    return {};
}

bool isManifestName(std::string_view name)
{
    return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json") || name.ends_with(".jsonnet");
}

Expected<std::vector<Object>> manifestsIn(std::string_view text, std::string_view file)
{
    std::string storage;
    text = utf8Text(text, storage);
    if (file.ends_with(".json"))
        return readJsonManifest(text, file);
    std::vector<Object> objects;
    const Expected<void> read = readManifestStream(text, file, objects);
    if (read)
        return objects;
    // The words of the real tool, which names no folder: they become the condition that users search for.
    if (!objects.empty() || looksLikeManifest(text))
        return std::unexpected(
            read.error().in("Failed to unmarshal \"" + std::string(file.substr(file.rfind('/') + 1)) + "\""));
    return std::vector<Object>{};
}

Expected<std::vector<Object>> printedManifests(std::string_view text)
{
    Expected<std::vector<Object>> objects = readPrintedStream(text);
    return objects ? withoutLists(*std::move(objects)) : objects;
}

Expected<std::vector<Object>> withoutLists(std::vector<Object> objects)
{
    std::vector<Object> flat;
    flat.reserve(objects.size());
    for (Object &object : objects) {
        const std::optional<Value> items = object.value().find("items");
        if (items && items->isNull() && !object.value().contains("spec") && !object.value().contains("status"))
            continue;
        if (!items || !items->isList()) {
            flat.push_back(std::move(object));
            continue;
        }
        for (const Value &item : items->items()) {
            if (!item.isMap())
                return failure(ErrorCode::InvalidInput,
                               "an item of " + std::string(object.kind()) + " is not an object");
            flat.emplace_back(item);
        }
    }
    return flat;
}

Expected<Rendered> renderDirectory(const FileTree &files, std::string_view folder, const DirectoryOptions &options)
{
    if (folder.starts_with('/'))
        return failure(ErrorCode::InvalidInput, std::string(folder) + ": app path is absolute");
    const Expected<std::string> clean = cleanPath(folder);
    if (!clean)
        return failure(ErrorCode::InvalidInput, std::string(folder) + ": app path outside root");
    const Expected<std::string> root = resolvedPath(files, *clean);
    if (!root)
        return failure(ErrorCode::NotFound, std::string(folder) + ": app path does not exist");
    if (const Expected<FileEntry> entry = files.entry(*root);
        !root->empty() && entry && entry->kind != FileKind::Folder)
        return failure(ErrorCode::InvalidInput, std::string(folder) + ": app path is not a directory");
    const Expected<Glob> include = Glob::compile(options.include);
    if (!include)
        return std::unexpected(include.error().in("directory.include"));
    const Expected<Glob> exclude = Glob::compile(options.exclude);
    if (!exclude)
        return std::unexpected(exclude.error().in("directory.exclude"));
    return Walk(files, *root, options).run(*include, *exclude);
}

} // namespace tiphys::render
