// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "schema/schema.h"

namespace tiphys::schema {

/// What reading a value as a built-in type does with members that the type does not have.
enum class UnknownFields {
    Drop,   ///< left out of the result
    Refuse, ///< an error
};

/// \p value as Kubernetes' Go type \p type prints it after reading it: zero values that are not written vanish,
/// others appear, quantities, times, durations and base64 become canonical.
/// Errors: InvalidInput for a value that does not fit the type, naming its path.
/// Source: encoding/json and the struct tags of k8s.io/api@v0.36.3
Expected<object::Value> asTyped(const object::Value &value, const Type &type, UnknownFields unknown);

/// \p value as the duration type prints it ("90s" gives "1m30s"). Errors: InvalidInput for anything else than text
/// that is a duration.
Expected<object::Value> asDuration(const object::Value &value);

} // namespace tiphys::schema
