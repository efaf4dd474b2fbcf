// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <filesystem>

namespace tiphys::store {

/// The files below a folder of this machine, read when asked for; `.git` is left out. Names with a line feed or
/// that are not UTF-8 are given as they are. Reading a file of which only the Git LFS pointer is there is Unsupported. Errors: NotFound if \p root is no folder.
Expected<std::shared_ptr<const render::FileTree>> folderTree(const std::filesystem::path &root);

/// The whole content of \p path, "-" is standard input. Errors name the path: NotFound, Denied, LimitExceeded
/// beyond \p limitBytes.
Expected<std::string> fileContent(const std::string &path, std::int64_t limitBytes = render::kLargestFile);

} // namespace tiphys::store
