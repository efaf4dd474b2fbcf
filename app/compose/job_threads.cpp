// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/job_threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#define TIPHYS_HAS_POSIX_THREADS
#endif
#if defined(__linux__)
#include <sched.h>
#endif

namespace tiphys::compose {

namespace {

constexpr unsigned kMostThreads = 3;
constexpr std::size_t kStackBytes = 8U << 20U;

/// Processors that this process may use.
unsigned processors()
{
#if defined(__linux__)
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
        return static_cast<unsigned>(CPU_COUNT(&allowed));
#endif
    return std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

/// The threads and the work that they share.
class JobThreads::Crew
{
public:
    ~Crew()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isEnding = true;
        }
        m_wake.notify_all();
#ifdef TIPHYS_HAS_POSIX_THREADS
        for (const pthread_t thread : m_threads)
            ::pthread_join(thread, nullptr);
#endif
    }

    static unsigned size()
    {
#ifdef TIPHYS_HAS_POSIX_THREADS
        return std::min(kMostThreads, processors() - 1);
#else
        return 0;
#endif
    }

    void run(std::size_t count, const std::function<void(std::size_t)> &job)
    {
        if (count < 2 || m_isSpreading.exchange(true)) {
            for (std::size_t i = 0; i < count; ++i)
                job(i);
            return;
        }
        start();
        {
            const std::lock_guard lock(m_mutex);
            m_job = &job;
            m_count = count;
            m_next = 0;
            ++m_round;
        }
        m_wake.notify_all();
        work(job, count);
        {
            // A thread that has not come yet finds nothing left and is not waited for.
            std::unique_lock lock(m_mutex);
            m_job = nullptr;
            m_done.wait(lock, [this] { return m_busy == 0; });
        }
        m_isSpreading = false;
    }

private:
    void work(const std::function<void(std::size_t)> &job, std::size_t count)
    {
        for (std::size_t i = m_next.fetch_add(1); i < count; i = m_next.fetch_add(1))
            job(i);
    }

    void start()
    {
#ifdef TIPHYS_HAS_POSIX_THREADS
        if (!m_threads.empty())
            return;
        pthread_attr_t attributes;
        if (::pthread_attr_init(&attributes) != 0)
            return;
        ::pthread_attr_setstacksize(&attributes, kStackBytes);
        for (unsigned i = size(); i > 0; --i) {
            pthread_t thread{};
            if (::pthread_create(&thread, &attributes, &Crew::main, this) == 0)
                m_threads.push_back(thread);
        }
        ::pthread_attr_destroy(&attributes);
#endif
    }

    static void *main(void *self)
    {
        static_cast<Crew *>(self)->attend();
        return nullptr;
    }

    void attend()
    {
        std::unique_lock lock(m_mutex);
        for (std::size_t seen = 0;;) {
            m_wake.wait(lock, [&] { return m_isEnding || (m_job && m_round != seen); });
            if (m_isEnding)
                return;
            seen = m_round;
            ++m_busy;
            const std::function<void(std::size_t)> &job = *m_job;
            const std::size_t count = m_count;
            lock.unlock();
            work(job, count);
            lock.lock();
            if (--m_busy == 0)
                m_done.notify_one();
        }
    }

    std::mutex m_mutex; ///< guards what follows up to m_isEnding
    std::condition_variable m_wake;
    std::condition_variable m_done;
    const std::function<void(std::size_t)> *m_job = nullptr; ///< null: nothing to begin
    std::size_t m_count = 0;
    std::size_t m_round = 0; ///< counts the works that were spread
    std::size_t m_busy = 0;  ///< threads at work
    bool m_isEnding = false;
    std::atomic<std::size_t> m_next = 0; ///< number that nobody has begun
    std::atomic<bool> m_isSpreading = false;
#ifdef TIPHYS_HAS_POSIX_THREADS
    std::vector<pthread_t> m_threads; ///< of the thread that spreads
#else
    std::vector<int> m_threads;
#endif
};

JobThreads::JobThreads() : m_crew(std::make_unique<Crew>()) {}

JobThreads::~JobThreads() = default;

ForEach JobThreads::forEach()
{
    if (Crew::size() == 0)
        return {};
    return [crew = m_crew.get()](std::size_t count, const std::function<void(std::size_t)> &job) {
        crew->run(count, job);
    };
}

} // namespace tiphys::compose
