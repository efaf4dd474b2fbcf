// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "object/yaml.h"
#include "render/helm/chart_objects.h"
#include "text/gotemplate/function.h"
#include "text/gotemplate/quote.h"

#include <optional>

namespace tiphys::render {

using text::Arguments;
using text::CallContext;
using text::CallResult;
using text::Function;
using text::FunctionPtr;
using text::TemplateValue;
using text::Type;
namespace types = text::types;

namespace {

/// Whether a member counts as a table: `common.Values` inside of values does not where a path looks for a value.
bool isTable(const TemplateValue &value)
{
    return value.is(types::kAnyMap);
}

std::optional<TemplateValue> tableIn(const TemplateValue &values, std::string_view key)
{
    const TemplateValue *member = values.find(key);
    if (!member || !(isTable(*member) || member->is(kHelmValues)))
        return std::nullopt;
    return member->as(kHelmValues);
}

CallResult tableAt(TemplateValue values, std::string_view path)
{
    for (const std::string_view key : split(path, '.')) {
        std::optional<TemplateValue> table = tableIn(values, key);
        if (!table)
            return text::templateError(text::goQuoted(key) + " is not a table");
        values = *std::move(table);
    }
    return values;
}

CallResult valueAt(TemplateValue values, std::string_view path)
{
    if (path.empty())
        return text::templateError("YAML path cannot be empty");
    const std::size_t dot = path.rfind('.');
    const std::string_view key = path.substr(dot == std::string_view::npos ? 0 : dot + 1);
    const auto absent = [&] { return text::templateError(text::goQuoted(key) + " is not a value"); };
    if (dot != std::string_view::npos) {
        CallResult table = tableAt(std::move(values), path.substr(0, dot));
        if (!table)
            return absent();
        values = *std::move(table);
    }
    const TemplateValue *member = values.find(key);
    if (!member || isTable(*member))
        return absent();
    return *member;
}

FunctionPtr bound(std::vector<const Type *> parameters, text::Callable call)
{
    return std::make_shared<Function>(Function{{std::move(parameters), false}, std::move(call)});
}

/// Source: helm pkg/chart/common/values.go (Values)@v4.2.4
class ValuesMethods final : public text::TypeMethods
{
public:
    FunctionPtr method(const TemplateValue &values, std::string_view name) const override
    {
        if (name == "AsMap")
            return bound({}, [values](Arguments, CallContext &) -> CallResult {
                return values.size() == 0 ? TemplateValue::map() : values.as(types::kAnyMap);
            });
        if (name == "YAML")
            return bound({}, [values](Arguments, CallContext &) -> CallResult {
                return TemplateValue::string(object::toYaml(text::objectValueOf(values)));
            });
        if (name == "Table")
            return bound({&types::kString},
                         [values](Arguments args, CallContext &) { return tableAt(values, args[0].text()); });
        if (name == "PathValue")
            return bound({&types::kString},
                         [values](Arguments args, CallContext &) { return valueAt(values, args[0].text()); });
        return nullptr;
    }
};

const ValuesMethods kValuesMethods;

} // namespace

const Type kHelmValues{text::Kind::Map, "common.Values", &types::kAny, &types::kAnyMap, &kValuesMethods};

} // namespace tiphys::render
