// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"
#include "offline/change.h"
#include "offline/repository_reader.h"

namespace tiphys::offline {

/// Two revisions of one repository and which applications to compare.
struct ComparisonRequest
{
    std::string a;
    std::string b;                      ///< "" is the working tree
    bool fromMergeBase = false;         ///< a stands for its merge base with b
    std::vector<std::string> paths;     ///< folders to compare, "" for all that are found
    std::vector<std::string> appFiles;  ///< Application manifests to compare
    std::vector<std::string> urls = {}; ///< further addresses by which Applications may name the repository
    render::RenderContext context = {}; ///< clock, what was fetched, build options: as in changeOf
};

/// What differs between two revisions of a repository.
struct Comparison
{
    FoundRevision a;
    FoundRevision b;
    std::vector<AppChange> applications; ///< only what differs or failed, by identity
    int applicationCount = 0;            ///< all that were looked at
    std::vector<std::string> unmatched;  ///< changed files in no application
    std::vector<std::string> pinned;
    std::vector<std::string> elsewhere;
    std::vector<std::string> sets; ///< ApplicationSets: applications that only they make are not compared
    std::vector<OfflineProblem> problems;
    std::vector<render::RemoteNeed> needs; ///< what has to be fetched: with it in context.remote, compare again

    /// Applications that could not be rendered, and manifests that could not be read.
    int errorCount() const;
};

using tiphys::ForEach;

/// Compares; \p forEach spreads the applications over threads (one after the other without it).
/// Errors: a revision that does not exist, a repository that cannot be read, or a named path that neither side has;
/// what is wrong inside an application stands in the result.
Expected<Comparison> compare(const RepositoryReader &repository, const ComparisonRequest &request,
                             const ForEach &forEach = {});

} // namespace tiphys::offline
