// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/helm/chart.h"

#include <memory>
#include <optional>
#include <string_view>

namespace tiphys::render {

struct ValueTable;
using ValueTablePtr = std::shared_ptr<ValueTable>;

/// What happens to nulls when values are put together.
enum class Nulls {
    Remove, ///< a null of the user removes a key, nulls of a chart vanish (Helm: coalesce)
    Keep,   ///< they are needed for a later pass (Helm: merge)
};

/// The values of \p chart and its subcharts with \p over on top of them.
/// Errors: InvalidInput "type mismatch on s: …" where the key of a subchart holds no map.
/// Source: helm pkg/chart/common/util/coalesce.go (CoalesceValues, MergeValues)@v4.2.4
Expected<object::Value> coalescedValues(const Chart &chart, const object::Value &over, Nulls nulls);

/// The same before it is copied: charts share nested globals, see ValueTable.
Expected<ValueTablePtr> coalescedTable(const Chart &chart, const object::Value &over, Nulls nulls);

/// \p source below \p target: what \p target has wins.
/// Source: helm pkg/chart/common/util/coalesce.go (coalesceTablesFullKey)@v4.2.4
object::Value coalescedMaps(const object::Value &target, const object::Value &source, Nulls nulls);

/// The value at the dotted \p path of maps; nothing if a part is absent or no map.
std::optional<object::Value> valueAt(const object::Value &values, std::string_view path);

} // namespace tiphys::render
