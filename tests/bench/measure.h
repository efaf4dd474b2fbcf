// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace tiphys::bench {

/// Time and memory of one kind of work.
struct Measurement
{
    double milliseconds = 0; ///< processor time, median
    double peakMegabytes = 0;
    bool ok = false;
};

/// Processor time of this process and of those it waited for: what else the machine does matters little to it.
inline double processorMilliseconds()
{
    double total = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        getrusage(who, &usage);
        for (const timeval &part : {usage.ru_utime, usage.ru_stime})
            total += static_cast<double>(part.tv_sec) * 1000 + static_cast<double>(part.tv_usec) / 1000;
    }
    return total;
}

/// Runs \p work \p times times in a process of its own, so that its peak memory is its own (with what stands already).
inline Measurement measured(int times, const std::function<void()> &work)
{
    int pipe[2];
    if (::pipe(pipe) != 0)
        return {};
    const pid_t child = fork();
    if (child == 0) {
        std::vector<double> runs;
        for (int i = 0; i < times; ++i) {
            const double start = processorMilliseconds();
            work();
            runs.push_back(processorMilliseconds() - start);
        }
        std::ranges::sort(runs);
        const double median = runs[runs.size() / 2];
        const bool written = write(pipe[1], &median, sizeof median) == sizeof median;
        _exit(written ? 0 : 1);
    }
    close(pipe[1]);
    Measurement result;
    result.ok = read(pipe[0], &result.milliseconds, sizeof(double)) == sizeof(double);
    close(pipe[0]);
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    result.ok = result.ok && status == 0;
    result.peakMegabytes = static_cast<double>(usage.ru_maxrss) / 1024;
    return result;
}

/// The same for a shell command, run once.
inline Measurement measuredCommand(const std::string &command)
{
    return measured(1, [&] {
        if (std::system(command.c_str()) != 0)
            _exit(1);
    });
}

} // namespace tiphys::bench
