// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::rollout::provider {

/// Settings of a profile by their names in small letters.
using AwsProfile = std::map<std::string, std::string>;

/// The profile \p name of the shared files: the settings of both, keys from the file of credentials first. Nothing if
/// neither has it.
/// Source: aws-sdk-go-v2 config/shared_config.go@config/v1.29.9
std::optional<AwsProfile> awsProfileOf(std::string_view config, std::string_view credentials, const std::string &name);

} // namespace tiphys::rollout::provider
