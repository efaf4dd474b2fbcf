// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/app_comparison.h"
#include "object/object.h"
#include "service/applications.h"

namespace tiphys::control {

/// The lines of a diff between two objects as YAML, null for an absent side; values of Secrets are masked.
/// \p annotations names further annotations of Secrets to mask.
service::ResourceDiff diffViewOf(const object::Object &live, const object::Object &desired,
                                 const std::vector<std::string> &annotations = {});

/// The differences of all resources of an application, without those in sync; sorted by group, kind, namespace, name.
std::vector<service::ResourceDiff> diffViewsOf(const compare::AppComparison &comparison,
                                               const std::vector<std::string> &maskedAnnotations);

/// YAML of an object for people: Secrets masked, managed fields left out.
std::string manifestText(const object::Object &object);

} // namespace tiphys::control
