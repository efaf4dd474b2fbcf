// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/source_change.h"

#include "control/permission.h"
#include "crd/names.h"
#include "object/json_patch.h"

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

service::AppId idOf(const crd::Application &app)
{
    return {{}, std::string(app.ns()), std::string(app.name())};
}

} // namespace

std::vector<std::string> sourceWarnings(const crd::Application &app)
{
    std::vector<std::string> warnings;
    for (const object::OwnerReference &owner : app.object.ownerReferences()) {
        if (owner.kind == "ApplicationSet")
            warnings.push_back("ApplicationSet " + owner.name + " generated this application and writes its source again");
    }
    const std::string tracking(app.object.annotation(crd::kTrackingIdAnnotation).value_or(std::string_view()));
    const std::string parent = tracking.substr(0, tracking.find(':'));
    if (!parent.empty() && parent != app.name())
        warnings.push_back("application " + parent + " keeps this one in Git: its next sync writes what Git says over the change; change Git for a lasting effect");
    if (app.spec.isAutomated())
        warnings.push_back("automated sync is on: what the new source renders is applied at once");
    return warnings;
}

Async<service::Permission> mayChangeSources(ports::ClusterPtr cluster, crd::Application app, CancelToken cancel)
{
    const ports::AccessQuestion question{"patch", std::string(crd::kGroup), "applications", "", std::string(app.ns()), std::string(app.name())};
    const Expected<ports::Access> access = co_await cluster->canI(question, cancel);
    co_return permissionOf(access, "patch applications in namespace " + std::string(app.ns()));
}

Async<SourceChange> plannedSourceChange(ports::ClusterPtr cluster, crd::Application app, int position,
                                        crd::ApplicationSource source, CancelToken cancel)
{
    const Expected<Value> patch = crd::sourcePatch(app.spec, position, source);
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<Value> after = object::applyJsonPatch(app.object.value(), *patch);
    if (!after)
        co_return std::unexpected(after.error());
    SourceChange change{.app = app, .patch = *patch, .after = Object(*after), .refusal = {}, .warnings = {}};
    if (!change.isEmpty())
        change.warnings = sourceWarnings(app);
    const Expected<service::Permission> may = co_await mayChangeSources(cluster, app, cancel);
    if (!may)
        co_return std::unexpected(may.error());
    if (!may->isAllowed)
        change.refusal = may->reason;
    co_return change;
}

Async<crd::Application> writeSourceChange(ports::ClusterPtr cluster, SourceChange change, ports::DryRun dryRun, CancelToken cancel)
{
    if (!change.refusal.empty())
        co_return failure(ErrorCode::Denied, change.refusal);
    if (change.isEmpty())
        co_return change.app;
    const std::string name(change.app.name());
    ports::WriteOptions options;
    options.dryRun = dryRun;
    const Expected<ports::Written> written = co_await cluster->patch(applicationRef(std::string(change.app.ns()), name),
                                                                     {ports::PatchType::Json, change.patch}, options, cancel);
    if (written)
        co_return crd::applicationOf(written->object);
    const Expected<crd::Application> now = co_await readApplication(cluster, idOf(change.app), cancel);
    if (!now)
        co_return std::unexpected(written.error());
    const Value seen = change.app.object.path({"spec"});
    const Value stored = now->object.path({"spec"});
    if (written.error().code() == ErrorCode::Unknown) {
        if (stored["source"] == change.after.path({"spec", "source"}) && stored["sources"] == change.after.path({"spec", "sources"}))
            co_return *now;
        if (now->object.resourceVersion() == change.app.object.resourceVersion())
            co_return failure(ErrorCode::Unavailable, "the answer was lost, and application '" + name + "' is unchanged: nothing was written");
        co_return std::unexpected(written.error());
    }
    // A failed test is told as an invalid patch.
    if (stored["source"] != seen["source"] || stored["sources"] != seen["sources"])
        co_return failure(ErrorCode::Conflict, "the source of application '" + name + "' changed since it was looked at: nothing was written");
    co_return std::unexpected(written.error());
}

} // namespace tiphys::control
