// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/action_scene.h"

#include "control/diff_view.h"
#include "control/drift.h"
#include "object/json.h"
#include "object/merge_patch.h"
#include "object/yaml.h"

namespace tiphys::control {

using object::Object;
using service::ActionRequest;

namespace {

crd::Timestamp timestampOf(service::WallTime time)
{
    return {time / 1000};
}

ActionAsk askOf(const ActionRequest &request)
{
    return {.gvk = {request.key.group, {}, request.key.kind},
            .ns = request.key.ns,
            .name = request.key.name,
            .action = request.action,
            .options = {.now = timestampOf(request.now), .arguments = request.arguments}};
}

const std::vector<std::string> &maskedOf(const ActionScene &scene)
{
    return scene.place.settings->maskedAnnotations;
}

/// What a plan writes, in a form that tells whether another plan writes the same. Secrets stay in this process.
std::string fingerprintOf(const PlannedAction &plan)
{
    std::size_t hash = 0;
    const auto add = [&hash](const std::string &text) { hash = hash * 1'000'003 + std::hash<std::string>()(text); };
    for (const ActionWrite &write : plan.writes) {
        add(writeText(write));
        add(object::toJson(write.operation == action::Operation::Patch ? write.patch.whole : write.object.value()));
    }
    return std::to_string(plan.writes.size()) + "-" + std::to_string(hash);
}

std::string offerReason(const ActionScene &scene, const ActionOffer &offer)
{
    if (!scene.obstacle.empty())
        return scene.obstacle;
    if (!offer.refusal.empty())
        return offer.refusal;
    return offer.disabledReason;
}

service::OfferedAction shownOffer(const ActionScene &scene, const ActionOffer &offer)
{
    service::OfferedAction shown{
        .name = offer.action.name, .title = offer.action.title(), .parameters = {}, .permission = {}};
    for (const action::Parameter &parameter : offer.action.parameters)
        shown.parameters.push_back({parameter.name, parameter.defaultText});
    shown.permission.reason = offerReason(scene, offer);
    shown.permission.isAllowed = shown.permission.reason.empty();
    return shown;
}

Async<Object> readObject(ports::ClusterPtr cluster, object::ObjectKey key, CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<ports::ResourceType> type = (*discovery)->typeOf(key.groupKind());
    if (!type)
        co_return std::unexpected(type.error());
    const Expected<Object> object =
        co_await cluster->get({*type, type->isNamespaced ? key.ns : "", key.name}, {}, cancel);
    co_return object;
}

} // namespace

std::vector<std::string> consequencesOf(const ActionScene &scene, const PlannedAction &plan)
{
    std::vector<std::string> warnings;
    if (!scene.evaluation)
        return warnings;
    const std::string name(scene.app.name());
    for (const ActionWrite &write : plan.writes) {
        if (write.operation != action::Operation::Patch || !plan.live.path({"metadata", "deletionTimestamp"}).isNull())
            continue;
        const Object after(object::applyMergePatch(plan.live.value(), write.patch.whole));
        const bool wasDifferent = wouldDiffer(scene.app, *scene.evaluation, *scene.place.settings, plan.live);
        if (wasDifferent || !wouldDiffer(scene.app, *scene.evaluation, *scene.place.settings, after))
            continue;
        const bool isHealed = scene.app.spec.isAutomated() && scene.app.spec.syncPolicy
                              && scene.app.spec.syncPolicy->automated
                              && scene.app.spec.syncPolicy->automated->selfHeals();
        warnings.push_back(isHealed ? "self-heal of " + name + " reverts this; change Git for a lasting effect"
                                    : name + " is OutOfSync afterwards, until Git follows");
    }
    return warnings;
}

Async<std::vector<service::OfferedAction>> offersOn(ActionScene scene, object::ObjectKey key, service::WallTime now,
                                                    CancelToken cancel)
{
    const Expected<Object> object = co_await readObject(scene.place.cluster, key, cancel);
    if (!object)
        co_return std::unexpected(object.error());
    const Expected<std::vector<ActionOffer>> offers =
        co_await offeredActions(scene.place, *object, timestampOf(now), cancel);
    if (!offers)
        co_return std::unexpected(offers.error());
    std::vector<service::OfferedAction> shown;
    for (const ActionOffer &offer : *offers)
        shown.push_back(shownOffer(scene, offer));
    co_return shown;
}

Async<service::ActionPreview> previewOn(ActionScene scene, ActionRequest request, CancelToken cancel)
{
    const Expected<PlannedAction> plan = co_await plannedAction(scene.place, askOf(request), cancel);
    if (!plan)
        co_return std::unexpected(plan.error());
    service::ActionPreview preview;
    preview.request = request;
    preview.request.planned = fingerprintOf(*plan);
    preview.refusal = scene.obstacle.empty() ? plan->refusal : scene.obstacle;
    preview.warnings = consequencesOf(scene, *plan);
    for (const ActionWrite &write : plan->writes) {
        const ShownWrite shown = shownWrite(*plan, write, maskedOf(scene));
        service::ActionStep step;
        step.isCreated = write.operation == action::Operation::Create;
        step.key = write.object.key();
        step.text = object::toYaml(step.isCreated ? shown.after.value() : shown.patch);
        step.diff = diffViewOf(shown.before, shown.after, maskedOf(scene));
        preview.steps.push_back(std::move(step));
    }
    co_return preview;
}

Async<service::ActionResult> runOn(ActionScene scene, ActionRequest request, CancelToken cancel)
{
    if (!scene.obstacle.empty())
        co_return failure(ErrorCode::Denied, scene.obstacle);
    const Expected<PlannedAction> plan = co_await plannedAction(scene.place, askOf(request), cancel);
    if (!plan)
        co_return std::unexpected(plan.error());
    if (!request.planned.empty() && fingerprintOf(*plan) != request.planned)
        co_return failure(ErrorCode::Conflict,
                          plan->live.key().text() + " changed since it was looked at: nothing was written");
    const Expected<ActionOutcome> outcome = co_await carryOutAction(scene.place, *plan, ports::DryRun::No, cancel);
    if (!outcome)
        co_return std::unexpected(outcome.error());
    service::ActionResult result;
    for (const Object &object : outcome->written)
        result.written.push_back(object.key());
    result.warnings = outcome->warnings;
    co_return result;
}

} // namespace tiphys::control
