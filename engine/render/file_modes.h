// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <string_view>

namespace tiphys::render {

/// What a tree may know of its files beside their content: a FileTree that does is one of these too. Any thread.
class FileModes
{
public:
    virtual ~FileModes() = default;
    /// True if the file at \p path may be run by its owner.
    virtual bool isExecutable(std::string_view path) const = 0;
};

/// True if \p tree knows that the file at \p path may be run.
inline bool isExecutable(const FileTree &tree, std::string_view path)
{
    const auto *modes = dynamic_cast<const FileModes *>(&tree);
    return modes && modes->isExecutable(path);
}

} // namespace tiphys::render
