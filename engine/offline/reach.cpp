// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/reach.h"

#include "object/yaml.h"
#include "render/source_type.h"

#include <algorithm>
#include <array>

namespace tiphys::offline {

using object::Value;
using render::FileContent;
using render::FileEntry;
using render::FileKind;
using render::FileTree;
using render::SourceType;

namespace {

constexpr std::size_t kMostSteps = 20'000;
constexpr std::size_t kLongestPath = 4096;

std::string below(const std::string &folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

class ReachFinder
{
public:
    ReachFinder(const FileTree &files, std::string folder) : m_files(files), m_folder(std::move(folder)) {}

    Reach of(const Value &source, const std::string &instance)
    {
        const Expected<SourceType> type = render::sourceTypeOf(source, m_files, m_folder);
        if (!type)
            return {};
        m_readsJsonnet = *type == SourceType::Directory;
        lookAt(m_folder);
        lookAtOverrides(instance);
        switch (*type) {
        case SourceType::Kustomize:
            addStrings(source["kustomize"], m_folder);
            addKustomization(m_folder);
            break;
        case SourceType::Helm:
            addValues(source["helm"]);
            addChart(m_folder);
            break;
        case SourceType::Directory: {
            const Value libraries = source["directory"]["jsonnet"]["libs"];
            for (const Value &library : libraries.items())
                addNamed("", library.stringOr());
            break;
        }
        case SourceType::Plugin: m_reach.isEverything = true; break;
        }
        if (m_steps > kMostSteps)
            m_reach.isEverything = true;
        return std::move(m_reach);
    }

private:
    bool mayGoOn() { return ++m_steps <= kMostSteps && !m_reach.isEverything; }

    /// Links in \p folder that lead to other places, and files that may import from anywhere.
    void lookAt(const std::string &folder)
    {
        const Expected<std::vector<FileEntry>> entries = m_files.list(folder);
        if (!entries || !mayGoOn())
            return;
        for (const FileEntry &entry : *entries) {
            const std::string path = below(folder, entry.name);
            if (entry.kind == FileKind::Folder)
                lookAt(path);
            else if (entry.kind == FileKind::Symlink)
                addLink(path);
            else if (m_readsJsonnet && (entry.name.ends_with(".jsonnet") || entry.name.ends_with(".libsonnet")))
                m_reach.isEverything = m_reach.isEverything || textOf(path).contains("..");
        }
    }

    void addLink(const std::string &path)
    {
        const Expected<std::string> target = render::resolvedPath(m_files, path);
        if (target)
            addPlace(*target);
        else
            m_reach.isEverything = true;
    }

    /// Files that change the source may name others anywhere.
    void lookAtOverrides(const std::string &instance)
    {
        for (const std::string &name : {std::string(".argocd-source.yaml"), ".argocd-source-" + instance + ".yaml"}) {
            const std::string text = textOf(below(m_folder, name));
            for (const std::string_view sign : {"..", "valueFiles", "fileParameters", "libs", "components"})
                m_reach.isEverything = m_reach.isEverything || text.contains(sign);
        }
    }

    std::string textOf(const std::string &path) const
    {
        const Expected<std::string> real = render::resolvedPath(m_files, path);
        const Expected<FileContent> content = real ? m_files.read(*real) : std::unexpected(real.error());
        return content ? std::string(content->text) : std::string();
    }

    Value documentOf(const std::string &path) const
    {
        const std::string text = textOf(path);
        return text.empty() ? Value() : object::parseYaml(text).value_or(Value());
    }

    bool isCovered(const std::string &path) const
    {
        return isBelow(path, m_folder) || std::ranges::any_of(m_reach.places, [&path](const std::string &place) {
                   return isBelow(path, place);
               });
    }

    void addPlace(const std::string &path)
    {
        if (isCovered(path))
            return;
        m_reach.places.insert(path);
        const Expected<FileEntry> entry = m_files.entry(path);
        if (entry && entry->kind == FileKind::Folder && !path.empty())
            lookAt(path);
    }

    /// What \p name, seen from \p folder, leads to. A name that leads nowhere may be there in the other revision.
    void addNamed(const std::string &folder, std::string_view name)
    {
        if (name.empty() || name.size() > kLongestPath || name.contains("://") || name.contains('\n') || !mayGoOn())
            return;
        const bool isFromRoot = name.starts_with('/');
        const Expected<std::string> path =
            render::cleanPath(isFromRoot ? std::string(name.substr(1)) : below(folder, name));
        if (!path)
            return; // leaves the repository: an error on both sides
        const bool leaves = !isBelow(*path, m_folder);
        const Expected<std::string> real = render::resolvedPath(m_files, *path);
        if (!real) {
            m_reach.isEverything = m_reach.isEverything || (leaves && name.contains(".."));
            return;
        }
        const Expected<FileEntry> entry = m_files.entry(*real);
        const bool isFolder = real->empty() || (entry && entry->kind == FileKind::Folder);
        if (leaves && !isFolder)
            addPlace(*real);
        if (!isFolder || !m_seen.insert(*real).second)
            return;
        if (leaves)
            addPlace(*real);
        addKustomization(*real);
        addChart(*real);
    }

    /// Every text in \p value may name a file or folder: `../base`, `key=../file`.
    void addStrings(const Value &value, const std::string &folder)
    {
        for (const Value &item : value.items())
            addStrings(item, folder);
        for (const auto &[key, item] : value.entries())
            addStrings(item, folder);
        if (!value.isString())
            return;
        const std::string_view text = value.stringOr();
        if (text.starts_with('/'))
            return; // an absolute path, or a pointer into a document
        addNamed(folder, text);
        if (const auto equals = text.find('='); equals != std::string_view::npos)
            addNamed(folder, text.substr(equals + 1));
    }

    void addKustomization(const std::string &folder)
    {
        for (const char *name : {"kustomization.yaml", "kustomization.yml", "Kustomization"})
            addStrings(documentOf(below(folder, name)), folder);
    }

    void addChart(const std::string &folder)
    {
        for (const char *name : {"Chart.yaml", "requirements.yaml"}) {
            const Value document = documentOf(below(folder, name));
            const Value dependencies = document.isMap() ? document["dependencies"] : Value();
            for (const Value &dependency : dependencies.items()) {
                constexpr std::string_view kFile = "file://";
                const std::string_view repository =
                    dependency.isMap() ? dependency["repository"].stringOr() : std::string_view();
                if (repository.starts_with(kFile))
                    addNamed(folder, repository.substr(kFile.size()));
            }
        }
    }

    void addValues(const Value &helm)
    {
        if (!helm.isMap())
            return;
        std::vector<std::string> names;
        const Value files = helm["valueFiles"];
        for (const Value &name : files.items())
            names.emplace_back(name.stringOr());
        const Value parameters = helm["fileParameters"];
        for (const Value &parameter : parameters.items())
            names.emplace_back(parameter.isMap() ? parameter["path"].stringOr() : std::string_view());
        for (const std::string &name : names) {
            const bool leads = name.starts_with('/') || name.contains("..");
            // A pattern, a variable, or a file that may not be there yet.
            const bool isOpen = name.find_first_of("*?[{$") != std::string::npos;
            const Expected<std::string> path =
                render::cleanPath(name.starts_with('/') ? name.substr(1) : below(m_folder, name));
            const bool isMissing = path && !render::resolvedPath(m_files, *path);
            if (leads && (isOpen || isMissing) && !name.contains("://"))
                m_reach.isEverything = true;
            else
                addNamed(m_folder, name);
        }
    }

    const FileTree &m_files;
    std::string m_folder;
    Reach m_reach;
    std::set<std::string> m_seen;
    std::size_t m_steps = 0;
    bool m_readsJsonnet = false;
};

} // namespace

bool isBelow(std::string_view path, std::string_view folder)
{
    return folder.empty() || path == folder
           || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

Reach reachOf(const Value &source, const FileTree &files, const std::string &instance)
{
    if (render::isFetchedSource(source))
        return {};
    const Expected<std::string> clean = render::cleanPath(source["path"].stringOr());
    const Expected<std::string> folder = clean ? render::resolvedPath(files, *clean) : clean;
    if (!folder)
        return {};
    Reach reach = ReachFinder(files, *folder).of(source, instance);
    if (*folder != *clean)
        reach.places.insert(*folder);
    return reach;
}

} // namespace tiphys::offline
