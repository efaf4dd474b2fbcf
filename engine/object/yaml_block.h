// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "object/yaml.h"

#include <optional>
#include <string_view>

namespace tiphys::object::detail {

/// The first document of \p text read line by line: block maps and lists, scalars and simple one-line
/// flow collections, which is what manifests are made of. Nothing if anything else is in it, or anything
/// is wrong: then the full reader decides. What is given is what the full reader would give.
std::optional<Value> readBlockYaml(std::string_view text, const YamlOptions &options);

} // namespace tiphys::object::detail
