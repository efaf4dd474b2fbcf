// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::async {

/// What may be taken of work that began before it was asked for.
enum class Freshness {
    UnderWay, ///< its answer
    Begun,    ///< its failure only: a success may be older than the question
};

/// Work that many ask for, one piece at a time for each key: who asks while it is under way waits for it, or with the others
/// for one more piece. Lives in one thread and must outlive the work.
template <typename T>
class SharedTurns
{
public:
    /// Gives what \p work gives, which is called with a token unless somebody else's call answers. A call that is given up
    /// stops its own work; those that wait for it begin anew.
    template <typename Work>
    Async<T> run(std::string key, Freshness freshness, Work work, CancelToken cancel)
    {
        bool isNewer = freshness == Freshness::UnderWay;
        while (!cancel.isCancelled()) {
            const auto running = m_running.find(key);
            if (running == m_running.end()) {
                const auto turn = std::make_shared<Turn>();
                m_running.emplace(key, turn);
                const Expected<T> result = co_await work(cancel);
                m_running.erase(key);
                for (const Completion<T> &waiter : std::exchange(turn->waiters, {}))
                    waiter.set(result);
                co_return result;
            }
            const Completion<T> waiter;
            running->second->waiters.push_back(waiter);
            const CancelRegistration registration = cancel.onCancel([waiter] { waiter.fail(cancelledError()); });
            const Expected<T> result = co_await waiter;
            if (cancel.isCancelled())
                break;
            const bool isGivenUp = !result && result.error().code() == ErrorCode::Cancelled;
            if (!isGivenUp && (isNewer || !result))
                co_return result;
            // Whatever is under way from here on began after this call.
            isNewer = true;
        }
        co_return std::unexpected(cancelledError());
    }

private:
    struct Turn
    {
        std::vector<Completion<T>> waiters;
    };
    std::map<std::string, std::shared_ptr<Turn>> m_running;
};

} // namespace tiphys::async
