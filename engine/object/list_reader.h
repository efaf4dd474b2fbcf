// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// One page of a list of Kubernetes objects.
struct ListPage
{
    std::string apiVersion;      ///< of the list
    std::string kind;            ///< of the list: "PodList"
    std::string resourceVersion; ///< metadata.resourceVersion, where a watch goes on
    std::string continueToken;   ///< metadata.continue, empty on the last page
    std::optional<std::int64_t> remainingItemCount;
    std::vector<Value> items; ///< each in storage of its own
};

/// What to leave out while reading; what is not read takes no memory.
struct ListOptions
{
    bool dropsManagedFields = false;
    /// The annotation kubectl.kubernetes.io/last-applied-configuration of Secrets, which repeats their data.
    bool dropsSecretLastApplied = false;
};

/// A list as the API server sends it, in JSON. An item without kind and apiVersion gets the list's, "List" cut off.
/// Errors: InvalidInput for text that is no JSON or no list.
Expected<ListPage> parseKubernetesList(std::string_view json, const ListOptions &options = {});

/// One object as the API server sends it, read with the same options. Errors as parseJson.
Expected<Value> parseKubernetesObject(std::string_view json, const ListOptions &options = {});

} // namespace tiphys::object
