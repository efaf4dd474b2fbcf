// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/turnstile.h"

namespace tiphys::control {

Turnstile::Pass Turnstile::passOf(const std::shared_ptr<Places> &places)
{
    return {nullptr, [places](const void *) { leave(*places); }};
}

void Turnstile::leave(Places &places)
{
    // The place goes to the first who still waits: one that was cancelled has its answer already.
    while (!places.queue.empty()) {
        const async::Completion<void> next = places.queue.front();
        places.queue.pop_front();
        if (next.isSet())
            continue;
        next.set({});
        return;
    }
    ++places.free;
}

Async<Turnstile::Pass> Turnstile::enter(CancelToken cancel) const
{
    const std::shared_ptr<Places> places = m_places;
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (places->free > 0) {
        --places->free;
        co_return passOf(places);
    }
    const async::Completion<void> turn;
    places->queue.push_back(turn);
    const async::CancelRegistration registration =
        cancel.onCancel([turn] { turn.set(std::unexpected(async::cancelledError())); });
    const Expected<void> come = co_await turn;
    if (!come)
        co_return std::unexpected(come.error());
    co_return passOf(places);
}

} // namespace tiphys::control
