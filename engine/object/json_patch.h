// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

namespace tiphys::object {

/// Which habits of evanphx/json-patch apply where RFC 6902 is not followed.
enum class JsonPatchRules {
    Version4, ///< API servers, kustomize: "replace" of an absent member adds it, "add" at "" is refused
    Version5, ///< Argo CD's ignore rules and Rollouts: "replace" wants a member, "add" at "" replaces all
};

/// \p value after the operations of \p patch, a list of maps with op, path, value and from (RFC 6902). All apply or
/// none. Errors: InvalidInput for a malformed patch, NotFound for an absent path, Conflict for a failed test; the
/// messages are evanphx's.
/// Source: gopkg.in/evanphx/json-patch.v4 patch.go@v4.13.0, github.com/evanphx/json-patch/v5@v5.9.11
Expected<Value> applyJsonPatch(const Value &value, const Value &patch, JsonPatchRules rules = JsonPatchRules::Version4);

} // namespace tiphys::object
