// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/applications.h"

#include "base/repo_url.h"
#include "base/text.h"
#include "object/text_place.h"
#include "render/directory.h"
#include "render/source_type.h"

#include <algorithm>
#include <set>

namespace tiphys::offline {

using object::Object;
using object::Value;
using render::FileContent;
using render::FileEntry;
using render::FileKind;
using render::FileTree;
using render::SourceType;

namespace {

std::string below(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

/// Cheap test before a file is parsed: an Application names its kind and its group.
bool mayHoldApplication(std::string_view text)
{
    return text.contains("Application") && text.contains("argoproj.io/");
}

/// What only a chart makes YAML of: what it gives are objects of the chart.
bool isTemplate(std::string_view text)
{
    return text.contains("{{");
}

bool isChart(const std::vector<FileEntry> &entries)
{
    return std::ranges::any_of(
        entries, [](const FileEntry &entry) { return entry.kind != FileKind::Folder && entry.name == "Chart.yaml"; });
}

bool looksLikeManifest(std::string_view text)
{
    return text.contains("apiVersion") && text.contains("kind");
}

class Finder
{
public:
    /// Where a file stands: among the templates of a chart, or elsewhere.
    enum class Place { Plain, Templates };

    Finder(const FileTree &files, const RepositoryNames &repository) : m_files(files), m_repository(repository) {}

    void addFile(const std::string &path, Place place = Place::Plain)
    {
        const Expected<FileContent> content = m_files.read(path);
        if (!content) {
            m_found.problems.push_back({.file = path, .message = content.error().text(), .isUnread = true});
            return;
        }
        if (!mayHoldApplication(content->text) || (place == Place::Templates && isTemplate(content->text)))
            return;
        const Expected<std::vector<Object>> objects = render::manifestsIn(content->text, path);
        if (!objects) {
            m_found.problems.push_back({path, object::textWithPlace(objects.error())});
            return;
        }
        const Expected<std::vector<Object>> flat = render::withoutLists(*objects);
        for (const Object &object : flat ? *flat : *objects) {
            if (object.kind() == "Application" && object.group() == "argoproj.io")
                addApplication(object, path);
            else if (object.kind() == "ApplicationSet" && object.group() == "argoproj.io")
                m_found.sets.push_back((object.ns().empty() ? "" : std::string(object.ns()) + "/")
                                       + std::string(object.name()));
        }
    }

    /// A file that somebody named must hold an Application.
    void addNamedFile(const std::string &path)
    {
        const std::size_t problems = m_found.problems.size();
        m_sawApplication = false;
        addFile(path);
        if (!m_sawApplication && problems == m_found.problems.size())
            m_found.problems.push_back({path, "no Application is in it"});
    }

    void addFolder(const std::string &folder, Place place = Place::Plain)
    {
        const Expected<std::vector<FileEntry>> entries = m_files.list(folder);
        if (!entries) {
            m_found.problems.push_back({folder, entries.error().text()});
            return;
        }
        const bool holdsTemplates = isChart(*entries);
        for (const FileEntry &entry : *entries) {
            if (entry.kind == FileKind::Folder)
                addFolder(below(folder, entry.name),
                          holdsTemplates && entry.name == "templates" ? Place::Templates : place);
            else if (entry.kind == FileKind::File && render::isManifestName(entry.name))
                addFile(below(folder, entry.name), place);
        }
    }

    bool foundApplications() const { return m_sawApplication; }

    OfflineApps result() &&
    {
        std::ranges::stable_sort(m_found.applications, {}, &OfflineApp::identity);
        const OfflineApp *first = nullptr;
        for (const OfflineApp &app : m_found.applications) {
            if (!first || first->identity() != app.identity())
                first = &app;
            else
                m_found.problems.push_back({app.file, "application " + quoted(app.identity()) + " is there twice: "
                                                          + first->file + " is compared, this one is not"});
        }
        const auto same = std::ranges::unique(m_found.applications, {}, &OfflineApp::identity);
        m_found.applications.erase(same.begin(), same.end());
        return std::move(m_found);
    }

private:
    bool isOurs(const Value &source) const
    {
        if (m_repository.urls.empty())
            return m_files.entry(cleanPathOf(source)).has_value() || cleanPathOf(source).empty();
        return std::ranges::contains(m_repository.urls, repoPlace(source["repoURL"].stringOr()));
    }

    bool follows(const Value &source)
    {
        std::string_view revision = source["targetRevision"].stringOr();
        if (revision.starts_with("refs/heads/"))
            revision.remove_prefix(11);
        if (revision.empty() || revision == "HEAD")
            return true;
        const bool isNamed = std::ranges::contains(m_repository.branches, revision);
        m_found.followsByName = m_found.followsByName || isNamed;
        m_found.mayFollowMain =
            m_found.mayFollowMain || (!isNamed && std::ranges::contains(m_repository.main, revision));
        return isNamed;
    }

    static std::string cleanPathOf(const Value &source)
    {
        return render::cleanPath(source["path"].stringOr()).value_or("");
    }

    void addApplication(const Object &object, const std::string &file)
    {
        m_sawApplication = true;
        OfflineApp app{.name = std::string(object.name()),
                       .ns = std::string(object.ns()),
                       .destinationNamespace =
                           std::string(object.path({"spec", "destination", "namespace"}).stringOr()),
                       .path = {},
                       .file = file,
                       .sources = {},
                       .refs = {}};
        std::vector<Value> sources;
        const Value several = object.path({"spec", "sources"});
        for (const Value &source : several.items())
            sources.push_back(source);
        const bool isSingle = sources.empty();
        if (isSingle)
            sources.push_back(object.path({"spec", "source"}));
        bool isPinned = false;
        for (const Value &source : sources) {
            if (render::isFetchedSource(source)) {
                app.sources.push_back(source);
                continue;
            }
            if (!isOurs(source))
                continue;
            if (!isSingle && !source["ref"].isEmpty() && follows(source))
                app.refs.emplace_back(source["ref"].stringOr());
            if (!isSingle && source["path"].isEmpty())
                continue;
            if (!follows(source)) {
                isPinned = true;
                m_found.pinned.push_back(app.identity() + " (" + std::string(source["targetRevision"].stringOr())
                                         + ")");
                continue;
            }
            if (app.path.empty())
                app.path = cleanPathOf(source);
            app.sources.push_back(source);
        }
        if (!app.sources.empty())
            m_found.applications.push_back(std::move(app));
        else if (!isPinned)
            m_found.elsewhere.push_back(app.identity());
    }

    const FileTree &m_files;
    const RepositoryNames &m_repository;
    OfflineApps m_found;
    bool m_sawApplication = false;
};

/// Finds folders where no Application manifest says what an application is.
class FolderFinder
{
public:
    explicit FolderFinder(const FileTree &files) : m_files(files) {}

    std::vector<OfflineApp> found()
    {
        visit("");
        return std::move(m_apps);
    }

private:
    /// True if \p folder or one below holds a chart or a kustomization.
    bool holdsRenderedFolder(const std::string &folder)
    {
        const Expected<std::vector<FileEntry>> entries = m_files.list(folder);
        if (!entries)
            return false;
        const Expected<SourceType> type = render::discoveredType(m_files, folder);
        if (type && *type != SourceType::Directory)
            return true;
        return std::ranges::any_of(*entries, [&](const FileEntry &entry) {
            return entry.kind == FileKind::Folder && holdsRenderedFolder(below(folder, entry.name));
        });
    }

    bool holdsManifest(const std::string &folder, const std::vector<FileEntry> &entries)
    {
        return std::ranges::any_of(entries, [&](const FileEntry &entry) {
            if (entry.kind != FileKind::File || !render::isManifestName(entry.name))
                return false;
            const Expected<FileContent> content = m_files.read(below(folder, entry.name));
            if (!content || !looksLikeManifest(content->text))
                return false;
            const auto objects = render::manifestsIn(content->text, entry.name);
            return !objects
                   || std::ranges::any_of(*objects, [](const Object &object) { return !object.apiVersion().empty(); });
        });
    }

    void add(const std::string &folder, bool recurses)
    {
        Value source = Value::map({{"path", folder}});
        if (recurses)
            source = source.with("directory", Value::map({{"recurse", true}}));
        m_apps.push_back({.name = folder.empty() ? "." : folder,
                          .ns = {},
                          .destinationNamespace = {},
                          .path = folder,
                          .file = {},
                          .sources = {source},
                          .refs = {}});
    }

    void visit(const std::string &folder)
    {
        const Expected<std::vector<FileEntry>> entries = m_files.list(folder);
        if (!entries)
            return;
        const Expected<SourceType> type = render::discoveredType(m_files, folder);
        if (type && *type != SourceType::Directory) {
            add(folder, false);
            return;
        }
        if (holdsManifest(folder, *entries)) {
            const bool recurses = !holdsRenderedFolder(folder);
            add(folder, recurses);
            if (recurses)
                return;
        }
        for (const FileEntry &entry : *entries) {
            if (entry.kind == FileKind::Folder && !entry.name.starts_with('.'))
                visit(below(folder, entry.name));
        }
    }

    const FileTree &m_files;
    std::vector<OfflineApp> m_apps;
};

} // namespace

OfflineApps applicationsIn(const FileTree &files, const RepositoryNames &repository)
{
    Finder finder(files, repository);
    finder.addFolder("");
    const bool sawApplications = finder.foundApplications();
    OfflineApps found = std::move(finder).result();
    if (!sawApplications)
        found.applications = FolderFinder(files).found();
    return found;
}

OfflineApps applicationsInFiles(const FileTree &files, const std::vector<std::string> &appFiles,
                                const RepositoryNames &repository)
{
    Finder finder(files, repository);
    for (const std::string &file : appFiles) {
        const std::string path = render::cleanPath(file).value_or(file);
        // It may be in the other revision only.
        if (const Expected<FileEntry> entry = files.entry(path); entry || entry.error().code() != ErrorCode::NotFound)
            finder.addNamedFile(path);
    }
    return std::move(finder).result();
}

OfflineApps applicationsAt(const FileTree &files, const std::vector<std::string> &paths)
{
    OfflineApps found;
    for (const std::string &path : paths) {
        const Expected<std::string> clean = render::cleanPath(path);
        if (!clean) {
            found.problems.push_back({path, clean.error().text()});
            continue;
        }
        const Expected<std::string> place = render::resolvedPath(files, *clean);
        const Expected<FileEntry> entry = place ? files.entry(*place) : std::unexpected(place.error());
        if (!entry && entry.error().code() != ErrorCode::NotFound)
            found.problems.push_back({path, entry.error().text()});
        else if (entry && entry->kind != FileKind::Folder)
            found.problems.push_back({path, "it is no folder"});
        if (!entry || entry->kind != FileKind::Folder)
            continue;
        Value source = Value::map({{"path", *clean}});
        const Expected<SourceType> type = render::discoveredType(files, *clean);
        if (type && *type == SourceType::Directory)
            source = source.with("directory", Value::map({{"recurse", true}}));
        found.applications.push_back({.name = clean->empty() ? "." : *clean,
                                      .ns = {},
                                      .destinationNamespace = {},
                                      .path = *clean,
                                      .file = {},
                                      .sources = {source},
                                      .refs = {}});
    }
    std::ranges::sort(found.applications, {}, &OfflineApp::identity);
    return found;
}

namespace {

/// True if \p name ("$ref/path") is the file \p path of this repository.
bool isReferredTo(const OfflineApp &app, std::string_view name, std::string_view path)
{
    const auto slash = name.find('/');
    return name.starts_with('$') && slash != std::string_view::npos
           && std::ranges::contains(app.refs, name.substr(1, slash - 1))
           && render::cleanPath(name.substr(slash + 1)).value_or("") == path;
}

/// True if the values files of \p source are, or may be, the file \p path.
bool mayReferTo(const OfflineApp &app, const Value &source, std::string_view path)
{
    if (app.refs.empty())
        return false;
    const Value names = source["helm"]["valueFiles"];
    for (const Value &name : names.items()) {
        const std::string_view text = name.stringOr();
        if (isReferredTo(app, text, path)
            || (text.starts_with('$') && text.find_first_of("*?[") != std::string_view::npos))
            return true;
    }
    const Value files = source["helm"]["fileParameters"];
    for (const Value &file : files.items()) {
        if (isReferredTo(app, file["path"].stringOr(), path))
            return true;
    }
    return false;
}

} // namespace

Reach reachOf(const OfflineApp &app, const FileTree &files)
{
    Reach all;
    for (const Value &source : app.sources) {
        Reach one = reachOf(source, files, app.name);
        all.places.merge(one.places);
        all.isEverything = all.isEverything || one.isEverything;
    }
    return all;
}

bool mayRead(const OfflineApp &app, std::string_view path)
{
    if (path == app.file)
        return true;
    if (app.reach
        && std::ranges::any_of(app.reach->places, [path](const std::string &place) { return isBelow(path, place); }))
        return true;
    return std::ranges::any_of(app.sources, [&](const Value &source) {
        if (mayReferTo(app, source, path))
            return true;
        if (render::isFetchedSource(source))
            return false;
        const std::string folder = render::cleanPath(source["path"].stringOr()).value_or("");
        if (!folder.empty() && !(path.starts_with(folder) && path.substr(folder.size()).starts_with('/')))
            return false;
        const std::string_view rest = folder.empty() ? path : path.substr(folder.size() + 1);
        // A plain directory that does not recurse reads nothing below its sub-folders.
        const Value directory = source["directory"];
        const bool isPlain = !directory.isNull();
        return !isPlain || directory["recurse"].boolOr(false) || !rest.contains('/');
    });
}

} // namespace tiphys::offline
