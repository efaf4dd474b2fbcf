// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/sha256.h"
#include "rollout/moment.h"
#include "rollout/provider/provider.h"

#include <string>
#include <string_view>

namespace tiphys::rollout::provider {

/// 32 bytes.
std::string hmacSha256(std::string_view key, std::string_view bytes);

struct AwsCredentials
{
    std::string accessKey;
    std::string secretKey;
    std::string sessionToken; ///< "" for keys that do not expire
};

/// Adds the headers that sign \p call (of host \p host, path "/", without a query) by signature version 4.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
void signForAws(HttpCall &call, std::string_view host, std::string_view region, std::string_view service,
                const AwsCredentials &credentials, Moment now);

} // namespace tiphys::rollout::provider
