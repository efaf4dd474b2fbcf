// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::crd {

/// The items of a comma-separated annotation value: trimmed, without empty ones, each once, in order.
/// Source: argo-cd gitops-engine/pkg/sync/resource/annotations.go@v3.5.1
std::vector<std::string> listItems(std::string_view text);
/// The items of annotation \p annotation; none if it is absent.
std::vector<std::string> annotationItems(const object::Object &object, std::string_view annotation);
/// True if annotation \p annotation holds exactly \p option ("Prune=false").
bool hasAnnotationOption(const object::Object &object, std::string_view annotation, std::string_view option);
/// The value of the first item "key=value" in \p options; nothing if no item has this key.
std::optional<std::string> optionValue(const std::vector<std::string> &options, std::string_view key);

/// What Go's strconv.ParseBool takes for true and false ("1", "t", "T", "true", "TRUE", "True"; likewise false);
/// nothing for other texts.
std::optional<bool> goBooleanOf(std::string_view text);

} // namespace tiphys::crd
