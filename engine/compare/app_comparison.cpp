// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/app_comparison.h"

#include "crd/hook.h"
#include "crd/names.h"
#include "crd/options.h"

#include <algorithm>

namespace tiphys::compare {

namespace {

using crd::SyncCode;
using object::Object;
using object::Value;

constexpr std::string_view kHealthFromTree = "appTree";

bool isAnyHook(const Object &object)
{
    return crd::isHook(object) || crd::isPreDeleteHook(object) || crd::isPostDeleteHook(object);
}

bool runsInASync(const Object &object)
{
    const std::vector<crd::HookType> types = crd::hookTypesOf(object);
    return std::ranges::any_of(types, [](crd::HookType type) { return type != crd::HookType::Skip; });
}

/// The namespace of the Application, when its metadata is managed.
bool isManagedNamespace(const Object &object, const crd::Application &app)
{
    return !object.isNull() && object.kind() == "Namespace" && object.name() == app.spec.destination.ns
           && app.spec.syncPolicy && app.spec.syncPolicy->managedNamespaceMetadata;
}

Value textMapValue(const crd::TextMap &map)
{
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[key, text] : map)
        members.emplace_back(key, Value(text));
    return Value::map(members);
}

/// The target that stands in for a managed namespace that is not rendered.
Object managedNamespace(const crd::Application &app)
{
    const crd::ManagedNamespaceMetadata &managed = *app.spec.syncPolicy->managedNamespaceMetadata;
    Value metadata = Value::map({{"name", app.spec.destination.ns}});
    if (!managed.labels.empty())
        metadata = metadata.with("labels", textMapValue(managed.labels));
    crd::TextMap annotations = managed.annotations;
    annotations[std::string(crd::kSyncOptionsAnnotation)] = "ServerSideApply=true";
    metadata = metadata.with("annotations", textMapValue(annotations));
    // The empty parts are applied too, and owned then.
    return Object(Value::map({{"apiVersion", "v1"},
                              {"kind", "Namespace"},
                              {"metadata", metadata},
                              {"spec", Value::map({})},
                              {"status", Value::map({})}}));
}

bool asksForConfirmation(const Object &object, const crd::Application &app, std::string_view key)
{
    std::optional<std::string> option =
        crd::optionValue(crd::annotationItems(object, crd::kSyncOptionsAnnotation), key);
    if (!option && app.spec.syncPolicy)
        option = crd::optionValue(app.spec.syncPolicy->syncOptions, key);
    return option == "confirm";
}

bool requiresConfirmation(const Object &object, const crd::Application &app)
{
    return !object.isNull()
           && (asksForConfirmation(object, app, "Delete") || asksForConfirmation(object, app, "Prune"));
}

/// One run of a comparison: its steps fill the result.
class Comparison
{
public:
    explicit Comparison(const ComparisonInput &input) : m_input(input) {}

    AppComparison run()
    {
        beginSync();
        loadTargets();
        loadLive();
        pairAndDiff();
        judge();
        assessHealth();
        finish();
        return std::move(m_result);
    }

private:
    void beginSync();
    void loadTargets();
    void loadLive();
    void addManagedNamespace(const Object &live);
    void pairAndDiff();
    void judge();
    void judgePair(const Pair &pair, ComparedResource &resource);
    std::int64_t waveOf(const Pair &pair, bool isHook) const;
    SyncCode codeOf(const Pair &pair, const ComparedResource &resource);
    void assessHealth();
    void finish();

    void addCondition(std::string_view type, std::string message)
    {
        m_result.conditions.push_back({std::string(type), std::move(message), {}});
    }
    void failLoading(std::string message)
    {
        addCondition(crd::kComparisonError, std::move(message));
        m_result.couldNotLoad = true;
    }

    const ComparisonInput &m_input;
    AppComparison m_result;
    LiveObjects m_live;
    bool m_rendersNamespace = false;
    ManagedPairs m_pairs;
    std::vector<DiffResult> m_diffs;
    bool m_isOutOfSync = false;
};

void Comparison::beginSync()
{
    crd::SyncStatus &sync = m_result.sync;
    sync.status = SyncCode::Unknown;
    sync.comparedTo.destination = m_input.app.spec.destination;
    sync.comparedTo.ignoreDifferences = m_input.app.spec.ignoreDifferences;
    if (m_input.hasMultipleSources) {
        sync.comparedTo.sources = m_input.sources;
        sync.revisions = m_input.rendered.error ? std::vector<std::string>{} : m_input.rendered.revisions;
        return;
    }
    if (!m_input.sources.empty())
        sync.comparedTo.source = m_input.sources.front();
    if (!m_input.rendered.error && !m_input.rendered.revisions.empty())
        sync.revision = m_input.rendered.revisions.front();
    else if (!m_input.revisions.empty())
        sync.revision = m_input.revisions.front();
}

void Comparison::loadTargets()
{
    if (m_input.rendered.error) {
        failLoading(m_input.rendered.errorPrefix + *m_input.rendered.error);
        return;
    }
    Expected<NormalizedTargets> targets = normalizedTargets(
        m_input.rendered.objects, m_input.instance, m_input.app.spec.destination.ns, m_input.tracking, m_input.scopeOf);
    if (!targets) {
        addCondition(crd::kComparisonError, "Failed to normalize target state: " + targets.error().text());
        return;
    }
    std::ranges::move(targets->conditions, std::back_inserter(m_result.conditions));
    for (const Object &target : targets->objects) {
        if (isExcluded(m_input.settings, target.groupKind(), m_input.server)) {
            addCondition(crd::kExcludedResourceWarning,
                         "Resource " + std::string(target.group()) + "/" + std::string(target.kind()) + " "
                             + std::string(target.name()) + " is excluded in the settings");
        } else {
            m_result.targets.push_back(target);
        }
        m_rendersNamespace = m_rendersNamespace || isManagedNamespace(target, m_input.app);
    }
}

void Comparison::loadLive()
{
    if (m_input.live.error) {
        failLoading("Failed to load live state: " + *m_input.live.error);
        return;
    }
    for (const auto &[key, live] : m_input.live.objects) {
        const Expected<bool> isAllowed = m_input.project.allowsLive(live);
        if (!isAllowed) {
            failLoading("Failed to check if live resource \"" + key.path() + "\" is permitted in project \""
                        + m_input.app.spec.project + "\": " + isAllowed.error().text());
            m_live.emplace(key, live);
        } else if (*isAllowed) {
            m_live.emplace(key, live);
        }
    }
    for (const auto &[key, live] : m_live) {
        std::string owner = trackedInstance(live, m_input.tracking);
        if (!owner.empty() && owner != m_input.instance) {
            std::ranges::replace(owner, '_', '/');
            addCondition(crd::kSharedResourceWarning, std::string(live.kind()) + "/" + std::string(live.name())
                                                          + " is part of applications " + m_input.app.qualifiedName()
                                                          + " and " + owner);
        }
        if (isManagedNamespace(live, m_input.app) && !m_rendersNamespace)
            m_result.targets.push_back(managedNamespace(m_input.app));
    }
}

void Comparison::pairAndDiff()
{
    std::vector<Object> targets;
    for (const Object &target : m_result.targets) {
        const bool isPreDelete = crd::isPreDeleteHook(target);
        const bool isPostDelete = crd::isPostDeleteHook(target);
        m_result.hasPreDeleteHooks = m_result.hasPreDeleteHooks || isPreDelete;
        m_result.hasPostDeleteHooks =
            m_result.hasPostDeleteHooks || (isPostDelete && (!isPreDelete || runsInASync(target)));
        if ((!isPreDelete && !isPostDelete) || runsInASync(target))
            targets.push_back(target);
    }
    m_pairs = managedPairs(targets, std::move(m_live), m_input.app.spec.destination.ns, m_input.scopeOf);
    m_result.hooks = m_pairs.hooks;
    Expected<std::vector<DiffResult>> diffs = m_input.diffOf(m_pairs.pairs);
    if (diffs)
        m_diffs = std::move(*diffs);
    else
        failLoading("Failed to compare desired state to live state: " + diffs.error().text());
    m_diffs.resize(m_pairs.pairs.size());
}

std::int64_t Comparison::waveOf(const Pair &pair, bool isHook) const
{
    if (!pair.target.isNull())
        return crd::waveOf(pair.target);
    if (!isHook)
        return 0;
    const auto rendered = std::ranges::find_if(m_pairs.hooks, [&](const Object &hook) {
        return hook.name() == pair.live.name() && hook.kind() == pair.live.kind() && hook.ns() == pair.live.ns();
    });
    return rendered == m_pairs.hooks.end() ? 0 : crd::waveOf(*rendered);
}

SyncCode Comparison::codeOf(const Pair &pair, const ComparedResource &resource)
{
    const Object &object = pair.live.isNull() ? pair.target : pair.live;
    const bool isSkippedTarget = !pair.target.isNull() && crd::isSkipped(pair.target);
    if (resource.status.hook || crd::isIgnoredHook(object) || isSkippedTarget || !resource.isSelfReferenced)
        return SyncCode::None;
    if (!resource.unread.empty())
        return SyncCode::Unknown;
    const bool isExtra = pair.target.isNull();
    const bool isMissing = pair.live.isNull();
    const bool isNamespaceToCome = isMissing && isManagedNamespace(pair.target, m_input.app);
    if (isNamespaceToCome || (!resource.diff.isModified && !isExtra && !isMissing))
        return SyncCode::Synced;
    const bool mayBeExtra =
        isExtra && crd::hasAnnotationOption(object, crd::kCompareOptionsAnnotation, "IgnoreExtraneous");
    m_isOutOfSync = m_isOutOfSync || !mayBeExtra;
    return SyncCode::OutOfSync;
}

void Comparison::judgePair(const Pair &pair, ComparedResource &resource)
{
    const Object &object = pair.live.isNull() ? pair.target : pair.live;
    const object::Gvk gvk = object.gvk();
    crd::ResourceStatus &status = resource.status;
    status.group = gvk.group;
    status.version = gvk.version;
    status.kind = gvk.kind;
    status.ns = object.ns();
    status.name = object.name();
    status.hook = isAnyHook(object);
    status.requiresPruning = pair.target.isNull() && resource.isSelfReferenced;
    status.requiresDeletionConfirmation =
        requiresConfirmation(pair.target, m_input.app) || requiresConfirmation(pair.live, m_input.app);
    status.syncWave = waveOf(pair, status.hook);
    status.status = codeOf(pair, resource);
    const bool isNamespaced = m_input.scopeOf(gvk.groupKind()).value_or(false);
    if (!m_input.project.allowsKind(gvk.groupKind(), status.name, isNamespaced))
        status.status = SyncCode::Unknown;
    if (isNamespaced && status.ns.empty())
        addCondition(crd::kInvalidSpecError, "Namespace for " + status.name + " " + gvk.group + "/" + gvk.version
                                                 + ", Kind=" + gvk.kind + " is missing.");
    if (m_result.couldNotLoad)
        status.status = SyncCode::Unknown;
}

void Comparison::judge()
{
    for (std::size_t i = 0; i < m_pairs.pairs.size(); ++i) {
        const Pair &pair = m_pairs.pairs[i];
        ComparedResource resource;
        resource.target = pair.target;
        resource.live = pair.live;
        resource.diff = m_diffs[i];
        resource.isSelfReferenced = isSelfReferenced(pair.live, pair.target, m_input.tracking);
        if (const auto unread = m_input.unread.find((pair.target.isNull() ? pair.live : pair.target).key());
            unread != m_input.unread.end())
            resource.unread = unread->second;
        judgePair(pair, resource);
        m_result.resources.push_back(std::move(resource));
    }
    if (m_result.couldNotLoad)
        m_result.sync.status = SyncCode::Unknown;
    else if (m_isOutOfSync || hasChangedNamespaceMetadata(m_input.app))
        m_result.sync.status = SyncCode::OutOfSync;
    else
        m_result.sync.status = std::ranges::all_of(m_result.resources, &std::string::empty, &ComparedResource::unread)
                                   ? SyncCode::Synced
                                   : SyncCode::Unknown;
}

void Comparison::assessHealth()
{
    std::vector<health::ManagedPair> pairs;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < m_pairs.pairs.size(); ++i) {
        if (!m_result.resources[i].unread.empty())
            continue;
        pairs.push_back({m_pairs.pairs[i].target, m_pairs.pairs[i].live});
        places.push_back(i);
    }
    const health::ApplicationHealth health = health::applicationHealth(m_input.app, pairs, m_input.scripts);
    m_result.health = health.status;
    m_result.notAssessed = health.notAssessed;
    m_result.resourceHealthSource = m_input.storesResourceHealth ? std::string_view() : kHealthFromTree;
    if (health.problem)
        addCondition(crd::kComparisonError, "error setting app health: " + *health.problem);
    for (ComparedResource &resource : m_result.resources) {
        if (!resource.unread.empty())
            resource.health = health::Health{.status = health::HealthCode::Unknown, .message = resource.unread};
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        ComparedResource &resource = m_result.resources[places[i]];
        resource.health = health.resources[i];
        if (m_input.storesResourceHealth && resource.health && !resource.health->notAssessed)
            resource.status.health = crd::HealthStatus{resource.health->status, resource.health->message, {}};
    }
}

void Comparison::finish()
{
    for (const std::string &problem : m_input.rendered.problems)
        addCondition(crd::kComparisonError, problem);
    if (!m_input.rendered.error) {
        if (m_input.hasMultipleSources)
            m_result.sourceTypes = m_input.rendered.sourceTypes;
        else if (!m_input.rendered.sourceTypes.empty())
            m_result.sourceType = m_input.rendered.sourceTypes.front();
    }
    std::ranges::stable_sort(m_result.resources, {},
                             [](const ComparedResource &resource) { return resource.status.key().path(); });
}

} // namespace

AppComparison compareApplication(const ComparisonInput &input)
{
    return Comparison(input).run();
}

DiffOfPairs diffOfPairs(DiffOptions options, TrackingSettings tracking)
{
    return [options = std::move(options), tracking = std::move(tracking)](const std::vector<Pair> &pairs) {
        std::vector<Pair> migrated;
        migrated.reserve(pairs.size());
        for (const Pair &pair : pairs)
            migrated.push_back({pair.target, withMigratedTracking(pair.live, pair.target, tracking)});
        return diffAll(migrated, options);
    };
}

DiffOfPairs diffOfPairs(DiffOptions options, TrackingSettings tracking, DryRuns dryRuns)
{
    return [options = std::move(options), tracking = std::move(tracking),
            dryRuns = std::move(dryRuns)](const std::vector<Pair> &pairs) -> Expected<std::vector<DiffResult>> {
        std::vector<DiffResult> results;
        results.reserve(pairs.size());
        for (const Pair &pair : pairs) {
            const Object live = withMigratedTracking(pair.live, pair.target, tracking);
            DiffOptions own = options;
            own.mode = DiffMode::ServerSide;
            if (const auto answer = dryRuns.find(live.key()); answer != dryRuns.end())
                own.dryRun = answer->second;
            Expected<DiffResult> result =
                diffOf(pair.target.isNull() ? nullptr : &pair.target, live.isNull() ? nullptr : &live, own);
            if (!result)
                return std::unexpected(result.error().in("failed to calculate diff"));
            results.push_back(std::move(*result));
        }
        return results;
    };
}

bool usesServerSideDiff(const crd::Application &app, bool isUsual)
{
    return (isUsual || crd::hasAnnotationOption(app.object, crd::kCompareOptionsAnnotation, "ServerSideDiff=true"))
           && !crd::hasAnnotationOption(app.object, crd::kCompareOptionsAnnotation, "ServerSideDiff=false");
}

bool hasChangedNamespaceMetadata(const crd::Application &app)
{
    if (!app.spec.syncPolicy || !app.spec.syncPolicy->managedNamespaceMetadata)
        return false;
    const std::optional<crd::OperationState> &state = app.status.operationState;
    return state && state->syncResult
           && state->syncResult->managedNamespaceMetadata != app.spec.syncPolicy->managedNamespaceMetadata;
}

} // namespace tiphys::compare
