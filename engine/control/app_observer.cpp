// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_observer.h"

#include "async/run_on.h"
#include "compare/tracking_targets.h"
#include "compare/version_conversion.h"
#include "control/destination_contexts.h"
#include "control/permission.h"
#include "control/source_rendering.h"
#include "crd/names.h"
#include "policy/source_integrity.h"
#include "render/source_type.h"
#include "tree/live_graph.h"

#include <algorithm>
#include <set>

namespace tiphys::control {

using object::Object;

namespace {

struct Targets
{
    std::shared_ptr<const Rendering> rendering;
    std::vector<TargetNeed> needs;
};

/// Why manifests that an operation brings cannot stand for the sources of \p input: nobody signed them.
std::string manifestsProblemOf(const EvaluationInput &input)
{
    for (const crd::ApplicationSource &source : input.comparedTo) {
        const auto demand = policy::signaturePolicyOf(input.project.spec, source.repoUrl);
        if (!render::isFetchedSource(source.value) && (!demand || *demand))
            return "Cannot use local manifests when source integrity is enforced";
    }
    return {};
}

Targets targetsOf(const EvaluationInput &input, RenderCache &cache)
{
    auto rendering = std::make_shared<const Rendering>(renderingOf(input, &cache));
    std::vector<TargetNeed> needs = targetNeedsOf(input, *rendering);
    return {std::move(rendering), std::move(needs)};
}

/// The type in which the live object of a target is read: the target's version, as far as it is served.
Expected<ports::ResourceType> comparedType(const ports::Discovery &discovery, const object::Gvk &gvk)
{
    if (const ports::ApiResource *resource = discovery.find(gvk))
        return resource->type;
    return discovery.typeOf(gvk.groupKind());
}

/// The live object of a target in the target's \p version; one that neither the controller's tables nor the server know in
/// that version stays as it is where it \p isManaged, and is not seen where it is not.
/// Source: argo-cd gitops-engine/pkg/cache/cluster.go (GetManagedLiveObjs)@v3.5.1
std::optional<Object> comparedObject(const Object &live, std::string_view version, bool isManaged)
{
    if (live.gvk().version == version)
        return live;
    std::optional<Object> converted = compare::inVersion(live, version);
    return converted || !isManaged ? std::move(converted) : std::optional(live);
}

} // namespace

std::vector<std::string> namespacesOf(const crd::Application &app)
{
    std::set<std::string> names{app.spec.destination.ns};
    for (const crd::ResourceStatus &resource : app.status.resources)
        names.insert(resource.ns);
    names.erase("");
    return {names.begin(), names.end()};
}

std::vector<std::string> localManifestsOf(const crd::Application &app)
{
    const auto &state = app.status.operationState;
    return state && state->operation.sync ? state->operation.sync->manifests : std::vector<std::string>();
}

std::vector<std::string> revisionsOf(const ObserveRequest &request, const std::vector<crd::ApplicationSource> &sources)
{
    const bool isForThem = request.revisions.size() == sources.size();
    std::vector<std::string> revisions;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const bool isNamed = isForThem && (!request.revisions[i].empty() || !request.manifests.empty());
        revisions.push_back(isNamed ? request.revisions[i] : sources[i].targetRevision);
    }
    return revisions;
}

bool hasSeveralSources(const crd::Application &app, const ObserveRequest &request)
{
    return request.sources.empty() ? app.spec.hasMultipleSources()
                                   : request.hasMultipleSources.value_or(request.sources.size() > 1);
}

AppObserver::AppObserver(ContextSession &home, ContextSession *destination, ObserverParts parts,
                         LiveChangeHandler onLiveChange)
    : m_home(home), m_destination(destination), m_parts(std::move(parts)),
      m_sources(home, m_parts.repositories, m_parts.artifacts), m_onLiveChange(std::move(onLiveChange))
{
}

AppObserver::~AppObserver() = default;

std::vector<crd::Condition> AppObserver::specConditions(const crd::Application &app,
                                                        const policy::EffectiveProject &project) const
{
    const crd::Destination &destination = app.spec.destination;
    const std::string fault = destinationFault(app);
    const bool isKnown = m_destination && fault.empty();
    std::vector<crd::Condition> conditions =
        policy::specConditions(app, project, isKnown ? std::optional(cluster(app)) : std::nullopt);
    if (isKnown || policy::destinationProblem(destination))
        return conditions;
    conditions.push_back({std::string(crd::kInvalidSpecError),
                          fault.empty() ? noAccess(cluster(app).server, m_destinationProblem) : fault,
                          {}});
    return conditions;
}

std::string AppObserver::destinationFault(const crd::Application &app) const
{
    return policy::destinationFault(m_home.registry(), app.spec.destination);
}

std::string AppObserver::unreached(const crd::Application &app) const
{
    if (const std::string fault = destinationFault(app); !fault.empty())
        return fault;
    if (!m_destination)
        return noAccess(cluster(app).server, m_destinationProblem);
    if (m_destination->cluster())
        return {};
    const std::string obstacle = obstacleOf(m_destination->state());
    return obstacle.empty() ? m_destination->state().context + " is not connected" : obstacle;
}

policy::Cluster AppObserver::cluster(const crd::Application &app) const
{
    return m_home.destinationCluster(app.spec.destination, m_destination);
}

Async<LiveViewPtr> AppObserver::begin(crd::Application app, CancelToken cancel)
{
    if (!m_destination || !m_destination->cluster())
        co_return failure(ErrorCode::Unavailable, unreached(app));
    const LiveViewPtr view = m_view ? m_view : m_home.liveView(*m_destination, cluster(app).server);
    const Expected<void> begun = co_await view->begin(namespacesOf(app), cancel);
    if (!begun)
        co_return std::unexpected(begun.error());
    // One whose types are not known yet is nobody's.
    if (!m_view)
        m_view = view;
    co_return view;
}

Seen AppObserver::seenOf(const crd::Application &app, const LiveView *view) const
{
    Seen seen{.evaluation = {}, .missing = {}, .project = {}};
    seen.evaluation.instance = app.instanceName(m_home.controlPlaneNamespace());
    seen.evaluation.tracking = compare::trackingSettingsOf(m_home.settings());
    seen.evaluation.cluster = cluster(app);
    if (auto scripts = std::make_shared<const action::ConfiguredHealth>(m_home.settings(), m_parts.lua);
        scripts->hasScripts())
        seen.evaluation.scripts = std::move(scripts);
    if (const Expected<policy::EffectiveProject> project = m_home.projectOf(app)) {
        seen.project = *project;
        seen.project->spec.orphanedResources.reset(); // they are looked for when all objects are known
    }
    if (!view)
        return seen;
    LiveQuery query{.instance = seen.evaluation.instance, .keys = {}, .orphanNamespace = {}};
    for (const crd::ResourceStatus &resource : app.status.resources) {
        query.keys.push_back(resource.key());
        if (view->isKnown(resource.key().groupKind(), resource.ns))
            seen.missing.insert(resource.key());
    }
    seen.evaluation.live = view->concerning(query);
    for (const Object &object : seen.evaluation.live)
        seen.missing.erase(object.key());
    return seen;
}

Async<void> AppObserver::coverNamespaces(crd::Application app, std::vector<object::ObjectKey> targets,
                                         std::optional<std::chrono::milliseconds> patience, CancelToken cancel)
{
    std::vector<std::string> namespaces = namespacesOf(app);
    for (const object::ObjectKey &target : targets) {
        if (!std::ranges::contains(namespaces, target.ns))
            namespaces.push_back(target.ns);
    }
    if (!m_view)
        m_view = m_home.liveView(*m_destination, cluster(app).server);
    // Another look may give the view up meanwhile.
    const LiveViewPtr view = m_view;
    const Expected<void> covered = co_await view->cover(namespaces, cancel, patience);
    if (!covered && m_view == view)
        forgetView();
    co_return covered;
}

void AppObserver::forgetView()
{
    m_view.reset();
    m_listener.reset(); // it listens to that view
}

void AppObserver::listen(const LiveQuery &query)
{
    if (m_listener && m_listener->instance == query.instance) {
        m_listener->orphanNamespace = query.orphanNamespace;
        return;
    }
    m_listener = std::make_shared<LiveListener>(
        LiveListener{query.instance, query.orphanNamespace, m_onLiveChange, m_onContactChange});
    if (m_onLiveChange)
        m_view->listen(m_listener);
}

Async<Object> AppObserver::wholeObject(ports::ObjectRef ref, std::string resourceVersion, CancelToken cancel)
{
    const auto known = m_wholeObjects.find(ref);
    if (known != m_wholeObjects.end() && !resourceVersion.empty() && known->second.resourceVersion() == resourceVersion)
        co_return known->second;
    const ports::ClusterPtr cluster = m_destination->cluster();
    if (!cluster)
        co_return std::unexpected(async::cancelledError());
    const Expected<Object> object = co_await cluster->get(ref, {}, cancel);
    if (object)
        m_wholeObjects.insert_or_assign(ref, *object);
    else
        m_wholeObjects.erase(ref);
    co_return object;
}

Async<AppObserver::Live> AppObserver::liveObjects(crd::Application app, LiveQuery query,
                                                  std::map<object::ObjectKey, TargetNeed> needs,
                                                  std::optional<std::chrono::milliseconds> patience, CancelToken cancel)
{
    Live live;
    if (!m_destination || !m_destination->cluster()) {
        live.error = unreached(app);
        co_return live;
    }
    const Expected<void> covered = co_await coverNamespaces(app, query.keys, patience, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!covered) {
        live.error = covered.error().text();
        co_return live;
    }
    const LiveViewPtr view = m_view;
    if (!view) {
        live.error = unreached(app);
        co_return live;
    }
    listen(query);
    live.unlisted = view->arrival().waitsFor;

    // Cluster-scoped types are watched as metadata: what belongs to this application is read in full. So is what
    // stands at a target's key but cannot be watched, or is compared by what caches leave out: the managers of fields,
    // or another version of the kind. A version that is not served is made here, as far as it is known.
    const compare::TrackingSettings tracking = compare::trackingSettingsOf(m_home.settings());
    const ports::DiscoveryPtr discovery = view->discovery();
    if (!app.spec.destination.ns.empty())
        query.keys.push_back({"", "Namespace", "", app.spec.destination.ns});
    std::set<object::ObjectKey> seen;
    for (const Object &object : view->concerning(query)) {
        const object::ObjectKey key = object.key();
        seen.insert(key);
        const auto need = needs.find(key);
        const bool isTarget = need != needs.end();
        const bool isTracked = compare::trackedInstance(object, tracking) == query.instance;
        const bool isOurs = isTarget || isTracked;
        const auto take = [&](const Object &found) {
            const bool isManaged = isTracked && tree::ownersOf(found).empty();
            if (const auto compared =
                    isTarget ? comparedObject(found, need->second.gvk.version, isManaged) : std::optional(found))
                live.objects.push_back(*compared);
        };
        const Expected<ports::ResourceType> type =
            isTarget ? comparedType(*discovery, need->second.gvk) : discovery->typeOf(key.groupKind());
        const bool isLeftOut =
            isTarget && (need->second.readsManagers || (type && type->version != object.gvk().version));
        if ((!key.ns.empty() && !isLeftOut) || !isOurs) {
            take(object);
            continue;
        }
        if (!type)
            continue;
        const Expected<Object> whole =
            co_await wholeObject({*type, key.ns, key.name}, std::string(object.resourceVersion()), cancel);
        if (whole) {
            take(*whole);
            continue;
        }
        if (cancel.isCancelled())
            co_return std::unexpected(whole.error());
        if (whole.error().code() != ErrorCode::NotFound) {
            live.unread.emplace(key, whole.error());
            if (!isTarget)
                take(object);
        }
    }
    std::vector<TargetNeed> missing;
    for (const auto &[key, need] : needs) {
        if (!seen.contains(key) && !key.name.empty() && !view->isKnown(key.groupKind(), key.ns))
            missing.push_back(need);
    }
    const Expected<Live> read = co_await readMissing(discovery, missing, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    live.objects.insert(live.objects.end(), read->objects.begin(), read->objects.end());
    live.unread.insert(read->unread.begin(), read->unread.end());
    // Where nothing is seen at all it is not a single object that keeps itself hidden.
    if (live.objects.empty() && !live.unread.empty())
        live.error = live.unread.begin()->second.text();
    co_return live;
}

std::optional<std::vector<Object>> AppObserver::liveNow(const Evaluation &compared,
                                                        const std::string &orphanNamespace) const
{
    if (!m_view)
        return std::nullopt;
    LiveQuery query{.instance = compared.instance, .keys = {}, .orphanNamespace = orphanNamespace};
    for (const compare::ComparedResource &resource : compared.comparison.resources)
        query.keys.push_back(resource.status.key());
    std::vector<Object> live = m_view->concerning(query);
    std::set<object::ObjectKey> seen;
    for (const Object &object : live)
        seen.insert(object.key());
    // What was read on its own is as it was then.
    for (const Object &object : compared.live) {
        const object::ObjectKey key = object.key();
        if (!seen.contains(key) && !m_view->isKnown(key.groupKind(), key.ns))
            live.push_back(object);
    }
    return live;
}

Async<AppObserver::Live> AppObserver::readMissing(ports::DiscoveryPtr discovery, std::vector<TargetNeed> missing,
                                                  CancelToken cancel)
{
    Live live;
    for (const TargetNeed &need : missing) {
        const object::ObjectKey &key = need.key;
        const Expected<ports::ResourceType> type = discovery->typeOf(need.gvk);
        // What is not served cannot be there; what could not be asked may be.
        if (!type && type.error().code() != ErrorCode::NotFound)
            live.unread.emplace(key, type.error());
        if (!type)
            continue;
        const Expected<Object> object = co_await wholeObject({*type, key.ns, key.name}, "", cancel);
        if (object)
            live.objects.push_back(*object);
        else if (cancel.isCancelled())
            co_return std::unexpected(object.error());
        else if (object.error().code() != ErrorCode::NotFound)
            live.unread.emplace(key, object.error());
    }
    co_return live;
}

Async<void> AppObserver::askServer(std::shared_ptr<EvaluationInput> input, std::shared_ptr<const Rendering> rendering,
                                   std::vector<TargetNeed> needs, bool mayGoWithoutDryRuns, CancelToken cancel)
{
    if (!input->discovery || input->liveError)
        co_return {};
    const bool asksDryRuns = compare::usesServerSideDiff(input->app, m_home.controllerParameters().comparesOnServer);
    std::set<object::Gvk> kinds;
    for (const TargetNeed &need : needs) {
        if (asksDryRuns || need.readsSchema)
            kinds.insert(need.gvk);
    }
    const ports::ClusterPtr cluster = m_destination->cluster();
    const Expected<CustomSchemas> schemas =
        co_await m_parts.schemas->schemasOf(cluster, input->discovery, std::move(kinds), m_parts.pool, cancel);
    if (!schemas)
        co_return std::unexpected(schemas.error());
    input->schemas = *schemas;
    if (!asksDryRuns)
        co_return {};
    const auto wanted = co_await async::runOn(m_parts.pool, [input, rendering] {
        return std::make_shared<const Expected<std::vector<DryRun>>>(dryRunsOf(*input, *rendering));
    });
    if (!wanted)
        co_return std::unexpected(wanted.error());
    if (!**wanted) {
        input->dryRuns = std::make_shared<const Expected<compare::DryRuns>>(std::unexpected((*wanted)->error()));
        co_return {};
    }
    const Expected<DryRunAnswers> answers = co_await m_dryRuns.run(cluster, input->discovery, ***wanted, cancel);
    if (!answers)
        co_return std::unexpected(answers.error());
    if (mayGoWithoutDryRuns && !**answers && (*answers)->error().code() == ErrorCode::Denied)
        input->warnings.push_back("compared without server-side dry runs: " + (*answers)->error().message());
    else
        input->dryRuns = *answers;
    co_return {};
}

Async<EvaluationPtr> AppObserver::observe(crd::Application app, ObserveRequest request, CancelToken cancel)
{
    const auto input = std::make_shared<EvaluationInput>();
    input->app = app;
    input->controlPlaneNamespace = m_home.controlPlaneNamespace();
    input->comparedTo = request.sources.empty() ? app.spec.effectiveSources() : request.sources;
    input->hasMultipleSources = hasSeveralSources(app, request);
    input->requestedRevisions = revisionsOf(request, input->comparedTo);
    input->rendersAnew = request.rendersAnew;
    input->appliesServerSide = request.appliesServerSide;
    input->settings = m_home.settings();
    input->cluster = cluster(app);
    input->jq = m_parts.jq;
    input->lua = m_parts.lua;
    input->manifests = request.manifests;
    LiveQuery query;
    query.instance = app.instanceName(input->controlPlaneNamespace);
    if (const Expected<policy::EffectiveProject> project = m_home.projectOf(app)) {
        input->project = *project;
        if (project->spec.orphanedResources) {
            query.orphanNamespace = app.spec.destination.ns;
            input->instances = m_home.instances();
        }
    }
    if (request.manifests.empty()) {
        const Expected<std::vector<SourceFiles>> files = co_await m_sources.files(app, request, cancel);
        if (!files)
            co_return std::unexpected(files.error());
        input->sources = *files;
    } else {
        input->manifestsProblem = manifestsProblemOf(*input);
    }
    input->problems = integrityProblems(input->sources);
    if (m_destination && m_destination->cluster()) {
        const Expected<ports::DiscoveryPtr> discovery = co_await m_destination->cluster()->discovery(cancel);
        if (discovery)
            input->discovery = *discovery;
    }
    input->rendering.kubeVersion = m_destination ? m_destination->state().serverVersion : std::string();
    input->rendering.kustomizeBuildOptions = m_home.kustomizeBuildOptions();
    input->rendering.world = m_parts.world;
    input->rendering.jsonnet = m_parts.jsonnet;
    input->rendering.plugins = m_parts.plugins;
    input->rendering.tools = m_parts.tools;
    remote::FetchedContentPtr fetched;
    // Targets first: which objects are read depends on them. What they miss is fetched, and they are made again.
    Expected<Targets> targets = failure(ErrorCode::Internal, "");
    for (int round = 0; round < kMostRounds; ++round) {
        targets =
            co_await async::runOn(m_parts.pool, [input, cache = m_parts.renders] { return targetsOf(*input, *cache); });
        if (!targets)
            co_return std::unexpected(targets.error());
        if (!m_parts.artifacts || targets->rendering->needs.empty())
            break;
        const Expected<remote::FetchedContentPtr> more =
            co_await m_sources.fetched(app, fetched, targets->rendering->needs, cancel);
        if (!more)
            co_return std::unexpected(more.error());
        fetched = *more;
        input->rendering.remote = fetched;
        takeRevisions(input->sources, *fetched);
    }
    std::map<object::ObjectKey, TargetNeed> needs;
    for (const TargetNeed &need : targets->needs) {
        query.keys.push_back(need.key);
        needs.emplace(need.key, need);
    }
    const Expected<Live> live = co_await liveObjects(app, query, std::move(needs), request.patience, cancel);
    if (!live)
        co_return std::unexpected(live.error());
    input->live = live->objects;
    input->liveError = live->error;
    if (request.mayLackObjects)
        input->unread = live->unread;
    else if (!live->error && !live->unread.empty())
        input->liveError = live->unread.begin()->second.text();
    input->unlisted = live->unlisted;
    if (m_view)
        input->discovery = m_view->discovery();
    const Expected<void> asked =
        co_await askServer(input, targets->rendering, targets->needs, request.mayGoWithoutDryRuns, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    const Expected<EvaluationPtr> evaluation =
        co_await async::runOn(m_parts.pool, [input, rendering = targets->rendering] {
            return std::make_shared<const Evaluation>(evaluated(*input, *rendering));
        });
    co_return evaluation;
}

} // namespace tiphys::control
