// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "service/pod_logs.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::control {

/// The containers of \p pod by spec and status: ordinary ones, then init containers and sidecars, then ephemeral ones.
std::vector<service::LogContainer> logContainersOf(const object::Object &pod);

/// The one of them that is called \p name; "" is the default one. Nothing if there is none.
std::optional<service::LogContainer> logContainerOf(const object::Object &pod, const std::string &name);

/// The container that \p pod names for this (`kubectl.kubernetes.io/default-container`), else its first; "" if it has none.
std::string defaultContainerOf(const object::Object &pod);

/// True once no container of \p pod will start again.
bool isFinishedPod(const object::Object &pod);

} // namespace tiphys::control
