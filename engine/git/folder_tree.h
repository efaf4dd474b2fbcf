// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/object_store.h"

#include <memory>
#include <string>

namespace tiphys::git {

/// The files of the folder \p root as they are on disk, without any repository: nothing is left out but ".git".
/// Files have no ids. NotFound if there is no such folder.
Expected<std::shared_ptr<const render::FileTree>> folderTree(const std::string &root);

/// The working tree at \p root of the repository that \p store reads: tracked files, and untracked ones that are not
/// ignored. Bytes are those a commit would store (line endings as configured), ids those of the blobs it would make.
Expected<std::shared_ptr<const render::FileTree>>
workingTree(const std::string &root, std::shared_ptr<ObjectStore> store, const std::string &lfsFolder);

} // namespace tiphys::git
