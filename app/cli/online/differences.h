// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// One resource that is not as it should be.
struct Difference
{
    const compare::ComparedResource *resource = nullptr; ///< of the evaluation
    std::string patch;                                   ///< unified diff from live to desired, Secrets masked

    bool isAdded() const { return resource->live.isNull(); }
    bool isRemoved() const { return resource->target.isNull(); }
};

/// What \p evaluation, which outlives the answer, found OutOfSync, in its order.
std::vector<Difference> differencesOf(const NamedApp &named, const control::Evaluation &evaluation);
/// The same as text: each resource's name and its diff.
std::string differencesText(const std::vector<Difference> &differences);
/// Tells on standard error what rendering warned of.
void tellWarnings(const control::Evaluation &evaluation);

} // namespace tiphys::cli
