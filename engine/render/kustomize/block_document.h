// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <string_view>

namespace tiphys::render::kustomize {

/// The first document of \p text as the full reader would give it, read fast; null for what is not simple, is empty, or is
/// wrong in any way.
Node *readBlockNode(Arena &arena, std::string_view text);

} // namespace tiphys::render::kustomize
