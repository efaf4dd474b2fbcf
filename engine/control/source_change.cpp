// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/source_change.h"

#include "control/permission.h"
#include "crd/names.h"
#include "crd/source_fields.h"
#include "object/json.h"
#include "object/json_patch.h"
#include "object/yaml.h"
#include "service/source_form.h"

#include <charconv>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kTrackingAnnotation = "argocd.argoproj.io/tracking-id";

service::AppId idOf(const crd::Application &app)
{
    return {{}, std::string(app.ns()), std::string(app.name())};
}

std::string_view statusTypeOf(const crd::Application &app, int position)
{
    if (position <= 0)
        return app.status.sourceType;
    const auto index = static_cast<std::size_t>(position) - 1;
    return index < app.status.sourceTypes.size() ? std::string_view(app.status.sourceTypes[index]) : std::string_view();
}

std::string placeText(const crd::ApplicationSource &source)
{
    if (!source.name.empty())
        return source.name;
    if (!source.chart.empty())
        return source.chart;
    return source.path.empty() ? source.ref : source.path;
}

Async<SourceChange> planned(ports::ClusterPtr cluster, service::ActionRequest request, CancelToken cancel)
{
    const std::optional<int> position = sourcePlaceOf(request.action);
    if (!position)
        co_return failure(ErrorCode::InvalidInput, "'" + request.action + "' names no source");
    const Expected<crd::Application> app = co_await readApplication(cluster, request.app, cancel);
    if (!app)
        co_return std::unexpected(app.error());
    const Expected<crd::ApplicationSource> source = crd::sourceAt(app->spec, *position);
    if (!source)
        co_return std::unexpected(source.error());
    const Expected<crd::ApplicationSource> changed = crd::withFields(*source, request.arguments);
    if (!changed)
        co_return std::unexpected(changed.error());
    const Expected<SourceChange> change = co_await plannedSourceChange(cluster, *app, *position, *changed, cancel);
    co_return change;
}

} // namespace

std::optional<int> sourcePlaceOf(std::string_view action)
{
    if (!action.starts_with(service::kSourceActionPrefix))
        return std::nullopt;
    action.remove_prefix(service::kSourceActionPrefix.size());
    int place = 0;
    const auto [end, error] = std::from_chars(action.data(), action.data() + action.size(), place);
    return error == std::errc() && end == action.data() + action.size() ? std::optional(place) : std::nullopt;
}

std::vector<std::string> sourceWarnings(const crd::Application &app)
{
    std::vector<std::string> warnings;
    const Value owners = app.object.path({"metadata", "ownerReferences"});
    for (const Value &owner : owners.items()) {
        if (owner["kind"].stringOr() == "ApplicationSet")
            warnings.push_back("ApplicationSet " + std::string(owner["name"].stringOr())
                               + " generated this application and writes its source again");
    }
    const std::string tracking(app.object.annotation(kTrackingAnnotation).value_or(std::string_view()));
    const std::string parent = tracking.substr(0, tracking.find(':'));
    if (!parent.empty())
        warnings.push_back("application " + parent + " keeps this one in Git: its sync brings the old source back; change Git for a lasting effect");
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

std::vector<service::OfferedAction> sourceOffers(const crd::Application &app, const service::Permission &permission)
{
    std::vector<service::OfferedAction> offers;
    const std::size_t count = app.spec.hasMultipleSources() ? app.spec.sources.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        const int position = app.spec.hasMultipleSources() ? static_cast<int>(i) + 1 : 0;
        const Expected<crd::ApplicationSource> source = crd::sourceAt(app.spec, position);
        if (!source)
            continue;
        service::OfferedAction offer{.name = std::string(service::kSourceActionPrefix) + std::to_string(position),
                                     .title = position == 0 ? "Parameters" : "Parameters of source " + std::to_string(position) + " (" + placeText(*source) + ")",
                                     .parameters = {},
                                     .permission = permission};
        const Expected<std::vector<crd::SourceField>> fields = crd::sourceFields(*source, statusTypeOf(app, position));
        if (!fields)
            offer.permission = {false, fields.error().text()};
        for (const crd::SourceField &field : fields.value_or(std::vector<crd::SourceField>()))
            offer.parameters.push_back({field.name, field.text});
        offers.push_back(std::move(offer));
    }
    return offers;
}

Async<service::ActionPreview> previewSource(ports::ClusterPtr cluster, service::ActionRequest request, CancelToken cancel)
{
    const Expected<SourceChange> change = co_await planned(cluster, request, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    service::ActionPreview preview;
    preview.request = request;
    preview.request.planned = object::toJson(change->patch);
    preview.refusal = change->refusal;
    preview.warnings = change->warnings;
    if (change->isEmpty())
        co_return preview;
    const auto shown = [](const Object &app) {
        return Object(Value::map({{"apiVersion", app.value()["apiVersion"]}, {"kind", app.value()["kind"]}, {"spec", app.value()["spec"]}}));
    };
    service::ActionStep step;
    step.key = change->app.object.key();
    step.text = object::toYaml(change->patch);
    step.diff = diffViewOf(shown(change->app.object), shown(change->after), {});
    preview.steps.push_back(std::move(step));
    co_return preview;
}

Async<service::ActionResult> runSource(ports::ClusterPtr cluster, service::ActionRequest request, CancelToken cancel)
{
    const Expected<SourceChange> change = co_await planned(cluster, request, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    if (!request.planned.empty() && object::toJson(change->patch) != request.planned)
        co_return failure(ErrorCode::Conflict, change->app.object.key().text() + " changed since it was looked at: nothing was written");
    const Expected<crd::Application> written = co_await writeSourceChange(cluster, *change, ports::DryRun::No, cancel);
    if (!written)
        co_return std::unexpected(written.error());
    co_return service::ActionResult{.written = {written->object.key()}, .warnings = {}};
}

} // namespace tiphys::control
