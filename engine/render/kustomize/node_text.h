// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <string>

namespace tiphys::render::kustomize {

/// \p node as YAML text, ended by a line feed: block style where it was block style, two spaces, lists not
/// indented below their key. Comments are not kept.
/// Source: go.yaml.in/yaml/v3 emitterc.go, encode.go@v3.0.4, kustomize kyaml/yaml/alias.go@v5.8.1
std::string yamlText(const Node &node);

} // namespace tiphys::render::kustomize
