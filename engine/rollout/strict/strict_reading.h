// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "rollout/strict/go_type.h"

/// Private to the folder.
namespace tiphys::rollout {

/// \p document as the type \p type reads it, without what it does not know: members have their right names (their
/// case does not matter), numbers and truth values that stand for texts are texts, nulls are gone.
/// Errors: InvalidInput in Go's words: `json: unknown field "x"`, `json: cannot unmarshal string into Go struct field
/// RolloutSpec.spec.replicas of type int32`, what is wrong with a quantity or a time.
/// Source: encoding/json@go1.26, sigs.k8s.io/yaml@v1.6.0 (UnmarshalStrict with DisallowUnknownFields)
Expected<object::Value> strictlyRead(const object::Value &document, const GoType &type);

} // namespace tiphys::rollout
