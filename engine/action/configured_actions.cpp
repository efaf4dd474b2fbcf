// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/configured_actions.h"

#include "action/builtin.h"
#include "action/configured_health.h"
#include "action/script_tables.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>

namespace tiphys::action {

using object::Object;
using object::Value;

namespace {

/// The word of Go's decoder for the type of \p value.
std::string_view jsonTypeName(const Value &value)
{
    if (value.isMap())
        return "object";
    if (value.isList())
        return "array";
    if (value.isString())
        return "string";
    return value.isBool() ? "bool" : "number";
}

std::unexpected<Error> wrongType(std::string_view field, const Value &value, std::string_view wanted)
{
    return failure(ErrorCode::InvalidInput, "error unmarshaling resource action: json: cannot unmarshal "
                                                + std::string(jsonTypeName(value))
                                                + " into Go struct field ResourceAction." + std::string(field)
                                                + " of type " + std::string(wanted));
}

Expected<void> readText(const Value &table, std::string_view field, std::string &into)
{
    const Value value = table[field];
    if (value.isNull())
        return {};
    if (!value.isString())
        return wrongType(field, value, "string");
    into = value.stringOr();
    return {};
}

Expected<void> readParameters(const Value &table, ResourceAction &action)
{
    const Value list = table["params"];
    if (list.isNull())
        return {};
    if (!list.isList())
        return wrongType("params", list, "[]v1alpha1.ResourceActionParam");
    for (const Value &item : list.items()) {
        if (!item.isMap())
            return wrongType("params", item, "v1alpha1.ResourceActionParam");
        action.parameters.push_back({std::string(item["name"].stringOr()), std::string(item["default"].stringOr())});
    }
    return {};
}

Expected<ResourceAction> actionIn(std::string_view name, const Value &table)
{
    ResourceAction action;
    action.name = name;
    if (table.isList() || table.isNull())
        return action; // an empty table
    if (!table.isMap())
        return failure(ErrorCode::InvalidInput, "error unmarshaling resource action: json: cannot unmarshal "
                                                    + std::string(jsonTypeName(table))
                                                    + " into Go value of type v1alpha1.ResourceAction");
    const Value disabled = table["disabled"];
    if (!disabled.isNull() && !disabled.isBool())
        return wrongType("disabled", disabled, "bool");
    action.isDisabled = disabled.boolOr(false);
    for (const auto &[field, into] : {std::pair<std::string_view, std::string *>{"name", &action.name},
                                      {"displayName", &action.displayName},
                                      {"iconClass", &action.iconClass}}) {
        if (const Expected<void> read = readText(table, field, *into); !read)
            return std::unexpected(read.error());
    }
    if (const Expected<void> read = readParameters(table, action); !read)
        return std::unexpected(read.error());
    return action;
}

Expected<Value> tableOf(const script::LuaReturn &returned)
{
    if (returned.type != "table")
        return failure(ErrorCode::InvalidInput, "expect table output from Lua script, not " + returned.type);
    return returned.value;
}

Expected<Object> objectIn(const Value &value)
{
    if (!value.isMap() || value["kind"].stringOr().empty())
        return failure(ErrorCode::InvalidInput, "Object 'Kind' is missing in '" + object::toJson(value) + "'");
    return Object(value);
}

Expected<ImpactedResource> impactIn(const Value &item)
{
    ImpactedResource impact;
    const Value operation = item["operation"];
    if (operation == Value("create"))
        impact.operation = Operation::Create;
    else if (operation != Value("patch"))
        return failure(ErrorCode::InvalidInput, "unsupported operation: " + object::toJson(operation));
    Expected<Object> object = objectIn(item["resource"]);
    if (!object)
        return std::unexpected(object.error());
    impact.object = std::move(*object);
    return impact;
}

const compare::ResourceOverride *actionOverrideOf(const Object &object, const ActionSources &sources)
{
    const compare::ResourceOverride *override =
        sources.settings ? sources.settings->overrideOf(customizationKey(object.groupKind())) : nullptr;
    return override && !override->actions.empty() ? override : nullptr;
}

Expected<script::LuaReturn> run(const Object &object, std::string_view script, const RunOptions *options,
                                const ActionSources &sources)
{
    if (!sources.engine)
        return failure(ErrorCode::Unsupported, "the action scripts of " + customizationKey(object.groupKind())
                                                   + " in argocd-cm cannot be run here");
    // The server opens no libraries for actions, whatever the settings say.
    script::LuaRequest request{
        .script = script, .opensLibraries = false, .object = object.value(), .parameters = {}, .now = std::nullopt};
    if (options) {
        request.parameters = options->arguments;
        request.now = options->now.seconds;
    }
    return sources.engine->run(request);
}

} // namespace

Expected<ConfiguredActions> configuredActions(std::string_view yaml)
{
    const Expected<Value> document = object::parseYaml(yaml);
    if (!document)
        return std::unexpected(document.error());
    if (!document->isMap() && !document->isNull())
        return failure(ErrorCode::InvalidInput, "resource actions must be a map");
    ConfiguredActions actions;
    actions.discovery = (*document)["discovery.lua"].stringOr();
    actions.mergesBuiltin = (*document)["mergeBuiltinActions"].boolOr(false);
    const Value definitions = (*document)["definitions"];
    if (!definitions.isNull() && !definitions.isList())
        return failure(ErrorCode::InvalidInput, "definitions of resource actions must be a list");
    for (const Value &definition : definitions.items())
        actions.definitions.push_back(
            {std::string(definition["name"].stringOr()), std::string(definition["action.lua"].stringOr())});
    return actions;
}

Expected<std::vector<ResourceAction>> actionsIn(const script::LuaReturn &returned)
{
    const Expected<Value> table = tableOf(returned);
    if (!table)
        return std::unexpected(table.error());
    std::vector<ResourceAction> actions;
    if (table->isList() && table->size() > 0)
        return failure(ErrorCode::InvalidInput, "error unmarshaling action table: json: cannot unmarshal array into Go "
                                                "value of type map[string]interface {}");
    for (const auto &[name, description] : table->sortedEntries()) {
        Expected<ResourceAction> action = actionIn(name, description);
        if (!action)
            return std::unexpected(action.error());
        actions.push_back(std::move(*action));
    }
    return actions;
}

Expected<std::vector<ImpactedResource>> impactedIn(const script::LuaReturn &returned, const Object &object)
{
    const Expected<Value> table = tableOf(returned);
    if (!table)
        return std::unexpected(table.error());
    std::vector<ImpactedResource> impacted;
    if (table->isList()) {
        for (const Value &item : table->items()) {
            Expected<ImpactedResource> impact = impactIn(item);
            if (!impact)
                return std::unexpected(impact.error());
            impacted.push_back(std::move(*impact));
        }
    } else {
        Expected<Object> changed = objectIn(*table);
        if (!changed)
            return std::unexpected(changed.error());
        impacted.push_back({Operation::Patch, std::move(*changed)});
    }
    for (ImpactedResource &impact : impacted) {
        // Numbers come back as scripts print them.
        const Value value = scriptView(impact.object.value());
        impact.object = Object(impact.operation == Operation::Patch ? restoredMaps(value, object.value()) : value);
    }
    return impacted;
}

Expected<std::vector<ResourceAction>> actionsOf(const Object &object, const ActionSources &sources)
{
    const compare::ResourceOverride *override = actionOverrideOf(object, sources);
    if (!override)
        return builtinActions(object);
    const Expected<ConfiguredActions> configured = configuredActions(override->actions);
    if (!configured)
        return std::unexpected(configured.error().in("actions of " + override->key + " in argocd-cm"));
    const Expected<script::LuaReturn> returned = run(object, configured->discovery, nullptr, sources);
    if (!returned)
        return std::unexpected(returned.error().in("discovery of actions of " + override->key));
    Expected<std::vector<ResourceAction>> actions = actionsIn(*returned);
    if (!actions || !configured->mergesBuiltin)
        return actions;
    Expected<std::vector<ResourceAction>> builtin = builtinActions(object);
    if (!builtin)
        return builtin;
    for (ResourceAction &action : *builtin) {
        if (std::ranges::find(*actions, action.name, &ResourceAction::name) == actions->end())
            actions->push_back(std::move(action));
    }
    std::ranges::sort(*actions, {}, &ResourceAction::name);
    return actions;
}

Expected<std::vector<ImpactedResource>> runAction(const Object &object, std::string_view name,
                                                  const RunOptions &options, const ActionSources &sources)
{
    const compare::ResourceOverride *override = actionOverrideOf(object, sources);
    if (!override)
        return runBuiltin(object, name, options);
    const Expected<ConfiguredActions> configured = configuredActions(override->actions);
    if (!configured)
        return std::unexpected(configured.error().in("actions of " + override->key + " in argocd-cm"));
    const auto definition = std::ranges::find(configured->definitions, name, &ActionDefinition::name);
    if (definition == configured->definitions.end())
        return runBuiltin(object, name, options);
    const Expected<script::LuaReturn> returned = run(object, definition->script, &options, sources);
    if (!returned)
        return std::unexpected(returned.error().in("action " + definition->name + " of " + override->key));
    return impactedIn(*returned, object);
}

} // namespace tiphys::action
