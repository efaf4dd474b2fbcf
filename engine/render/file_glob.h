// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// The paths of \p files that \p pattern (from the root) matches, files and folders: `*`, `?` and classes within a name,
/// `**` as a whole name for any number of folders, `{a,b}` alternatives. In the order in which the folders are walked:
/// what stands in a folder comes before what stands below it. Folders that cannot be read hold nothing.
/// Errors: InvalidInput for a broken pattern; LimitExceeded for folders that are nested too deeply.
/// Source: bmatcuk/doublestar globwalk.go, glob.go@v4.10.0
Expected<std::vector<std::string>> deepGlobPaths(const FileTree &files, std::string_view pattern);

/// The paths that \p pattern matches from \p folder, named from there and sorted within each folder: Go's
/// path/filepath.Glob. A pattern without special characters is itself, if something stands there.
/// Errors: LimitExceeded for folders that are nested too deeply.
Expected<std::vector<std::string>> globPaths(const FileTree &files, std::string_view folder, std::string_view pattern);

} // namespace tiphys::render
