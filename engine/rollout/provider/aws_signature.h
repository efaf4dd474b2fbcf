// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/sha256.h"
#include "rollout/moment.h"
#include "rollout/provider/provider.h"

#include <map>
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

/// The credentials that the environment of the engine has; empty keys where it has none.
AwsCredentials awsCredentialsOf(const std::map<std::string, std::string> &environment);

/// AWS_REGION or AWS_DEFAULT_REGION of the environment, "" if it has neither.
std::string awsRegionOf(const std::map<std::string, std::string> &environment);

/// Adds the headers that sign \p call, whose address has no query, by signature version 4.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
void signForAws(HttpCall &call, std::string_view region, std::string_view service, const AwsCredentials &credentials,
                Moment now);

} // namespace tiphys::rollout::provider
