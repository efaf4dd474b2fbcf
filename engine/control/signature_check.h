// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/source_integrity.h"
#include "ports/cluster.h"
#include "ports/repositories.h"

#include <string>
#include <vector>

namespace tiphys::control {

/// Where signatures are looked up.
struct SignatureParts
{
    ports::ClusterPtr cluster; ///< of the instance
    std::string controlPlaneNamespace;
    ports::RepositoriesPtr repositories;
};

/// What is wrong with the signatures of \p commit, which \p revision came to; nothing if they are as \p policy demands.
/// The keys are those of argocd-gpg-keys-cm. Errors: what keeps the signatures from being checked, which must count as not
/// verified.
Async<std::vector<std::string>> signatureProblemsOf(SignatureParts parts, policy::SignaturePolicy policy,
                                                    ports::RevisionRequest revision, std::string commit,
                                                    CancelToken cancel);

/// \p problems of source \p index (from 0) of \p count as one condition; "" for none.
/// Source: argo-cd controller/state.go (GetRepoObjs), pkg/apis/application/v1alpha1/source_integrity.go (AsError)@v3.5.1
std::string signatureCondition(const std::vector<std::string> &problems, const crd::ApplicationSource &source,
                               std::size_t index, std::size_t count);

} // namespace tiphys::control
