// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/settings.h"
#include "object/value.h"

#include <string_view>

namespace tiphys::compare {

/// True for the names of built-in types that fields may be declared as: "core/v1/PodSpec", "core/Quantity",
/// "meta/v1/Duration". Types that Go embeds in others (core/v1/VolumeSource) are not known here.
bool isKnownType(std::string_view name);

/// \p object with the field rewritten as its type prints it; unchanged where the field is absent or does not fit.
/// Source: argo-cd util/argo/normalizers/knowntypes_normalizer.go@v3.5.1
object::Value withKnownTypeAt(const object::Value &object, const KnownTypeField &field);

} // namespace tiphys::compare
