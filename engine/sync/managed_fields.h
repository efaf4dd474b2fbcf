// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::sync {

/// Managers of Update entries of \p live that own the annotation last-applied-configuration: client-side appliers.
std::vector<std::string> clientSideManagers(const object::Object &live);
/// The JSON patch that moves the fields of \p managers (Update entries) to the Apply entry of \p applyManager; null
/// if there is nothing to move. It also carries the resourceVersion of \p live.
/// Source: client-go util/csaupgrade/upgrade.go@v0.36.1
object::Value managerMigration(const object::Object &live, const std::vector<std::string> &managers,
                               std::string_view applyManager);

} // namespace tiphys::sync
