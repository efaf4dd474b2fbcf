// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/helm/chart.h"
#include "render/helm/chart_values.h"

namespace tiphys::render {

/// Checks \p values (coalesced) against the values.schema.json of \p chart and of its subcharts.
///
/// Errors: InvalidInput "values don't meet the specifications of the schema(s) in the following chart(s):" with each
/// chart and its violations by path; Unsupported for a schema that refers to another place.
/// Source: helm pkg/chart/common/util/jsonschema.go (ValidateAgainstSchema)@v4.2.4
Expected<void> checkSchemas(const Chart &chart, const ValueTable &values);

} // namespace tiphys::render
