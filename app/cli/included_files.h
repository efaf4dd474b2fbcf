// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <memory>
#include <string>
#include <vector>

namespace tiphys::cli {

/// Of \p files those whose name, without its folder, matches one of \p patterns as Go's filepath.Match has it; all of them where
/// there are no patterns. Folders stay. Errors: InvalidInput where no file matches; those of listing folders.
/// Source: argo-cd util/io/files/tar.go (Tgz), cmd/argocd/commands/app_diff.go (--local-include)@v3.5.1
Expected<std::shared_ptr<const render::FileTree>> includedFiles(std::shared_ptr<const render::FileTree> files,
                                                                std::vector<std::string> patterns);

} // namespace tiphys::cli
