// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/source_change.h"

#include "control/permission.h"
#include "crd/names.h"
#include "object/json_patch.h"
#include "object/pointer.h"

#include <algorithm>
#include <iterator>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

service::AppId idOf(const crd::Application &app)
{
    return {{}, std::string(app.ns()), std::string(app.name())};
}

/// The fields that \p patch tests.
std::vector<std::string> fieldsOf(const Value &patch)
{
    std::vector<std::string> fields;
    for (const Value &operation : patch.items()) {
        if (operation["op"].stringOr() == "test")
            fields.emplace_back(operation["path"].stringOr());
    }
    return fields;
}

/// True if \p a and \p b have the same in each of \p fields. A list of sources counts as a whole: places in it move.
bool agree(const Object &a, const Object &b, const std::vector<std::string> &fields)
{
    return std::ranges::all_of(fields, [&](const std::string &field) {
        const std::string whole = field.starts_with("/spec/sources/") ? "/spec/sources" : field;
        const Expected<object::Pointer> pointer = object::Pointer::parse(whole);
        return pointer && pointer->find(a.value()).value_or(Value()) == pointer->find(b.value()).value_or(Value());
    });
}

/// What \p fields are to people: "the source", "the metadata", or "the spec".
std::string subjectOf(const std::vector<std::string> &fields)
{
    const bool isSource = std::ranges::all_of(fields, [](const std::string &field) {
        return field == "/spec/source" || field.starts_with("/spec/sources/");
    });
    const bool isMetadata =
        std::ranges::all_of(fields, [](const std::string &field) { return field.starts_with("/metadata/"); });
    return isSource ? "the source" : isMetadata ? "the metadata" : "the spec";
}

/// What the change of other fields than the source does beside what it says.
std::vector<std::string> specWarnings(const crd::Application &before, const Object &after)
{
    std::vector<std::string> warnings;
    const Expected<crd::Application> read = crd::applicationOf(after);
    if (!read)
        return warnings;
    if (read->spec.isAutomated() && !before.spec.isAutomated())
        warnings.push_back("automated sync is on from now: what is out of sync is applied at once");
    const crd::Destination &old = before.spec.destination;
    if (read->spec.destination != old && !before.status.resources.empty())
        warnings.push_back("what was deployed to " + (old.server.empty() ? old.name : old.server)
                           + (old.ns.empty() ? "" : ", namespace " + old.ns + ",") + " stays there: nobody deletes it");
    return warnings;
}

} // namespace

std::vector<std::string> sourceWarnings(const crd::Application &app)
{
    std::vector<std::string> warnings;
    for (const object::OwnerReference &owner : app.object.ownerReferences()) {
        if (owner.kind == "ApplicationSet")
            warnings.push_back("ApplicationSet " + owner.name
                               + " generated this application and writes its spec again");
    }
    const std::string tracking(app.object.annotation(crd::kTrackingIdAnnotation).value_or(std::string_view()));
    const std::string parent = tracking.substr(0, tracking.find(':'));
    if (!parent.empty() && parent != app.name())
        warnings.push_back("application " + parent
                           + " keeps this one in Git: its next sync writes what Git says over the change; change Git "
                             "for a lasting effect");
    if (app.spec.isAutomated())
        warnings.push_back("automated sync is on: what the change brings is applied at once");
    return warnings;
}

Async<service::Permission> mayChangeSources(ports::ClusterPtr cluster, crd::Application app, CancelToken cancel)
{
    const ports::AccessQuestion question{"patch", std::string(crd::kGroup), "applications",
                                         "",      std::string(app.ns()),    std::string(app.name())};
    const Expected<ports::Access> access = co_await cluster->canI(question, cancel);
    co_return permissionOf(access, "patch applications in namespace " + std::string(app.ns()));
}

Async<SourceChange> plannedSourceChange(ports::ClusterPtr cluster, crd::Application app, int position,
                                        crd::ApplicationSource source, CancelToken cancel)
{
    const Expected<Value> patch = crd::sourcePatch(app.spec, position, source);
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<SourceChange> change = co_await plannedSpecChange(cluster, app, *patch, cancel);
    co_return change;
}

Async<SourceChange> plannedSpecChange(ports::ClusterPtr cluster, crd::Application app, Value patch, CancelToken cancel)
{
    const Expected<Value> after = object::applyJsonPatch(app.object.value(), patch);
    if (!after)
        co_return std::unexpected(after.error());
    SourceChange change{.app = app, .patch = patch, .after = Object(*after), .refusal = {}, .warnings = {}};
    if (!change.isEmpty()) {
        change.warnings = sourceWarnings(app);
        std::ranges::copy(specWarnings(app, change.after), std::back_inserter(change.warnings));
    }
    const Expected<service::Permission> may = co_await mayChangeSources(cluster, app, cancel);
    if (!may)
        co_return std::unexpected(may.error());
    if (!may->isAllowed)
        change.refusal = may->reason;
    co_return change;
}

Async<crd::Application> writeSourceChange(ports::ClusterPtr cluster, SourceChange change, ports::DryRun dryRun,
                                          CancelToken cancel)
{
    if (!change.refusal.empty())
        co_return failure(ErrorCode::Denied, change.refusal);
    if (change.isEmpty())
        co_return change.app;
    const std::string name(change.app.name());
    ports::WriteOptions options;
    options.dryRun = dryRun;
    const Expected<ports::Written> written = co_await cluster->patch(
        applicationRef(std::string(change.app.ns()), name), {ports::PatchType::Json, change.patch}, options, cancel);
    if (written)
        co_return crd::applicationOf(written->object);
    const Expected<crd::Application> now = co_await readApplication(cluster, idOf(change.app), cancel);
    if (!now)
        co_return std::unexpected(written.error());
    const std::vector<std::string> fields = fieldsOf(change.patch);
    if (written.error().code() == ErrorCode::Unknown) {
        if (agree(now->object, change.after, fields))
            co_return *now;
        if (now->object.resourceVersion() == change.app.object.resourceVersion())
            co_return failure(ErrorCode::Unavailable,
                              "the answer was lost, and application '" + name + "' is unchanged: nothing was written");
        co_return std::unexpected(written.error());
    }
    // A failed test is told as an invalid patch.
    if (!agree(now->object, change.app.object, fields))
        co_return failure(ErrorCode::Conflict, subjectOf(fields) + " of application '" + name
                                                   + "' changed since it was looked at: nothing was written");
    co_return std::unexpected(written.error());
}

} // namespace tiphys::control
