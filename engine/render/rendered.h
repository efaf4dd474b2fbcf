// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <string>
#include <vector>

namespace tiphys::render {

/// How a source is turned into objects.
enum class SourceType { Directory, Helm, Kustomize, Plugin };

/// Argo CD's word: "Directory", "Helm", "Kustomize", "Plugin".
std::string_view word(SourceType type);

/// One rendered object and the file it comes from (relative to the root of the tree).
struct RenderedObject
{
    object::Object object;
    std::string file;
};

/// What a source wants, in output order, before tracking is added.
struct Rendered
{
    SourceType type = SourceType::Directory;
    std::vector<RenderedObject> objects;
    std::vector<std::string> warnings; ///< what was left out silently by the real tool, one sentence each
};

} // namespace tiphys::render
