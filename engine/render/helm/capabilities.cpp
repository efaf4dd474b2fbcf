// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/capabilities.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::render {

namespace {

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

Expected<KubeVersion> kubeVersionOf(std::string_view text)
{
    const std::string given(text);
    std::string_view rest = trimmed(text);
    if (rest.starts_with('v'))
        rest.remove_prefix(1);
    const auto end = rest.find_first_not_of("0123456789.");
    const std::string_view numbers = rest.substr(0, end);
    const std::vector<std::string_view> parts = split(numbers, '.');
    const bool isValid =
        parts.size() >= 2 && std::ranges::all_of(parts, isNumber)
        && std::ranges::none_of(parts, [](std::string_view part) { return part.size() > 1 && part.front() == '0'; });
    if (!isValid)
        return failure(ErrorCode::InvalidInput,
                       "invalid kube version '" + given + "': could not parse \"" + given + "\" as version");
    KubeVersion version;
    version.version = (given.starts_with('v') ? "" : "v") + given;
    version.major = parts[0];
    version.minor = parts[1];
    version.normalized = "v" + std::string(numbers);
    return version;
}

std::string plainKubeVersion(std::string_view version)
{
    if (version.starts_with('v'))
        version.remove_prefix(1);
    return std::string(version.substr(0, version.find_first_not_of("0123456789.")));
}

const KubeVersion &defaultKubeVersion()
{
    static const KubeVersion version{"v1.36.0", "v1.36.0", "1", "36"};
    return version;
}

const std::vector<std::string> &defaultApiVersions()
{
    static const std::vector<std::string> versions{"v1",
                                                   "admissionregistration.k8s.io/v1",
                                                   "admissionregistration.k8s.io/v1alpha1",
                                                   "admissionregistration.k8s.io/v1beta1",
                                                   "internal.apiserver.k8s.io/v1alpha1",
                                                   "apps/v1",
                                                   "apps/v1beta1",
                                                   "apps/v1beta2",
                                                   "authentication.k8s.io/v1",
                                                   "authentication.k8s.io/v1alpha1",
                                                   "authentication.k8s.io/v1beta1",
                                                   "authorization.k8s.io/v1",
                                                   "authorization.k8s.io/v1beta1",
                                                   "autoscaling/v1",
                                                   "autoscaling/v2",
                                                   "batch/v1",
                                                   "batch/v1beta1",
                                                   "certificates.k8s.io/v1",
                                                   "certificates.k8s.io/v1beta1",
                                                   "certificates.k8s.io/v1alpha1",
                                                   "coordination.k8s.io/v1alpha2",
                                                   "coordination.k8s.io/v1beta1",
                                                   "coordination.k8s.io/v1",
                                                   "discovery.k8s.io/v1",
                                                   "discovery.k8s.io/v1beta1",
                                                   "events.k8s.io/v1",
                                                   "events.k8s.io/v1beta1",
                                                   "extensions/v1beta1",
                                                   "flowcontrol.apiserver.k8s.io/v1",
                                                   "flowcontrol.apiserver.k8s.io/v1beta1",
                                                   "flowcontrol.apiserver.k8s.io/v1beta2",
                                                   "flowcontrol.apiserver.k8s.io/v1beta3",
                                                   "networking.k8s.io/v1",
                                                   "networking.k8s.io/v1beta1",
                                                   "node.k8s.io/v1",
                                                   "node.k8s.io/v1alpha1",
                                                   "node.k8s.io/v1beta1",
                                                   "policy/v1",
                                                   "policy/v1beta1",
                                                   "rbac.authorization.k8s.io/v1",
                                                   "rbac.authorization.k8s.io/v1beta1",
                                                   "rbac.authorization.k8s.io/v1alpha1",
                                                   "resource.k8s.io/v1",
                                                   "resource.k8s.io/v1beta2",
                                                   "resource.k8s.io/v1beta1",
                                                   "resource.k8s.io/v1alpha3",
                                                   "scheduling.k8s.io/v1alpha2",
                                                   "scheduling.k8s.io/v1beta1",
                                                   "scheduling.k8s.io/v1",
                                                   "storage.k8s.io/v1beta1",
                                                   "storage.k8s.io/v1",
                                                   "storage.k8s.io/v1alpha1",
                                                   "storagemigration.k8s.io/v1beta1",
                                                   "apiextensions.k8s.io/v1beta1",
                                                   "apiextensions.k8s.io/v1"};
    return versions;
}

} // namespace tiphys::render
