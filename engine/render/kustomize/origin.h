// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/resource.h"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// Where a resource comes from, or who changed it: what buildMetadata writes into annotations.
/// Source: kustomize api/resource/origin.go@v5.8.1
struct Origin
{
    std::string path;
    std::string repo;
    std::string ref;
    std::string configuredIn;
    std::string apiVersion; ///< of what it is configured by
    std::string kind;
    std::string name;
    std::string ns;

    /// The origin of \p entry of a kustomization that came from here.
    Origin at(std::string_view entry) const;
};

/// Notes \p origin at \p resource unless it has one.
Expected<void> noteOrigin(Resource &resource, const Origin &origin);
/// Sets \p origin anew.
Expected<void> setOrigin(Resource &resource, const Origin &origin);
/// Notes that \p origin changed \p resource; what has no origin yet was made by it.
/// Source: kustomize api/resmap/reswrangler.go (AddTransformerAnnotation)@v5.8.1
Expected<void> noteTransformation(Resource &resource, const Origin &origin);
/// The origin of a plugin's configuration as the one who changes things.
/// Source: kustomize api/resource/origin.go (OriginFromCustomPlugin)@v5.8.1
std::optional<Origin> pluginOrigin(const Resource &configuration);

} // namespace tiphys::render::kustomize
