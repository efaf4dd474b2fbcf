// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/patch.h"

#include "object/merge_patch.h"

namespace tiphys::action {

using object::Value;

ActionPatch patchOf(const object::Object &live, const object::Object &changed)
{
    ActionPatch patch;
    patch.whole = object::mergePatchOf(live.value(), changed.value());
    patch.touchesStatus = patch.whole.contains("status");
    const Value remainder = patch.whole.without("status");
    if (remainder.size() > 0)
        patch.remainder = remainder;
    return patch;
}

} // namespace tiphys::action
