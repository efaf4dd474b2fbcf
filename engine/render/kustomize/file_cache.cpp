// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/file_cache.h"

namespace tiphys::render::kustomize {

const FileCache::Place &FileCache::place(const std::string &path)
{
    if (const auto known = m_places.find(path); known != m_places.end())
        return known->second;
    Place place = found(path);
    return m_places.emplace(path, std::move(place)).first->second;
}

FileCache::Place FileCache::found(const std::string &path)
{
    if (path.empty())
        return {std::string(), true};
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    const Place &parent = place(folder);
    if (parent.resolved && parent.isFolder) {
        const std::string_view name = std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
        std::string direct = *parent.resolved;
        direct += direct.empty() ? "" : "/";
        direct += name;
        const Expected<FileEntry> entry = m_files->entry(direct);
        if (!entry && entry.error().code() == ErrorCode::NotFound)
            return {std::unexpected(entry.error())};
        if (entry && (entry->kind == FileKind::File || entry->kind == FileKind::Folder))
            return {std::move(direct), entry->kind == FileKind::Folder};
    }
    Expected<std::string> resolved = resolvedPath(*m_files, path);
    if (!resolved || resolved->empty())
        return {resolved, resolved.has_value()};
    const Expected<FileEntry> entry = m_files->entry(*resolved);
    return {std::move(resolved), entry && entry->kind == FileKind::Folder};
}

Expected<FileContent> FileCache::read(const std::string &resolved)
{
    if (const auto known = m_contents.find(resolved); known != m_contents.end())
        return known->second;
    return m_contents.emplace(resolved, m_files->read(resolved)).first->second;
}

} // namespace tiphys::render::kustomize
