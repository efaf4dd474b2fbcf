// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/app_facts.h"

#include "base/text.h"
#include "cli/online/tables.h"
#include "control/system_time_zones.h"
#include "crd/names.h"
#include "crd/source_edit.h"
#include "policy/window.h"

#include <string_view>

namespace tiphys::cli {

namespace {

bool isAllowed(const std::vector<crd::SyncWindow> &windows, policy::SyncOrigin origin, crd::Timestamp now)
{
    const control::SystemTimeZones zones;
    const Expected<policy::WindowAnswer> answer =
        policy::canSync(windows, {.origin = origin, .now = now, .operationStart = {}}, zones);
    return answer && answer->isAllowed;
}

} // namespace

Expected<std::string> parameterTable(const crd::ApplicationSpec &spec, const SourceFlags &flags)
{
    const std::vector<crd::ApplicationSource> sources = spec.effectiveSources();
    crd::ApplicationSource source = sources.empty() ? crd::ApplicationSource() : sources.front();
    if (spec.hasMultipleSources()) {
        const Expected<int> position = sourcePositionOf(spec, flags);
        if (!position)
            return std::unexpected(position.error());
        const Expected<crd::ApplicationSource> named = crd::sourceAt(spec, *position);
        if (!named)
            return std::unexpected(named.error());
        source = *named;
    }
    if (!source.helm || source.helm->parameters.empty())
        return std::string();
    std::vector<std::vector<std::string>> rows{{"PARAMETER", "VALUE"}};
    for (const crd::HelmParameter &parameter : source.helm->parameters)
        rows.push_back({parameter.name, parameter.value});
    return tableText(rows);
}

Expected<crd::Application> comparedOnServer(const crd::Application &app, bool isServerSide)
{
    std::string options;
    for (const std::string_view part :
         split(app.object.annotation(crd::kCompareOptionsAnnotation).value_or(std::string_view()), ',')) {
        const std::string_view option = trimmed(part);
        if (!option.empty() && !option.starts_with("ServerSideDiff="))
            options += std::string(option) + ",";
    }
    options += isServerSide ? "ServerSideDiff=true" : "ServerSideDiff=false";
    return crd::applicationOf(app.object.withAnnotation(crd::kCompareOptionsAnnotation, options));
}

std::vector<std::vector<std::string>> windowRows(const NamedApp &named, crd::Timestamp now)
{
    const Expected<policy::EffectiveProject> project = named.session->projectOf(named.app);
    const std::vector<crd::SyncWindow> windows =
        project ? policy::windowsOf(named.app, project->spec.syncWindows) : std::vector<crd::SyncWindow>();
    if (windows.empty())
        return {};
    std::vector<std::vector<std::string>> rows{
        {"Sync window:", isAllowed(windows, policy::SyncOrigin::Automated, now) ? "Sync Allowed"
                         : isAllowed(windows, policy::SyncOrigin::Manual, now)  ? "Manual Allowed"
                                                                                : "Sync Denied"}};
    for (const crd::SyncWindow &window : windows)
        rows.push_back({"Assigned window:", window.kind + ":" + window.schedule + ":" + window.duration});
    return rows;
}

} // namespace tiphys::cli
