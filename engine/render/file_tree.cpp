// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/file_tree.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace tiphys::render {

namespace {

constexpr int kMostLinks = 40;

std::string parentOf(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash));
}

std::string joined(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

class MemoryTree final : public FileTree
{
public:
    explicit MemoryTree(std::vector<std::pair<std::string, std::string>> files)
    {
        m_folders[""];
        for (auto &[path, content] : files) {
            std::string child = path;
            FileKind kind = FileKind::File;
            while (true) {
                const std::string parent = parentOf(child);
                m_folders[parent][child.substr(parent.empty() ? 0 : parent.size() + 1)] = kind;
                if (parent.empty())
                    break;
                child = parent;
                kind = FileKind::Folder;
            }
            m_files[path] = std::make_shared<const std::string>(std::move(content));
        }
    }

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
        const auto found = m_folders.find(std::string(folder));
        if (found == m_folders.end())
            return failure(ErrorCode::NotFound, "no folder " + quoted(folder));
        std::vector<FileEntry> entries;
        for (const auto &[name, kind] : found->second)
            entries.push_back({name, kind, ""});
        return entries;
    }

    Expected<FileEntry> entry(std::string_view path) const override
    {
        const std::string name(path.substr(path.rfind('/') + 1));
        if (m_folders.contains(std::string(path)))
            return FileEntry{name, FileKind::Folder, ""};
        if (m_files.contains(std::string(path)))
            return FileEntry{name, FileKind::File, ""};
        return failure(ErrorCode::NotFound, "no file " + quoted(path));
    }

    Expected<FileContent> read(std::string_view path) const override
    {
        const auto found = m_files.find(std::string(path));
        if (found == m_files.end())
            return failure(ErrorCode::NotFound, "no file " + quoted(path));
        return FileContent{found->second, *found->second};
    }

private:
    std::map<std::string, std::shared_ptr<const std::string>> m_files;
    std::map<std::string, std::map<std::string, FileKind>> m_folders;
};

} // namespace

Expected<std::string> cleanPath(std::string_view path)
{
    std::string clean;
    clean.reserve(path.size());
    for (std::string_view rest = path; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (part.empty() || part == ".")
            continue;
        if (part != "..") {
            clean.append(clean.empty() ? "" : "/").append(part);
            continue;
        }
        if (clean.empty())
            return failure(ErrorCode::InvalidInput, "path " + quoted(path) + " leaves the root");
        const std::size_t slash = clean.rfind('/');
        clean.resize(slash == std::string::npos ? 0 : slash);
    }
    return clean;
}

Expected<std::string> resolvedPath(const FileTree &tree, std::string_view path)
{
    Expected<std::string> open = cleanPath(path);
    if (!open)
        return open;
    std::string done;
    std::string rest = *open;
    for (int links = 0; !rest.empty();) {
        const auto slash = rest.find('/');
        const std::string here = joined(done, rest.substr(0, slash));
        rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
        const Expected<FileEntry> entry = tree.entry(here);
        if (!entry)
            return std::unexpected(entry.error());
        if (entry->kind != FileKind::Symlink) {
            done = here;
            continue;
        }
        if (++links > kMostLinks)
            return failure(ErrorCode::InvalidInput, "too many symbolic links at " + quoted(path));
        const Expected<FileContent> target = tree.read(here);
        if (!target)
            return std::unexpected(target.error());
        if (target->text.starts_with('/'))
            return failure(ErrorCode::InvalidInput, "symbolic link " + quoted(here) + " leaves the root");
        const Expected<std::string> clean = cleanPath(joined(parentOf(here), target->text));
        if (!clean)
            return failure(ErrorCode::InvalidInput, "symbolic link " + quoted(here) + " leaves the root");
        rest = rest.empty() ? *clean : joined(*clean, rest);
        done.clear();
    }
    return done;
}

std::shared_ptr<const FileTree> memoryTree(std::vector<std::pair<std::string, std::string>> files)
{
    return std::make_shared<MemoryTree>(std::move(files));
}

} // namespace tiphys::render
