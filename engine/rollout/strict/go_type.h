// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "schema/schema.h"

#include <optional>
#include <string>
#include <string_view>

/// Private to the folder.
namespace tiphys::rollout {

/// A type that documents are read into: those of Rollouts themselves and, below, the built-in ones of Kubernetes.
struct GoType
{
    enum class Kind { Any, Bool, Int32, Int64, Float, String, IntOrString, Quantity, Time, List, Map, Struct };

    Kind kind = Kind::Any;
    std::string name;                      ///< as Go prints it: "[]v1.Container"
    const schema::Type *builtIn = nullptr; ///< of a list, map or struct of Kubernetes
    std::string_view own;                  ///< of others: what items and values are, or the name of the struct
};

/// A member of a struct.
struct GoField
{
    std::string_view name; ///< in JSON
    GoType type;
    std::string_view embedded; ///< the struct within the struct that it belongs to, "" if it is its own
    std::optional<GoType> embeddedType;
};

/// The type of a Rollout. Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go@v1.9.3
GoType rolloutType();
/// The struct with this OpenAPI model name.
GoType builtInType(std::string_view modelName);

/// What the items of a list and the values of a map are.
GoType elementOf(const GoType &type);
/// The member \p key of a struct, without regard to case where none matches exactly.
std::optional<GoField> fieldOf(const GoType &type, std::string_view key);

} // namespace tiphys::rollout
