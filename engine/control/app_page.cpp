// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_page.h"

#include "async/delay.h"
#include "async/run_on.h"
#include "control/app_views.h"
#include "control/destination_contexts.h"
#include "control/diff_cause.h"
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
constexpr std::size_t kMostEvents = 200;
constexpr std::size_t kMostCauses = 50;

const ports::ResourceType kEvents{"", "v1", "events", "Event", true};

service::EventRow eventOf(const Object &event)
{
    service::EventRow row;
    const object::Value &value = event.value();
    row.type = std::string(value["type"].stringOr());
    row.reason = std::string(value["reason"].stringOr());
    row.message = std::string(value["message"].stringOr());
    row.count = static_cast<int>(std::max<std::int64_t>(1, value["count"].intOr(1)));
    const object::Value about = value["involvedObject"];
    const object::Gvk gvk = object::gvkOf(about["apiVersion"].stringOr(), about["kind"].stringOr());
    row.object = {gvk.group, gvk.kind, std::string(about["namespace"].stringOr()), std::string(about["name"].stringOr())};
    for (const std::string_view field : {"lastTimestamp", "eventTime", "firstTimestamp"}) {
        if (const service::WallTime time = wallTimeOf(value[field].stringOr()); time > 0) {
            row.lastSeen = time;
            break;
        }
    }
    return row;
}

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
    return cluster.reachability != service::Reachability::Live && cluster.reachability != service::Reachability::Connecting;
}

/// What the comparison says beside the stored status, or in its place where nobody writes one.
void judge(service::AppDetail &detail, const Evaluation &evaluation)
{
    // Of what was not listed there may be more.
    if (!evaluation.unlisted.empty())
        return;
    const service::SyncStatus computed = syncStatusOf(evaluation.comparison.sync.status);
    if (detail.row.reconciler == service::Reconciler::Nobody) {
        detail.row.sync = computed;
        detail.row.health = evaluation.liveError ? service::HealthStatus::Unknown : healthStatusOf(evaluation.comparison.health);
        detail.row.isComputedHere = true;
    } else {
        detail.row.isDisputed = detail.isDiffReady && computed != detail.row.sync && detail.row.sync != service::SyncStatus::Unknown;
    }
}

std::string firstOf(const std::vector<std::string> &texts)
{
    return texts.empty() ? std::string() : texts.front();
}

/// What causes depend on: the versions of the live objects that were compared, also of those that were read on their own.
std::map<object::ObjectKey, std::string> liveVersions(const Evaluation &evaluation)
{
    std::map<object::ObjectKey, std::string> versions;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        if (!resource.live.isNull())
            versions.emplace(resource.status.key(), std::string(resource.live.uid()) + "/" + std::string(resource.live.resourceVersion()));
    }
    return versions;
}

std::vector<service::CommitSummary *> commitsOf(service::AppDetail &detail)
{
    std::vector<service::CommitSummary *> commits{&detail.target, &detail.lastSynced, &detail.row.commit};
    for (service::HistoryRow &row : detail.history)
        commits.push_back(&row.commit);
    return commits;
}

} // namespace

AppPage::AppPage(ContextSession &home, ContextSession *destination, service::AppId app, ObserverParts parts,
                 std::function<void(service::AppDetailPtr)> publish)
    : m_home(home), m_app(std::move(app)), m_parts(std::move(parts)), m_publish(std::move(publish)),
      m_observer(home, destination, m_parts, [this](compare::CompareLevel, const compare::ObjectChange &) { m_wakeUp.notify(); })
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
    // A destination that could not be asked may be there by now.
    else if (m_evaluation && m_evaluation->liveError && destinationReachability() != m_askedWhile)
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
    if (known.app && !m_evaluation && detail->tree.empty()) {
        detail->isTreeStored = true;
        detail->tree = storedTreeOf(*known.app, m_observer.seenOf(*known.app, nullptr));
    }
    return detail;
}

void AppPage::takeStored(AppDetail &detail, const KnownApp &known) const
{
    detail.row = *known.row;
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

void AppPage::takeCommits(AppDetail &detail) const
{
    for (service::CommitSummary *commit : commitsOf(detail)) {
        if (const auto known = m_commits.find(commit->revision); known != m_commits.end())
            *commit = known->second;
    }
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

Async<void> AppPage::update(CancelToken cancel)
{
    const bool mayBeThere = m_home.hasFailedToList() || (!m_home.hasAnswered() && !m_hasAsked);
    if (!m_home.find(m_app) && mayBeThere) {
        // Before all of them are listed, which takes a while on a slow link, or fails.
        m_hasAsked = true;
        const Expected<void> asked = co_await m_home.ask(m_app, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        ignoreError(asked, "the list tells why it is not there");
    }
    const KnownApp *known = m_home.find(m_app);
    if (!known) {
        if (m_home.hasAnswered())
            m_publish(nullptr);
        co_return {};
    }
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
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(
        app, {.manifests = localManifestsOf(app), .mayGoWithoutDryRuns = true, .patience = kPatience}, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    const std::optional<policy::EffectiveProject> knownProject = project ? std::optional(*project) : std::nullopt;
    struct Views
    {
        std::vector<service::TreeNode> tree;
        std::vector<service::ResourceDiff> diffs;
    };
    const std::vector<std::string> masked = m_home.settings().maskedAnnotations;
    const Expected<Views> views = co_await async::runOn(m_parts.pool, [=, evaluation = *evaluation] {
        return Views{treeViewOf(app, *evaluation, knownProject).nodes,
                     evaluation->hasTargets() ? diffViewsOf(evaluation->comparison, masked)
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
    const Expected<void> commits = co_await addCommits(detail, sources.empty() ? std::string() : sources.front().repoUrl, cancel);
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
    detail.unreachedServer = m_observer.destination() ? std::string() : evaluation.cluster.server;
    for (const crd::Condition &condition : evaluation.comparison.conditions) {
        if (condition.severity() == crd::ConditionSeverity::Error && detail.diffProblem.empty())
            detail.diffProblem = condition.message;
    }
    if (!m_observer.destination())
        detail.treeProblem = noAccess(evaluation.cluster.server);
    else if (view)
        detail.treeProblem = firstOf(view->refusals());
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

Async<void> AppPage::addCommits(DetailPtr detail, std::string repoUrl, CancelToken cancel)
{
    for (service::CommitSummary *commit : commitsOf(*detail)) {
        if (commit->revision.size() != 40 || repoUrl.empty())
            continue;
        if (const auto known = m_commits.find(commit->revision); known != m_commits.end()) {
            *commit = known->second;
            continue;
        }
        const Expected<ports::CommitFacts> facts =
            co_await m_parts.repositories->commit(repoUrl, commit->revision, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!facts)
            continue; // the revision alone is shown
        *commit = {facts->revision, facts->subject, facts->author, facts->seconds * 1000};
        m_commits.emplace(facts->revision, *commit);
    }
    co_return {};
}

void AppPage::takeCauses(AppDetail &detail) const
{
    const std::map<object::ObjectKey, std::string> versions = liveVersions(*m_evaluation);
    for (service::ResourceDiff &diff : detail.diffs) {
        const auto version = versions.find(diff.key);
        if (diff.change != service::ChangeKind::Changed || version == versions.end())
            continue;
        if (const auto known = m_causes.find(version->second); known != m_causes.end())
            diff.cause = known->second;
    }
}

Async<void> AppPage::addCauses(DetailPtr detail, CancelToken cancel)
{
    ContextSession *destination = m_observer.destination();
    const LiveViewPtr view = m_observer.view();
    // Another look may just have begun with a new view.
    const ports::DiscoveryPtr discovery = view ? view->discovery() : nullptr;
    if (!destination || !destination->cluster() || !discovery)
        co_return {};
    const std::map<object::ObjectKey, std::string> versions = liveVersions(*m_evaluation);
    std::size_t asked = 0;
    // Those that are known were taken already.
    for (service::ResourceDiff &diff : detail->diffs) {
        const auto version = versions.find(diff.key);
        if (diff.change != service::ChangeKind::Changed || version == versions.end() || m_causes.contains(version->second))
            continue;
        const Expected<ports::ResourceType> type = discovery->typeOf(diff.key.groupKind());
        if (!type || ++asked > kMostCauses)
            continue;
        // The view leaves managed fields out; they are asked for where they tell something.
        const Expected<Object> live =
            co_await destination->cluster()->get({*type, diff.key.ns, diff.key.name}, {}, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!live)
            continue;
        diff.cause = changeCauseOf(*live, detail->row.lastSync);
        m_causes.insert_or_assign(version->second, diff.cause);
    }
    co_return {};
}

Async<void> AppPage::addEvents(DetailPtr detail, CancelToken cancel)
{
    ContextSession *destination = m_observer.destination();
    if (!destination || !destination->cluster())
        co_return {};
    std::vector<std::string> namespaces{detail->row.destinationNamespace};
    for (const service::TreeNode &node : detail->tree) {
        if (!node.key.ns.empty() && !std::ranges::contains(namespaces, node.key.ns))
            namespaces.push_back(node.key.ns);
    }
    // Together: a slow link is waited for once, not once a namespace.
    std::vector<Async<ports::ObjectList>> asked;
    for (const std::string &ns : namespaces) {
        if (ns.empty())
            continue;
        ports::ListOptions options;
        options.ns = ns;
        options.consistency = ports::Consistency::Any;
        asked.push_back(destination->cluster()->list(kEvents, options, cancel));
    }
    std::vector<service::EventRow> rows;
    detail->eventsProblem.clear();
    for (const Async<ports::ObjectList> &one : asked) {
        const Expected<ports::ObjectList> events = co_await one;
        if (!events) {
            detail->eventsProblem = events.error().text();
            continue;
        }
        for (const Object &event : events->items) {
            service::EventRow row = eventOf(event);
            const bool isOurs = std::ranges::any_of(detail->tree, [&](const service::TreeNode &node) {
                return node.key.kind == row.object.kind && node.key.name == row.object.name
                       && node.key.ns == row.object.ns;
            });
            if (isOurs)
                rows.push_back(std::move(row));
        }
    }
    // Only now: all that was asked has ended.
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    std::ranges::stable_sort(rows, std::greater(), &service::EventRow::lastSeen);
    if (rows.size() > kMostEvents)
        rows.resize(kMostEvents);
    detail->events = std::move(rows);
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
        plan = syncPlanOf(app, request, **evaluation, m_observer.view()->discovery(), *project, m_observer.cluster(app));
    } else {
        plan.app = request.app;
        plan.planProblem = "no access to the destination cluster";
    }
    if (!(*evaluation)->unlisted.empty())
        plan.warnings.push_back("what would be pruned is not all known: " + (*evaluation)->unlisted + " are still being listed");
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
