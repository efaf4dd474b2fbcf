// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <string_view>

/// The text of an Application's spec while somebody edits it: YAML below a head of comments.
namespace tiphys::cli {

/// \p spec of the application \p name as text to edit.
std::string specText(const object::Value &spec, const std::string &name);
/// \p text with \p problem in its head, in place of one that stands there.
std::string withProblem(std::string_view text, std::string_view problem);
/// True where nothing but comments is left.
bool isEmptySpec(std::string_view text);
/// The spec that \p text says. Errors: InvalidInput.
Expected<object::Value> editedSpec(std::string_view text);

} // namespace tiphys::cli
