// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

namespace tiphys::service {

/// Two revisions of one repository, rendered and compared without a cluster.
struct CompareRequest
{
    std::string repository; ///< folder, bare repository or file:// address
    std::string a;
    std::string b;                  ///< "" is the working tree
    bool fromMergeBase = false;     ///< A...B
    std::vector<std::string> paths; ///< folders to compare; empty finds the applications
    std::vector<std::string> appFiles;
};

struct ComparedResource
{
    object::ObjectKey key;
    ChangeKind change = ChangeKind::Changed;
    ResourceDiff diff;
    std::uint64_t identity = 0; ///< equal for identical changes of different objects
};

enum class AppChange { Changed, Added, Removed, Error };
struct ComparedApp
{
    std::string name;
    std::string path;
    AppChange change = AppChange::Changed;
    std::string error;
    std::vector<ComparedResource> resources;
};

struct ComparedSide
{
    std::string requested;
    CommitSummary commit;
};

struct Comparison
{
    ComparedSide a;
    ComparedSide b;
    std::vector<ComparedApp> applications;   ///< only what differs or failed
    int applicationCount = 0;                ///< all that were compared
    std::vector<std::string> unmatchedFiles; ///< changed, but in no application
    std::vector<std::string> pinned;    ///< applications whose revision does not follow the comparison: "shop (v1.2)"
    std::vector<std::string> elsewhere; ///< applications of other repositories
    std::int64_t milliseconds = 0;
};
using ComparisonPtr = std::shared_ptr<const Comparison>;

/// What a revision box offers.
struct RevisionChoices
{
    std::vector<std::string> branches;
    std::vector<std::string> tags;
    std::vector<CommitSummary> commits; ///< newest first, at most 200, of the current branch
};

} // namespace tiphys::service
