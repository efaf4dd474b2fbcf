// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/parallel_for_each.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
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

#ifdef TIPHYS_HAS_POSIX_THREADS
constexpr std::size_t kStackBytes = 8U << 20U;
#endif

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

/// The threads and the work that they share.
class Crew
{
public:
    explicit Crew(unsigned size) : m_size(size) {}
    ~Crew()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isEnding = true;
        }
        m_wake.notify_all();
        for (Thread &thread : m_threads)
            join(thread);
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
        if (!m_threads.empty())
            return;
#ifdef TIPHYS_HAS_POSIX_THREADS
        pthread_attr_t attributes;
        if (::pthread_attr_init(&attributes) != 0)
            return;
        ::pthread_attr_setstacksize(&attributes, kStackBytes);
        for (unsigned i = 0; i < m_size; ++i) {
            pthread_t thread{};
            if (::pthread_create(&thread, &attributes, &Crew::main, this) == 0)
                m_threads.push_back(thread);
        }
        ::pthread_attr_destroy(&attributes);
#else
        // As much stack as the program was linked with.
        for (unsigned i = 0; i < m_size; ++i)
            m_threads.emplace_back(&Crew::attend, this);
#endif
    }

#ifdef TIPHYS_HAS_POSIX_THREADS
    using Thread = pthread_t;
    static void join(Thread thread) { ::pthread_join(thread, nullptr); }
    static void *main(void *self)
    {
        static_cast<Crew *>(self)->attend();
        return nullptr;
    }
#else
    using Thread = std::thread;
    static void join(Thread &thread) { thread.join(); }
#endif

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
    const unsigned m_size;
    std::vector<Thread> m_threads; ///< of the thread that spreads
};

} // namespace

ForEach parallelForEach(unsigned most)
{
    const unsigned size = std::min(most, processors() - 1);
    if (size == 0)
        return {};
    return [crew = std::make_shared<Crew>(size)](std::size_t count, const std::function<void(std::size_t)> &job) {
        crew->run(count, job);
    };
}

} // namespace tiphys::compose
