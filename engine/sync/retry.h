// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/duration.h"
#include "crd/operation.h"

#include <cstdint>

namespace tiphys::sync {

/// Waiting time of an operation that was retried \p retryCount times: duration * factor^retryCount, at most
/// maxDuration (no limit if that is not positive). Defaults 5s, 2, 3m. Errors: "unable to parse x as a duration".
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (RetryStrategy.NextRetryAt)@v3.5.1
Expected<crd::Duration> retryWait(const crd::RetryStrategy &strategy, std::int64_t retryCount);
/// True if an operation that failed may be tried again.
bool mayRetry(const crd::RetryStrategy &strategy, std::int64_t retryCount);

} // namespace tiphys::sync
