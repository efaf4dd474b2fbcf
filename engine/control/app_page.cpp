// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_page.h"

#include "async/delay.h"
#include "async/run_on.h"
#include "base/text.h"
#include "control/app_views.h"
#include "control/destination_contexts.h"
#include "control/diff_view.h"
#include "control/sync_plan.h"
#include "control/tree_view.h"
#include "object/text_place.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace tiphys::control {

using namespace std::chrono_literals;
using object::Object;
using service::AppDetail;
using DetailPtr = std::shared_ptr<AppDetail>;

namespace {

/// Changes that come together are looked at together.
constexpr auto kSettle = 150ms;
/// Between two looks at a tree whose lists arrive.
constexpr auto kGrowth = 300ms;
/// When no list has come for so long, those that have are compared.
constexpr auto kPatience = 5s;
/// Between two questions for what nothing tells of.
constexpr auto kAskAgain = 30s;

/// Of what could not be seen nothing is told: it need not be missing.
void markUnseen(service::AppDetail &detail)
{
    for (service::TreeNode &node : detail.tree) {
        node.isLive = true;
        node.health = service::HealthStatus::Unknown;
    }
    detail.diffs.clear();
}

/// Does a cluster that was reached not answer any more, or never did. One that is being asked for the first time is not silent.
bool isSilent(const service::ClusterState &cluster)
{
    return cluster.reachability != service::Reachability::Live
           && cluster.reachability != service::Reachability::Connecting;
}

/// What the comparison says beside the stored status, or in its place where nobody writes one.
void judge(service::AppDetail &detail, const Evaluation &evaluation)
{
    // Of what was not listed there may be more, and what was not read may be anything.
    if (!evaluation.unlisted.empty() || !evaluation.unread.empty())
        return;
    const service::SyncStatus computed = syncStatusOf(evaluation.comparison.sync.status);
    if (detail.row.reconciler == service::Reconciler::Nobody) {
        detail.row.sync = computed;
        detail.row.health =
            evaluation.liveError ? service::HealthStatus::Unknown : healthStatusOf(evaluation.comparison.health);
        detail.row.isComputedHere = true;
    } else {
        detail.row.isDisputed =
            detail.isDiffReady && computed != detail.row.sync && detail.row.sync != service::SyncStatus::Unknown;
    }
}

std::string unreadText(const std::map<object::ObjectKey, Error> &unread)
{
    const std::string others = unread.size() > 1 ? ", and " + std::to_string(unread.size() - 1) + " more" : "";
    return unread.begin()->first.text() + others + " could not be read: " + unread.begin()->second.text();
}

std::string firstOf(const std::vector<std::string> &texts)
{
    return texts.empty() ? std::string() : texts.front();
}

} // namespace

AppPage::AppPage(ContextSession &home, ContextSession *destination, service::AppId app, ObserverParts parts,
                 std::function<void(service::AppDetailPtr)> publish)
    : m_home(home), m_app(std::move(app)), m_parts(std::move(parts)), m_publish(std::move(publish)),
      m_observer(home, destination, m_parts,
                 [this](compare::CompareLevel, const compare::ObjectChange &) { m_wakeUp.notify(); })
{
}

AppPage::~AppPage() = default;

void AppPage::start()
{
    m_observer.setOnContactChange([this] { applicationChanged(); });
    m_wakeUp.notify();
    m_tasks.start(run(m_tasks.token()));
}

Async<void> AppPage::close()
{
    const Expected<void> closed = co_await m_tasks.close();
    co_return closed;
}

void AppPage::applicationChanged()
{
    // A look may wait for a silent server: how an operation goes on is told meanwhile.
    if (const KnownApp *known = m_home.find(m_app); known && m_isLooking)
        publish(storedDetail(*known));
    m_wakeUp.notify();
}

void AppPage::askAgain()
{
    m_tasks.start(m_home.ask(m_app, m_tasks.token()));
}

Async<void> AppPage::run(CancelToken cancel)
{
    while (!cancel.isCancelled()) {
        const Expected<void> woken = co_await m_wakeUp.wait(cancel);
        if (!woken)
            co_return {};
        m_isLooking = true;
        const Expected<void> updated = co_await update(cancel);
        m_isLooking = false;
        ignoreError(updated, "only a cancelled look fails; everything else stands in the detail");
        const Expected<void> settled = co_await async::delay(kSettle, cancel);
        if (!settled)
            co_return {};
    }
    co_return {};
}

void AppPage::homeChanged()
{
    if (m_last && (isStale() != m_last->isStale || m_home.reconciler(m_app).reconciler != m_last->row.reconciler))
        applicationChanged();
    // So may the Applications, without this one among them.
    else if (!m_last && (m_home.knowsAll(m_app.ns) != m_knewAll || m_home.isUnlisted(m_app.ns) != m_wasUnlisted))
        m_wakeUp.notify();
    // A destination that could not be asked may be there by now.
    else if (m_evaluation && m_evaluation->liveError && destinationReachability() != m_askedWhile)
        m_wakeUp.notify();
    // Other settings compare otherwise, and may leave out less.
    else if (m_evaluation && m_comparedBy && *m_comparedBy != m_home.settings())
        m_wakeUp.notify();
}

service::Reachability AppPage::destinationReachability() const
{
    const ContextSession *destination = m_observer.destination();
    return destination ? destination->state().reachability : service::Reachability::NotContacted;
}

bool AppPage::isStale() const
{
    const LiveViewPtr view = m_observer.view();
    return isSilent(m_home.state()) || (view && view->isStale());
}

DetailPtr AppPage::storedDetail(const KnownApp &known) const
{
    // What was computed last stays until the new look is done.
    auto detail = m_last ? std::make_shared<AppDetail>(*m_last) : std::make_shared<AppDetail>();
    takeStored(*detail, known);
    // A status that nobody keeps says less than the last look.
    if (known.app && m_evaluation && detail->row.reconciler == service::Reconciler::Nobody)
        judge(*detail, *m_evaluation);
    if (known.app && !m_evaluation && detail->tree.empty()) {
        detail->isTreeStored = true;
        detail->tree = storedTreeOf(*known.app, m_observer.seenOf(*known.app, nullptr));
    }
    return detail;
}

void AppPage::takeStored(AppDetail &detail, const KnownApp &known) const
{
    detail.row = *known.row;
    detail.destinationContext = m_observer.destination() ? m_observer.destination()->state().context : std::string();
    detail.row.reconciler = m_home.reconciler(m_app).reconciler;
    detail.manifest = manifestText(known.object);
    markSilence(detail);
    if (!known.app)
        return;
    detail.operation = operationViewOf(*known.app);
    if (m_evaluation) {
        takeWaves(detail.operation, m_evaluation->live);
        takeWaves(detail.operation, m_evaluation->comparison.targets);
    }
    detail.history = historyOf(*known.app);
    detail.lastSynced = detail.history.empty() ? service::CommitSummary{} : detail.history.front().commit;
    takeCommits(detail);
}

void AppPage::markSilence(AppDetail &detail) const
{
    detail.isStale = isStale();
    detail.silentContext.clear();
    detail.observedAt = m_home.state().lastSeen;
    const LiveViewPtr view = m_observer.view();
    if (!view || !view->isStale())
        return;
    // The cluster that was silent first is named, with its own age.
    const service::WallTime contact = view->oldestContact();
    if (isSilent(m_home.state()) && (contact == 0 || contact >= detail.observedAt))
        return;
    detail.silentContext = m_observer.destination()->state().context;
    detail.observedAt = contact;
}

void AppPage::publish(DetailPtr detail)
{
    m_last = detail;
    m_publish(detail);
}

void AppPage::publishAbsence()
{
    // One that comes later is another one.
    m_last.reset();
    m_evaluation.reset();
    const bool isAbsent = m_knewAll || (m_unread && m_unread->code() == ErrorCode::NotFound);
    const bool isRefused = m_wasUnlisted && m_unread && m_unread->code() == ErrorCode::Denied;
    if (!isAbsent && !isRefused) {
        if (m_home.hasAnswered())
            m_publish(nullptr);
        return;
    }
    const auto detail = std::make_shared<AppDetail>();
    detail->row.id = m_app;
    detail->treeProblem = isAbsent ? "there is no Application " + tiphys::quoted(m_app.name) + " in namespace "
                                         + tiphys::quoted(m_app.ns) + " of " + m_app.context
                                   : m_unread->text();
    m_publish(detail);
}

Async<void> AppPage::askLater(CancelToken cancel)
{
    const Expected<void> waited = co_await async::delay(kAskAgain, cancel);
    m_asksLater = false;
    if (!waited)
        co_return {};
    if (m_home.find(m_app) && m_home.isUnlisted(m_app.ns))
        ignoreError(co_await m_home.ask(m_app, cancel), "the look that follows tells it");
    m_wakeUp.notify();
    co_return {};
}

Async<void> AppPage::update(CancelToken cancel)
{
    m_wasUnlisted = m_home.isUnlisted(m_app.ns);
    const bool mayBeThere = m_wasUnlisted || (!m_home.hasAnswered() && !m_hasAsked);
    if (!m_home.find(m_app) && mayBeThere) {
        // Before all of them are listed, which takes a while on a slow link, or fails.
        m_hasAsked = true;
        const Expected<void> asked = co_await m_home.ask(m_app, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        m_unread = asked ? std::nullopt : std::optional(asked.error());
    }
    if (m_wasUnlisted && !std::exchange(m_asksLater, true))
        m_tasks.start(askLater(m_tasks.token()));
    m_knewAll = m_home.knowsAll(m_app.ns);
    const KnownApp *known = m_home.find(m_app);
    if (!known) {
        publishAbsence();
        co_return {};
    }
    m_unread.reset();
    // First the object that was asked for, then everything that takes time.
    DetailPtr detail = storedDetail(*known);
    publish(detail);
    if (!known->app) {
        detail = std::make_shared<AppDetail>(*detail);
        detail->diffProblem = detail->treeProblem = known->error ? known->error->text() : "";
        detail->areEventsReady = true;
        publish(detail);
        co_return {};
    }
    if (!m_evaluation && !std::exchange(m_isGrowing, true))
        m_tasks.start(growTree(m_tasks.token()));
    if (!m_home.hasAnswered())
        co_return {};
    const crd::Application app = *known->app;
    m_askedWhile = destinationReachability();
    m_comparedBy = m_home.settings();
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(app,
                                                                           {.manifests = localManifestsOf(app),
                                                                            .mayGoWithoutDryRuns = true,
                                                                            .mayLackObjects = true,
                                                                            .patience = kPatience},
                                                                           cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    // What is refused stays so for longer; what failed may be readable soon, and nothing tells when.
    const bool mayBeReadSoon = std::ranges::any_of(
        (*evaluation)->unread, [](const auto &entry) { return entry.second.code() != ErrorCode::Denied; });
    if (mayBeReadSoon && !std::exchange(m_asksLater, true))
        m_tasks.start(askLater(m_tasks.token()));
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    const std::optional<policy::EffectiveProject> knownProject = project ? std::optional(*project) : std::nullopt;
    struct Views
    {
        std::vector<service::TreeNode> tree;
        std::vector<service::ResourceDiff> diffs;
    };
    const std::vector<std::string> masked = m_home.settings().maskedAnnotations;
    const Expected<Views> views = co_await async::runOn(m_parts.pool, [=, evaluation = *evaluation] {
        return Views{treeViewOf(app, *evaluation, knownProject).nodes, evaluation->hasTargets()
                                                                           ? diffViewsOf(evaluation->comparison, masked)
                                                                           : std::vector<service::ResourceDiff>{}};
    });
    if (!views)
        co_return std::unexpected(views.error());
    m_evaluation = *evaluation;
    // What is published is read by others: it is not written again.
    const KnownApp *still = m_home.find(m_app);
    detail = still ? storedDetail(*still) : std::make_shared<AppDetail>(*detail);
    takeEvaluation(*detail, app, **evaluation, views->tree, views->diffs);
    takeCauses(*detail);
    judge(*detail, **evaluation);
    publish(detail);
    // Then what has to be asked for, one after the other.
    detail = std::make_shared<AppDetail>(*detail);
    const std::vector<crd::ApplicationSource> sources = app.spec.effectiveSources();
    const Expected<void> commits =
        co_await addCommits(detail, sources.empty() ? std::string() : sources.front().repoUrl, cancel);
    if (!commits)
        co_return commits;
    const Expected<void> causes = co_await addCauses(detail, cancel);
    if (!causes)
        co_return causes;
    const Expected<void> events = co_await addEvents(detail, cancel);
    if (!events)
        co_return events;
    detail->areEventsReady = true;
    // The Application may have gone on while all that was asked for.
    if (const KnownApp *now = m_home.find(m_app))
        takeStored(*detail, *now);
    judge(*detail, **evaluation);
    publish(detail);
    co_return {};
}

void AppPage::takeEvaluation(AppDetail &detail, const crd::Application &app, const Evaluation &evaluation,
                             std::vector<service::TreeNode> tree, std::vector<service::ResourceDiff> diffs) const
{
    const LiveViewPtr view = m_observer.view();
    detail.tree = std::move(tree);
    detail.isTreeStored = false;
    detail.arrival = evaluation.unlisted.empty() || !view ? service::Arrival() : view->arrival();
    detail.diffs = std::move(diffs);
    detail.isDiffReady = evaluation.hasTargets() && !evaluation.comparison.couldNotLoad;
    detail.diffProblem = evaluation.renderError ? object::textWithPlace(*evaluation.renderError) : "";
    detail.treeProblem.clear();
    // Where no context would help none is offered.
    const bool isContextMissing = !m_observer.destination() && m_observer.destinationFault(app).empty();
    detail.unreachedServer = isContextMissing ? evaluation.cluster.server : std::string();
    for (const crd::Condition &condition : evaluation.comparison.conditions) {
        if (condition.severity() == crd::ConditionSeverity::Error && detail.diffProblem.empty())
            detail.diffProblem = condition.message;
    }
    if (!m_observer.destination())
        detail.treeProblem = m_observer.unreached(app);
    else if (view)
        detail.treeProblem = firstOf(view->refusals());
    if (detail.treeProblem.empty() && !evaluation.liveError && !evaluation.unread.empty())
        detail.treeProblem = unreadText(evaluation.unread);
    detail.unseen = evaluation.liveError.value_or(std::string());
    if (evaluation.liveError)
        markUnseen(detail);
    // What is watched is seen all the same.
    if (evaluation.liveError && view && !app.status.resources.empty()) {
        detail.isTreeStored = true;
        detail.tree = storedTreeOf(app, m_observer.seenOf(app, view.get()));
    }
    detail.target.revision = evaluation.revision();
}

Async<void> AppPage::growTree(CancelToken cancel)
{
    struct Growth
    {
        service::Arrival arrival;
        std::uint64_t changes = 0;
        std::string resourceVersion;

        bool operator==(const Growth &) const = default;
    };
    std::optional<Growth> shown;
    LiveViewPtr view;
    while (true) {
        const Expected<void> waited = co_await async::delay(kGrowth, cancel);
        const KnownApp *known = m_home.find(m_app);
        if (!waited || m_evaluation || !known || !known->app)
            break;
        // What is left out of what is watched stands in the settings.
        if (!m_home.hasSettings())
            continue;
        const crd::Application app = *known->app;
        if (!view) {
            const Expected<LiveViewPtr> begun = co_await m_observer.begin(app, cancel);
            if (!begun)
                break; // the comparison tells why
            view = *begun;
            continue;
        }
        Growth growth{view->arrival(), view->changes(), std::string(app.object.resourceVersion())};
        if (shown == growth)
            continue;
        const Expected<std::vector<service::TreeNode>> tree = co_await async::runOn(
            m_parts.pool, [app, seen = m_observer.seenOf(app, view.get())] { return storedTreeOf(app, seen); });
        const KnownApp *still = m_home.find(m_app);
        if (!tree || cancel.isCancelled() || m_evaluation || !still)
            break;
        const DetailPtr detail = storedDetail(*still);
        detail->tree = *tree;
        detail->isTreeStored = true;
        detail->arrival = growth.arrival;
        detail->treeProblem = firstOf(view->refusals());
        publish(detail);
        shown = std::move(growth);
    }
    m_isGrowing = false;
    co_return {};
}

Async<service::SyncPlan> AppPage::plan(service::SyncRequest request, CancelToken cancel)
{
    const KnownApp *known = m_home.find(m_app);
    if (!known || !known->app)
        co_return failure(ErrorCode::NotFound, "application '" + m_app.ns + "/" + m_app.name + "' is not known");
    const crd::Application app = *known->app;
    ObserveRequest observe;
    observe.consistency = ports::Consistency::MostRecent;
    observe.patience = kPatience;
    observe.mayGoWithoutDryRuns = true;
    if (!request.revision.empty())
        observe.revisions = {request.revision};
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(app, observe, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    service::SyncPlan plan;
    if (!project) {
        plan.app = request.app;
        // Whoever does the work may read a project that this person may not.
        const Expected<policy::EffectiveProject> stored = m_home.project(app.spec.effectiveProject());
        const bool isUnread = !stored && stored.error().code() != ErrorCode::NotFound;
        (isUnread ? plan.planProblem : plan.refusal) = project.error().message();
    } else if (m_observer.view() && m_observer.view()->discovery()) {
        plan =
            syncPlanOf(app, request, **evaluation, m_observer.view()->discovery(), *project, m_observer.cluster(app));
    } else {
        plan.app = request.app;
        const std::string unreached = m_observer.unreached(app);
        plan.planProblem = unreached.empty() ? "no access to the destination cluster" : unreached;
    }
    if (!(*evaluation)->unlisted.empty())
        plan.warnings.push_back("what would be pruned is not all known: " + (*evaluation)->unlisted
                                + " are still being listed");
    plan.doneBy = m_home.reconciler(m_app).reconciler;
    plan.revision.revision = (*evaluation)->revision();
    if (app.operation)
        plan.refusal = "an operation is in progress";
    else if (app.object.isBeingDeleted())
        plan.refusal = "the application is being deleted";
    else if (plan.refusal.empty() && plan.doneBy == service::Reconciler::Nobody)
        plan.refusal = "nobody would do it: " + m_home.reconciler(m_app).reason;
    if (!app.spec.effectiveSources().empty() && plan.revision.revision.size() == 40) {
        const Expected<ports::CommitFacts> facts = co_await m_parts.repositories->commit(
            app.spec.effectiveSources().front().repoUrl, plan.revision.revision, cancel);
        if (facts)
            plan.revision = {facts->revision, facts->subject, facts->author, facts->seconds * 1000};
    }
    co_return plan;
}

Async<std::string> AppPage::manifest(object::ObjectKey key, service::ManifestSide side, CancelToken cancel)
{
    if (side == service::ManifestSide::Desired) {
        if (!m_evaluation)
            co_return failure(ErrorCode::Unavailable, "not rendered yet");
        for (const Object &target : m_evaluation->comparison.targets) {
            if (target.key() == key)
                co_return manifestText(target);
        }
        co_return failure(ErrorCode::NotFound, key.text() + " is not in Git");
    }
    ContextSession *destination = m_observer.destination();
    if (!destination || !destination->cluster())
        co_return failure(ErrorCode::Unavailable, "no access to the destination cluster");
    const Expected<ports::DiscoveryPtr> discovery = co_await destination->cluster()->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<ports::ResourceType> type = (*discovery)->typeOf(key.groupKind());
    if (!type)
        co_return std::unexpected(type.error());
    const Expected<Object> object = co_await destination->cluster()->get({*type, key.ns, key.name}, {}, cancel);
    if (!object)
        co_return std::unexpected(object.error());
    co_return manifestText(*object);
}

} // namespace tiphys::control
