// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/folder_tree.h"

#include "base/text.h"
#include "git/commit_tree.h"
#include "render/file_modes.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include <sys/stat.h>

namespace tiphys::git {

namespace fs = std::filesystem;
using render::FileContent;
using render::FileEntry;
using render::FileKind;

namespace {

constexpr std::string_view kGitFolder = ".git";

std::string joined(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

Error fileError(std::string_view path, const std::error_code &fault)
{
    const ErrorCode code = fault == std::errc::no_such_file_or_directory || fault == std::errc::not_a_directory
                               ? ErrorCode::NotFound
                           : fault == std::errc::permission_denied ? ErrorCode::Denied
                                                                   : ErrorCode::Unavailable;
    return Error(code, "cannot read " + tiphys::quoted(path) + ": " + fault.message());
}

/// What identifies an unchanged file without reading it, as the index keeps it.
struct Stamp
{
    std::int64_t modifiedSeconds = 0;
    std::int64_t modifiedNanoseconds = 0;
    std::int64_t changedSeconds = 0;
    std::uint32_t inode = 0;
    std::uint32_t size = 0;

    bool operator==(const Stamp &) const = default;
};

struct TrackedFile
{
    std::string id;
    Stamp stamp;
};

/// What stands in the index of the repository.
struct Tracked
{
    std::map<std::string, TrackedFile, std::less<>> files;
    std::set<std::string, std::less<>> folders;
    std::set<std::string, std::less<>> submodules;
    std::int64_t writtenSeconds = 0; ///< when the index was written
};

std::optional<Stamp> stampOf(const fs::path &place)
{
    struct stat status;
    if (lstat(place.c_str(), &status) != 0)
        return std::nullopt;
    return Stamp{status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                 static_cast<std::uint32_t>(status.st_ino), static_cast<std::uint32_t>(status.st_size)};
}

Stamp stampOf(const git_index_entry &entry)
{
    return {entry.mtime.seconds, entry.mtime.nanoseconds, entry.ctime.seconds, entry.ino, entry.file_size};
}

Expected<Tracked> trackedFiles(git_repository *repository)
{
    IndexHandle index;
    int code = git_repository_index(out(index), repository);
    if (code == 0)
        code = git_index_read(index.get(), true);
    if (code != 0)
        return std::unexpected(libgit2Error(code, "reading the index"));
    Tracked tracked;
    if (const std::optional<Stamp> written = stampOf(git_index_path(index.get())))
        tracked.writtenSeconds = written->modifiedSeconds;
    for (std::size_t i = 0; i < git_index_entrycount(index.get()); ++i) {
        const git_index_entry *entry = git_index_get_byindex(index.get(), i);
        const std::string path = entry->path;
        if (entry->mode == GIT_FILEMODE_COMMIT)
            tracked.submodules.insert(path);
        else
            tracked.files.emplace(path, TrackedFile{hexOf(entry->id), stampOf(*entry)});
        for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
             slash = path.rfind('/', slash - 1))
            if (!tracked.folders.insert(path.substr(0, slash)).second)
                break;
    }
    return tracked;
}

class FolderTree final : public render::FileTree, public render::FileModes
{
public:
    FolderTree(fs::path root, std::shared_ptr<ObjectStore> store, std::string lfsFolder, Tracked tracked)
        : m_root(std::move(root)), m_store(std::move(store)), m_lfsFolder(std::move(lfsFolder)),
          m_tracked(std::move(tracked))
    {
    }

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
        if (const Expected<void> real = checkedParents(folder, Last::Included); !real)
            return std::unexpected(real.error());
        std::error_code fault;
        fs::directory_iterator place(m_root / fs::path(folder), fault);
        if (fault)
            return std::unexpected(fileError(folder, fault));
        std::vector<FileEntry> entries;
        for (; place != fs::directory_iterator(); place.increment(fault)) {
            if (fault)
                return std::unexpected(fileError(folder, fault));
            Expected<FileEntry> found = visibleEntry(joined(folder, place->path().filename().string()));
            if (found)
                entries.push_back(*std::move(found));
            else if (found.error().code() != ErrorCode::NotFound)
                return std::unexpected(found.error());
        }
        std::ranges::sort(entries, {}, &FileEntry::name);
        return entries;
    }

    Expected<FileEntry> entry(std::string_view path) const override
    {
        if (const Expected<void> real = checkedParents(path, Last::Excluded); !real)
            return std::unexpected(real.error());
        return visibleEntry(std::string(path));
    }

    Expected<FileContent> read(std::string_view path) const override
    {
        const Expected<FileEntry> found = entry(path);
        if (!found)
            return std::unexpected(found.error());
        if (found->kind == FileKind::Folder || found->kind == FileKind::Submodule)
            return failure(ErrorCode::NotFound, tiphys::quoted(path) + " is a folder");
        Expected<FileContent> content = stored(std::string(path), found->kind);
        if (!content)
            return content;
        if (found->kind == FileKind::File)
            return smudged(*std::move(content), m_lfsFolder, path);
        if (const Expected<void> link = checkedLink(path, content->text); !link)
            return std::unexpected(link.error());
        return content;
    }

    bool isExecutable(std::string_view path) const override
    {
        std::error_code fault;
        const fs::file_status status = fs::symlink_status(m_root / fs::path(path), fault);
        return !fault && fs::is_regular_file(status)
               && (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    }

private:
    enum class Last { Included, Excluded };

    /// Links are not followed: each folder on the way must be a real one.
    Expected<void> checkedParents(std::string_view path, Last last) const
    {
        for (std::size_t slash = path.find('/'); slash != std::string_view::npos || last == Last::Included;
             slash = path.find('/', slash + 1)) {
            const std::string_view folder = path.substr(0, slash);
            std::error_code fault;
            if (!folder.empty()
                && fs::symlink_status(m_root / fs::path(folder), fault).type() != fs::file_type::directory)
                return failure(ErrorCode::NotFound, "no folder " + tiphys::quoted(folder));
            if (slash == std::string_view::npos)
                break;
        }
        return {};
    }

    Expected<FileEntry> visibleEntry(const std::string &path) const
    {
        const std::string name = path.substr(path.rfind('/') + 1);
        std::error_code fault;
        const fs::file_status status = fs::symlink_status(m_root / fs::path(path), fault);
        if (fault && fault != std::errc::no_such_file_or_directory && fault != std::errc::not_a_directory)
            return std::unexpected(fileError(path, fault));
        const bool isFolder = status.type() == fs::file_type::directory;
        const bool isLink = status.type() == fs::file_type::symlink;
        if (name == kGitFolder || (!isFolder && !isLink && status.type() != fs::file_type::regular))
            return failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
        if (const Expected<bool> ignored = isIgnored(path, isFolder); !ignored || *ignored)
            return ignored ? failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path))
                           : std::unexpected(ignored.error());
        if (isFolder)
            return FileEntry{name, FileKind::Folder, ""};
        const FileKind kind = isLink ? FileKind::Symlink : FileKind::File;
        Expected<std::string> id = idOfFile(path, kind);
        if (!id)
            return std::unexpected(id.error());
        return FileEntry{name, kind, *std::move(id)};
    }

    Expected<bool> isIgnored(const std::string &path, bool isFolder) const
    {
        if (!m_store || path.empty() || m_tracked.files.contains(path) || m_tracked.folders.contains(path)
            || m_tracked.submodules.contains(path) || isInSubmodule(path))
            return false;
        return m_store->with<bool>([&](git_repository *repository) -> Expected<bool> {
            int ignored = 0;
            const int code = git_ignore_path_is_ignored(&ignored, repository, (isFolder ? path + "/" : path).c_str());
            if (code != 0)
                return std::unexpected(libgit2Error(code, "reading .gitignore for " + tiphys::quoted(path)));
            return ignored != 0;
        });
    }

    bool isInSubmodule(std::string_view path) const
    {
        return std::ranges::any_of(m_tracked.submodules, [&](const std::string &submodule) {
            return path.starts_with(submodule) && path.size() > submodule.size() && path[submodule.size()] == '/';
        });
    }

    /// Id of the blob that a commit would make: the index's where the file has not changed since, else its hash.
    Expected<std::string> idOfFile(const std::string &path, FileKind kind) const
    {
        if (!m_store)
            return std::string();
        if (const auto tracked = m_tracked.files.find(path); tracked != m_tracked.files.end()) {
            // A file written in the second of the index may have changed unseen.
            const Stamp &known = tracked->second.stamp;
            if (known.modifiedSeconds < m_tracked.writtenSeconds && stampOf(m_root / fs::path(path)) == known)
                return tracked->second.id;
        }
        const Expected<FileContent> content = stored(path, kind);
        git_oid id;
        if (!content && content.error().code() == ErrorCode::LimitExceeded) {
            // It is hashed piece by piece, as it is: what stands beside it must be seen.
            if (const int code = git_odb_hashfile(&id, (m_root / fs::path(path)).string().c_str(), GIT_OBJECT_BLOB);
                code != 0)
                return std::unexpected(libgit2Error(code, "reading " + tiphys::quoted(path)));
            return hexOf(id);
        }
        if (!content)
            return std::unexpected(content.error());
        git_odb_hash(&id, content->text.data(), content->text.size(), GIT_OBJECT_BLOB);
        return hexOf(id);
    }

    /// Bytes that a commit would store.
    Expected<FileContent> stored(const std::string &path, FileKind kind) const
    {
        const fs::path place = m_root / fs::path(path);
        std::error_code fault;
        if (kind == FileKind::Symlink) {
            auto target = std::make_shared<const std::string>(fs::read_symlink(place, fault).generic_string());
            if (fault)
                return std::unexpected(fileError(path, fault));
            return FileContent{target, *target};
        }
        const std::size_t most = m_store ? m_store->mostBytes() : render::kLargestFile;
        if (const std::uintmax_t size = fs::file_size(place, fault); !fault && size > most)
            return failure(ErrorCode::LimitExceeded,
                           "file " + tiphys::quoted(path) + " is larger than " + std::to_string(most) + " bytes");
        errno = 0;
        std::ifstream file(place, std::ios::binary);
        if (!file)
            return std::unexpected(fileError(path, std::error_code(errno, std::generic_category())));
        auto bytes =
            std::make_shared<std::string>(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        if (m_store)
            if (const Expected<void> done = filter(path, *bytes); !done)
                return std::unexpected(done.error());
        return FileContent{bytes, *bytes};
    }

    /// Line endings as a commit stores them; filters that are programs are not run.
    Expected<void> filter(const std::string &path, std::string &bytes) const
    {
        return m_store->with<void>([&](git_repository *repository) -> Expected<void> {
            FilterListHandle filters;
            int code = git_filter_list_load(out(filters), repository, nullptr, path.c_str(), GIT_FILTER_TO_ODB,
                                            GIT_FILTER_ALLOW_UNSAFE);
            if (code != 0)
                return std::unexpected(libgit2Error(code, "attributes of " + tiphys::quoted(path)));
            if (!filters)
                return {};
            git_buf filtered = GIT_BUF_INIT;
            code = git_filter_list_apply_to_buffer(&filtered, filters.get(), bytes.data(), bytes.size());
            if (code == 0)
                bytes.assign(filtered.ptr, filtered.size);
            git_buf_dispose(&filtered);
            if (code != 0)
                return std::unexpected(libgit2Error(code, "line endings of " + tiphys::quoted(path)));
            return {};
        });
    }

    const fs::path m_root;
    const std::shared_ptr<ObjectStore> m_store;
    const std::string m_lfsFolder;
    const Tracked m_tracked;
};

} // namespace

Expected<std::shared_ptr<const render::FileTree>> folderTree(const std::string &root)
{
    std::error_code fault;
    if (!fs::is_directory(root, fault))
        return failure(ErrorCode::NotFound, "no folder " + tiphys::quoted(root));
    return std::make_shared<const FolderTree>(root, nullptr, "", Tracked());
}

Expected<std::shared_ptr<const render::FileTree>>
workingTree(const std::string &root, std::shared_ptr<ObjectStore> store, const std::string &lfsFolder)
{
    Expected<Tracked> tracked = store->with<Tracked>(trackedFiles);
    if (!tracked)
        return std::unexpected(tracked.error().in("working tree " + tiphys::quoted(root)));
    return std::make_shared<const FolderTree>(root, std::move(store), lfsFolder, *std::move(tracked));
}

} // namespace tiphys::git
