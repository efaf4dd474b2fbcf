// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::compare {

/// True for Secrets of the core group.
bool isSecret(const object::Object &object);

/// Two sides of a comparison without secret values.
struct MaskedPair
{
    object::Object target;
    object::Object live;
};

/// \p target and \p live (null for none) with the values of a Secret, and of the named annotations, replaced by
/// plus signs: equal values by equally many. Last-applied annotations are masked too.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (HideSecretData)@v3.5.1
MaskedPair maskedSecrets(const object::Object &target, const object::Object &live,
                         const std::vector<std::string> &annotations);

} // namespace tiphys::compare
