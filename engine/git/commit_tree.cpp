// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/commit_tree.h"

#include "base/text.h"
#include "render/lfs_pointer.h"

#include <algorithm>
#include <fstream>

namespace tiphys::git {

using render::FileContent;
using render::FileEntry;
using render::FileKind;
using render::FileTree;

namespace {

std::string_view parentOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

} // namespace

Expected<FileContent> smudged(FileContent content, const std::string &lfsFolder, std::string_view path)
{
    const std::optional<render::LfsPointer> pointer = render::lfsPointerOf(content.text);
    if (!pointer)
        return content;
    std::ifstream file(lfsFolder + "/" + render::lfsObjectPath(*pointer), std::ios::binary);
    if (file && pointer->size > render::kLargestFile)
        return failure(ErrorCode::LimitExceeded, "file " + tiphys::quoted(path) + " is larger than "
                                                     + std::to_string(render::kLargestFile) + " bytes");
    auto bytes = std::make_shared<std::string>();
    if (file)
        bytes->assign(std::istreambuf_iterator<char>(file), {});
    if (!file || bytes->size() != pointer->size)
        return std::unexpected(render::lfsContentAbsent(*pointer, path));
    return FileContent{bytes, *bytes};
}

Expected<void> checkedLink(std::string_view path, std::string_view target)
{
    const std::string_view folder = parentOf(path);
    if (target.starts_with('/') || !render::cleanPath(std::string(folder) + "/" + std::string(target)))
        return failure(ErrorCode::InvalidInput, "symbolic link " + tiphys::quoted(path) + " leaves the root");
    return {};
}

CommitTree::CommitTree(std::shared_ptr<ObjectStore> store, const git_oid &root, std::string lfsFolder,
                       SubmoduleTrees submodules)
    : m_store(std::move(store)), m_root(root), m_lfsFolder(std::move(lfsFolder)),
      m_submoduleTrees(std::move(submodules))
{
}

Expected<std::vector<FileEntry>> CommitTree::list(std::string_view folder) const
{
    if (const std::optional<Expected<Inside>> inside = submoduleOf(folder)) {
        if (!*inside)
            return std::unexpected(inside->error());
        return (*inside)->tree->list((*inside)->path);
    }
    const Expected<std::shared_ptr<const TreeListing>> found = listing(folder);
    if (!found)
        return std::unexpected(found.error());
    std::vector<FileEntry> entries((*found)->begin(), (*found)->end());
    for (FileEntry &one : entries) {
        if (one.kind != FileKind::Submodule)
            continue;
        if (const Expected<FileEntry> seen = entry(folder.empty() ? one.name : std::string(folder) + "/" + one.name))
            one = *seen;
    }
    return entries;
}

Expected<FileEntry> CommitTree::entry(std::string_view path) const
{
    if (path.empty())
        return FileEntry{"", FileKind::Folder, hexOf(m_root)};
    if (const std::optional<Expected<Inside>> inside = submoduleOf(path)) {
        if (*inside && !(*inside)->path.empty())
            return (*inside)->tree->entry((*inside)->path);
        Expected<StoredEntry> stored = storedEntry(path);
        if (stored && *inside)
            stored->kind = FileKind::Folder;
        if (!stored)
            return std::unexpected(!*inside ? inside->error() : stored.error());
        return FileEntry(*stored);
    }
    Expected<StoredEntry> stored = storedEntry(path);
    return stored ? Expected<FileEntry>(*std::move(stored)) : std::unexpected(stored.error());
}

bool CommitTree::isExecutable(std::string_view path) const
{
    if (const std::optional<Expected<Inside>> inside = submoduleOf(path))
        return *inside && !(*inside)->path.empty() && render::isExecutable(*(*inside)->tree, (*inside)->path);
    const Expected<StoredEntry> found = storedEntry(path);
    return found && found->isExecutable;
}

Expected<FileContent> CommitTree::read(std::string_view path) const
{
    if (const std::optional<Expected<Inside>> inside = submoduleOf(path)) {
        if (!*inside)
            return std::unexpected(inside->error());
        if (!(*inside)->path.empty())
            return (*inside)->tree->read((*inside)->path);
        return failure(ErrorCode::NotFound, tiphys::quoted(path) + " is a folder");
    }
    const Expected<FileEntry> found = entry(path);
    if (!found)
        return std::unexpected(found.error());
    if (found->kind == FileKind::Folder)
        return failure(ErrorCode::NotFound, tiphys::quoted(path) + " is a folder");
    const Expected<git_oid> id = idOf(found->id);
    if (!id)
        return std::unexpected(id.error());
    Expected<FileContent> content = m_store->blob(*id);
    if (!content)
        return std::unexpected(content.error().in("file " + tiphys::quoted(path)));
    if (found->kind == FileKind::File)
        return smudged(*std::move(content), m_lfsFolder, path);
    if (const Expected<void> link = checkedLink(path, content->text); !link)
        return std::unexpected(link.error());
    return content;
}

Expected<std::shared_ptr<const TreeListing>> CommitTree::listing(std::string_view folder) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_listings.find(folder); found != m_listings.end())
            return found->second;
    }
    git_oid id = m_root;
    if (!folder.empty()) {
        const Expected<FileEntry> found = storedEntry(folder);
        if (!found)
            return std::unexpected(found.error());
        if (found->kind != FileKind::Folder)
            return failure(ErrorCode::NotFound, tiphys::quoted(folder) + " is no folder");
        id = *idOf(found->id);
    }
    Expected<std::shared_ptr<const TreeListing>> entries = m_store->listing(id);
    if (!entries)
        return std::unexpected(entries.error().in("folder " + tiphys::quoted(folder.empty() ? "." : folder)));
    const std::lock_guard lock(m_mutex);
    m_listings.emplace(std::string(folder), *entries);
    return entries;
}

Expected<StoredEntry> CommitTree::storedEntry(std::string_view path) const
{
    const std::string_view folder = parentOf(path);
    const std::string_view name = folder.empty() ? path : path.substr(folder.size() + 1);
    const Expected<std::shared_ptr<const TreeListing>> entries = listing(folder);
    if (!entries && entries.error().code() == ErrorCode::NotFound && entries.error().contexts().empty())
        return failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
    if (!entries)
        return std::unexpected(entries.error());
    const auto found = std::ranges::lower_bound(**entries, name, {}, &FileEntry::name);
    if (found == (*entries)->end() || found->name != name)
        return failure(ErrorCode::NotFound, "no file " + tiphys::quoted(path));
    return *found;
}

const std::vector<Submodule> &CommitTree::submodules() const
{
    std::call_once(m_submodulesRead, [this] {
        const Expected<StoredEntry> file = storedEntry(".gitmodules");
        if (!file || file->kind != FileKind::File)
            return;
        const Expected<FileContent> content = m_store->blob(*idOf(file->id));
        if (content)
            m_submodules = submodulesIn(content->text);
    });
    return m_submodules;
}

std::optional<Expected<CommitTree::Inside>> CommitTree::submoduleOf(std::string_view path) const
{
    for (const Submodule &submodule : submodules()) {
        const bool isInside = path.starts_with(submodule.path)
                              && (path.size() == submodule.path.size() || path[submodule.path.size()] == '/');
        if (!isInside)
            continue;
        const Expected<FileEntry> stored = storedEntry(submodule.path);
        if (!stored || stored->kind != FileKind::Submodule)
            continue;
        Expected<std::shared_ptr<const FileTree>> tree = submoduleTree(submodule.path, stored->id);
        if (!tree)
            return std::unexpected(tree.error());
        const std::string_view rest = path.substr(std::min(path.size(), submodule.path.size() + 1));
        return Inside{*std::move(tree), std::string(rest)};
    }
    return std::nullopt;
}

Expected<std::shared_ptr<const FileTree>> CommitTree::submoduleTree(const std::string &path,
                                                                    const std::string &commit) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_opened.find(path); found != m_opened.end())
            return found->second;
    }
    Submodule submodule = *std::ranges::find(m_submodules, path, &Submodule::path);
    submodule.commit = commit;
    Expected<std::shared_ptr<const FileTree>> tree = failure(
        ErrorCode::Unsupported, "submodule " + tiphys::quoted(path) + " (" + submodule.url + ") is not fetched");
    if (m_submoduleTrees) {
        Expected<std::shared_ptr<const FileTree>> found = m_submoduleTrees(submodule);
        if (found || found.error().code() != ErrorCode::NotFound)
            tree = found ? std::move(found) : std::unexpected(found.error().in("submodule " + tiphys::quoted(path)));
    }
    const std::lock_guard lock(m_mutex);
    return m_opened.emplace(path, std::move(tree)).first->second;
}

} // namespace tiphys::git
