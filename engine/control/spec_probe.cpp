// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/spec_probe.h"

#include "async/run_on.h"
#include "base/text.h"
#include "compare/tracking.h"
#include "control/repository_secrets.h"
#include "control/source_rendering.h"
#include "render/source_type.h"

#include <algorithm>

namespace tiphys::control {

/// One look: what was found, and what rendering reads on a pool thread.
struct SpecProbe::Look
{
    crd::Application app;
    SpecFindings findings;
    std::string instance = {};
    std::vector<SourceFiles> sources = {};
    ports::DiscoveryPtr discovery = {};
    compare::TrackingSettings tracking = {};
    RenderSettings settings = {};
    remote::FetchedContentPtr fetched = {};
    std::shared_ptr<RenderCache> cache = {};
    bool isCutOff = false; ///< something that a source names was not reached, and may be by others
};

/// What came of each source; null of one that others only refer to.
struct SpecProbe::Rendered
{
    std::vector<Expected<RenderedPtr>> sources;
    std::vector<bool> areCharts; ///< also of those that could not be rendered
    std::vector<render::RemoteNeed> needs;
};

namespace {

/// The sources that manifests are made of: of a hydrator the dry one, as the branch that is synced may not be there yet.
std::vector<crd::ApplicationSource> renderedSourcesOf(const crd::ApplicationSpec &spec)
{
    if (spec.sourceHydrator)
        return {spec.sourceHydrator->drySource};
    return spec.effectiveSources();
}

bool namesPlugin(const crd::ApplicationSource &source)
{
    return source.value.contains("plugin");
}

bool isOfThisMachine(const Error &error, const crd::ApplicationSource &source)
{
    switch (error.code()) {
    case ErrorCode::Unsupported:
    case ErrorCode::Unauthorized:
    case ErrorCode::Denied: return true;
    case ErrorCode::NotFound: return namesPlugin(source);
    default: return false;
    }
}

/// True if \p source is a chart, as far as its files tell.
bool isChart(const SourceFiles &source)
{
    if (source.source.isHelmChart())
        return true;
    if (!source.files)
        return false;
    const Expected<render::SourceType> type =
        render::sourceTypeOf(source.source.value, *source.files, source.source.path);
    return type && *type == render::SourceType::Helm;
}

/// Where \p need is fetched from.
std::string addressOf(const render::RemoteNeed &need)
{
    if (need.chart)
        return need.chart->repository;
    if (need.artifact)
        return need.artifact->url;
    return need.repository ? need.repository->cloneUrl() : need.url;
}

template <typename T>
std::optional<Error> errorOf(const render::Fetched<T> &fetched)
{
    return fetched && !*fetched ? std::optional(fetched->error()) : std::nullopt;
}

/// Why \p content has not what \p need wants; nothing where it has, or was not asked for it.
std::optional<Error> errorOf(const remote::FetchedContent &content, const render::RemoteNeed &need)
{
    if (need.chart)
        return errorOf(content.chart(*need.chart));
    if (need.artifact)
        return errorOf(content.artifact(*need.artifact));
    return need.repository ? errorOf(content.repository(*need.repository)) : errorOf(content.file(need.url));
}

FoundManifests manifestsOf(const crd::ApplicationSource &source, const Expected<RenderedPtr> &outcome)
{
    FoundManifests found{.path = source.path, .error = {}};
    if (outcome)
        return found;
    found.error = outcome.error();
    found.isOfThisMachine = isOfThisMachine(outcome.error(), source);
    return found;
}

/// What a sync of what was \p rendered would refuse, in its words, each once.
std::vector<std::string> unpermittedAmong(const std::vector<RenderedPtr> &rendered, const crd::Application &app,
                                          const SpecFindings &findings, const ports::Discovery &discovery)
{
    std::vector<std::string> refused;
    for (const RenderedPtr &source : rendered) {
        for (const render::RenderedObject &each : source->objects) {
            const object::Object &object = each.object;
            const ports::ApiResource *resource = discovery.find(object.groupKind());
            if (!resource)
                continue; // it may come by a definition among the manifests
            object::ObjectKey key = object.key();
            const bool isNamespaced = resource->type.isNamespaced;
            key.ns = !isNamespaced ? "" : key.ns.empty() ? app.spec.destination.ns : key.ns;
            const auto violation =
                policy::syncViolation(*findings.project, key, *findings.destination.cluster,
                                      isNamespaced ? policy::Scope::Namespaced : policy::Scope::Cluster);
            if (violation && !std::ranges::contains(refused, *violation))
                refused.push_back(*violation);
        }
    }
    return refused;
}

} // namespace

SpecProbe::SpecProbe(ContextSession &home, ContextSession *destination, ObserverParts parts)
    : m_home(home), m_destination(destination), m_parts(std::move(parts)),
      m_sources(home, m_parts.repositories, m_parts.artifacts)
{
}

bool SpecProbe::isForeign(const crd::Application &app) const
{
    const std::string ns(app.ns());
    return ns != m_home.controlPlaneNamespace() && m_home.isControlPlane(ns);
}

std::string SpecProbe::foreignText(const crd::Application &app) const
{
    return "application " + tiphys::quoted(app.name()) + " belongs to the control plane in namespace "
           + std::string(app.ns()) + ", this program works for that in " + m_home.controlPlaneNamespace() + " only";
}

FoundDestination SpecProbe::destinationOf(const crd::Application &app) const
{
    FoundDestination found;
    const crd::Destination &destination = app.spec.destination;
    if (const auto problem = policy::destinationProblem(destination)) {
        found.problem = *problem;
        return found;
    }
    const policy::Registry &registry = m_home.registry();
    const Expected<std::string> server = policy::destinationServer(registry, destination);
    if (!server) {
        (isForeign(app) ? found.doubt : found.problem) = isForeign(app) ? foreignText(app) : server.error().message();
        return found;
    }
    // Where no controller is at work the local engine reaches what a context of the kubeconfig does.
    const bool isReached = m_destination && m_home.reconciler().reconciler != service::Reconciler::Controller;
    if (!server->empty() && (policy::clusterAt(registry, *server) || isReached)) {
        found.cluster = m_home.destinationCluster(destination, m_destination);
        return found;
    }
    if (isForeign(app))
        found.doubt = foreignText(app);
    else if (!registry.unseen.empty())
        found.doubt = "the clusters that the instance registers are not known: " + registry.unseen;
    else if (server->empty())
        found.problem = policy::destinationFault(registry, destination);
    else
        found.problem = policy::unknownCluster(destination.server);
    return found;
}

Async<SpecFindings> SpecProbe::findings(crd::Application app, SpecDepth depth, CancelToken cancel)
{
    const Expected<policy::EffectiveProject> known = isForeign(app) ? failure(ErrorCode::Unavailable, foreignText(app))
                                                                    : m_home.project(app.spec.effectiveProject());
    const auto look =
        std::make_shared<Look>(Look{.app = app,
                                    .findings = {.project = known ? m_home.projectOf(app) : known,
                                                 .isProjectKnown = known || known.error().code() == ErrorCode::NotFound,
                                                 .destination = destinationOf(app)}});
    // What is not permitted is not asked for.
    if (depth == SpecDepth::Permissions || !permissionVerdict(app, look->findings).refusal.empty())
        co_return look->findings;
    const Expected<void> asked = co_await askRepositories(look, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (std::ranges::any_of(look->findings.repositories,
                            [](const FoundRepository &one) { return one.error.has_value(); }))
        co_return look->findings;
    const Expected<void> rendered = co_await render(look, cancel);
    if (!rendered)
        co_return std::unexpected(rendered.error());
    co_return look->findings;
}

Async<void> SpecProbe::askRepositories(std::shared_ptr<Look> look, CancelToken cancel)
{
    std::vector<FoundRepository> &found = look->findings.repositories;
    for (const crd::ApplicationSource &source : look->app.spec.effectiveSources()) {
        if (!remoteNeedOf(source) && std::ranges::contains(found, source.repoUrl, &FoundRepository::url))
            continue;
        const Expected<FoundRepository> repository = co_await repositoryOf(look, source, cancel);
        if (!repository)
            co_return std::unexpected(repository.error());
        found.push_back(*repository);
        if (repository->error)
            co_return {};
    }
    co_return {};
}

Async<std::optional<Error>> SpecProbe::fetchProblem(std::shared_ptr<Look> look, render::RemoteNeed need,
                                                    CancelToken cancel)
{
    if (!m_parts.artifacts)
        co_return std::nullopt;
    const Expected<remote::FetchedContentPtr> fetched =
        co_await m_sources.fetched(look->app, look->fetched, {need}, cancel);
    if (!fetched)
        co_return std::unexpected(fetched.error());
    look->fetched = *fetched;
    std::optional<Error> error = errorOf(**fetched, need);
    // One that answers without having what is wanted is accessible.
    if (error && (error->code() == ErrorCode::NotFound || error->code() == ErrorCode::InvalidInput))
        error.reset();
    co_return error;
}

Async<FoundRepository> SpecProbe::repositoryOf(std::shared_ptr<Look> look, crd::ApplicationSource source,
                                               CancelToken cancel)
{
    FoundRepository found{.url = source.repoUrl, .error = {}};
    if (const std::optional<render::RemoteNeed> need = remoteNeedOf(source)) {
        const Expected<std::optional<Error>> problem = co_await fetchProblem(look, *need, cancel);
        if (!problem)
            co_return std::unexpected(problem.error());
        found.error = *problem;
    } else {
        const ports::RevisionRequest head{source.repoUrl, "HEAD", {}};
        const Expected<std::string> revision =
            co_await m_parts.repositories->resolve(head, ports::Consistency::MostRecent, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!revision)
            found.error = revision.error();
    }
    if (!found.error)
        co_return found;
    const Expected<bool> may = co_await mayAnswerOthers(look, found, cancel);
    if (!may)
        co_return std::unexpected(may.error());
    found.mayAnswerOthers = *may;
    co_return found;
}

Async<bool> SpecProbe::mayAnswerOthers(std::shared_ptr<Look> look, FoundRepository found, CancelToken cancel)
{
    if (isInsideCluster(found.url))
        co_return true;
    const Expected<RepositorySecrets> secrets =
        co_await readRepositorySecrets(m_home.cluster(), m_home.controlPlaneNamespace(), cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (secrets)
        co_return secrets->accessTo(found.url, look->app.spec.effectiveProject()).has_value();
    // Whether there are credentials is not known; where nobody answers, nobody answers Argo CD either.
    co_return found.error->code() == ErrorCode::Unauthorized || found.error->code() == ErrorCode::Denied;
}

Async<void> SpecProbe::prepare(std::shared_ptr<Look> look, CancelToken cancel)
{
    const crd::Application &app = look->app;
    ObserveRequest request;
    request.sources = renderedSourcesOf(app.spec);
    request.hasMultipleSources = app.spec.hasMultipleSources();
    request.areUnsigned = true; // signatures are looked at when it is synced
    const Expected<std::vector<SourceFiles>> files = co_await m_sources.files(app, request, cancel);
    if (!files)
        co_return std::unexpected(files.error());
    look->sources = *files;
    look->instance = app.instanceName(m_home.controlPlaneNamespace());
    look->tracking = compare::trackingSettingsOf(m_home.settings());
    look->cache = m_parts.renders;
    if (m_destination && m_destination->cluster()) {
        const Expected<ports::DiscoveryPtr> discovery = co_await m_destination->cluster()->discovery(cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (discovery)
            look->discovery = *discovery;
    }
    // What is hydrated does not know its cluster.
    const bool knowsCluster = look->discovery && !app.spec.sourceHydrator;
    look->settings = {.kubeVersion = knowsCluster ? m_destination->state().serverVersion : std::string(),
                      .kustomizeBuildOptions = m_home.kustomizeBuildOptions(),
                      .remote = look->fetched,
                      .world = m_parts.world,
                      .jsonnet = m_parts.jsonnet,
                      .plugins = m_parts.plugins,
                      .tools = m_parts.tools};
    co_return {};
}

Async<void> SpecProbe::askWays(std::shared_ptr<Look> look, std::vector<render::RemoteNeed> needs, CancelToken cancel)
{
    for (const render::RemoteNeed &need : needs) {
        const std::optional<Error> problem = errorOf(*look->fetched, need);
        if (!problem || !isOfTheWay(*problem) || look->isCutOff)
            continue;
        const Expected<bool> may =
            co_await mayAnswerOthers(look, FoundRepository{.url = addressOf(need), .error = problem}, cancel);
        if (!may)
            co_return std::unexpected(may.error());
        look->isCutOff = *may;
    }
    co_return {};
}

Async<void> SpecProbe::render(std::shared_ptr<Look> look, CancelToken cancel)
{
    const Expected<void> prepared = co_await prepare(look, cancel);
    if (!prepared)
        co_return std::unexpected(prepared.error());
    Expected<std::shared_ptr<const Rendered>> rendered = failure(ErrorCode::Internal, "");
    for (int round = 0; round < kMostRounds; ++round) {
        rendered = co_await async::runOn(m_parts.pool, [look] { return renderedAll(*look); });
        if (!rendered)
            co_return std::unexpected(rendered.error());
        if (!m_parts.artifacts || (*rendered)->needs.empty())
            break;
        const Expected<remote::FetchedContentPtr> more =
            co_await m_sources.fetched(look->app, look->fetched, (*rendered)->needs, cancel);
        if (!more)
            co_return std::unexpected(more.error());
        look->fetched = *more;
        look->settings.remote = *more;
        takeRevisions(look->sources, **more);
        const Expected<void> ways = co_await askWays(look, (*rendered)->needs, cancel);
        if (!ways)
            co_return std::unexpected(ways.error());
    }
    takeManifests(*look, **rendered);
    co_return {};
}

std::shared_ptr<const SpecProbe::Rendered> SpecProbe::renderedAll(const Look &look)
{
    const crd::ApplicationSpec &spec = look.app.spec;
    const std::vector<std::string> noManifests;
    const RenderInput input{.app = look.app,
                            .instance = look.instance,
                            .sources = look.sources,
                            .hasMultipleSources = spec.hasMultipleSources(),
                            .manifests = noManifests,
                            .discovery = spec.sourceHydrator ? nullptr : look.discovery,
                            .tracking = look.tracking,
                            .settings = look.settings};
    auto rendered = std::make_shared<Rendered>();
    for (const SourceFiles &source : look.sources) {
        // Of one that others only refer to the revision counts.
        if (spec.hasMultipleSources() && source.source.isRefOnly() && !source.error)
            rendered->sources.emplace_back(nullptr);
        else
            rendered->sources.push_back(renderedSource(input, source, look.cache.get(), rendered->needs));
        const Expected<RenderedPtr> &outcome = rendered->sources.back();
        rendered->areCharts.push_back(!outcome ? isChart(source)
                                               : *outcome && (*outcome)->type == render::SourceType::Helm);
    }
    return rendered;
}

void SpecProbe::takeManifests(Look &look, const Rendered &rendered)
{
    SpecFindings &findings = look.findings;
    std::vector<RenderedPtr> whole;
    for (std::size_t i = 0; i < look.sources.size(); ++i) {
        const Expected<RenderedPtr> &outcome = rendered.sources[i];
        if (outcome && *outcome)
            whole.push_back(*outcome);
        FoundManifests found = manifestsOf(look.sources[i].source, outcome);
        found.isChart = rendered.areCharts[i];
        found.isOfThisMachine = found.isOfThisMachine || (found.error && look.isCutOff);
        findings.manifests.push_back(std::move(found));
    }
    findings.isClusterAsked = look.discovery != nullptr || look.app.spec.sourceHydrator;
    if (findings.project && findings.destination.cluster && look.discovery)
        findings.unpermitted = unpermittedAmong(whole, look.app, findings, *look.discovery);
}

} // namespace tiphys::control
