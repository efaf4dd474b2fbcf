// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "render/helm/chart_values.h"
#include "text/gotemplate/value.h"

#include <map>
#include <memory>
#include <string>

namespace tiphys::render {

/// What a table holds at a key. A map is opened when it is changed, or before another table holds it too.
struct TableItem
{
    object::Value value = {};
    ValueTablePtr table = nullptr; ///< the opened map; value counts no longer

    bool isTable() const { return table || value.isMap(); }
    bool isNull() const { return !table && value.isNull(); }
    /// The map of a table, opened.
    const ValueTablePtr &opened();
};

/// A map of values that others may hold too: like Go's maps, and unlike object::Value, a change is seen by all of
/// them. Helm's results depend on it: nested globals that a subchart adds are seen by its parent and its siblings.
struct ValueTable
{
    std::map<std::string, TableItem, std::less<>> items;
};

ValueTablePtr tableOf(const object::Value &map);
/// The table as it is now.
object::Value valueOf(const ValueTable &table);
/// The table for templates: what several hold is one map for them too.
text::TemplateValue templateValueOf(const ValueTable &table);

/// The table at the dotted \p path; null if a part is absent or no table.
ValueTablePtr tableAt(ValueTable &table, std::string_view path);

/// Puts \p source below what \p target has.
/// Source: helm pkg/chart/common/util/coalesce.go (coalesceTablesFullKey)@v4.2.4
void putBelow(ValueTable &target, const object::Value &source, Nulls nulls);
/// The same with a source that stays alive: \p target then holds the tables of \p source, and nulls of \p target are
/// written into \p source. Nulls are kept. Errors: InvalidInput if a table came to hold itself.
Expected<void> putTableBelow(ValueTable &target, ValueTable &source);

} // namespace tiphys::render
