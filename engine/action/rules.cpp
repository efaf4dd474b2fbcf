// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/rules.h"

#include "action/script_tables.h"

#include <algorithm>

namespace tiphys::action {

using object::Value;

std::string_view operationName(Operation operation)
{
    return operation == Operation::Create ? "create" : "patch";
}

ResourceAction &Offers::add(std::string_view name, std::string_view iconClass, std::string_view displayName)
{
    return m_actions.emplace_back(std::string(name), std::string(displayName), std::string(iconClass), false,
                                  std::vector<Parameter>());
}

ResourceAction &Offers::addUnless(const Value &disabled, std::string_view name, std::string_view iconClass,
                                  std::string_view displayName)
{
    if (!disabled.isNull() && !disabled.isBool()) {
        const std::string_view type = scriptTypeName(disabled);
        m_object.fail("error unmarshaling resource action: json: cannot unmarshal "
                      + std::string(type == "table" ? "object" : type)
                      + " into Go struct field ResourceAction.disabled of type bool");
    }
    ResourceAction &action = add(name, iconClass, displayName);
    action.isDisabled = disabled.boolOr(false);
    return action;
}

std::vector<ResourceAction> Offers::sorted() &&
{
    std::ranges::sort(m_actions, {}, &ResourceAction::name);
    return std::move(m_actions);
}

std::string Run::argument(std::string_view name)
{
    for (const auto &[argument, text] : options.arguments) {
        if (argument == name)
            return text;
    }
    object.fail("the parameter " + std::string(name) + " is needed");
    return {};
}

void suspend(Run &run)
{
    run.object.set({"spec", "suspend"}, true);
}

void resume(Run &run)
{
    if (run.object.isTruthy({"spec", "suspend"}))
        run.object.set({"spec", "suspend"}, false);
}

void annotate(Run &run, std::string_view name, const Value &text)
{
    run.object.ensureTable({"metadata", "annotations"});
    run.object.set({"metadata", "annotations", name}, text);
}

std::string timeText(const Run &run)
{
    return run.options.now.text();
}

TimeParts timeParts(crd::Timestamp now)
{
    const std::string text = now.text();
    return {text.substr(0, 4),  text.substr(5, 2),  text.substr(8, 2),
            text.substr(11, 2), text.substr(14, 2), text.substr(17, 2)};
}

Value ownerReference(Run &run)
{
    Value reference = Value::map({{"apiVersion", run.object.get({"apiVersion"})},
                                  {"kind", run.object.get({"kind"})},
                                  {"name", run.object.get({"metadata", "name"})}});
    const Value uid = run.object.get({"metadata", "uid"});
    return uid.isNull() ? reference : reference.with("uid", uid);
}

Value copied(Run &run, ScriptObject::Path path)
{
    const Expected<Value> copy = withoutEmptyTables(run.object.get(path));
    if (copy)
        return *copy;
    run.object.fail(copy.error().message());
    return {};
}

} // namespace tiphys::action
