// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder: paths within file systems.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation/validation.go@v1.34.1
namespace tiphys::rollout {

bool hasBackstep(std::string_view path);
/// No step upwards.
void checkNoBackstep(std::string_view path, const FieldPath &field, Findings &findings);
/// A relative path without a step upwards.
void checkDescending(std::string_view path, const FieldPath &field, Findings &findings);
/// The same, which does not begin with two dots either.
void checkLocal(std::string_view path, const FieldPath &field, Findings &findings);
/// A file mode, if it is set.
void checkMode(const object::Value &mode, const FieldPath &field, Findings &findings);

} // namespace tiphys::rollout
