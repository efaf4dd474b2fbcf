// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/requests.h"
#include "render/file_tree.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::ports {

/// A revision of a repository as an Application names it.
struct RevisionRequest
{
    std::string repoUrl;
    std::string targetRevision; ///< "" is HEAD; branch, tag, SHA, full ref, semver constraint
    std::string tagPrefix;
};

/// What a revision resolved to.
struct CommitFacts
{
    std::string revision; ///< full SHA (an abbreviated one stays abbreviated)
    std::string subject;
    std::string author;
    std::int64_t seconds = 0; ///< committed, since 1970
};

/// How much of a history is looked at.
enum class SignatureDepth {
    Head,    ///< the annotated tag that the revision names, else the commit
    History, ///< both, and the ancestors down to well signed seals ("Argocd-gpg-seal:") or the first commits
};

/// Whose signatures are checked, and by which keys.
struct SignatureRequest
{
    RevisionRequest revision;
    std::string commit; ///< what it resolved to; a tag counts if it leads there
    SignatureDepth depth = SignatureDepth::Head;
    std::vector<std::string> armoredKeys; ///< OpenPGP, all of them trusted
};

/// A commit or an annotated tag, and what its signature is worth.
struct RevisionSignature
{
    std::string revision; ///< commit id, or name of the tag
    std::string author;   ///< "Name <address>"
    std::string result;   ///< "signed", or why it is not, in the words of Argo CD
    std::string keyId;    ///< 16 hex digits; "" if unsigned
    bool isTag = false;
};

/// Git repositories by address: local folders are read where they are, others from a mirror on this machine.
/// Engine thread only; the work is done on a pool. Errors name the repository, never a credential.
class Repositories
{
public:
    virtual ~Repositories() = default;

    /// The commit that \p request means now. Consistency::Any accepts what was asked within the last minutes.
    virtual Async<std::string> resolve(RevisionRequest request, Consistency consistency, CancelToken cancel) = 0;
    /// The files at a resolved revision. The same revision gives the same tree.
    virtual Async<std::shared_ptr<const render::FileTree>> tree(std::string repoUrl, std::string revision,
                                                                CancelToken cancel) = 0;
    /// Author, date and subject of a resolved revision.
    virtual Async<CommitFacts> commit(std::string repoUrl, std::string revision, CancelToken cancel) = 0;
    /// The signatures that \p request asks for, newest first; never empty. Errors: Unsupported where there is no program
    /// that checks them.
    virtual Async<std::vector<RevisionSignature>> signatures(SignatureRequest request, CancelToken cancel) = 0;
};
using RepositoriesPtr = std::shared_ptr<Repositories>;

} // namespace tiphys::ports
