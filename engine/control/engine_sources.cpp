// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/run_on.h"
#include "control/engine_core.h"
#include "control/permission.h"
#include "control/source_forms.h"
#include "control/spec_probe.h"
#include "object/text_place.h"
#include "render/source_type.h"

/// What the engine answers about the parameters of sources.
namespace tiphys::control {

namespace {

/// Permission to change sources, level and connection of the cluster included.
Async<service::Permission> permissionIn(ContextSession *session, crd::Application app, CancelToken cancel)
{
    const std::string obstacle = obstacleOf(session->state());
    if (!obstacle.empty())
        co_return service::Permission{false, obstacle};
    const Expected<service::Permission> permission = co_await mayChangeSources(session->cluster(), app, cancel);
    co_return permission;
}

struct RenderedChange
{
    std::vector<service::ResourceDiff> diffs;
    std::string problem; ///< why it cannot be rendered
};

/// What \p after renders beside \p before. Both sessions outlive it.
Async<RenderedChange> renderedChange(ContextSession *home, ContextSession *destination, ObserverParts parts,
                                     crd::Application before, crd::Application after, CancelToken cancel)
{
    AppObserver observer(*home, destination, std::move(parts), {});
    const ObserveRequest look{
        .revisions = {}, .sources = {}, .manifests = {}, .consistency = {}, .mayGoWithoutDryRuns = true};
    const Expected<EvaluationPtr> old = co_await observer.observe(before, look, cancel);
    if (!old)
        co_return std::unexpected(old.error());
    const Expected<EvaluationPtr> fresh = co_await observer.observe(after, look, cancel);
    if (!fresh)
        co_return std::unexpected(fresh.error());
    if ((*fresh)->renderError)
        co_return RenderedChange{.diffs = {}, .problem = object::textWithPlace(*(*fresh)->renderError)};
    co_return RenderedChange{.diffs = renderedDiffs(**old, **fresh, home->settings().maskedAnnotations), .problem = {}};
}

/// What Argo CD's server would say of \p after. Both sessions outlive it.
Async<service::SourceVerdict> verdictOn(ContextSession *home, ContextSession *destination, ObserverParts parts,
                                        crd::Application after, CancelToken cancel)
{
    if (const Expected<void> formed = checkSpecForm(after); !formed)
        co_return service::SourceVerdict{
            .refusal = formed.error().message(), .mayBeStoredAnyway = false, .unchecked = {}, .warnings = {}};
    SpecProbe probe(*home, destination, std::move(parts));
    const Expected<SpecFindings> findings = co_await probe.findings(after, SpecDepth::Sources, cancel);
    if (!findings)
        co_return std::unexpected(findings.error());
    const SpecVerdict verdict = specVerdict(after, *findings);
    co_return service::SourceVerdict{
        .refusal = verdict.refusal, .unchecked = verdict.unchecked, .warnings = verdict.warnings};
}

} // namespace

Async<service::SourceForms> EngineCore::sourceForms(service::AppId app)
{
    const Expected<ContextSession *> home = sessionOf(app);
    if (!home)
        co_return std::unexpected(home.error());
    const KnownApp *known = (*home)->find(app);
    Expected<crd::Application> shown = known && known->app
                                           ? Expected<crd::Application>(*known->app)
                                           : failure(ErrorCode::NotFound, "no application '" + app.name + "'");
    if ((*home)->cluster()) {
        const Expected<crd::Application> now = co_await readApplication((*home)->cluster(), app, m_tasks.token());
        if (now || now.error().code() == ErrorCode::NotFound)
            shown = now;
    }
    if (!shown)
        co_return std::unexpected(shown.error());
    // The session may have ended meanwhile.
    const Expected<ContextSession *> session = sessionOf(app);
    if (!session)
        co_return std::unexpected(session.error());
    service::SourceForms forms{.sources = sourceFormsOf(*shown), .permission = {}, .warnings = sourceWarnings(*shown)};
    const Expected<service::Permission> permission = co_await permissionIn(*session, *shown, m_tasks.token());
    forms.permission = permission ? *permission : service::Permission{false, permission.error().text()};
    co_return forms;
}

Async<service::SourcePreview> EngineCore::previewSource(service::SourceEditRequest request)
{
    const Expected<ContextSession *> home = sessionOf(request.app);
    if (!home)
        co_return std::unexpected(home.error());
    const std::string obstacle = obstacleOf((*home)->state());
    if (!(*home)->cluster())
        co_return failure(ErrorCode::Unavailable, obstacle);
    const Expected<SourceChange> change = co_await plannedSourceEdit((*home)->cluster(), request, m_tasks.token());
    if (!change)
        co_return std::unexpected(change.error());
    service::SourcePreview preview{.stored = storedDiffOf(*change),
                                   .refusal = obstacle.empty() ? change->refusal : obstacle,
                                   .warnings = change->warnings,
                                   .rendered = {},
                                   .renderProblem = {}};
    if (change->isEmpty())
        co_return preview;
    const Expected<crd::Application> after = crd::applicationOf(change->after);
    if (!after)
        co_return std::unexpected(after.error());
    const auto render = [before = change->app, after = *after](ContextSession *from, ContextSession *destination,
                                                               ObserverParts parts, CancelToken cancel) {
        return renderedChange(from, destination, std::move(parts), before, after, cancel);
    };
    const Expected<RenderedChange> rendered =
        co_await inBothSessions<RenderedChange>(request.app, after->spec.destination, render, m_tasks.token());
    if (!rendered)
        co_return std::unexpected(rendered.error());
    preview.rendered = rendered->diffs;
    preview.renderProblem = rendered->problem;
    co_return preview;
}

template <typename T, typename Work>
Async<T> EngineCore::inBothSessions(service::AppId app, crd::Destination named, Work work, CancelToken cancel)
{
    const Expected<ContextSession *> session = sessionOf(app);
    if (!session)
        co_return std::unexpected(session.error());
    ContextSession *destination = destinationSession(named, app.context);
    const auto here = [home = *session, destination, parts = observerParts(), work](CancelToken token) {
        return work(home, destination, parts, token);
    };
    // Either context may be unticked meanwhile.
    const auto there = [here, destination](CancelToken token) {
        return destination ? destination->include(token, here) : here(token);
    };
    const Expected<T> result = co_await (*session)->include(cancel, there);
    co_return result;
}

Async<service::SourceVerdict> EngineCore::checkSource(service::SourceEditRequest request)
{
    m_checking.cancel();
    m_checking = CancelSource(m_tasks.token());
    const CancelToken cancel = m_checking.token();
    const Expected<ContextSession *> home = sessionOf(request.app);
    if (!home)
        co_return std::unexpected(home.error());
    if (!(*home)->cluster())
        co_return failure(ErrorCode::Unavailable, obstacleOf((*home)->state()));
    const Expected<SourceChange> change = co_await plannedSourceEdit((*home)->cluster(), request, cancel);
    if (!change)
        co_return std::unexpected(change.error());
    if (change->isEmpty())
        co_return service::SourceVerdict{};
    const Expected<service::SourceVerdict> verdict = co_await verdictOnChange(request, *change, cancel);
    co_return verdict;
}

Async<service::SourceVerdict> EngineCore::verdictOnChange(service::SourceEditRequest request, SourceChange change,
                                                          CancelToken cancel)
{
    const Expected<crd::Application> after = crd::applicationOf(change.after);
    if (!after)
        co_return std::unexpected(after.error());
    const auto judge = [after = *after](ContextSession *home, ContextSession *destination, ObserverParts parts,
                                        CancelToken token) {
        return verdictOn(home, destination, std::move(parts), after, token);
    };
    m_checkedSource.reset();
    const Expected<service::SourceVerdict> verdict =
        co_await inBothSessions<service::SourceVerdict>(request.app, after->spec.destination, judge, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (verdict && verdict->refusal.empty())
        m_checkedSource = request;
    co_return verdict;
}

Async<service::Done> EngineCore::saveSource(service::SourceEditRequest request)
{
    const Expected<ContextSession *> home = sessionOf(request.app);
    if (!home)
        co_return std::unexpected(home.error());
    if (const std::string obstacle = obstacleOf((*home)->state()); !obstacle.empty())
        co_return failure(ErrorCode::Denied, obstacle);
    const ports::ClusterPtr cluster = (*home)->cluster();
    const Expected<SourceChange> change = co_await plannedSourceEdit(cluster, request, m_tasks.token());
    if (!change)
        co_return std::unexpected(change.error());
    // Nobody would write it: what else is wrong with it does not matter.
    if (!change->refusal.empty())
        co_return failure(ErrorCode::Denied, change->refusal);
    const Expected<crd::Application> after = crd::applicationOf(change->after);
    if (!after)
        co_return std::unexpected(after.error());
    if (const Expected<void> formed = checkSpecForm(*after); !formed)
        co_return std::unexpected(formed.error());
    if (request.validates && m_checkedSource != request) {
        const Expected<service::SourceVerdict> verdict = co_await verdictOnChange(request, *change, m_tasks.token());
        if (!verdict)
            co_return std::unexpected(verdict.error());
        if (!verdict->refusal.empty())
            co_return failure(ErrorCode::InvalidInput, verdict->refusal);
    }
    const Expected<crd::Application> written =
        co_await writeSourceChange(cluster, *change, ports::DryRun::No, m_tasks.token());
    if (!written)
        co_return std::unexpected(written.error());
    co_return service::Done{};
}

Async<service::ChartDefaults> EngineCore::chartDefaults(service::AppId app, int position)
{
    const Expected<ContextSession *> home = sessionOf(app);
    if (!home)
        co_return std::unexpected(home.error());
    const KnownApp *known = (*home)->find(app);
    if (!known || !known->app)
        co_return failure(ErrorCode::NotFound, "no application '" + app.name + "'");
    const Expected<crd::ApplicationSource> source = crd::sourceAt(known->app->spec, position);
    if (!source)
        co_return std::unexpected(source.error());
    service::ChartDefaults defaults;
    if (render::isFetchedSource(source->value)) {
        defaults.problem = "the chart comes from a registry; its own values are shown for charts in Git";
        co_return defaults;
    }
    const Expected<std::string> revision = co_await m_parts.repositories->resolve(
        {source->repoUrl, source->targetRevision, source->tagPrefix}, ports::Consistency::Any, m_tasks.token());
    if (!revision)
        co_return std::unexpected(revision.error());
    const auto tree = co_await m_parts.repositories->tree(source->repoUrl, *revision, m_tasks.token());
    if (!tree)
        co_return std::unexpected(tree.error());
    const auto values = co_await async::runOn(
        &m_pool, [files = *tree, folder = source->path] { return chartDefaultsIn(*files, folder); });
    if (values)
        defaults.values = *values;
    else
        defaults.problem = values.error().text();
    co_return defaults;
}

} // namespace tiphys::control
