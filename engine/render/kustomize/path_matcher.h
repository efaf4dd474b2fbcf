// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <span>
#include <string>
#include <vector>

namespace tiphys::render::kustomize {

/// All nodes that \p path leads to: keys, indexes, "*" for every element, "[k=v]" for elements whose k contains a
/// match of the regular expression v. With a kind in \p creates, what is absent is made.
/// A path may go on into a text that holds YAML; what it finds there is detached from \p root.
/// Source: kustomize kyaml/yaml/match.go (PathMatcher)@v5.8.1
Expected<std::vector<Node *>> matchingNodes(Arena &arena, Node *root, std::span<const std::string> path, Kind creates);

} // namespace tiphys::render::kustomize
