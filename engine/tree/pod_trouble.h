// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <string>
#include <vector>

namespace tiphys::tree {

/// What keeps \p pod from being ready, for people: "CrashLoopBackOff, exit 137 OOMKilled, container api"; empty if
/// nothing does. Init containers come first, then containers in their order; the first in trouble decides. A pod that
/// starts as it should (ContainerCreating) has no trouble.
///
/// Reads status.{phase,reason,message,conditions,initContainerStatuses,containerStatuses}.
std::string podTrouble(const object::Object &pod);

/// The troubles of the pods of one workload: "2 of 3 pods: CrashLoopBackOff, exit 137 OOMKilled, container api",
/// the most frequent first; empty if no pod is in trouble. Pods that ended well do not count.
std::string podsTrouble(const std::vector<object::Object> &pods);

} // namespace tiphys::tree
