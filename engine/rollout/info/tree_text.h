// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"
#include "rollout/info/rollout_info.h"

#include <string>
#include <string_view>

namespace tiphys::rollout {

enum class Colours { No, Ansi };

/// The mark of a status ("Healthy" ✔, "Paused" ॥, "CrashLoopBackOff" ✖, …) of any kind of this page; " " if unknown.
std::string_view markOf(std::string_view status);

/// Summary and tree of a Rollout, as `kubectl argo rollouts get rollout` prints them.
/// Source: argo-rollouts pkg/kubectl-argo-rollouts/cmd/get/@v1.9.1
std::string rolloutText(const RolloutInfo &info, crd::Timestamp now, Colours colours);
/// The same for an Experiment.
std::string experimentText(const ExperimentInfo &info, crd::Timestamp now, Colours colours);

} // namespace tiphys::rollout
