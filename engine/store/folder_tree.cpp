// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/folder_tree.h"

#include "base/text.h"
#include "render/file_modes.h"
#include "render/lfs_pointer.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#if defined(__unix__) || defined(__APPLE__)
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#define TIPHYS_HAS_POSIX_FILES
#endif

namespace tiphys::store {

namespace fs = std::filesystem;
using render::FileContent;
using render::FileEntry;
using render::FileKind;

namespace {

Error errorOf(const std::error_code &code, std::string_view path)
{
    if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory)
        return Error(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
    if (code == std::errc::permission_denied)
        return Error(ErrorCode::Denied, "file " + tiphys::quoted(path) + " may not be read");
    return Error(ErrorCode::Unavailable, "file " + tiphys::quoted(path) + ": " + code.message());
}

#ifdef TIPHYS_HAS_POSIX_FILES
/// A regular file that is not too large; nothing where it is another or changes meanwhile: std::filesystem tells what is
/// wrong. Charts and overlays are many small files, and its paths and streams take longer than the system does.
std::optional<std::string> regularContent(const std::string &path)
{
    // Neither follows a link nor waits for whoever writes to a pipe.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return std::nullopt;
    std::optional<std::string> text;
    struct stat found{};
    if (::fstat(file, &found) == 0 && S_ISREG(found.st_mode)
        && static_cast<std::uint64_t>(found.st_size) <= render::kLargestFile) {
        const auto size = static_cast<std::size_t>(found.st_size);
        // One more byte than there should be: the end shows at once. What is read over is not cleared first.
        text.emplace().resize_and_overwrite(size + 1, [file](char *to, std::size_t room) {
            const ssize_t count = ::read(file, to, room);
            return count < 0 ? room : static_cast<std::size_t>(count);
        });
        if (text->size() != size)
            text.reset();
    }
    ::close(file);
    return text;
}

FileKind kindOf(mode_t mode)
{
    return S_ISLNK(mode) ? FileKind::Symlink : S_ISDIR(mode) ? FileKind::Folder : FileKind::File;
}

struct CloseFolder
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};

/// The links, folders and regular files in \p folder, in no order; nothing where it cannot be read so.
std::optional<std::vector<FileEntry>> entriesOf(const std::string &folder)
{
    const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
    if (!open)
        return std::nullopt;
    std::vector<FileEntry> entries;
    for (errno = 0; const dirent *at = ::readdir(open.get()); errno = 0) {
        const std::string_view name = at->d_name;
        if (name == "." || name == ".." || name == ".git")
            continue;
        switch (at->d_type) {
        case DT_LNK: entries.push_back({std::string(name), FileKind::Symlink, ""}); break;
        case DT_DIR: entries.push_back({std::string(name), FileKind::Folder, ""}); break;
        case DT_REG: entries.push_back({std::string(name), FileKind::File, ""}); break;
        case DT_UNKNOWN: return std::nullopt; // of file systems that tell no kinds
        default: break;
        }
    }
    return errno == 0 ? std::optional(std::move(entries)) : std::nullopt;
}
#endif

class FolderTree final : public render::FileTree, public render::FileModes
{
public:
    explicit FolderTree(fs::path root) : m_root(std::move(root)), m_prefix((m_root / "").string()) {}

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
#ifdef TIPHYS_HAS_POSIX_FILES
        if (std::optional<std::vector<FileEntry>> found = entriesOf(placeOf(folder))) {
            std::ranges::sort(*found, {}, &FileEntry::name);
            return std::move(*found);
        }
#endif
        std::error_code code;
        std::vector<FileEntry> entries;
        fs::directory_iterator at(m_root / folder, code);
        for (; !code && at != fs::directory_iterator(); at.increment(code)) {
            const std::string name = at->path().filename().string();
            if (name == ".git")
                continue;
            std::error_code ignored;
            // These look at what the folder itself tells, where it does.
            if (at->is_symlink(ignored))
                entries.push_back({name, FileKind::Symlink, ""});
            else if (at->is_directory(ignored))
                entries.push_back({name, FileKind::Folder, ""});
            else if (at->is_regular_file(ignored))
                entries.push_back({name, FileKind::File, ""});
        }
        if (code)
            return std::unexpected(errorOf(code, folder));
        std::ranges::sort(entries, {}, &FileEntry::name);
        return entries;
    }

    Expected<FileEntry> entry(std::string_view path) const override
    {
#ifdef TIPHYS_HAS_POSIX_FILES
        struct stat found{};
        if (::lstat(placeOf(path).c_str(), &found) != 0)
            return failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
        return FileEntry{std::string(path.substr(path.rfind('/') + 1)), kindOf(found.st_mode), ""};
#else
        std::error_code code;
        const auto status = fs::symlink_status(m_root / path, code);
        if (code || !fs::exists(status))
            return failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
        const std::string name(path.substr(path.rfind('/') + 1));
        if (fs::is_symlink(status))
            return FileEntry{name, FileKind::Symlink, ""};
        return FileEntry{name, fs::is_directory(status) ? FileKind::Folder : FileKind::File, ""};
#endif
    }

    bool isExecutable(std::string_view path) const override
    {
        std::error_code code;
        const auto status = fs::symlink_status(m_root / path, code);
        return !code && fs::is_regular_file(status)
               && (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    }

    Expected<FileContent> read(std::string_view path) const override
    {
#ifdef TIPHYS_HAS_POSIX_FILES
        if (std::optional<std::string> text = regularContent(placeOf(path)))
            return fileOrPointer(std::move(*text), path);
#endif
        const fs::path file = m_root / path;
        std::error_code code;
        if (fs::is_symlink(fs::symlink_status(file, code))) {
            const fs::path target = fs::read_symlink(file, code);
            if (code)
                return std::unexpected(errorOf(code, path));
            return contentOf(target.generic_string());
        }
        Expected<std::string> text = fileContent(file.string());
        if (!text)
            return std::unexpected(text.error());
        return fileOrPointer(std::move(*text), path);
    }

private:
    static Expected<FileContent> fileOrPointer(std::string text, std::string_view path)
    {
        if (const std::optional<render::LfsPointer> pointer = render::lfsPointerOf(text))
            return std::unexpected(render::lfsContentAbsent(*pointer, path));
        return contentOf(std::move(text));
    }

    std::string placeOf(std::string_view path) const { return m_prefix + std::string(path); }

    static FileContent contentOf(std::string text)
    {
        auto owner = std::make_shared<const std::string>(std::move(text));
        return {owner, *owner};
    }

    fs::path m_root;
    std::string m_prefix; ///< the root with a separator behind it
};

} // namespace

Expected<std::shared_ptr<const render::FileTree>> folderTree(const fs::path &root)
{
    std::error_code code;
    if (!fs::is_directory(root, code))
        return failure(ErrorCode::NotFound, "no folder " + tiphys::quoted(root.string()));
    return std::make_shared<const FolderTree>(root);
}

namespace {

Error tooLarge(const std::string &path, std::int64_t limitBytes)
{
    return Error(ErrorCode::LimitExceeded,
                 "file " + tiphys::quoted(path) + " is larger than " + std::to_string(limitBytes) + " bytes");
}

/// All of \p stream, in pieces from \p piece bytes on. What it has is counted: a pipe tells no size, and a file may grow.
Expected<std::string> streamContent(std::istream &stream, std::size_t piece, const std::string &path,
                                    std::int64_t limitBytes)
{
    std::string text;
    while (stream) {
        const std::size_t before = text.size();
        // What is read over is not cleared first.
        text.resize_and_overwrite(before + piece, [&](char *to, std::size_t) {
            stream.read(to + before, static_cast<std::streamsize>(piece));
            return before + static_cast<std::size_t>(stream.gcount());
        });
        if (text.size() > static_cast<std::size_t>(limitBytes))
            return std::unexpected(tooLarge(path, limitBytes));
        piece = std::max<std::size_t>(piece, 65'536);
    }
    if (stream.bad())
        return failure(ErrorCode::Unavailable, "file " + tiphys::quoted(path) + " could not be read");
    return text;
}

} // namespace

Expected<std::string> fileContent(const std::string &path, std::int64_t limitBytes)
{
    if (path == "-")
        return streamContent(std::cin, 65'536, path, limitBytes);
    std::error_code code;
    // Fails for everything that is no regular file.
    const std::uintmax_t size = fs::file_size(path, code);
    const bool isRegular = !code;
    if (!isRegular) {
        const auto status = fs::status(path, code);
        if (code || !fs::exists(status))
            return std::unexpected(
                errorOf(code ? code : std::make_error_code(std::errc::no_such_file_or_directory), path));
        if (fs::is_directory(status))
            return failure(ErrorCode::InvalidInput, tiphys::quoted(path) + " is a folder, not a file");
    } else if (size > static_cast<std::uintmax_t>(limitBytes)) {
        return std::unexpected(tooLarge(path, limitBytes));
    }
    std::ifstream file;
    file.rdbuf()->pubsetbuf(nullptr, 0); // pieces are as large as the file
    file.open(path, std::ios::binary);
    if (!file)
        return failure(ErrorCode::Denied, "file " + tiphys::quoted(path) + " may not be read");
    // One more byte than there should be: the end shows at once.
    return streamContent(file, isRegular ? static_cast<std::size_t>(size) + 1 : 65'536, path, limitBytes);
}

} // namespace tiphys::store
