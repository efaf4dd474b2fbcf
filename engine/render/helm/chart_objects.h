// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/helm/capabilities.h"
#include "render/helm/chart.h"
#include "text/gotemplate/value.h"

#include <string>
#include <vector>

/// The objects that templates of a chart see beside their values.
namespace tiphys::render {

/// `.Values` and the context itself: a map by another name, with the methods AsMap, YAML, Table and PathValue.
extern const text::Type kHelmValues;

/// `.Chart`: a map with Go's field names.
/// Source: helm pkg/chart/common.go (MetadataAsMap)@v4.2.4
text::TemplateValue chartObject(const ChartMetadata &metadata, bool isRoot);

/// `.Files` with its methods Get, GetBytes, Glob, Lines, AsConfig and AsSecrets.
/// Source: helm pkg/engine/files.go@v4.2.4
text::TemplateValue filesObject(const std::vector<ChartFile> &files);

/// `.Capabilities`; `.APIVersions.Has` looks into \p apiVersions.
/// Source: helm pkg/chart/common/capabilities.go@v4.2.4
text::TemplateValue capabilitiesObject(const KubeVersion &version, const std::vector<std::string> &apiVersions);

} // namespace tiphys::render
