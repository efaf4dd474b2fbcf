// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string_view>

namespace tiphys::compare {

/// The `data` of argocd-cm in \p yaml: of the ConfigMap, whose kind may be left out, or the text is only its data; null
/// for an empty text.
/// Errors: InvalidInput for another document.
Expected<object::Value> settingsDataIn(std::string_view yaml);

/// \p data of argocd-cm with the keys of \p upper in place of its own; either may be null.
object::Value settingsDataWith(const object::Value &data, const object::Value &upper);

} // namespace tiphys::compare
