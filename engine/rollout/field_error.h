// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <string>
#include <vector>

namespace tiphys::rollout {

/// What is wrong with a field, in the words of Kubernetes.
/// Source: k8s.io/apimachinery/pkg/util/validation/field/errors.go@v0.34.1
struct FieldError
{
    enum class Kind { Invalid, Required, NotSupported, NotFound, Duplicate, Forbidden, TooLong, Internal };

    std::string field;
    Kind kind = Kind::Invalid;
    std::string value; ///< as JSON; of Invalid, NotSupported, NotFound and Duplicate
    std::string detail;

    /// "Invalid value: 0: must be …".
    std::string body() const;
    /// "spec.x: Invalid value: 0: must be …".
    std::string text() const { return field.empty() ? body() : field + ": " + body(); }
    bool operator==(const FieldError &) const = default;
};

using FieldErrors = std::vector<FieldError>;

FieldError invalidField(std::string field, const object::Value &value, std::string detail);
/// The same with \p json as the value.
FieldError invalidFieldJson(std::string field, std::string json, std::string detail);
FieldError requiredField(std::string field, std::string detail);

} // namespace tiphys::rollout
