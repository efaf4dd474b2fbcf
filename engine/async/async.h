// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QCoro/QCoroTask>

#include <concepts>
#include <utility>

namespace tiphys::async {

/// A coroutine that gives an Expected<T>: `const Expected<T> result = co_await work();`.
///
/// It starts at once and runs until its first wait. It is awaited or given to a TaskScope; a dropped one goes on
/// running and loses its error. It never leaves the thread that started it. `co_return` takes a T, an Error by
/// failure(), or for `Async<void>` the value `{}`.
template <typename T>
class [[nodiscard]] Async
{
public:
    using Result = Expected<T>;

    class promise_type : public QCoro::detail::TaskPromise<Result>
    {
    public:
        Async get_return_object() noexcept { return Async(QCoro::detail::TaskPromise<Result>::get_return_object()); }
        template <typename U = Result>
            requires std::constructible_from<Result, U &&>
        void return_value(U &&value)
        {
            QCoro::detail::TaskPromise<Result>::return_value(Result(std::forward<U>(value)));
        }
    };

    /// True once the coroutine has ended.
    bool isReady() const { return m_task.isReady(); }
    auto operator co_await() const noexcept { return m_task.operator co_await(); }

private:
    explicit Async(QCoro::Task<Result> task) : m_task(std::move(task)) {}

    QCoro::Task<Result> m_task;
};

} // namespace tiphys::async

namespace tiphys {
using async::Async;
}
