// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_lock.h"

#include "base/sha256.h"
#include "object/json.h"
#include "object/yaml.h"
#include "render/helm/chart_metadata.h"

namespace tiphys::render {

using object::Value;

namespace {

/// Members of free form, which Go writes with sorted keys.
Value sortedKeys(const Value &value)
{
    const Expected<Value> sorted = object::parseJson(object::toJson(value));
    return sorted ? *sorted : value;
}

/// \p dependency as Go writes its struct: members in a fixed order, empty ones left out.
Value memberOrder(const ChartDependency &dependency)
{
    std::vector<std::pair<std::string, Value>> members;
    members.emplace_back("name", Value(dependency.name));
    if (!dependency.version.empty())
        members.emplace_back("version", Value(dependency.version));
    members.emplace_back("repository", Value(dependency.repository));
    if (!dependency.condition.empty())
        members.emplace_back("condition", Value(dependency.condition));
    if (!dependency.tags.empty()) {
        std::vector<Value> tags;
        for (const std::string &tag : dependency.tags)
            tags.emplace_back(tag);
        members.emplace_back("tags", Value::list(tags));
    }
    if (dependency.isEnabled)
        members.emplace_back("enabled", Value(true));
    if (!dependency.importValues.empty()) {
        std::vector<Value> imports;
        for (const Value &entry : dependency.importValues)
            imports.push_back(sortedKeys(entry));
        members.emplace_back("import-values", Value::list(imports));
    }
    if (!dependency.alias.empty())
        members.emplace_back("alias", Value(dependency.alias));
    return Value::map(members);
}

Value listOf(const std::vector<ChartDependency> &dependencies)
{
    if (dependencies.empty())
        return Value();
    std::vector<Value> items;
    for (const ChartDependency &dependency : dependencies)
        items.push_back(memberOrder(dependency));
    return Value::list(items);
}

std::string digestOf(const Value &value)
{
    const object::JsonOptions asGo{
        .style = object::JsonStyle::Compact, .order = object::KeyOrder::Kept, .escapesHtml = true};
    return "sha256:" + sha256Of(object::toJson(value, asGo));
}

} // namespace

Expected<ChartLock> readChartLock(std::string_view text)
{
    const Expected<Value> document = object::parseYaml(text);
    if (!document)
        return std::unexpected(document.error());
    ChartMetadata metadata;
    if (const Expected<void> read = readChartMetadata(text, metadata); !read)
        return std::unexpected(read.error());
    return ChartLock{std::string((*document)["digest"].stringOr()), std::move(metadata.dependencies)};
}

std::string lockDigestOf(const std::vector<ChartDependency> &requested, const std::vector<ChartDependency> &locked)
{
    return digestOf(Value::list({listOf(requested), listOf(locked)}));
}

std::string oldLockDigestOf(const std::vector<ChartDependency> &requested)
{
    return digestOf(Value::map({{"dependencies", listOf(requested)}}));
}

} // namespace tiphys::render
