// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/revision.h"
#include "git/submodule.h"
#include "render/file_tree.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::git {

/// Who wrote a commit, and when.
struct Signature
{
    std::string name;
    std::string email;
    std::int64_t seconds = 0; ///< since 1970-01-01 UTC
    int offsetMinutes = 0;    ///< of the writer's time zone from UTC

    /// "Name <email>", as Argo CD shows an author.
    std::string text() const { return name + " <" + email + ">"; }

    bool operator==(const Signature &) const = default;
};

/// Whether a commit carries a signature; what it is worth is another question.
enum class SignatureKind { None, OpenPgp, Ssh, X509, Unknown };

/// What a commit says about itself.
struct CommitMetadata
{
    std::string id;
    std::vector<std::string> parents; ///< ids; those beyond a shallow border included
    Signature author;
    Signature committer;
    std::string message; ///< whole text
    SignatureKind signature = SignatureKind::None;

    /// First line of the message.
    std::string_view subject() const { return std::string_view(message).substr(0, message.find('\n')); }

    bool operator==(const CommitMetadata &) const = default;
};

/// A signature and what it signs.
struct SignedText
{
    std::string signature; ///< armored; "" if there is none
    std::string payload;
};

enum class ChangeKind { Added, Removed, Modified, Renamed, TypeChanged };

/// A file that differs between two revisions.
struct ChangedFile
{
    std::string path;    ///< of the second revision; of the first where it was removed
    std::string oldPath; ///< where a renamed file was; "" otherwise
    ChangeKind kind = ChangeKind::Modified;

    bool operator==(const ChangedFile &) const = default;
};

/// Whether a removed and an added file of similar content are shown as one renamed file (this reads the contents).
enum class Renames { Ignored, Detected };

/// What part of a history is wanted.
struct HistoryOptions
{
    std::size_t limit = 50;         ///< at most so many commits
    std::vector<std::string> paths; ///< only commits that change one of these files or folders; empty: all
};

/// A Git repository on this machine, opened for reading. Nothing that its configuration names is ever run, so it is
/// opened whoever owns it. Values may be copied and used from several threads.
class Repository
{
public:
    /// Opens the repository at \p place or above it: a work tree, a folder in it, a bare repository, a file:// URL.
    /// Errors: NotFound (no such folder, not a repository), Denied, InvalidInput (damaged).
    static Expected<Repository> open(const std::string &place);

    /// Top folder of the work tree, without a slash at its end; "" if bare.
    const std::string &workFolder() const;
    /// The repository's own folder (usually ".git").
    const std::string &gitFolder() const;
    /// Folder that was opened, from the top of the work tree; "" for the top itself.
    const std::string &prefix() const;
    bool isBare() const { return workFolder().empty(); }
    /// Whether the history was cut off when it was fetched.
    bool isShallow() const;
    /// URLs of all remotes, "origin" first.
    std::vector<std::string> remoteUrls() const;

    /// All refs sorted by name, HEAD first, annotated tags peeled.
    Expected<std::vector<Ref>> refs() const;
    /// Short names of the local branches, sorted.
    std::vector<std::string> branches() const;
    /// Short names of the tags, sorted.
    std::vector<std::string> tags() const;

    /// The revision that \p text means: "." is the working tree; then as revisionAmong; then Git's own syntax (main~20,
    /// HEAD^, v1^{commit}, short ids of 4 and more digits); then a branch of the remote "origin".
    /// Errors: NotFound with similar names; InvalidInput for an ambiguous short id or a thing that is no commit.
    Expected<Revision> resolve(const std::string &text, const std::string &tagPrefix = "") const;

    /// The files of \p revision, by object id, without a checkout. Submodules that are present below `modules` of this
    /// repository are read; \p submodules is asked for the others.
    /// Errors: NotFound if the commit is absent, Unsupported for the working tree of a bare repository.
    Expected<std::shared_ptr<const render::FileTree>> tree(const Revision &revision,
                                                           SubmoduleTrees submodules = {}) const;
    /// Submodules of \p revision with their recorded commits.
    Expected<std::vector<Submodule>> submodules(const Revision &revision) const;

    /// The best common ancestor of two revisions; the working tree counts as HEAD.
    /// Errors: NotFound if there is none, which says so where the history is cut off.
    Expected<Revision> mergeBase(const Revision &left, const Revision &right) const;
    /// Files that differ from \p left to \p right, sorted by path. One of both may be the working tree, whose untracked
    /// files count unless they are ignored. Only trees are read unless renames are detected.
    Expected<std::vector<ChangedFile>> changedFiles(const Revision &left, const Revision &right,
                                                    Renames renames = Renames::Ignored) const;

    /// Metadata of the commit; of HEAD for the working tree.
    Expected<CommitMetadata> commit(const Revision &revision) const;
    /// The signature of the annotated tag that \p revision was found by, else of its commit.
    Expected<SignedText> signedText(const Revision &revision) const;
    /// \p revision and its ancestors, newest first.
    Expected<std::vector<CommitMetadata>> history(const Revision &revision, const HistoryOptions &options = {}) const;

private:
    struct State;
    explicit Repository(std::shared_ptr<const State> state) : m_state(std::move(state)) {}

    std::shared_ptr<const State> m_state;
};

} // namespace tiphys::git
