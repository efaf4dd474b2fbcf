// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "health/field.h"

#include <span>
#include <vector>

// What the kinds of GitOps Promoter have in common.
namespace tiphys::health::kinds {

/// A finalizer that is explained while an object waits for it.
struct FinalizerNote
{
    std::string_view name;
    std::string_view wait;
    std::string_view risk;
};

/// How all of its kinds begin: deletion, status, the Ready condition.
struct Opening
{
    std::string_view initializing;
    std::string_view deleting;
    std::span<const FinalizerNote> finalizers;
    std::string_view unobserved;
    std::string_view failed;        ///< "… failed": reason ReconciliationError
    std::string_view failedReason;  ///< "… failed (": any other reason
    std::string_view unknownReason; ///< "… unknown (": Ready Unknown; empty where that is not looked at
    std::string_view notReady;
    std::string_view alsoType = {}; ///< a second type of condition that counts as Ready
};

/// How many commit statuses are in which phase, with the keys of those that are not successful.
struct CommitStatuses
{
    std::size_t pending = 0;
    std::size_t successful = 0;
    std::size_t failed = 0;
    std::vector<Term> pendingKeys;
    std::vector<Term> failedKeys;
};

/// The verdict where the opening alone decides; nothing if the kind's own fields do.
std::optional<Health> openingVerdict(const Opening &opening, const Field &object);
/// The first seven characters of a commit.
std::string shortSha(const Field &sha);
/// The commit statuses in \p list; none where it is not there.
CommitStatuses commitStatusesOf(const Field &list);
/// "1 pending, 2 successful, 0 failed. "
std::string countsText(const CommitStatuses &statuses);
/// "Pending commit statuses: a, b. Failed commit statuses: c. "
std::string keysText(Evaluation &evaluation, const CommitStatuses &statuses);
/// True if `field.dry.sha` is there and not empty.
bool hasDrySha(const Field &field);

} // namespace tiphys::health::kinds
