// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

/// A name in a repository, as `git ls-remote` lists it.
struct Ref
{
    std::string name;   ///< full name: HEAD, refs/heads/main, refs/tags/v1, refs/pull/7/head
    std::string id;     ///< 40 hex digits of what it points at; "" for a symbolic ref to nothing
    std::string peeled; ///< commit behind an annotated tag; "" where \p id is the commit itself
    std::string target; ///< full name of the ref that a symbolic ref stands for; "" otherwise

    /// The commit it leads to.
    const std::string &commit() const { return peeled.empty() ? id : peeled; }
    /// Name without refs/tags/, refs/heads/, refs/remotes/ or refs/.
    std::string_view shortName() const;

    bool operator==(const Ref &) const = default;
};

/// Text that names the working tree in Repository::resolve; no ref can have this name.
inline constexpr std::string_view kWorkingTreeText = ".";

/// A state of a repository: a commit, or the working tree with what is not committed yet.
struct Revision
{
    std::string requested; ///< as asked for
    std::string commit;    ///< hex digits; "" for the working tree; fewer than 40 if only a short id is known
    std::string ref;       ///< full name of the ref it was found by; "" if none

    bool isWorkingTree() const { return commit.empty(); }
    /// Whether the commit is known in full.
    bool isComplete() const { return commit.size() == 40; }
    /// What `git ls-remote` can tell: an abbreviated commit id stays as it was asked for. So it stands in an operation, and in
    /// `status.sync.revisions`; of an only source the whole id does.
    std::string reported() const;

    bool operator==(const Revision &) const = default;
};

/// Whether \p text is a full commit id (40 hex digits).
bool isCommitId(std::string_view text);
/// Whether \p text can be an abbreviated commit id (7 or more hex digits).
bool isShortCommitId(std::string_view text);

/// The revision that \p text means among the refs of a repository, without access to its objects.
///
/// 40 hex digits are taken as they are; "" is HEAD; a semantic version constraint gives the highest matching tag
/// (of those with \p tagPrefix, which is not compared); then a full or short ref name; then 7 or more hex digits are
/// passed on as they are. Where a tag and a branch share the name the tag is taken.
/// Errors: NotFound, with similar names.
/// Source: argo-cd util/git/client.go (lsRemote, resolveSemverRevision)@v3.5.1
Expected<Revision> revisionAmong(std::span<const Ref> refs, const std::string &text, const std::string &tagPrefix = "");

/// Up to three names of branches and tags that resemble \p text, nearest first.
std::vector<std::string> similarNames(std::span<const Ref> refs, std::string_view text);

} // namespace tiphys::git
