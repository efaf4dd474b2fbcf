// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/deletion.h"

#include "base/text.h"
#include "crd/hook.h"
#include "crd/names.h"
#include "crd/options.h"
#include "sync/hook.h"
#include "sync/operation.h"

#include <algorithm>
#include <map>

namespace tiphys::sync {

using object::Value;

namespace {

/// How the message of an operation begins that waits: see PassRun::waitFor.
constexpr std::string_view kWaitsForPruning = "waiting for pruning confirmation of ";

bool isCascadeFinalizer(std::string_view finalizer)
{
    return finalizer == crd::kResourcesFinalizer || finalizer == crd::kForegroundFinalizer
           || finalizer == crd::kBackgroundFinalizer;
}

bool isHookFinalizer(std::string_view finalizer)
{
    return finalizer == crd::kPreDeleteFinalizer || finalizer == crd::kPreDeleteCleanupFinalizer
           || finalizer == crd::kPostDeleteFinalizer || finalizer == crd::kPostDeleteCleanupFinalizer;
}

Value finalizersPatch(const std::vector<std::string> &finalizers)
{
    const std::vector<Value> values(finalizers.begin(), finalizers.end());
    return Value::map({{"metadata", Value::map({{"finalizers", Value::list(values)}})}});
}

template <typename Predicate>
DeletionStep withoutFinalizers(const crd::Application &app, Predicate isRemoved)
{
    std::vector<std::string> left = app.object.finalizers();
    std::erase_if(left, isRemoved);
    DeletionStep step;
    step.patch = finalizersPatch(left);
    return step;
}

DeletionStep waiting(std::string what)
{
    DeletionStep step;
    step.waitsFor = std::move(what);
    return step;
}

Write deletionOf(const object::Object &live, Act act, Propagation propagation)
{
    Write write;
    write.act = act;
    write.gvk = live.gvk();
    write.ns = live.ns();
    write.name = live.name();
    write.live = live;
    write.propagation = propagation;
    return write;
}

/// May a cascade delete \p live: no CRD, not the Application itself, not told to stay.
bool isDeletable(const crd::Application &app, const object::Object &live)
{
    auto option = crd::optionValue(crd::annotationItems(live, crd::kSyncOptionsAnnotation), "Delete");
    if (!option && app.spec.syncPolicy)
        option = crd::optionValue(app.spec.syncPolicy->syncOptions, "Delete");
    const bool isItself = !live.uid().empty() && live.uid() == app.object.uid();
    return !isCrd(live) && !isItself && option != "false"
           && !crd::hasAnnotationOption(live, "helm.sh/resource-policy", "keep");
}

bool needsConfirmation(const crd::Application &app, const object::Object &live)
{
    return std::ranges::any_of(app.status.resources, [&](const crd::ResourceStatus &resource) {
        return resource.requiresDeletionConfirmation && resource.key() == live.key();
    });
}

bool isDeletionApproved(const crd::Application &app)
{
    return isApprovedSince(app, app.object.path({"metadata", "deletionTimestamp"}).stringOr());
}

DeletionStep cascade(const DeletionInput &input)
{
    const crd::Application &app = input.app;
    const std::string count = std::to_string(input.live.size());
    std::vector<const object::Object *> deletable;
    for (const object::Object &live : input.live) {
        if (live.isBeingDeleted())
            return waiting("deletion of " + count + " objects");
        if (isDeletable(app, live))
            deletable.push_back(&live);
    }
    for (const object::Object *live : deletable) {
        if (needsConfirmation(app, *live) && !isDeletionApproved(app))
            return waiting("confirmation that " + live->key().text() + " may be deleted");
    }
    if (deletable.empty())
        return withoutFinalizers(app, isCascadeFinalizer);
    std::int64_t highest = crd::waveOf(*deletable.front());
    for (const object::Object *live : deletable)
        highest = std::max(highest, crd::waveOf(*live));
    const std::vector<std::string> finalizers = app.object.finalizers();
    const auto first = std::ranges::find_if(finalizers, isCascadeFinalizer);
    const Propagation propagation =
        *first == crd::kBackgroundFinalizer ? Propagation::Background : Propagation::Foreground;
    DeletionStep step = waiting("deletion of " + count + " objects");
    for (const object::Object *live : deletable) {
        if (crd::waveOf(*live) == highest)
            step.writes.push_back(deletionOf(*live, Act::Prune, propagation));
    }
    return step;
}

/// The two kinds of hooks that a deletion has.
struct HookKind
{
    std::string_view name;
    bool (*isOne)(const object::Object &);
    std::string_view finalizer;
    std::string_view cleanupFinalizer;
    std::string_view errorPrefix;
    std::string_view cleanupErrorPrefix;
};
const HookKind kPreDelete{"PreDelete",
                          crd::isPreDeleteHook,
                          crd::kPreDeleteFinalizer,
                          crd::kPreDeleteCleanupFinalizer,
                          "error executing pre-delete hooks: ",
                          "error cleaning up pre-delete hooks: "};
const HookKind kPostDelete{
    "PostDelete", crd::isPostDeleteHook, crd::kPostDeleteFinalizer, crd::kPostDeleteCleanupFinalizer, "", ""};

/// Does anything stand where a hook with \p key is to be made. A target names a namespace even where its kind has none.
bool isTaken(const DeletionInput &input, const object::ObjectKey &key)
{
    object::ObjectKey clusterKey = key;
    clusterKey.ns.clear();
    return input.taken.contains(key) || input.taken.contains(clusterKey)
           || std::ranges::any_of(
               input.live, [&](const object::Object &live) { return live.key() == key || live.key() == clusterKey; });
}

std::vector<Write> missingHooks(const DeletionInput &input, const HookKind &kind)
{
    std::map<object::ObjectKey, Write> missing;
    for (const object::Object &target : input.targets) {
        if (!kind.isOne(target))
            continue;
        const object::Object placed =
            target.ns().empty() ? target.withNamespace(input.app.spec.destination.ns) : target;
        if (isTaken(input, placed.key()))
            continue;
        Write write;
        write.act = Act::Apply;
        write.mode = ApplyMode::Create;
        write.gvk = placed.gvk();
        write.ns = placed.ns();
        write.name = placed.name();
        write.target = placed;
        missing.insert_or_assign(placed.key(), std::move(write));
    }
    std::vector<Write> writes;
    for (auto &[key, write] : missing)
        writes.push_back(std::move(write));
    return writes;
}

DeletionStep runHooks(const DeletionInput &input, const HookKind &kind)
{
    DeletionStep step = waiting(std::string(kind.name) + " hooks");
    step.failurePrefix = kind.errorPrefix;
    if (!input.targetsError.empty()) {
        step.error = step.failurePrefix + input.targetsError;
        return step;
    }
    step.writes = missingHooks(input, kind);
    if (!step.writes.empty())
        return step;
    bool isProgressing = false;
    std::vector<std::string> failed;
    for (const object::Object &live : input.live) {
        if (!kind.isOne(live))
            continue;
        const Expected<std::optional<crd::HealthStatus>> health = input.health(live);
        if (!health) {
            step.error = std::string(kind.errorPrefix) + health.error().text();
            return step;
        }
        const crd::HealthCode code = *health ? (*health)->status : crd::HealthCode::Healthy;
        isProgressing = isProgressing || code == crd::HealthCode::Progressing;
        if (code == crd::HealthCode::Degraded) {
            failed.push_back(std::string(live.ns()) + '/' + std::string(live.name()));
            step.writes.push_back(deletionOf(live, Act::DeleteHook, Propagation::Foreground));
        }
    }
    if (!failed.empty()) {
        step.error = std::string(kind.errorPrefix) + std::string(kind.name) + " hook(s) failed: " + join(failed, ", ");
        return step;
    }
    if (isProgressing)
        return step;
    return withoutFinalizers(input.app, [&](const std::string &finalizer) { return finalizer == kind.finalizer; });
}

DeletionStep cleanUpHooks(const DeletionInput &input, const HookKind &kind)
{
    DeletionStep step = waiting("deletion of " + std::string(kind.name) + " hooks");
    step.failurePrefix = kind.cleanupErrorPrefix;
    crd::HealthCode worst = crd::HealthCode::Healthy;
    std::vector<const object::Object *> hooks;
    for (const object::Object &live : input.live) {
        if (!kind.isOne(live))
            continue;
        const Expected<std::optional<crd::HealthStatus>> health = input.health(live);
        if (!health) {
            step.error = step.failurePrefix + health.error().text();
            return step;
        }
        if (*health)
            worst = std::max(worst, (*health)->status);
        hooks.push_back(&live);
    }
    bool isLeft = false;
    for (const object::Object *hook : hooks) {
        const bool isUnwanted =
            (worst == crd::HealthCode::Degraded && hasDeletePolicy(*hook, DeletePolicy::HookFailed))
            || (worst == crd::HealthCode::Healthy && hasDeletePolicy(*hook, DeletePolicy::HookSucceeded));
        if (!isUnwanted)
            continue;
        isLeft = true;
        if (!hook->isBeingDeleted())
            step.writes.push_back(deletionOf(*hook, Act::DeleteHook, Propagation::Foreground));
    }
    if (isLeft)
        return step;
    return withoutFinalizers(input.app,
                             [&](const std::string &finalizer) { return finalizer == kind.cleanupFinalizer; });
}

} // namespace

std::optional<Value> deletionPatch(const crd::Application &app, Cascade cascade)
{
    const std::vector<std::string> before = app.object.finalizers();
    std::vector<std::string> after = before;
    const std::string_view wanted =
        cascade == Cascade::Background ? crd::kBackgroundFinalizer : crd::kResourcesFinalizer;
    const auto first = std::ranges::find_if(before, isCascadeFinalizer);
    const bool isSame =
        first != before.end()
        && (*first == wanted || (cascade == Cascade::Foreground && *first == crd::kForegroundFinalizer));
    if (cascade != Cascade::None && isSame)
        return std::nullopt;
    std::erase_if(after, [](const std::string &finalizer) { return isCascadeFinalizer(finalizer); });
    if (cascade != Cascade::None)
        after.emplace_back(wanted);
    if (after == before)
        return std::nullopt;
    return finalizersPatch(after);
}

std::optional<object::ObjectKey> unconfirmedDeletion(const crd::Application &app)
{
    if (!app.object.isBeingDeleted() || !std::ranges::any_of(app.object.finalizers(), isCascadeFinalizer)
        || isDeletionApproved(app))
        return std::nullopt;
    const auto asking = std::ranges::find_if(app.status.resources, &crd::ResourceStatus::requiresDeletionConfirmation);
    return asking == app.status.resources.end() ? std::nullopt : std::optional(asking->key());
}

std::string awaitedConfirmation(const crd::Application &app)
{
    if (const std::optional<object::ObjectKey> key = unconfirmedDeletion(app))
        return "the deletion waits for a confirmation that " + key->text() + " may be deleted";
    const auto &state = app.status.operationState;
    if (!app.operation || !state || state->phase != crd::OperationPhase::Running
        || !state->message.starts_with(kWaitsForPruning))
        return {};
    if (isApprovedSince(app, state->startedAt))
        return {};
    return "the sync waits for a confirmation that " + state->message.substr(kWaitsForPruning.size())
           + " may be pruned";
}

bool hasDeletionWork(const crd::Application &app)
{
    return app.object.isBeingDeleted()
           && std::ranges::any_of(app.object.finalizers(), [](const std::string &finalizer) {
                  return isCascadeFinalizer(finalizer) || isHookFinalizer(finalizer);
              });
}

DeletionStep deletionStep(const DeletionInput &input)
{
    const crd::Application &app = input.app;
    if (app.operation)
        return waiting("the operation in progress");
    if (!hasDeletionWork(app)) {
        DeletionStep step;
        step.isComplete = true;
        return step;
    }
    if (!input.isDestinationKnown)
        return withoutFinalizers(app, [](const std::string &finalizer) {
            return isCascadeFinalizer(finalizer) || isHookFinalizer(finalizer);
        });
    if (app.object.hasFinalizer(kPreDelete.finalizer))
        return runHooks(input, kPreDelete);
    if (std::ranges::any_of(app.object.finalizers(), [](const std::string &f) { return isCascadeFinalizer(f); }))
        return cascade(input);
    if (app.object.hasFinalizer(kPostDelete.finalizer))
        return runHooks(input, kPostDelete);
    if (app.object.hasFinalizer(kPreDelete.cleanupFinalizer))
        return cleanUpHooks(input, kPreDelete);
    return cleanUpHooks(input, kPostDelete);
}

std::optional<Value> hookFinalizerPatch(const crd::Application &app, const std::vector<object::Object> &targets)
{
    if (app.object.isBeingDeleted())
        return std::nullopt;
    const std::vector<std::string> before = app.object.finalizers();
    std::vector<std::string> after = before;
    for (const HookKind &kind : {kPreDelete, kPostDelete}) {
        const bool isNeeded = std::ranges::any_of(targets, kind.isOne);
        for (const std::string_view finalizer : {kind.finalizer, kind.cleanupFinalizer}) {
            const auto found = std::ranges::find(after, finalizer);
            if (isNeeded && found == after.end())
                after.emplace_back(finalizer);
            else if (!isNeeded && found != after.end())
                after.erase(found);
        }
    }
    return after == before ? std::nullopt : std::optional(finalizersPatch(after));
}

} // namespace tiphys::sync
