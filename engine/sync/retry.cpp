// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/retry.h"

#include <algorithm>
#include <cmath>

namespace tiphys::sync {

Expected<crd::Duration> retryWait(const crd::RetryStrategy &strategy, std::int64_t retryCount)
{
    crd::Duration duration = crd::Duration::ofSeconds(5);
    crd::Duration most = crd::Duration::ofSeconds(180);
    std::int64_t factor = 2;
    if (strategy.backoff) {
        if (!strategy.backoff->duration.empty()) {
            const Expected<crd::Duration> given = crd::durationOf(strategy.backoff->duration);
            if (!given)
                return std::unexpected(given.error());
            duration = *given;
        }
        if (!strategy.backoff->maxDuration.empty()) {
            const Expected<crd::Duration> given = crd::durationOf(strategy.backoff->maxDuration);
            if (!given)
                return std::unexpected(given.error());
            most = *given;
        }
        factor = strategy.backoff->factor.value_or(factor);
    }
    double wait = static_cast<double>(duration.nanoseconds)
                  * std::pow(static_cast<double>(factor), static_cast<double>(retryCount));
    if (most.nanoseconds > 0)
        wait = std::min(wait, static_cast<double>(most.nanoseconds));
    constexpr double longest = 9.2e18;
    return crd::Duration{static_cast<std::int64_t>(std::min(wait, longest))};
}

bool mayRetry(const crd::RetryStrategy &strategy, std::int64_t retryCount)
{
    return strategy.limit < 0 || retryCount < strategy.limit;
}

} // namespace tiphys::sync
