// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/pass_input.h"
#include "sync/write.h"

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace tiphys::sync {

/// Writes that may be done at the same time; all must be answered before the pass goes on.
struct Batch
{
    std::vector<Write> writes;
    /// When set, status.operationState.syncResult.resources must hold this before the first write is sent; if that
    /// cannot be written the pass is given up and begun again on fresh state.
    std::optional<std::vector<crd::ResourceResult>> recordFirst;
};
/// Answers to a batch, in the order of its writes.
using BatchResults = std::vector<WriteResult>;

enum class WaveDelay : std::uint8_t { No, Yes };

/// What a pass came to.
struct PassEnd
{
    crd::OperationPhase phase = crd::OperationPhase::Running;
    std::string message;
    std::vector<crd::ResourceResult> results;
    /// Another wave follows: wait (2 s by default) before the state is written.
    WaveDelay delay = WaveDelay::No;
};

using PassStep = std::variant<Batch, PassEnd>;

/// What a pass does next: the next batch of writes, or its end.
///
/// A pass is told by its input and the answers to its batches so far; call it with none, do the batch, add the
/// answers, call it again with the same input. Nothing is kept between calls. The end's results belong into
/// status.operationState; then the next pass begins on a new comparison.
/// Source: argo-cd gitops-engine/pkg/sync/sync_context.go (Sync, Terminate)@v3.5.1
PassStep passStep(const PassInput &input, std::span<const BatchResults> answered);

} // namespace tiphys::sync
