// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/provider/aws_signature.h"
#include "rollout/provider/provider.h"

#include <cstddef>
#include <optional>
#include <string>

namespace tiphys::rollout::provider {

/// What a metric says about its access to AWS; "" where it leaves that to the engine.
struct AwsWish
{
    std::string region;
    std::string profile;
    std::string role; ///< that is taken on in the end
};

/// Access to AWS, as far as the files and the replies of a course go.
struct AwsAccess
{
    std::string problem;      ///< why there is none
    std::optional<Step> next; ///< a file, a program or a call that is needed first
    AwsCredentials credentials;
    std::string region;      ///< "" if nothing names one
    std::size_t replies = 0; ///< how many of the course, after the first ones that were skipped, were about it
};

/// Looks for credentials where the SDKs of AWS look, in their order: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the web
/// identity of AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN; the profile (keys, roles, web identities, programs) in the shared files;
/// the credentials of a container; the role of an EC2 instance. A profile that \p wish names goes first. SSO and codes of MFA
/// are named as not supported. \p skipped replies of the course are about something else.
/// Source: aws-sdk-go-v2 config/{resolve_credentials,shared_config}.go@config/v1.29.9
AwsAccess awsAccessOf(const Course &course, const AwsWish &wish, std::size_t skipped);

/// Where a service is called: AWS_ENDPOINT_URL_<service>, AWS_ENDPOINT_URL, or its host in \p region. Ends with "/".
std::string awsEndpointOf(const Course &course, std::string_view variable, std::string_view host,
                          std::string_view region);

} // namespace tiphys::rollout::provider
