// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/rollout.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

/// Pauses and aborts that a pass decides on, applied to the status at its end.
/// Source: argo-rollouts rollout/pause.go@v1.9.1
class PauseChanges
{
public:
    void add(std::string_view reason) { m_added.emplace_back(reason); }
    void remove(std::string_view reason) { m_removed.emplace_back(reason); }
    void clear() { m_isCleared = true; }
    void abort(std::string message);
    void removeAbort() { m_removesAbort = true; }

    bool addsPause() const { return !m_added.empty(); }
    bool isAborted(const Rollout &rollout) const;
    const std::string &abortMessage() const { return m_abortMessage; }
    /// Sets pauses and abort of \p newStatus from those of \p rollout and the changes.
    void applyTo(Status &newStatus, const Rollout &rollout, Moment now) const;
    /// True if the pause \p step is over: resumed by a user, or its time passed.
    static bool isStepOver(const Rollout &rollout, const PauseStep &step, Moment now);
    /// True if nothing holds the promotion of a blue-green Rollout any more.
    bool isBlueGreenPauseOver(const Rollout &rollout, Moment now) const;

private:
    bool applyAbort(Status &newStatus, const Rollout &rollout, Moment now) const;

    std::vector<std::string> m_added;
    std::vector<std::string> m_removed;
    bool m_isCleared = false;
    bool m_aborts = false;
    bool m_removesAbort = false;
    std::string m_abortMessage;
};

} // namespace tiphys::rollout
