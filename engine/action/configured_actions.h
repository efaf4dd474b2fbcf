// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/action.h"
#include "compare/settings.h"
#include "script/lua_engine.h"

/// Resource actions with the scripts that argocd-cm brings.
/// Source: argo-cd util/lua/lua.go (GetResourceActionDiscovery, ExecuteResourceActionDiscovery, GetResourceAction,
/// ExecuteResourceAction)@v3.5.1
namespace tiphys::action {

/// An action that a user wrote.
struct ActionDefinition
{
    std::string name;
    std::string script;

    bool operator==(const ActionDefinition &) const = default;
};

/// What `resource.customizations.actions.KIND` says.
struct ConfiguredActions
{
    std::string discovery;
    std::vector<ActionDefinition> definitions;
    bool mergesBuiltin = false;

    bool operator==(const ConfiguredActions &) const = default;
};

/// The configured actions in \p yaml. Errors: InvalidInput that names the field or line.
Expected<ConfiguredActions> configuredActions(std::string_view yaml);

/// Where actions come from.
struct ActionSources
{
    const compare::CompareSettings *settings = nullptr; ///< null: built-in actions only
    script::LuaEngine *engine = nullptr;                ///< null: configured scripts fail, saying so
};

/// The actions of \p object, by name: those of a configured discovery, with mergeBuiltinActions the built-in ones
/// too, of equal names the configured; without configuration the built-in ones.
/// Errors: of the scripts, and InvalidInput for what they return.
Expected<std::vector<ResourceAction>> actionsOf(const object::Object &object, const ActionSources &sources);

/// What \p name does to \p object: the configured definition of that name, else the built-in action, even where a
/// configured discovery replaced those.
Expected<std::vector<ImpactedResource>> runAction(const object::Object &object, std::string_view name,
                                                  const RunOptions &options, const ActionSources &sources);

/// Actions in the table that a discovery script returned. Errors: InvalidInput.
Expected<std::vector<ResourceAction>> actionsIn(const script::LuaReturn &returned);
/// What an action script on \p object asks for. Errors: InvalidInput.
Expected<std::vector<ImpactedResource>> impactedIn(const script::LuaReturn &returned, const object::Object &object);

} // namespace tiphys::action
