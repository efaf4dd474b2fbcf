// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace tiphys::async {

/// Owns running coroutines: they must end before their owner does.
///
/// `co_await scope.close()` cancels and drains them; destroying a scope in which a task still runs asserts.
class TaskScope
{
public:
    /// \p onError gets the errors of tasks, those by cancelling excepted; without it they are dropped.
    explicit TaskScope(std::function<void(const Error &)> onError = {});
    /// Cancelled also when \p parent is.
    explicit TaskScope(const CancelToken &parent, std::function<void(const Error &)> onError = {});
    ~TaskScope();
    TaskScope(const TaskScope &) = delete;
    TaskScope &operator=(const TaskScope &) = delete;

    /// What tasks of this scope take as their cancel token.
    CancelToken token() const { return m_source.token(); }
    /// Keeps \p task until it ends.
    template <typename T>
    void start(Async<T> task)
    {
        watch(m_state, std::move(task));
    }
    /// Tasks that have not ended.
    std::size_t running() const { return m_state->running; }
    /// Cancels the tasks without waiting.
    void cancel() { m_source.cancel(); }
    /// Cancels the tasks and returns when the last one has ended.
    Async<void> close();
    /// Returns when the last task has ended, without cancelling.
    Async<void> drained();

private:
    struct State
    {
        std::size_t running = 0;
        std::function<void(const Error &)> onError;
        std::optional<Completion<void>> drained;

        void ended(const Error *error);
    };

    template <typename T>
    static QCoro::Task<> watch(std::shared_ptr<State> state, Async<T> task)
    {
        ++state->running;
        const Expected<T> result = co_await task;
        state->ended(result ? nullptr : &result.error());
    }

    std::shared_ptr<State> m_state;
    CancelSource m_source;
};

} // namespace tiphys::async
