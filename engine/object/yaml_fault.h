// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <optional>
#include <string_view>

namespace tiphys::object {

/// Why the stream of documents \p text, which stands in \p file, is no YAML, with the place "FILE:LINE:COLUMN" as its reason where
/// that is known; nothing where all of it can be read.
std::optional<Error> yamlFault(std::string_view text, std::string_view file);

} // namespace tiphys::object
