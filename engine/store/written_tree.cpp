// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/written_tree.h"

#include "base/text.h"
#include "render/file_modes.h"

#include <fstream>
#include <random>

namespace tiphys::store {

namespace fs = std::filesystem;
using render::FileEntry;
using render::FileKind;

namespace {

constexpr std::size_t kMostBytes = std::size_t(1) << 30;
constexpr int kDeepest = 100;

class Writer
{
public:
    Writer(const render::FileTree &tree, WriteOptions options) : m_tree(tree), m_options(options) {}

    Expected<void> write(const std::string &from, const fs::path &into, int depth)
    {
        if (depth > kDeepest)
            return failure(ErrorCode::LimitExceeded, "folders are nested deeper than 100: " + tiphys::quoted(from));
        std::error_code code;
        fs::create_directories(into, code);
        const Expected<std::vector<FileEntry>> entries = m_tree.list(from);
        if (!entries)
            return std::unexpected(entries.error());
        for (const FileEntry &entry : *entries) {
            const std::string path = from.empty() ? entry.name : from + "/" + entry.name;
            if (const Expected<void> done = writeEntry(entry, path, into / entry.name, depth); !done)
                return done;
        }
        return {};
    }

    /// The links, last: nothing is written through them.
    Expected<void> makeLinks() const
    {
        for (const auto &[target, place] : m_links) {
            std::error_code code;
            fs::create_symlink(target, place, code);
            if (code)
                return failure(ErrorCode::Denied, "cannot make the link " + place.string() + ": " + code.message());
        }
        return {};
    }

private:
    Expected<void> noteLink(const std::string &path, const fs::path &into)
    {
        const Expected<render::FileContent> target = m_tree.read(path);
        if (!target)
            return std::unexpected(target.error());
        const auto slash = path.rfind('/');
        const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
        const Expected<std::string> real = render::resolvedPath(m_tree, path);
        const bool leaves = target->text.starts_with('/') || !render::cleanPath(folder + std::string(target->text));
        if (leaves || (!real && real.error().code() == ErrorCode::InvalidInput))
            return failure(ErrorCode::InvalidInput, "the link " + tiphys::quoted(path) + " leaves its repository");
        m_links.emplace_back(std::string(target->text), into);
        return {};
    }

    Expected<void> writeEntry(FileEntry entry, std::string path, const fs::path &into, int depth)
    {
        if (entry.kind == FileKind::Symlink && m_options.keepsLinks)
            return noteLink(path, into);
        if (entry.kind == FileKind::Symlink) {
            const Expected<std::string> target = render::resolvedPath(m_tree, path);
            const Expected<FileEntry> found =
                target ? m_tree.entry(*target) : Expected<FileEntry>(std::unexpected(target.error()));
            if (!found)
                return {}; // a link to nothing stays away
            entry.kind = found->kind;
            path = *target;
        }
        if (entry.kind == FileKind::Folder)
            return write(path, into, depth + 1);
        if (entry.kind != FileKind::File)
            return {};
        const Expected<render::FileContent> content = m_tree.read(path);
        if (!content)
            return std::unexpected(content.error());
        m_bytes += content->text.size();
        if (m_bytes > kMostBytes)
            return failure(ErrorCode::LimitExceeded, "the files are larger than 1 GiB");
        const Expected<void> written = writeFile(into, content->text);
        if (written && m_options.keepsExecutable && render::isExecutable(m_tree, path)) {
            std::error_code ignored;
            fs::permissions(into, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                            fs::perm_options::add, ignored);
        }
        return written;
    }

    const render::FileTree &m_tree;
    WriteOptions m_options;
    std::vector<std::pair<fs::path, fs::path>> m_links; ///< target and place
    std::size_t m_bytes = 0;
};

} // namespace

Expected<std::unique_ptr<TemporaryFolder>> TemporaryFolder::make()
{
    std::random_device chance;
    std::error_code code;
    for (int i = 0; i < 10; ++i) {
        fs::path path =
            fs::temp_directory_path(code) / ("tiphys-" + std::to_string(chance()) + std::to_string(chance()));
        if (code || !fs::create_directory(path, code))
            continue;
        fs::permissions(path, fs::perms::owner_all, code);
        return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(std::move(path)));
    }
    return failure(ErrorCode::Unavailable, "cannot make a temporary folder: " + code.message());
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

Expected<void> writeTree(const render::FileTree &tree, const fs::path &folder, WriteOptions options)
{
    Writer writer(tree, options);
    if (const Expected<void> written = writer.write("", folder, 0); !written)
        return written;
    return writer.makeLinks();
}

Expected<void> writeFile(const fs::path &file, std::string_view text)
{
    std::ofstream out(file, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!out.flush())
        return failure(ErrorCode::Denied, "cannot write " + file.string());
    return {};
}

} // namespace tiphys::store
