// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/change_filter.h"

#include "crd/names.h"

namespace tiphys::control {

ChangeFilter::ChangeFilter(const compare::CompareSettings &settings, script::JqEngine *jq, script::LuaEngine *lua)
    : m_settings(settings), m_tracking(compare::trackingSettingsOf(settings)), m_jq(jq)
{
    if (auto scripts = std::make_shared<const action::ConfiguredHealth>(settings, lua); scripts->hasScripts())
        m_scripts = std::move(scripts);
}

bool ChangeFilter::countsAnyway(const compare::ObjectChange &change) const
{
    // Objects without a namespace are watched as metadata: what else is new in them cannot be seen.
    return !m_settings.ignoresUpdates || !compare::isContentWatched(change, m_tracking) || change.after.ns().empty();
}

bool ChangeFilter::counts(const compare::ObjectChange &change) const
{
    if (countsAnyway(change))
        return true;
    std::call_once(m_isCompiled, [this] {
        if (Expected<compare::IgnoreRules> rules =
                compare::IgnoreRules::compile({}, m_settings.updateOverrides(), m_jq))
            m_rules = std::move(*rules);
    });
    return !m_rules || compare::isWorthARefresh(change, *m_rules, m_tracking, m_scripts.get());
}

bool isOfItself(const compare::ObjectChange &change, const object::Object &app)
{
    const object::Object &object = change.after.isNull() ? change.before : change.after;
    return crd::isApplication(object) && !app.uid().empty() && object.uid() == app.uid() && object.name() == app.name()
           && object.ns() == app.ns();
}

} // namespace tiphys::control
