// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/signature.h"

#include <stop_token>
#include <string>
#include <vector>

namespace tiphys::git {

/// A commit or an annotated tag and what its signature is worth.
struct SignedRevision
{
    std::string revision; ///< commit id, or short name of the tag
    std::string author;   ///< "Name <address>"
    SignatureCheck check;
    bool isTag = false;
};

/// How much of the history is checked.
enum class HistoryDepth {
    Head, ///< the annotated tag that the revision was found by, else its commit
    /// The tag, the commit and its ancestors, down to well signed commits whose message has the trailer
    /// "Argocd-gpg-seal:" or to the first ones; what lies just behind a seal is checked too.
    Sealed,
};

/// The signatures of \p revision, newest first. Blocks; gpg runs once for each commit.
/// Errors: of checkSignature; InvalidInput where the history is cut off, LimitExceeded beyond 20,000 commits.
/// Source: argo-cd util/git/client.go (LsSignatures, listRawSignatures, getSealRevListFilter)@v3.5.1
Expected<std::vector<SignedRevision>> signedRevisions(const Repository &repository, const Revision &revision,
                                                      HistoryDepth depth, const std::vector<std::string> &armoredKeys,
                                                      std::stop_token cancel = {});

} // namespace tiphys::git
