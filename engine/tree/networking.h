// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "tree/node.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::tree {

/// How traffic passes \p object: of pods, Services, Ingresses, Gateway API and Istio routes, and of every object with
/// link annotations; nothing for others. Targets and generated URLs are sorted.
/// Source: argo-cd controller/cache/info.go@v3.5.1
std::optional<Networking> networkingOf(const object::Object &object);

/// Values of the link annotations of \p object whose URL is http or https (or empty), by annotation name.
std::vector<std::string> linksOf(const object::Object &object);

} // namespace tiphys::tree
