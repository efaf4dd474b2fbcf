// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

namespace tiphys::object {

/// \p value after the JSON merge patch \p patch (RFC 7386): members are merged, null removes, everything else
/// replaces. Nulls inside of what a patch adds are dropped, except as items of lists.
/// Source: gopkg.in/evanphx/json-patch.v4 merge.go@v4.13.0
Value applyMergePatch(const Value &value, const Value &patch);

/// The smallest merge patch that turns \p before into \p after, an empty map if they are equal. A member that
/// becomes null cannot be told from one that goes away: RFC 7386 has no word for it. Numbers are equal by value.
/// Source: gopkg.in/evanphx/json-patch.v4 merge.go (CreateMergePatch)@v4.13.0
Value mergePatchOf(const Value &before, const Value &after);

} // namespace tiphys::object
