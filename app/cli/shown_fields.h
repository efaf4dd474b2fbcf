// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <optional>
#include <string>
#include <vector>

/// What `app get-resource` shows of an object.
namespace tiphys::cli {

/// The parts of \p object at the \p fields, "status.podIP", and its name. A field below a list is that of every item that has it;
/// one that is not there adds nothing.
/// Source: argo-cd cmd/argocd/commands/app_resources.go (filterFieldsFromObject)@v3.5.1, where a field below a list, or one that is
/// not there, also loses the fields before it
object::Value fieldsOf(const object::Value &object, const std::vector<std::string> &fields);

/// One row a value in \p object: "spec.ports[0].port", \p name where there is one, and the value as text.
/// Source: argo-cd cmd/argocd/commands/app_resources.go (printManifestAsTable)@v3.5.1
std::vector<std::vector<std::string>> fieldRows(const object::Value &object, const std::optional<std::string> &name);

} // namespace tiphys::cli
