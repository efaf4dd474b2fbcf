// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tiphys::offline {

/// A revision that a repository has found; the commit is "" for the working tree.
struct FoundRevision
{
    std::string requested;
    std::string commit;
    std::string subject;
    std::string author;
    std::int64_t seconds = 0; ///< committed, since 1970

    bool isWorkingTree() const { return commit.empty(); }
};

/// What a comparison needs of a repository on this machine. Synchronous; reading trees is thread-safe.
class RepositoryReader
{
public:
    virtual ~RepositoryReader() = default;

    /// \p text in Git's syntax, "" for the working tree. NotFound with similar names.
    virtual Expected<FoundRevision> resolve(const std::string &text) const = 0;
    virtual Expected<std::shared_ptr<const render::FileTree>> tree(const FoundRevision &revision) const = 0;
    virtual Expected<FoundRevision> mergeBase(const FoundRevision &a, const FoundRevision &b) const = 0;
    /// Paths of all files that differ, both names of renamed ones.
    virtual Expected<std::vector<std::string>> changedFiles(const FoundRevision &a, const FoundRevision &b) const = 0;
    /// Addresses of the repository and its remotes, as they stand in its configuration.
    virtual std::vector<std::string> urls() const = 0;
    /// The branch that is checked out, "" if none.
    virtual std::string currentBranch() const = 0;
    /// The branch that the remote "origin" has checked out, "" if that is not known.
    virtual std::string defaultBranch() const { return {}; }
    virtual std::vector<std::string> branches() const = 0;
    virtual std::vector<std::string> tags() const = 0;
    /// The newest \p limit commits of the current branch; empty where there are none.
    virtual std::vector<FoundRevision> history(std::size_t limit) const = 0;
};

} // namespace tiphys::offline
