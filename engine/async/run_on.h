// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/resume.h"

#include <QThreadPool>

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace tiphys::async {

namespace detail {

template <typename R>
struct JobResult
{
    using Type = R;
};
template <typename T>
struct JobResult<Expected<T>>
{
    using Type = T;
};

template <typename Job>
struct PoolAwaiter
{
    QThreadPool *pool;
    Job *job;
    std::optional<std::invoke_result_t<Job &>> *result;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const
    {
        pool->start([job = job, result = result, address = resumeAddress(), handle] {
            result->emplace((*job)());
            address.post(handle);
        });
    }
    void await_resume() const {}
};

} // namespace detail

/// Runs \p job, a pure function without arguments that returns a T or an Expected<T>, on a thread of \p pool and
/// gives its answer in this thread. The job cannot be stopped from outside: long ones ask a CancelToken.
/// \p pool must outlive the job and be waited for before this thread's event loop ends.
template <typename Job>
auto runOn(QThreadPool *pool, Job job) -> Async<typename detail::JobResult<std::invoke_result_t<Job &>>::Type>
{
    std::optional<std::invoke_result_t<Job &>> result;
    co_await detail::PoolAwaiter<Job>{pool, &job, &result};
    co_return std::move(*result);
}

} // namespace tiphys::async
