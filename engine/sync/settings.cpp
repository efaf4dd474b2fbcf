// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/settings.h"

#include "crd/names.h"
#include "crd/options.h"

#include <algorithm>

namespace tiphys::sync {

namespace {

std::optional<std::string> pruneValue(const object::Object &live, const SyncSettings &settings)
{
    if (auto own = crd::optionValue(crd::annotationItems(live, crd::kSyncOptionsAnnotation), "Prune"))
        return own;
    return settings.prune;
}

} // namespace

std::string_view text(Propagation propagation)
{
    switch (propagation) {
    case Propagation::Background: return "Background";
    case Propagation::Foreground: return "Foreground";
    case Propagation::Orphan: return "Orphan";
    }
    return {};
}

SyncSettings settingsOf(const crd::SyncOperation &operation)
{
    const auto has = [&](std::string_view option) { return std::ranges::contains(operation.syncOptions, option); };
    SyncSettings settings;
    settings.isDryRun = operation.dryRun;
    settings.prunes = operation.prune;
    const bool appliesOnly = operation.strategy && operation.strategy->kind == crd::SyncStrategy::Kind::Apply;
    settings.forces = operation.strategy && operation.strategy->force;
    settings.skipsHooks = appliesOnly || !operation.resources.empty();
    settings.validates = !has("Validate=false");
    settings.appliesOutOfSyncOnly = has("ApplyOutOfSyncOnly=true");
    settings.prunesLast = has("PruneLast=true");
    settings.replaces = has("Replace=true");
    settings.appliesServerSide = has("ServerSideApply=true");
    settings.migratesClientSideApply = !has("ClientSideApplyMigration=false");
    settings.createsNamespace = has("CreateNamespace=true");
    settings.failsOnSharedResource = has("FailOnSharedResource=true");
    settings.respectsIgnoreDifferences = has("RespectIgnoreDifferences=true");
    settings.skipsDryRunOnMissingResource = has("SkipDryRunOnMissingResource=true");
    if (has("PrunePropagationPolicy=background"))
        settings.propagation = Propagation::Background;
    else if (!has("PrunePropagationPolicy=foreground") && has("PrunePropagationPolicy=orphan"))
        settings.propagation = Propagation::Orphan;
    settings.prune = crd::optionValue(operation.syncOptions, "Prune");
    return settings;
}

bool hasSyncOption(const object::Object &object, std::string_view option)
{
    return crd::hasAnnotationOption(object, crd::kSyncOptionsAnnotation, option);
}

bool isPruningDisabled(const object::Object &live, const SyncSettings &settings)
{
    return pruneValue(live, settings) == "false";
}

bool needsPruneConfirmation(const object::Object &live, const SyncSettings &settings)
{
    return pruneValue(live, settings) == "confirm";
}

bool isCrd(const object::Object &object)
{
    return object.kind() == "CustomResourceDefinition" && object.group() == "apiextensions.k8s.io";
}

} // namespace tiphys::sync
