// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <utility>

namespace tiphys {

/// Raised by each job that is handed to another thread by Qt, whose own locks a thread sanitizer cannot see: this makes
/// what comes before the hand-over come before the job for it too.
inline std::atomic<unsigned> handedOver = 0;

/// A job without arguments that Qt takes to another thread.
template <typename Job>
class HandedOver
{
public:
    explicit HandedOver(Job job) : m_job(std::move(job)) {}
    HandedOver(HandedOver &&other) noexcept : m_job(std::move(other.m_job))
    {
        handedOver.fetch_add(1, std::memory_order_release);
    }
    HandedOver(const HandedOver &other) : m_job(other.m_job) { handedOver.fetch_add(1, std::memory_order_release); }
    HandedOver &operator=(HandedOver &&) = delete;
    HandedOver &operator=(const HandedOver &) = delete;
    ~HandedOver() = default;

    void operator()()
    {
        static_cast<void>(handedOver.load(std::memory_order_acquire));
        m_job();
    }

private:
    Job m_job;
};

} // namespace tiphys
