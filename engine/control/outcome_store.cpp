// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/outcome_store.h"

#include "async/delay.h"
#include "control/application_access.h"
#include "control/engine_lease.h"

#include <algorithm>

namespace tiphys::control {

namespace {

/// Whether the server may take tomorrow what it refused with \p error.
bool mayPass(const Error &error)
{
    constexpr ErrorCode passing[] = {ErrorCode::Conflict, ErrorCode::Unavailable, ErrorCode::Timeout,
                                     ErrorCode::Unknown, ErrorCode::Internal};
    return std::ranges::contains(passing, error.code());
}

} // namespace

OutcomeStore::OutcomeStore(ports::ClusterPtr cluster, std::function<bool()> mayWrite, std::chrono::milliseconds pause)
    : m_cluster(std::move(cluster)), m_mayWrite(std::move(mayWrite)), m_pause(pause)
{
}

Async<StoredOutcome> OutcomeStore::store(crd::Application app, crd::OperationState state, sync::PassOutcome outcome,
                                         crd::Timestamp now, CancelToken cancel)
{
    const auto attempts = std::make_shared<Attempts>();
    for (int attempt = 1;; ++attempt) {
        const Expected<StoredOutcome> stored = co_await tryOnce(app, state, outcome, now, attempts, cancel);
        if (stored || cancel.isCancelled() || !mayPass(stored.error()) || attempt == kMostAttempts || !m_mayWrite())
            co_return stored;
        const Expected<void> waited = co_await async::delay(m_pause, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
}

Async<StoredOutcome> OutcomeStore::tryOnce(crd::Application app, crd::OperationState state, sync::PassOutcome outcome,
                                           crd::Timestamp now, std::shared_ptr<Attempts> attempts, CancelToken cancel)
{
    const service::AppId id{"", std::string(app.ns()), std::string(app.name())};
    const Expected<crd::Application> fresh = co_await readApplication(m_cluster, id, cancel);
    if (!fresh && fresh.error().code() == ErrorCode::NotFound)
        co_return StoredOutcome{.app = app, .completion = {}, .isGone = true};
    if (!fresh)
        co_return std::unexpected(fresh.error());
    // Only the end of this operation takes it away: the answer to that write was lost.
    if (attempts->last && fresh->object.value()["operation"] != app.object.value()["operation"])
        co_return StoredOutcome{.app = *fresh, .completion = *attempts->last};
    // Terminating may have been set while the pass ran, and must not be overwritten.
    outcome.isTerminatingNow =
        fresh->status.operationState && fresh->status.operationState->phase == crd::OperationPhase::Terminating;
    sync::Completion completion = sync::completePass(*fresh, state, outcome, now);
    if (completion.historyPatch && !attempts->wasHistoryTried) {
        attempts->wasHistoryTried = true;
        const Expected<void> written = co_await write(*fresh, *completion.historyPatch, cancel);
        if (!written)
            attempts->historyError = written.error();
    }
    if (completion.historyPatch && attempts->historyError)
        completion = sync::withHistoryError(*fresh, completion, *attempts->historyError);
    if (completion.patch) {
        attempts->last = completion;
        const Expected<void> written = co_await write(*fresh, *completion.patch, cancel);
        if (!written && written.error().code() == ErrorCode::NotFound)
            co_return StoredOutcome{.app = *fresh, .completion = completion, .isGone = true};
        if (!written)
            co_return std::unexpected(written.error());
    }
    co_return StoredOutcome{.app = *fresh, .completion = completion};
}

Async<void> OutcomeStore::write(crd::Application app, object::Value patch, CancelToken cancel)
{
    if (!m_mayWrite())
        co_return std::unexpected(leaseLost());
    const Expected<crd::Application> written = co_await patchApplication(m_cluster, app, patch, cancel);
    if (!written)
        co_return std::unexpected(written.error());
    co_return {};
}

} // namespace tiphys::control
