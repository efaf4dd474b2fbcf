// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/yaml_tree.h"
#include "render/kustomize/node.h"

namespace tiphys::render::kustomize {

/// The nodes of a document as written: merge keys stay, an alias is a scalar with the name of its anchor. Errors: those
/// of readNode.
Expected<Node *> nodeAsWritten(Arena &arena, const object::detail::YamlNode &written);

} // namespace tiphys::render::kustomize
