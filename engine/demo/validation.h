// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/refusal.h"
#include "object/object.h"

namespace tiphys::demo {

/// What is wrong with \p object as the API server sees it: names, labels, what workloads need, and fields that may not
/// change after \p before (null when created). Empty if nothing is.
std::vector<Cause> problemsOf(const Resource &resource, const object::Object &before, const object::Object &object);

} // namespace tiphys::demo
