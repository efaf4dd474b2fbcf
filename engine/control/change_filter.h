// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/configured_health.h"
#include "compare/change_route.h"

#include <memory>
#include <mutex>
#include <optional>

namespace tiphys::control {

/// Tells the changes of live objects that an engine compares for from those that it need not hear of, by the settings of an
/// instance: ignoreResourceUpdates and health.
/// Source: argo-cd controller/cache/cache.go (skipResourceUpdate), util/settings/settings.go
/// (GetIgnoreResourceUpdatesOverrides)@v3.5.1
class ChangeFilter
{
public:
    /// \p jq and \p lua may be null, must outlive this object, and be callable from pool threads.
    ChangeFilter(const compare::CompareSettings &settings, script::JqEngine *jq, script::LuaEngine *lua);

    /// True for a change that counts whatever its content is: only the others are weighed.
    bool countsAnyway(const compare::ObjectChange &change) const;
    /// Whether the change counts. May run scripts: for pool threads. Where the rules cannot be compiled every change counts.
    bool counts(const compare::ObjectChange &change) const;

private:
    compare::CompareSettings m_settings;
    compare::TrackingSettings m_tracking;
    script::JqEngine *m_jq;
    std::shared_ptr<const action::ConfiguredHealth> m_scripts; ///< null where the settings bring none
    mutable std::once_flag m_isCompiled;                       ///< guards m_rules: changes are weighed side by side
    mutable std::optional<compare::IgnoreRules> m_rules;
};
using ChangeFilterPtr = std::shared_ptr<const ChangeFilter>;

/// True for a change of the Application object \p app itself, which is no news to whoever reconciles it.
/// Source: argo-cd controller/appcontroller.go (isSelfReferencedApp)@v3.5.1
bool isOfItself(const compare::ObjectChange &change, const object::Object &app);

} // namespace tiphys::control
