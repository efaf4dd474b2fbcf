// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "cli/invocation.h"
#include "object/gvk.h"

#include <cstddef>
#include <vector>

namespace tiphys::cli {

/// True where \p flags, by group, kind, namespace and name, do not exclude \p key.
bool isChosen(const object::ObjectKey &key, const AppActionFlags &flags);

/// Places of those of \p keys that \p flags choose. Errors: NotFound where it is none; InvalidInput for several without --all.
/// Source: argo-cd cmd/util/app.go (FilterResources)@v3.5.1
Expected<std::vector<std::size_t>> chosenPlaces(const std::vector<object::ObjectKey> &keys,
                                                const AppActionFlags &flags);

} // namespace tiphys::cli
