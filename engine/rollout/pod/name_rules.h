// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Private to the folder: what is wrong with names, in the words of Kubernetes; nothing if they are right.
/// Source: k8s.io/apimachinery/pkg/util/validation/validation.go@v0.34.1
namespace tiphys::rollout {

using Problems = std::vector<std::string>;

/// "my-name".
Problems dnsLabelProblems(std::string_view name);
/// "my-name.example.com".
Problems dnsSubdomainProblems(std::string_view name);
/// "example.com/MyName".
Problems qualifiedNameProblems(std::string_view name);
/// "My_value", or nothing.
Problems labelValueProblems(std::string_view value);
/// A port by name.
Problems portNameProblems(std::string_view name);
Problems environmentNameProblems(std::string_view name);
/// A name of an environment variable, where nearly everything is allowed.
Problems relaxedEnvironmentNameProblems(std::string_view name);
/// A key of a ConfigMap or Secret.
Problems configKeyProblems(std::string_view key);
Problems headerNameProblems(std::string_view name);
/// An address of IPv4 (leading zeros are ignored) or IPv6.
Problems addressProblems(std::string_view address);
/// True for a name of a kernel parameter ("net.core/somaxconn").
bool isSysctlName(std::string_view name);

} // namespace tiphys::rollout
