// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/change.h"

#include "base/text.h"
#include "object/text_place.h"
#include "render/helm/template_cache.h"
#include "render/plugin/plugin_host.h"
#include "render/source_type.h"

#include <algorithm>
#include <functional>
#include <map>

namespace tiphys::offline {

using object::Object;
using object::ObjectKey;
using object::Value;
using render::FileTree;

namespace {

struct Placed
{
    Object object;
    std::string file;
};
using Objects = std::map<ObjectKey, Placed>;

struct Side
{
    Objects objects;
    std::vector<std::string> warnings;
};

/// The same files, owned by somebody else.
std::shared_ptr<const FileTree> borrowed(const FileTree &files)
{
    return {std::shared_ptr<const FileTree>(), &files};
}

/// Objects whose names the server makes are all different; those of one prefix are told apart by their order.
void nameGenerated(ObjectKey &key, const Object &object, std::map<ObjectKey, int> &counts)
{
    key.name = std::string(object.generateName());
    if (const int count = ++counts[key]; count > 1)
        key.name += '#' + std::to_string(count);
}

Expected<Side> renderedSide(const OfflineApp *app, const FileTree &files, render::RenderContext context)
{
    Side side;
    if (!app)
        return side;
    context.references.clear();
    for (const std::string &ref : app->refs)
        context.references[ref] = borrowed(files);
    std::map<ObjectKey, int> generated;
    for (const Value &source : app->sources) {
        // A folder without an Application has no name that a release could bear.
        context.environment.appName = app->file.empty() ? std::string() : app->name;
        context.environment.appNamespace = app->destinationNamespace;
        context.environment.repoUrl = source["repoURL"].stringOr();
        context.environment.path = source["path"].stringOr();
        context.environment.targetRevision = source["targetRevision"].stringOr();
        const Expected<render::Rendered> rendered = render::renderSource(source, files, app->name, context);
        if (!rendered)
            return std::unexpected(rendered.error());
        side.warnings.insert(side.warnings.end(), rendered->warnings.begin(), rendered->warnings.end());
        for (const render::RenderedObject &placed : rendered->objects) {
            ObjectKey key = placed.object.key();
            if (key.ns.empty())
                key.ns = app->destinationNamespace;
            if (key.name.empty())
                nameGenerated(key, placed.object, generated);
            const auto [at, isNew] = side.objects.insert_or_assign(key, Placed{placed.object, placed.file});
            if (!isNew)
                side.warnings.push_back(key.text() + " is there more than once; the last one counts");
        }
    }
    return side;
}

std::string folderOf(const Value &source)
{
    return render::cleanPath(source["path"].stringOr()).value_or("");
}

std::string contentId(const FileTree &files, const std::string &folder)
{
    const Expected<render::FileEntry> entry = files.entry(folder);
    return entry ? entry->id : "";
}

/// True if \p place is the same in both, read where no ids tell it: those of a working tree have none.
bool hasSameContent(const FileTree &before, const FileTree &after, const std::string &place)
{
    const Expected<render::FileEntry> old = before.entry(place);
    const Expected<render::FileEntry> now = after.entry(place);
    if (!old || !now || old->kind != now->kind)
        return !old && !now;
    if (!old->id.empty() && old->id == now->id)
        return true;
    if (old->kind != render::FileKind::Folder) {
        const Expected<render::FileContent> a = before.read(place);
        const Expected<render::FileContent> b = after.read(place);
        if (a && b)
            return a->text == b->text;
        // Two commits of a submodule that is not here fail alike: only their ids tell them apart.
        const bool areTold = !old->id.empty() && !now->id.empty();
        return !areTold && !a && !b && a.error() == b.error();
    }
    const Expected<std::vector<render::FileEntry>> a = before.list(place);
    const Expected<std::vector<render::FileEntry>> b = after.list(place);
    return a && b && std::ranges::equal(*a, *b, {}, &render::FileEntry::name, &render::FileEntry::name)
           && std::ranges::all_of(*a, [&](const render::FileEntry &entry) {
                  return hasSameContent(before, after, place.empty() ? entry.name : place + "/" + entry.name);
              });
}

/// isUntouched, by what \p isSame says of a place.
bool isUntouchedBy(const AppPair &pair, Plugins plugins, const std::function<bool(const std::string &)> &isSame)
{
    if (!pair.before || !pair.after || pair.before->sources != pair.after->sources
        || pair.before->destinationNamespace != pair.after->destinationNamespace)
        return false;
    if (pair.before->refs != pair.after->refs)
        return false;
    const std::optional<Reach> &reach = pair.before->reach;
    // Values files of references may stand anywhere.
    const bool readsAll = !pair.before->refs.empty() || !reach || reach->isEverything;
    if (reach && !std::ranges::all_of(reach->places, isSame))
        return false;
    return std::ranges::all_of(pair.before->sources, [&](const Value &source) {
        if (render::isFetchedSource(source) && pair.before->refs.empty())
            return true;
        const bool mayBePlugin =
            !source["plugin"].isNull() || (plugins == Plugins::Known && !render::namesType(source));
        return isSame(readsAll || mayBePlugin ? std::string() : folderOf(source));
    });
}

} // namespace

std::vector<AppPair> pairsOf(const OfflineApps &before, const OfflineApps &after)
{
    std::map<std::string, AppPair> pairs;
    for (const OfflineApp &app : before.applications)
        pairs[app.identity()].before = &app;
    for (const OfflineApp &app : after.applications)
        pairs[app.identity()].after = &app;
    std::vector<AppPair> list;
    list.reserve(pairs.size());
    for (const auto &[identity, pair] : pairs)
        list.push_back(pair);
    return list;
}

bool isUntouched(const AppPair &pair, const FileTree &before, const FileTree &after, Plugins plugins)
{
    return isUntouchedBy(pair, plugins, [&](const std::string &place) {
        const std::string id = contentId(before, place);
        return !id.empty() && id == contentId(after, place);
    });
}

std::optional<AppChange> changeOf(const AppPair &pair, const FileTree &before, const FileTree &after,
                                  const render::RenderContext &base)
{
    const bool hasPlugins = base.plugins && !base.plugins->plugins().empty();
    const Plugins plugins = hasPlugins ? Plugins::Known : Plugins::None;
    if (isUntouched(pair, before, after, plugins))
        return std::nullopt;
    const OfflineApp &named = pair.after ? *pair.after : *pair.before;
    AppChange change{.name = named.name,
                     .ns = named.ns,
                     .path = named.path,
                     .change = !pair.before  ? ChangeKind::Added
                               : !pair.after ? ChangeKind::Removed
                                             : ChangeKind::Changed,
                     .error = {},
                     .resources = {},
                     .warnings = {},
                     .needs = {}};
    render::RenderContext context = base;
    context.needs = &change.needs;
    context.templates = std::make_shared<render::TemplateCache>(); // both sides have most templates in common
    const Expected<Side> old = renderedSide(pair.before, before, context);
    const Expected<Side> now = renderedSide(pair.after, after, context);
    // What is broken and was left alone did not change.
    if (!old && !now && old.error() == now.error()
        && isUntouchedBy(pair, plugins, [&](const std::string &place) { return hasSameContent(before, after, place); }))
        return std::nullopt;
    if (!old || !now) {
        change.change = ChangeKind::Error;
        change.error = object::textWithPlace(!now ? now.error() : old.error().in("in the first revision"));
        return change;
    }
    change.warnings = now->warnings;
    for (const auto &[key, placed] : old->objects) {
        if (!now->objects.contains(key))
            change.resources.push_back({key, ChangeKind::Removed, placed.object, Object(), placed.file, ""});
    }
    for (const auto &[key, placed] : now->objects) {
        const auto twin = old->objects.find(key);
        if (twin == old->objects.end())
            change.resources.push_back({key, ChangeKind::Added, Object(), placed.object, "", placed.file});
        else if (twin->second.object != placed.object)
            change.resources.push_back(
                {key, ChangeKind::Changed, twin->second.object, placed.object, twin->second.file, placed.file});
    }
    if (change.resources.empty() && change.change == ChangeKind::Changed)
        return std::nullopt;
    return change;
}

std::vector<std::string> unmatchedFiles(const std::vector<std::string> &changed, const OfflineApps &before,
                                        const OfflineApps &after)
{
    // Folders are looked up by prefix, so that thousands of files and applications stay cheap.
    std::multimap<std::string, const OfflineApp *> byFolder;
    std::multimap<std::string, const OfflineApp *> byFile;
    for (const OfflineApps *side : {&before, &after}) {
        for (const OfflineApp &app : side->applications) {
            byFile.emplace(app.file, &app);
            for (const Value &source : app.sources)
                byFolder.emplace(app.refs.empty() ? folderOf(source) : std::string(), &app);
            for (const std::string &place : app.reach ? app.reach->places : std::set<std::string>()) {
                byFolder.emplace(place, &app);
                byFolder.emplace(place.substr(0, place.find_last_of('/') == std::string::npos ? 0 : place.rfind('/')),
                                 &app); // it may be a file
            }
        }
    }
    const auto isRead = [&](const std::string &path) {
        if (byFile.contains(path))
            return true;
        // A submodule changes as a whole.
        if (const auto inside = byFolder.lower_bound(path + '/');
            inside != byFolder.end() && isBelow(inside->first, path))
            return true;
        if (byFolder.contains(path))
            return true;
        for (std::string folder = path;;) {
            const auto slash = folder.rfind('/');
            folder = slash == std::string::npos ? "" : folder.substr(0, slash);
            const auto [first, last] = byFolder.equal_range(folder);
            if (std::any_of(first, last, [&](const auto &entry) { return mayRead(*entry.second, path); }))
                return true;
            if (folder.empty())
                return false;
        }
    };
    std::vector<std::string> unmatched;
    for (const std::string &path : changed) {
        if (!isRead(path))
            unmatched.push_back(path);
    }
    return unmatched;
}

} // namespace tiphys::offline
