// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <string>
#include <unordered_map>

namespace tiphys::render::kustomize {

/// What one build has learned about the files of one tree: overlays load the same base again and again.
class FileCache
{
public:
    explicit FileCache(const FileTree &files) : m_files(&files) {}

    /// Where a path leads to.
    struct Place
    {
        Expected<std::string> resolved; ///< links followed; of an error only the code counts where it is NotFound
        bool isFolder = false;
    };
    /// Valid as long as the cache.
    const Place &place(const std::string &path);
    /// The bytes at \p resolved, a path without links.
    Expected<FileContent> read(const std::string &resolved);

private:
    Place found(const std::string &path);

    const FileTree *m_files;
    std::unordered_map<std::string, Place> m_places;
    std::unordered_map<std::string, Expected<FileContent>> m_contents;
};

} // namespace tiphys::render::kustomize
