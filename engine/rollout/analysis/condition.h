// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "rollout/analysis_run.h"
#include "rollout/moment.h"

#include <string_view>

/// Conditions over the answer of a metric provider.
/// Source: argo-rollouts utils/evaluate/evaluate.go@v1.9.1
namespace tiphys::rollout {

/// What a provider answered. Whole numbers in it are Go's int: answers that Go reads from JSON hold doubles only.
struct MetricAnswer
{
    object::Value value;
    bool isFloatList = false; ///< a list whose items are known to be floats
};

/// Whether \p condition holds for \p answer. Errors: the original's texts, `expected bool, but got float64`.
Expected<bool> holds(std::string_view condition, const MetricAnswer &answer, Moment now);

/// Phase of a measurement that gave \p answer. Errors: as holds.
Expected<AnalysisPhase> assess(const MetricAnswer &answer, const Metric &metric, Moment now);

/// The moment that \p expression names, such as `now() - duration("1h")`, in nanoseconds since 1970.
/// Errors: `expected time.Time, but got int`.
Expected<std::int64_t> timeOf(std::string_view expression, Moment now);

/// \p value (of parseJson) as Go holds it: every number is a float64.
object::Value withFloats(const object::Value &value);

} // namespace tiphys::rollout
