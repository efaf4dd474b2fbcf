// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"

#include <thread>
#include <vector>

/// Ways to run jobs that are harder on what spreads them than threads of a real machine.
namespace tiphys::test {

/// The last job first, so that what belongs to the front is done when all else is.
inline ForEach lastFirst()
{
    return [](std::size_t count, const std::function<void(std::size_t)> &job) {
        for (std::size_t i = count; i > 0; --i)
            job(i - 1);
    };
}

/// A thread for each job, all at once.
inline ForEach allAtOnce()
{
    return [](std::size_t count, const std::function<void(std::size_t)> &job) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i)
            threads.emplace_back([&job, i] { job(i); });
    };
}

/// Counts in \p jobs what \p forEach is given.
inline ForEach counted(ForEach forEach, std::size_t &jobs)
{
    return [forEach = std::move(forEach), &jobs](std::size_t count, const std::function<void(std::size_t)> &job) {
        jobs += count;
        forEach(count, job);
    };
}

} // namespace tiphys::test
