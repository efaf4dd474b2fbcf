// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/file_tree.h"

#include <set>
#include <string>

namespace tiphys::offline {

/// What a source may read beside its own folder: bases and components of kustomizations, charts that are depended on by
/// path, values files, libraries of Jsonnet, targets of links.
struct Reach
{
    std::set<std::string> places; ///< files and folders; "" is the whole repository
    bool isEverything = false;    ///< it cannot be told without rendering

    bool operator==(const Reach &) const = default;
};

/// The reach of \p source (of an Application called \p instance) in \p files, told from what the files name, without
/// rendering. Where every place has the same content in two revisions, as has the folder, the source renders the same.
Reach reachOf(const object::Value &source, const render::FileTree &files, const std::string &instance);

/// True if \p path is \p folder or stands below it; everything stands below "".
bool isBelow(std::string_view path, std::string_view folder);

} // namespace tiphys::offline
