// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/folder_tree.h"

#include "base/text.h"
#include "render/file_modes.h"
#include "render/lfs_pointer.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

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

class FolderTree final : public render::FileTree, public render::FileModes
{
public:
    explicit FolderTree(fs::path root) : m_root(std::move(root)) {}

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
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
        std::error_code code;
        const auto status = fs::symlink_status(m_root / path, code);
        if (code || !fs::exists(status))
            return failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
        const std::string name(path.substr(path.rfind('/') + 1));
        if (fs::is_symlink(status))
            return FileEntry{name, FileKind::Symlink, ""};
        return FileEntry{name, fs::is_directory(status) ? FileKind::Folder : FileKind::File, ""};
    }

    bool isExecutable(std::string_view path) const override
    {
        std::error_code code;
        const auto status = fs::symlink_status(m_root / path, code);
        return !code && fs::is_regular_file(status) && (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    }

    Expected<FileContent> read(std::string_view path) const override
    {
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
        if (const std::optional<render::LfsPointer> pointer = render::lfsPointerOf(*text))
            return std::unexpected(render::lfsContentAbsent(*pointer, path));
        return contentOf(std::move(*text));
    }

private:
    static FileContent contentOf(std::string text)
    {
        auto owner = std::make_shared<const std::string>(std::move(text));
        return {owner, *owner};
    }

    fs::path m_root;
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
    return Error(ErrorCode::LimitExceeded, "file " + tiphys::quoted(path) + " is larger than " + std::to_string(limitBytes) + " bytes");
}

/// All of \p stream, in pieces from \p piece bytes on. What it has is counted: a pipe tells no size, and a file may grow.
Expected<std::string> streamContent(std::istream &stream, std::size_t piece, const std::string &path, std::int64_t limitBytes)
{
    std::string text;
    while (stream) {
        const std::size_t before = text.size();
        text.resize(before + piece);
        stream.read(text.data() + before, static_cast<std::streamsize>(piece));
        text.resize(before + static_cast<std::size_t>(stream.gcount()));
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
            return std::unexpected(errorOf(code ? code : std::make_error_code(std::errc::no_such_file_or_directory), path));
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
