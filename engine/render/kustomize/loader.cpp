// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/loader.h"

#include "base/text.h"

namespace tiphys::render::kustomize {

namespace {

constexpr int kMostNested = 200;

std::string parentOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

/// True if \p path is \p folder or below it.
bool isWithin(std::string_view path, std::string_view folder)
{
    return folder.empty() || path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::string shown(std::string_view path)
{
    return path.empty() ? "." : std::string(path);
}

/// Nothing stands at \p path: \p why.
std::unexpected<Error> absent(std::string_view path, const std::string &why)
{
    return failure(ErrorCode::NotFound, "evalsymlink failure on '" + shown(path) + "' : " + why);
}

std::string isMissing(std::string_view path)
{
    return "lstat " + shown(path) + ": no such file or directory";
}

/// Names the first part of \p path that is not there, as a walk from the root finds it.
/// Source: golang src/path/filepath/symlink.go (walkSymlinks)@go1.26
std::unexpected<Error> absent(FileCache &files, const std::string &path)
{
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const std::string folder = path.substr(0, slash);
        const FileCache::Place &place = files.place(folder);
        if (!place.resolved)
            return absent(path, isMissing(folder));
        if (!place.isFolder)
            return absent(path, "not a directory");
    }
    return absent(path, isMissing(path));
}

/// The folder at \p path, links resolved.
Expected<std::string> confirmedFolder(FileCache &files, const std::string &path)
{
    const FileCache::Place &place = files.place(path);
    if (!place.resolved && place.resolved.error().code() != ErrorCode::NotFound)
        return std::unexpected(place.resolved.error().in("not a valid directory"));
    if (!place.resolved)
        return std::unexpected(absent(files, path).error().in("not a valid directory"));
    if (!place.isFolder)
        return failure(ErrorCode::InvalidInput, "'" + shown(path) + "': file is not directory");
    return place.resolved;
}

} // namespace

Expected<std::string> Loader::below(std::string_view path) const
{
    std::string whole;
    whole.reserve(m_root.size() + 1 + path.size());
    whole += m_root;
    if (!whole.empty())
        whole += '/';
    whole += path;
    const Expected<std::string> clean = cleanPath(whole);
    if (!clean)
        return absent(whole, isMissing(whole));
    return clean;
}

void Loader::need(RemoteNeed missing) const
{
    RemoteAccess{m_options->remote, m_options->needs}.note(std::move(missing));
}

Expected<FileContent> Loader::load(std::string_view path) const
{
    if (isRemoteFile(path)) {
        Fetched<std::string> content;
        if (m_options->remote)
            content = m_options->remote->file(path);
        if (!content) {
            need({.url = std::string(path), .repository = {}, .chart = {}, .artifact = {}});
            return failure(ErrorCode::Unavailable, "remote file " + tiphys::quoted(path) + " is not fetched");
        }
        if (!*content)
            return std::unexpected(fetchFailure(content->error()));
        auto kept = std::make_shared<const std::string>(std::move(**content));
        return FileContent{kept, *kept};
    }
    if (path.starts_with('/'))
        return failure(ErrorCode::InvalidInput,
                       "security; file '" + std::string(path) + "' is not in or below '" + shownRoot() + "'");
    const Expected<std::string> whole = below(path);
    if (!whole)
        return std::unexpected(whole.error());
    const FileCache::Place &place = m_cache->place(*whole);
    const Expected<std::string> &resolved = place.resolved;
    if (!resolved)
        return resolved.error().code() == ErrorCode::NotFound ? absent(*m_cache, *whole)
                                                              : std::unexpected(resolved.error());
    if (place.isFolder)
        return failure(ErrorCode::InvalidInput, m_restriction == LoadRestriction::None
                                                    ? "read " + shown(*whole) + ": is a directory"
                                                    : "'" + shown(*whole) + "' must resolve to a file");
    if (m_restriction == LoadRestriction::RootOnly && !isWithin(parentOf(*resolved), m_root))
        return failure(ErrorCode::InvalidInput,
                       "security; file '" + shown(*whole) + "' is not in or below '" + shownRoot() + "'");
    return m_cache->read(*resolved);
}

bool Loader::isFolder(std::string_view path) const
{
    if (path.starts_with('/') || isRemoteFile(path))
        return false;
    const Expected<std::string> whole = below(path);
    if (!whole)
        return false;
    const FileCache::Place &place = m_cache->place(*whole);
    return place.resolved && place.isFolder;
}

Expected<void> Loader::checkCycle(std::string_view root) const
{
    int depth = 0;
    for (const Loader *loader = this; loader; loader = loader->m_referrer.get()) {
        if (loader->m_files != m_files)
            break;
        if (isWithin(loader->m_root, root))
            return failure(ErrorCode::InvalidInput, "cycle detected: candidate root '" + shown(root)
                                                        + "' contains visited root '" + loader->shownRoot() + "'");
        if (++depth > kMostNested)
            return failure(ErrorCode::LimitExceeded, "kustomizations are nested deeper than 200");
    }
    return {};
}

Expected<void> Loader::checkRepositoryCycle(const RepoSpec &spec) const
{
    int depth = 0;
    for (const Loader *loader = this; loader; loader = loader->m_referrer.get()) {
        if (!loader->m_repositoryUrl.empty() && loader->m_repositoryUrl.starts_with(spec.url))
            return failure(ErrorCode::InvalidInput, "cycle detected: URI '" + spec.url
                                                        + "' referenced by previous URI '" + loader->m_repositoryUrl
                                                        + "'");
        if (++depth > kMostNested)
            return failure(ErrorCode::LimitExceeded, "kustomizations are nested deeper than 200");
    }
    return {};
}

Expected<Loader> Loader::at(std::string_view path) const
{
    if (path.empty())
        return failure(ErrorCode::InvalidInput, "new root cannot be empty");
    if (const std::optional<RepoSpec> spec = repoSpecOf(path))
        return atRepository(*spec);
    if (path.starts_with('/'))
        return failure(ErrorCode::InvalidInput, "new root '" + std::string(path) + "' cannot be absolute");
    const Expected<std::string> whole = below(path);
    const Expected<std::string> folder = whole ? confirmedFolder(*m_cache, *whole) : whole;
    if (!folder)
        return std::unexpected(
            folder.error().in(whole ? "must build at directory" : "must build at directory: not a valid directory"));
    const Expected<void> valid = checkCycle(*folder);
    if (!valid)
        return std::unexpected(valid.error());
    Loader loader = *this;
    loader.m_root = *folder;
    loader.m_referrer = std::make_shared<const Loader>(*this);
    loader.m_repositoryUrl.clear();
    return loader;
}

Expected<Loader> Loader::atRepository(const RepoSpec &spec) const
{
    const Expected<void> valid = checkRepositoryCycle(spec);
    if (!valid)
        return std::unexpected(valid.error());
    Fetched<std::shared_ptr<const FileTree>> fetched;
    if (m_options->remote)
        fetched = m_options->remote->repository(spec);
    if (!fetched) {
        need({.url = spec.url, .repository = spec, .chart = {}, .artifact = {}});
        return failure(ErrorCode::Unavailable, "remote base " + tiphys::quoted(spec.url) + " is not fetched");
    }
    if (!*fetched)
        return std::unexpected(fetchFailure(fetched->error()));
    const std::shared_ptr<const FileTree> tree = **fetched;
    Loader loader = *this;
    loader.m_referrer = std::make_shared<const Loader>(*this);
    loader.m_repository = tree;
    loader.m_files = tree.get();
    loader.m_cache = std::make_shared<FileCache>(*tree);
    loader.m_repositoryUrl = spec.url;
    loader.m_restriction = LoadRestriction::RootOnly;
    const Expected<std::string> folder = confirmedFolder(*loader.m_cache, std::string(spec.folder));
    if (!folder)
        return std::unexpected(folder.error());
    loader.m_root = *folder;
    return loader;
}

Expected<Loader> Loader::top(const FileTree &files, std::string_view folder, const KustomizeOptions &options)
{
    Loader loader(files, {}, options);
    const Expected<std::string> confirmed = confirmedFolder(*loader.m_cache, std::string(folder));
    if (!confirmed)
        return std::unexpected(confirmed.error().in("must build at directory"));
    loader.m_root = *confirmed;
    return loader;
}

} // namespace tiphys::render::kustomize
