// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <optional>
#include <string>

namespace tiphys::render {

/// What Helm reads of a rendered document.
struct ManifestHead
{
    std::string kind;
    std::optional<std::string> hook; ///< annotation helm.sh/hook
};

/// The head of \p document. Field names count in any case; unquoted scalars are text.
/// Errors: InvalidInput with the words of Go's JSON decoder.
/// Source: helm pkg/release/v1/util/manifest.go (SimpleHead)@v4.2.4, sigs.k8s.io/yaml@v1.6.0
Expected<ManifestHead> manifestHeadOf(const object::Value &document);

} // namespace tiphys::render
