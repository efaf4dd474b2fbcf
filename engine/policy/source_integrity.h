// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/project.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::policy {

/// How much of a history must be signed.
enum class SignatureDepth {
    Head,    ///< the annotated tag, else the commit
    History, ///< the annotated tag, the commit and its ancestors, back to a signed seal
};

/// What a project demands of the commits of one Git repository.
struct SignaturePolicy
{
    SignatureDepth depth = SignatureDepth::Head;
    std::vector<std::string> keys; ///< ids of the keys that may sign, 16 hex digits each

    bool operator==(const SignaturePolicy &) const = default;
};

/// What \p spec demands of the repository at \p repoUrl, nothing if it demands nothing. The older `signatureKeys` count for
/// all repositories where `sourceIntegrity.git` is absent. Shape: sourceIntegrity.git.policies[].{repos[].url, gpg.{mode,keys}}.
/// Errors: InvalidInput where several policies match, or one has an unknown mode.
/// Source: argo-cd util/sourceintegrity/source_integrity.go (lookupGit, verify),
/// pkg/apis/application/v1alpha1/types.go (EffectiveSourceIntegrity)@v3.5.1
Expected<std::optional<SignaturePolicy>> signaturePolicyOf(const crd::ProjectSpec &spec, std::string_view repoUrl);

/// A commit or an annotated tag, and what its signature is worth.
struct CheckedSignature
{
    std::string revision; ///< commit id, or name of the tag
    std::string author;   ///< "Name <address>"
    std::string result;   ///< "signed", or why it is not
    std::string keyId;    ///< 16 hex digits; "" if unsigned
    bool isTag = false;

    bool operator==(const CheckedSignature &) const = default;
};

/// What is wrong with \p signatures, newest first: at most ten, one for each key.
/// Source: argo-cd util/sourceintegrity/source_integrity.go (describeProblems, gpgProblemMessage)@v3.5.1
std::vector<std::string> signatureProblems(const SignaturePolicy &policy,
                                           const std::vector<CheckedSignature> &signatures);

} // namespace tiphys::policy
