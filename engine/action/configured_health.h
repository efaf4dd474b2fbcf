// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/settings.h"
#include "health/health.h"
#include "script/lua_engine.h"

namespace tiphys::action {

/// Health by the scripts that argocd-cm brings; kinds without one keep their built-in check.
///
/// A script is found by the key of exactly the kind, else by the first key, in order, that matches as a glob (the
/// original takes any of several).
/// Source: argo-cd util/lua/lua.go (GetHealthScript, ExecuteHealthLua)@v3.5.1
class ConfiguredHealth final : public health::ScriptHealth
{
public:
    /// \p engine is null where no scripts can be run: then every configured script fails, saying so. It must outlive
    /// this object, and be callable from the threads that call it.
    ConfiguredHealth(const compare::CompareSettings &settings, script::LuaEngine *engine);

    std::optional<Expected<health::Health>> healthOf(const object::Object &object) const override;
    /// True if a script is configured for \p kind.
    bool judges(const object::GroupKind &kind) const { return scriptOf(kind) != nullptr; }
    /// True if a script is configured for any kind.
    bool hasScripts() const { return !m_scripts.empty(); }

private:
    const compare::ResourceOverride *scriptOf(const object::GroupKind &kind) const;

    std::vector<compare::ResourceOverride> m_scripts; ///< by key, those with a health script
    script::LuaEngine *m_engine;
};

/// The health that a script means by what it \p returned: an empty status for nothing, an empty table and members of
/// a wrong type; Unknown for words that are no status. Errors: InvalidInput for anything but a table.
Expected<health::Health> healthIn(const script::LuaReturn &returned);

/// "group/Kind", of the core group "Kind": how scripts are found.
std::string customizationKey(const object::GroupKind &kind);

} // namespace tiphys::action
