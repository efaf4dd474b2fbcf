// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/source_forms.h"

#include "control/diff_view.h"
#include "crd/source_edit.h"
#include "crd/source_fields.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>
#include <map>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

constexpr std::size_t kMostDefaults = 5'000;

std::string_view statusTypeOf(const crd::Application &app, int position)
{
    if (position <= 0)
        return app.status.sourceType;
    const auto index = static_cast<std::size_t>(position) - 1;
    return index < app.status.sourceTypes.size() ? std::string_view(app.status.sourceTypes[index]) : std::string_view();
}

std::string titleOf(const crd::ApplicationSource &source)
{
    if (!source.name.empty())
        return source.name;
    if (!source.chart.empty())
        return source.chart;
    return !source.path.empty() ? source.path : source.ref.empty() ? source.repoUrl : source.ref;
}

service::ParameterKind kindOf(crd::SourceFieldKind kind)
{
    switch (kind) {
    case crd::SourceFieldKind::Text: return service::ParameterKind::Text;
    case crd::SourceFieldKind::Switch: return service::ParameterKind::Switch;
    case crd::SourceFieldKind::Lines: return service::ParameterKind::Lines;
    case crd::SourceFieldKind::Table: return service::ParameterKind::Table;
    case crd::SourceFieldKind::Yaml: return service::ParameterKind::Yaml;
    }
    return service::ParameterKind::Text;
}

service::SourceForm formOf(const crd::Application &app, int position)
{
    service::SourceForm form;
    form.position = position;
    const Expected<crd::ApplicationSource> source = crd::sourceAt(app.spec, position);
    if (!source) {
        form.problem = source.error().text();
        return form;
    }
    form.title = titleOf(*source);
    form.seen = object::toJson(source->value);
    const std::string_view statusType = statusTypeOf(app, position);
    const Expected<std::vector<crd::SourceField>> fields = crd::sourceFields(*source, statusType);
    if (!fields) {
        form.problem = fields.error().text();
        return form;
    }
    form.tool = crd::toolOf(*source, statusType).value_or(std::string());
    for (const crd::SourceField &field : *fields)
        form.fields.push_back({field.name, kindOf(field.kind), field.text, field.rows, field.columns});
    return form;
}

/// Adds \p value, and what it holds, under \p name.
void addDefaults(std::vector<std::pair<std::string, std::string>> &values, const std::string &name, const Value &value)
{
    if (values.size() >= kMostDefaults)
        return;
    if (value.isMap() && !value.isEmpty()) {
        for (const auto &[key, item] : value.entries()) {
            std::string escaped;
            for (const char letter : key) {
                if (letter == '.')
                    escaped += '\\';
                escaped += letter;
            }
            addDefaults(values, name.empty() ? escaped : name + "." + escaped, item);
        }
        return;
    }
    if (value.isList() && value.size() > 0) {
        for (std::size_t i = 0; i < value.size(); ++i)
            addDefaults(values, name + "[" + std::to_string(i) + "]", value.at(i));
        return;
    }
    if (!name.empty())
        values.emplace_back(name, value.isString() ? std::string(value.stringOr())
                                  : value.isNull() ? std::string()
                                                   : object::toJson(value));
}

std::map<object::ObjectKey, Object> byKey(const std::vector<Object> &targets)
{
    std::map<object::ObjectKey, Object> objects;
    for (const Object &target : targets)
        objects.emplace(target.key(), target);
    return objects;
}

} // namespace

std::vector<service::SourceForm> sourceFormsOf(const crd::Application &app)
{
    if (!app.spec.hasMultipleSources())
        return {formOf(app, 0)};
    std::vector<service::SourceForm> forms;
    for (std::size_t i = 0; i < app.spec.sources.size(); ++i)
        forms.push_back(formOf(app, static_cast<int>(i) + 1));
    return forms;
}

Async<SourceChange> plannedSourceEdit(ports::ClusterPtr cluster, service::SourceEditRequest request, CancelToken cancel)
{
    const Expected<crd::Application> app = co_await readApplication(cluster, request.app, cancel);
    if (!app)
        co_return std::unexpected(app.error());
    const Expected<crd::ApplicationSource> source = crd::sourceAt(app->spec, request.position);
    if (!source || object::toJson(source->value) != request.seen)
        co_return failure(ErrorCode::Conflict, "the source of application '" + request.app.name
                                                   + "' changed since it was looked at: nothing was written");
    std::vector<crd::SourceField> fields;
    for (const service::ParameterField &field : request.fields)
        fields.push_back({.name = field.name, .kind = {}, .text = field.text, .rows = field.rows, .columns = {}});
    const Expected<crd::ApplicationSource> changed = crd::withFields(*source, fields, crd::sourcePlaceOf(app->spec));
    if (!changed)
        co_return std::unexpected(changed.error());
    const Expected<SourceChange> change =
        co_await plannedSourceChange(cluster, *app, request.position, *changed, cancel);
    co_return change;
}

service::ResourceDiff storedDiffOf(const SourceChange &change)
{
    if (change.isEmpty())
        return {};
    const auto shown = [](const Object &app) {
        const Value whole = app.value();
        return Object(Value::map({{"apiVersion", whole["apiVersion"]},
                                  {"kind", whole["kind"]},
                                  {"metadata", Value::map({{"name", app.name()}, {"namespace", app.ns()}})},
                                  {"spec", whole["spec"]}}));
    };
    return diffViewOf(shown(change.app.object), shown(change.after));
}

std::vector<service::ResourceDiff> renderedDiffs(const Evaluation &before, const Evaluation &after,
                                                 const std::vector<std::string> &maskedAnnotations)
{
    std::map<object::ObjectKey, Object> old = byKey(before.comparison.targets);
    std::vector<service::ResourceDiff> diffs;
    for (const auto &[key, target] : byKey(after.comparison.targets)) {
        const auto known = old.find(key);
        if (known == old.end())
            diffs.push_back(diffViewOf({}, target, maskedAnnotations));
        else if (known->second.value() != target.value())
            diffs.push_back(diffViewOf(known->second, target, maskedAnnotations));
        old.erase(key);
    }
    for (const auto &[key, target] : old)
        diffs.push_back(diffViewOf(target, {}, maskedAnnotations));
    std::ranges::sort(diffs, {}, &service::ResourceDiff::key);
    return diffs;
}

Expected<std::vector<std::pair<std::string, std::string>>> chartDefaultsIn(const render::FileTree &files,
                                                                           const std::string &folder)
{
    const std::string prefix = folder.empty() || folder == "." ? "" : folder + "/";
    if (const Expected<render::FileEntry> chart = files.entry(prefix + "Chart.yaml"); !chart)
        return std::unexpected(chart.error());
    const Expected<std::string> path = render::resolvedPath(files, prefix + "values.yaml");
    if (!path && path.error().code() == ErrorCode::NotFound)
        return std::vector<std::pair<std::string, std::string>>();
    if (!path)
        return std::unexpected(path.error());
    const Expected<render::FileContent> content = files.read(*path);
    if (!content)
        return std::unexpected(content.error());
    const Expected<Value> values = object::parseYaml(content->text);
    if (!values)
        return std::unexpected(values.error().in(*path));
    std::vector<std::pair<std::string, std::string>> defaults;
    addDefaults(defaults, "", *values);
    std::ranges::sort(defaults);
    return defaults;
}

} // namespace tiphys::control
