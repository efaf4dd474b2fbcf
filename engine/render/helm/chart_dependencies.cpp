// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_dependencies.h"

#include "base/semver.h"
#include "base/text.h"
#include "object/json.h"
#include "render/helm/value_table.h"

#include <algorithm>
#include <set>

namespace tiphys::render {

using object::Value;

namespace {

bool isCompatible(const std::string &constraint, const std::string &version)
{
    const Expected<SemVersion> parsed = SemVersion::parse(version);
    const Expected<SemConstraint> range = SemConstraint::parse(constraint);
    return parsed && range && range->allows(*parsed);
}

const Chart *chartFor(const std::vector<Chart> &charts, const ChartDependency &dependency)
{
    const auto found = std::ranges::find_if(charts, [&](const Chart &chart) {
        return chart.name() == dependency.name && isCompatible(dependency.version, chart.metadata.version);
    });
    return found == charts.end() ? nullptr : &*found;
}

/// The subcharts that Chart.yaml names, under their aliases, after those that it does not name.
std::vector<Chart> namedCharts(const Chart &chart)
{
    std::vector<Chart> charts;
    for (const Chart &existing : chart.dependencies) {
        const bool isNamed = std::ranges::any_of(chart.metadata.dependencies, [&](const ChartDependency &dependency) {
            return existing.name() == dependency.name && isCompatible(dependency.version, existing.metadata.version);
        });
        if (!isNamed)
            charts.push_back(existing);
    }
    for (const ChartDependency &dependency : chart.metadata.dependencies) {
        const Chart *found = chartFor(chart.dependencies, dependency);
        if (!found)
            continue;
        charts.push_back(*found);
        if (!dependency.alias.empty())
            charts.back().metadata.name = dependency.alias;
    }
    return charts;
}

void applyTags(std::vector<ChartDependency> &dependencies, const Value &values)
{
    const Value tags = values["tags"];
    if (!tags.isMap())
        return;
    for (ChartDependency &dependency : dependencies) {
        bool hasTrue = false;
        bool hasFalse = false;
        for (const std::string &tag : dependency.tags) {
            const std::optional<bool> set = tags[tag].asBool();
            hasTrue = hasTrue || set == true;
            hasFalse = hasFalse || set == false;
        }
        dependency.isEnabled = hasTrue || !hasFalse;
    }
}

void applyConditions(std::vector<ChartDependency> &dependencies, const Value &values, const std::string &path)
{
    for (ChartDependency &dependency : dependencies) {
        for (const std::string_view condition : split(trimmed(dependency.condition), ',')) {
            if (condition.empty())
                continue;
            const std::optional<Value> value = valueAt(values, path + std::string(condition));
            if (value && value->isBool()) {
                dependency.isEnabled = value->boolOr(false);
                break;
            }
        }
    }
}

/// \p values are those of the charts above, \p path the names that lead to this one ("a.b.").
Expected<void> enable(Chart &chart, const Value &values, const std::string &path)
{
    if (!chart.metadata.hasDependencies)
        return {};
    chart.dependencies = namedCharts(chart);
    for (ChartDependency &dependency : chart.metadata.dependencies) {
        if (!dependency.alias.empty())
            dependency.name = dependency.alias;
        dependency.isEnabled = true;
    }
    const Expected<Value> own = coalescedValues(chart, values, Nulls::Remove);
    if (!own)
        return std::unexpected(own.error());
    applyTags(chart.metadata.dependencies, *own);
    applyConditions(chart.metadata.dependencies, *own, path);
    std::set<std::string> disabled;
    for (const ChartDependency &dependency : chart.metadata.dependencies) {
        if (!dependency.isEnabled)
            disabled.insert(dependency.name);
    }
    std::erase_if(chart.dependencies, [&](const Chart &subchart) { return disabled.contains(subchart.name()); });
    std::erase_if(chart.metadata.dependencies,
                  [&](const ChartDependency &entry) { return disabled.contains(entry.name); });
    for (Chart &subchart : chart.dependencies) {
        if (const Expected<void> enabled = enable(subchart, *own, path + subchart.name() + "."); !enabled)
            return enabled;
    }
    // Helm leaves no list where all are disabled.
    chart.metadata.hasDependencies = !chart.metadata.dependencies.empty();
    return {};
}

/// \p table below the keys of \p path; "." is the root.
ValueTablePtr nested(std::string_view path, ValueTablePtr table)
{
    if (path == ".")
        return table;
    const std::vector<std::string_view> parts = split(path, '.');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        auto above = std::make_shared<ValueTable>();
        above->items.emplace(*part, TableItem{.table = std::move(table)});
        table = std::move(above);
    }
    return table;
}

/// How Go's `%v` writes a member of an import.
std::string importText(const Value &value)
{
    if (value.isString())
        return std::string(value.stringOr());
    return value.isNull() ? "<nil>" : object::toJson(value);
}

Expected<void> importValues(Chart &chart)
{
    for (Chart &subchart : chart.dependencies) {
        if (const Expected<void> imported = importValues(subchart); !imported)
            return imported;
    }
    if (!chart.metadata.hasDependencies)
        return {};
    const Expected<ValueTablePtr> own = coalescedTable(chart, Value::map({}), Nulls::Keep);
    if (!own)
        return std::unexpected(own.error());
    // What is imported stays the subchart's own: a later import to the same place is seen by the subchart too.
    ValueTable imports;
    for (ChartDependency &dependency : chart.metadata.dependencies) {
        // Templates see both places of each import, and no others.
        std::vector<Value> places;
        for (const Value &entry : dependency.importValues) {
            const bool isText = entry.isString();
            if (!isText && !entry.isMap())
                continue;
            const std::string child = isText ? "exports." + std::string(entry.stringOr()) : importText(entry["child"]);
            const std::string parent = isText ? "." : importText(entry["parent"]);
            places.push_back(Value::map({{"child", Value(child)}, {"parent", Value(parent)}}));
            const ValueTablePtr found = tableAt(**own, dependency.name + "." + child);
            if (!found)
                continue;
            if (const Expected<void> put = putTableBelow(imports, *nested(parent, found)); !put)
                return std::unexpected(put.error().in("import-values of " + quoted(dependency.name)));
        }
        dependency.importValues = std::move(places);
    }
    chart.values = coalescedMaps(valueOf(**own), valueOf(imports), Nulls::Keep);
    return {};
}

} // namespace

std::vector<ChartDependency> missingDependencies(const Chart &chart)
{
    std::vector<ChartDependency> missing;
    for (const ChartDependency &dependency : chart.metadata.dependencies) {
        if (!std::ranges::contains(chart.dependencies, dependency.name, &Chart::name))
            missing.push_back(dependency);
    }
    return missing;
}

Expected<Chart> withDependencies(Chart chart, const Value &values)
{
    if (const Expected<void> enabled = enable(chart, values, ""); !enabled)
        return std::unexpected(enabled.error());
    if (const Expected<void> imported = importValues(chart); !imported)
        return std::unexpected(imported.error());
    return chart;
}

} // namespace tiphys::render
