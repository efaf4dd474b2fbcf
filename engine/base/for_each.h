// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>

namespace tiphys {

/// Runs a job for each number below a count, in any order, perhaps several at a time, and returns when all are done.
///
/// Pure code knows no threads: who calls it gives one of these that uses some, where there are processors to spare, or an
/// empty one. A job leaves its result at its number and tells no error, so that what comes out depends on the numbers alone.
using ForEach = std::function<void(std::size_t count, const std::function<void(std::size_t)> &job)>;

/// By \p forEach, or one after the other in this thread where it is empty.
inline void runEach(const ForEach &forEach, std::size_t count, const std::function<void(std::size_t)> &job)
{
    if (forEach) {
        forEach(count, job);
        return;
    }
    for (std::size_t i = 0; i < count; ++i)
        job(i);
}

} // namespace tiphys
