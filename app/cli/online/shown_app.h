// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"
#include "control/evaluation.h"
#include "control/reconciler_choice.h"
#include "object/object.h"
#include "service/applications.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// How the commands that show applications put what they show.
namespace tiphys::cli {

/// Seven characters of a commit.
std::string shortRevision(const std::string &revision);
std::string operationText(const service::AppRow &row);
/// What this program knows beside the stored object, for the key "tiphys".
object::Value computedValue(const service::AppRow &row, const control::ReconcilerChoice &choice);
/// The stored object without what nobody reads.
object::Value shownObject(const object::Object &object);
/// Stored objects, as one list of JSON or documents of YAML.
void printStored(const std::vector<object::Value> &values, Output output, bool isList);
/// Why a comparison could not be made, "" if it could.
std::string comparisonProblem(const control::Evaluation &evaluation);
/// What an operation did to each resource, as a table; "" if to none.
std::string resultTable(const crd::OperationState &state);
/// The resources of an application and what they made, indented; with the age of each at \p now, milliseconds since 1970, if any.
void printTree(const control::TreeView &view, std::optional<std::int64_t> now = std::nullopt);
/// The tree of \p named as it is now, as \p output wants it.
Async<void> shownTree(OnlineSession &session, NamedApp named, Output output, CancelToken cancel);

} // namespace tiphys::cli
