// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <string>

namespace tiphys::rollout {

/// A Rollout's phase ("Healthy", "Progressing", "Paused", "Degraded") and why.
struct PhaseText
{
    std::string phase;
    std::string message;

    bool operator==(const PhaseText &) const = default;
    /// "Paused - CanaryPauseStep"; the phase alone without a message.
    std::string text() const { return message.empty() ? phase : phase + " - " + message; }
};

/// What clients show for \p rollout: Progressing while the controller has not seen the last change or a promotion,
/// else the stored phase, else the phase told from spec and status.
/// Source: argo-rollouts utils/rollout/rolloututil.go (GetRolloutPhase)@v1.9.1
PhaseText shownPhase(const object::Object &rollout);

/// The phase told from spec and status alone.
/// Source: argo-rollouts utils/rollout/rolloututil.go (CalculateRolloutPhase)@v1.9.1
PhaseText calculatedPhase(const object::Object &rollout);

/// A canary step in the controller's words: "setWeight: 20", "pause: 1h", "setCanaryScale{weight: 25}"; "invalid" for
/// one without a known member.
/// Source: argo-rollouts utils/rollout/rolloututil.go (CanaryStepString)@v1.9.1
std::string stepText(const object::Value &step);

} // namespace tiphys::rollout
