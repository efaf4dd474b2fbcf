// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

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
    /// Gives what \p work gives, which is called with a token that is cancelled with \p cancel or with this scope;
    /// close() waits for it as for the tasks. The caller must not touch the scope's owner afterwards.
    template <typename Work>
    auto include(CancelToken cancel, Work work) -> std::invoke_result_t<Work &, CancelToken>
    {
        return included(m_state, token(), std::move(cancel), std::move(work));
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

    template <typename Work>
    static auto included(std::shared_ptr<State> state, CancelToken own, CancelToken cancel, Work work)
        -> std::invoke_result_t<Work &, CancelToken>
    {
        ++state->running;
        CancelSource either(own);
        const CancelRegistration registration = cancel.onCancel([&either] { either.cancel(); });
        const auto result = co_await work(either.token());
        state->ended(nullptr); // the caller gets the error
        co_return result;
    }

    std::shared_ptr<State> m_state;
    CancelSource m_source;
};

} // namespace tiphys::async
