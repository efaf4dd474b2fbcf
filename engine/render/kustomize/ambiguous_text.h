// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"
#include "render/kustomize/scalar.h"

namespace tiphys::render::kustomize {

/// A text that other readers would take for a number or a word is quoted when it is set.
inline void quoteAmbiguous(Node *value)
{
    if (value && value->isStringValue() && value->style == Style::Plain && isNonStringText(value->value))
        value->style = Style::DoubleQuoted;
}

} // namespace tiphys::render::kustomize
