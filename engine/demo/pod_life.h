// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "ports/clock.h"

namespace tiphys::demo {

/// The state of a pod at a moment of its life.
struct PodState
{
    object::Value status;
    bool isFinal = false; ///< it stays like this
};

/// What the status of \p pod is \p age milliseconds after it was created: scheduled and pulling, then running and ready.
/// The annotation `tiphys.dev/pod` says otherwise: `pending`, `crash`, `late` (ready after five seconds) or `fail`; an
/// image with the tag `broken` cannot be pulled; pods of Jobs end after three seconds.
PodState podStateAt(const object::Object &pod, std::int64_t age);

/// True if the pod has the condition Ready.
bool isPodReady(const object::Object &pod);

} // namespace tiphys::demo
