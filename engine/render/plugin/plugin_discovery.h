// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <string>
#include <string_view>

namespace tiphys::render {

/// True if something stands below \p folder at a path that matches \p pattern part by part. A pattern may lead to other
/// folders of \p files. Errors: InvalidInput for one that leaves the root or is broken; those of reading.
/// Source: go path/filepath/match.go (Glob)@go1.26
Expected<bool> anyPathMatches(const FileTree &files, const std::string &folder, std::string_view pattern);

/// The same for a pattern in which `**/` stands for any folders and `{a,b}` for alternatives; `?` is a question mark.
/// Errors: as above; LimitExceeded in a folder of more than a million files.
/// Source: go-zglob zglob.go (New, Glob)@v0.0.6
Expected<bool> anyPathMatchesDeep(const FileTree &files, const std::string &folder, std::string_view pattern);

} // namespace tiphys::render
