// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"

#include <cstddef>
#include <deque>
#include <memory>

namespace tiphys::control {

/// Lets so many coroutines of one thread through at once; the others wait in the order in which they came.
class Turnstile
{
public:
    explicit Turnstile(std::size_t places) : m_places(std::make_shared<Places>(places)) {}

    /// Somebody who is through; the place is free again when the last copy goes.
    using Pass = std::shared_ptr<const void>;
    /// Returns when there is a place. Errors: Cancelled.
    Async<Pass> enter(CancelToken cancel) const;

    std::size_t waiting() const { return m_places->queue.size(); }

private:
    struct Places
    {
        explicit Places(std::size_t count) : free(count) {}
        std::size_t free;
        std::deque<async::Completion<void>> queue;
    };
    static Pass passOf(const std::shared_ptr<Places> &places);
    static void leave(Places &places);

    std::shared_ptr<Places> m_places;
};

} // namespace tiphys::control
