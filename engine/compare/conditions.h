// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/status.h"
#include "crd/timestamp.h"

#include <string_view>
#include <vector>

namespace tiphys::compare {

/// The conditions after an evaluation: those of \p stored whose type is in \p evaluatedTypes go, \p fresh ones come.
/// A fresh one without time gets \p now; one whose message equals that of the first stored one of its type keeps
/// the stored time. Sorted by type, message and time.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (SetConditions)@v3.5.1
std::vector<crd::Condition> updatedConditions(const std::vector<crd::Condition> &stored,
                                              const std::vector<crd::Condition> &fresh,
                                              const std::vector<std::string_view> &evaluatedTypes, crd::Timestamp now);

/// Types that a comparison evaluates.
std::vector<std::string_view> comparisonConditionTypes();
/// Types that checking the spec evaluates.
std::vector<std::string_view> specConditionTypes();

} // namespace tiphys::compare
