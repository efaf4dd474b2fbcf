// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/repository.h"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

/// What a signature is worth, in the words of Argo CD.
enum class SignatureState { Signed, Bad, UntrustedKey, Expired, ExpiredKey, RevokedKey, UnknownKey, Unsigned };

struct SignatureCheck
{
    SignatureState state = SignatureState::Unsigned;
    std::string keyId; ///< 16 hex digits of the key that signed; "" if unsigned

    bool operator==(const SignatureCheck &) const = default;
};

/// "signed", "bad signature", "signed with key not in keyring", …
/// Source: argo-cd util/sourceintegrity@v3.5.1
std::string_view signatureText(SignatureState state);

/// Checks the OpenPGP signature of \p revision (of the annotated tag if it was found by one, else of the commit) against
/// \p armoredKeys, all of them trusted, by the system's `gpg` in a keyring of its own. Signatures of other kinds count
/// as none, as they do for Argo CD. Blocks. Errors: Unsupported (no gpg), InvalidInput (unreadable keys), Cancelled.
Expected<SignatureCheck> checkSignature(const Repository &repository, const Revision &revision,
                                        const std::vector<std::string> &armoredKeys, std::stop_token cancel = {});

/// The check that the status lines of `gpg --verify` tell of.
SignatureCheck signatureCheckOf(std::string_view gpgStatus);

} // namespace tiphys::git
