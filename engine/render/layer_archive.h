// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/file_tree.h"

#include <memory>
#include <string_view>

namespace tiphys::render {

/// The files of an artifact's layer (a tar archive, plain or with gzip, held in memory). Links inside of the archive
/// become what they point to; other kinds of entries are left out.
/// Errors: InvalidInput for what is no archive and for entries and links that leave it; LimitExceeded beyond 100 MiB.
/// Source: argo-cd util/io/files/tar.go (Untgz, Untar)@v3.5.1
Expected<std::shared_ptr<const FileTree>> layerTree(std::string_view bytes);

} // namespace tiphys::render
