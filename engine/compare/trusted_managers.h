// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <string>
#include <vector>

namespace tiphys::compare {

/// Takes out of both objects the fields that differ and that one of the trusted field managers owns in \p live.
/// Objects that do not fit their type stay as they are.
/// \p openApiSchema  of a custom resource; null deduces the type
/// Errors: InvalidInput for managed fields that cannot be read.
/// Source: argo-cd util/argo/managedfields/managed_fields.go@v3.5.1
Expected<void> takeTrustedFields(object::Object &target, object::Object &live, const std::vector<std::string> &managers,
                                 const object::Value &openApiSchema);

} // namespace tiphys::compare
