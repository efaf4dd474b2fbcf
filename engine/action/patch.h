// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

namespace tiphys::action {

/// What is sent to the cluster for a changed object.
struct ActionPatch
{
    object::Value whole;     ///< JSON merge patch from the live object; an empty map changes nothing
    object::Value remainder; ///< the same without `status`, null if nothing is left
    bool touchesStatus = false;

    bool isEmpty() const { return whole.size() == 0; }
};

/// The patch that turns \p live into \p changed. A patch that touches `status` is sent to the status subresource
/// first, whole, then its remainder to the object; where there is no such subresource (not found) the whole patch
/// goes to the object.
/// Source: argo-cd server/application/application.go (patchResource, splitStatusPatch)@v3.5.1
ActionPatch patchOf(const object::Object &live, const object::Object &changed);

} // namespace tiphys::action
