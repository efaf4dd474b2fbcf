// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <string>

namespace tiphys::render::kustomize {

/// The ten letters that stand for the content of a ConfigMap or Secret in its name.
/// Errors: as valueOf. Source: kustomize api/hasher/hasher.go@v5.8.1
Expected<std::string> contentHash(const Node &resource);

} // namespace tiphys::render::kustomize
