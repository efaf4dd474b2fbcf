// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/diff_report.h"
#include "cli/online/commands.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// One resource that is not as it should be.
struct Difference
{
    const compare::ComparedResource *resource = nullptr; ///< of the evaluation
    ObjectTexts texts;                                   ///< live and desired, Secrets masked
    std::string patch;                                   ///< unified diff from one to the other

    bool isAdded() const { return resource->live.isNull(); }
    bool isRemoved() const { return resource->target.isNull(); }
};

/// What \p evaluation, which outlives the answer, found OutOfSync, in its order.
std::vector<Difference> differencesOf(const NamedApp &named, const control::Evaluation &evaluation);
/// The same as text: each resource's name and its diff.
std::string differencesText(const std::vector<Difference> &differences);
/// Shows them on standard output: as text, or by the program that $KUBECTL_EXTERNAL_DIFF names, which gets files with the live and
/// the desired object, Secrets masked. Errors: NotFound and Unavailable of that program; what it says by its exit code does not count.
/// Source: argo-cd util/cli/cli.go (PrintDiff)@v3.5.1
Async<void> shownDifferences(std::vector<Difference> differences, CancelToken cancel);
/// Tells on standard error what rendering warned of.
void tellWarnings(const control::Evaluation &evaluation);

} // namespace tiphys::cli
