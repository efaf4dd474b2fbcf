// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/counts.h"
#include "rollout/names.h"
#include "rollout/reading.h"

#include <algorithm>
#include <vector>

/// Private to the folder: which analysis runs and experiments of the past are kept.
namespace tiphys::rollout {

struct HistoryLimits
{
    int successful = 5;
    int unsuccessful = 5;
};

inline HistoryLimits historyLimitsOf(const Rollout &rollout)
{
    return {.successful = rollout.successfulRunHistoryLimit.value_or(5),
            .unsuccessful = rollout.unsuccessfulRunHistoryLimit.value_or(5)};
}

/// Those of \p past (runs or experiments) that go: of no ReplicaSet, or beyond the limits, newest first.
/// Source: argo-rollouts utils/analysis/filter.go (FilterAnalysisRunsToDelete)@v1.9.1
template <typename T>
std::vector<const T *> surplusOf(std::vector<const T *> past, const ReplicaSets &all, HistoryLimits limits)
{
    // Moments are whole seconds: of those made in the same one the greater name counts as newer.
    std::ranges::stable_sort(past, [](const T *a, const T *b) {
        return a->created != b->created ? a->created > b->created : a->name > b->name;
    });
    std::vector<const T *> surplus;
    for (const T *item : past) {
        const ReplicaSet *owner = replicaSetWithHash(all, textAt(item->labels, kHashLabel));
        const AnalysisPhase phase = item->status.phase;
        bool isKept = true;
        if (!owner || owner->isBeingDeleted)
            isKept = false;
        else if (phase == AnalysisPhase::Successful)
            isKept = limits.successful-- > 0;
        else if (isCompleted(phase))
            isKept = limits.unsuccessful-- > 0;
        if (!isKept)
            surplus.push_back(item);
    }
    return surplus;
}

} // namespace tiphys::rollout
