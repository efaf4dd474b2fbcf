// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"

namespace tiphys::health {

/// True if Argo CD ships a health script for \p kind, by its own folder or by a folder with wildcards.
/// Source: argo-cd resource_customizations/@v3.5.1
bool hasBuiltinScript(const object::GroupKind &kind);

} // namespace tiphys::health
