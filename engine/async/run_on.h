// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/resume.h"
#include "base/handed_over.h"

#include <QRunnable>
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
class PoolJob final : public QRunnable
{
public:
    PoolJob(Job *job, std::optional<std::invoke_result_t<Job &>> *result, std::coroutine_handle<> waiting)
        : m_job(job), m_result(result), m_waiting(waiting), m_address(resumeAddress())
    {
        handedOver.fetch_add(1, std::memory_order_release);
    }

    void run() override
    {
        static_cast<void>(handedOver.load(std::memory_order_acquire));
        m_result->emplace((*m_job)());
        m_address.post(m_waiting);
    }

private:
    Job *m_job;
    std::optional<std::invoke_result_t<Job &>> *m_result;
    std::coroutine_handle<> m_waiting;
    Mailbox<std::coroutine_handle<>>::Address m_address;
};

template <typename Job>
struct PoolAwaiter
{
    QThreadPool *pool;
    Job *job;
    std::optional<std::invoke_result_t<Job &>> *result;

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const { pool->start(new PoolJob<Job>(job, result, handle)); }
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
