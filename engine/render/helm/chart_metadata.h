// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/helm/chart.h"

#include <string_view>

namespace tiphys::render {

/// Reads \p text (Chart.yaml, requirements.yaml) over \p metadata; unquoted scalars of text fields become text.
/// Errors: InvalidInput for YAML that cannot be read and for fields of a wrong shape.
Expected<void> readChartMetadata(std::string_view text, ChartMetadata &metadata);

/// Checks \p metadata and takes unprintable characters out of its texts.
/// Errors: InvalidInput "validation: chart.metadata.name is required", …
/// Source: helm pkg/chart/v2/{metadata,dependency}.go (Validate)@v4.2.4
Expected<void> validateChartMetadata(ChartMetadata &metadata);

/// Numbers of \p value as doubles: what JSON decoding makes of them in Go.
object::Value withDoubles(const object::Value &value);

/// The documents of a values file, merged in their order.
/// Errors: InvalidInput with the YAML error.
/// Source: helm pkg/chart/v2/loader/load.go (LoadValues)@v4.2.4
Expected<object::Value> readValues(std::string_view text);

/// \p over merged over \p base: maps recursively, everything else replaced, null too.
/// Source: helm pkg/chart/v2/loader/load.go (MergeMaps)@v4.2.4
object::Value mergedMaps(const object::Value &base, const object::Value &over);

} // namespace tiphys::render
