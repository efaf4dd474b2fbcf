// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/recorded_service.h"

#include <algorithm>

namespace tiphys::test {

using namespace service;

RecordedService::RecordedService()
    : m_clusters(std::make_shared<ClustersSnapshot>()), m_applications(std::make_shared<ApplicationsSnapshot>())
{
    LogContainer app;
    app.name = "app";
    app.state = LogContainer::State::Running;
    app.hasLog = true;
    LogContainer prepare = app;
    prepare.name = "prepare";
    prepare.kind = LogContainer::Kind::Init;
    prepare.state = LogContainer::State::Ended;
    nextLogChoices = {{app, prepare}, "app", {true, {}}};
    nextLogNews = {
        {{"2026-05-28T20:26:40.000000000Z", "listening on :8080"}, {"2026-05-28T20:26:41.500000000Z", "ready"}},
        LogState::Reading,
        app,
        {}};
}

void RecordedService::show(ClustersSnapshot clusters)
{
    m_clusters = std::make_shared<ClustersSnapshot>(std::move(clusters));
    Q_EMIT clustersChanged();
}

void RecordedService::show(std::vector<AppRow> rows, bool isComplete)
{
    ApplicationsSnapshot snapshot;
    snapshot.version = m_applications->version + 1;
    snapshot.isComplete = isComplete;
    std::map<AppId, AppRowPtr> before;
    for (const AppRowPtr &row : m_applications->rows)
        before[row->id] = row;
    for (AppRow &row : rows) {
        const auto old = before.find(row.id);
        if (old != before.end() && *old->second == row)
            snapshot.rows.push_back(old->second);
        else
            snapshot.rows.push_back(std::make_shared<AppRow>(std::move(row)));
    }
    std::ranges::sort(snapshot.rows, {}, [](const AppRowPtr &row) { return row->id; });
    m_applications = std::make_shared<ApplicationsSnapshot>(std::move(snapshot));
    Q_EMIT applicationsChanged();
}

void RecordedService::show(const AppDetail &detail)
{
    m_details[detail.row.id] = std::make_shared<AppDetail>(detail);
    Q_EMIT applicationChanged(detail.row.id);
}

AppDetailPtr RecordedService::application(const AppId &app) const
{
    const auto found = m_details.find(app);
    return found == m_details.end() ? nullptr : found->second;
}

Ticket<Done> RecordedService::done(const std::string &call)
{
    calls.push_back(call);
    Ticket<Done> ticket;
    if (nextError)
        ticket.resolve(std::unexpected(*std::exchange(nextError, std::nullopt)));
    else
        ticket.resolve(Done{});
    return ticket;
}

Ticket<std::vector<OfferedAction>> RecordedService::offeredActions(const AppId &, const object::ObjectKey &key)
{
    calls.push_back("offeredActions " + key.kind + ' ' + key.name);
    Ticket<std::vector<OfferedAction>> ticket;
    ticket.resolve(nextOffers);
    return ticket;
}

Ticket<ActionPreview> RecordedService::previewAction(const ActionRequest &request)
{
    std::string call = "previewAction " + request.action + ' ' + request.key.name;
    for (const auto &[name, value] : request.arguments)
        call += ' ' + name + '=' + value;
    calls.push_back(call);
    ActionPreview preview = nextPreview;
    preview.request = request;
    preview.request.planned = "planned";
    Ticket<ActionPreview> ticket;
    ticket.resolve(preview);
    return ticket;
}

Ticket<ActionResult> RecordedService::runAction(const ActionRequest &request)
{
    actionRequests.push_back(request);
    calls.push_back("runAction " + request.action);
    Ticket<ActionResult> ticket;
    if (nextError)
        ticket.resolve(std::unexpected(*std::exchange(nextError, std::nullopt)));
    else
        ticket.resolve(ActionResult{{request.key}, {}});
    return ticket;
}

void RecordedService::setTicked(const std::string &context, bool isTicked)
{
    calls.push_back("setTicked " + context + (isTicked ? " true" : " false"));
    ClustersSnapshot next = *m_clusters;
    for (ClusterState &cluster : next.clusters) {
        if (cluster.context == context)
            cluster.reachability = isTicked ? Reachability::Live : Reachability::NotContacted;
    }
    show(std::move(next));
}

void RecordedService::setLevel(const std::string &context, Level level)
{
    calls.push_back("setLevel " + context + ' ' + std::to_string(static_cast<int>(level)));
}

Ticket<Done> RecordedService::setLocalEngine(const std::string &context, bool isOn)
{
    return done("setLocalEngine " + context + (isOn ? " on" : " off"));
}

Ticket<Done> RecordedService::chooseContext(const std::string &server, const std::string &context)
{
    return done("chooseContext " + server + " " + context);
}

void RecordedService::reconnect(const std::string &context)
{
    calls.push_back("reconnect " + context);
}

Ticket<Done> RecordedService::useKubeconfig(const std::vector<std::string> &files)
{
    return done("useKubeconfig " + std::to_string(files.size()));
}

void RecordedService::openApplication(const AppId &app)
{
    calls.push_back("openApplication " + app.name);
}

void RecordedService::closeApplication(const AppId &app)
{
    calls.push_back("closeApplication " + app.name);
}

Ticket<Permissions> RecordedService::permissions(const AppId &)
{
    ++permissionQuestions;
    Ticket<Permissions> ticket;
    ticket.resolve(may);
    return ticket;
}

Ticket<Done> RecordedService::refresh(const AppId &app, bool isHard)
{
    return done("refresh " + app.name + (isHard ? " hard" : ""));
}

Ticket<SyncPlan> RecordedService::plan(const SyncRequest &request)
{
    calls.push_back("plan " + request.app.name + (request.prunes ? " prune" : "")
                    + (request.revision.empty() ? "" : " " + request.revision)
                    + (request.selected.empty() ? "" : " selected " + std::to_string(request.selected.size())));
    SyncPlan plan = nextPlan;
    plan.app = request.app;
    Ticket<SyncPlan> ticket;
    ticket.resolve(plan);
    return ticket;
}

Ticket<Done> RecordedService::sync(const SyncRequest &request)
{
    syncRequests.push_back(request);
    return done("sync " + request.app.name);
}

Ticket<Done> RecordedService::terminate(const AppId &app)
{
    return done("terminate " + app.name);
}

Ticket<Done> RecordedService::confirmDeletion(const AppId &app)
{
    return done("confirm " + app.name);
}

Ticket<Done> RecordedService::rollback(const AppId &app, std::int64_t historyId)
{
    return done("rollback " + app.name + ' ' + std::to_string(historyId));
}

Ticket<Done> RecordedService::remove(const AppId &app, const std::string &cascade)
{
    return done("remove " + app.name + ' ' + cascade);
}

Ticket<std::string> RecordedService::manifest(const AppId &, const object::ObjectKey &key, ManifestSide side)
{
    Ticket<std::string> ticket;
    ticket.resolve("# " + std::string(side == ManifestSide::Live ? "live" : "desired") + "\nkind: " + key.kind
                   + "\nmetadata:\n  name: " + key.name + "\n  namespace: " + key.ns + "\nspec:\n  replicas: 3\n");
    return ticket;
}

Ticket<LogChoices> RecordedService::logChoices(const AppId &, const object::ObjectKey &pod)
{
    calls.push_back("logChoices " + pod.name);
    Ticket<LogChoices> ticket;
    ticket.resolve(nextLogChoices);
    return ticket;
}

LogId RecordedService::openLog(const LogRequest &request, std::function<void(const LogNews &)> news)
{
    calls.push_back("openLog " + request.pod.name + ' ' + request.container);
    logRequests.push_back(request);
    m_logNews = std::move(news);
    m_isLogHeld = false;
    const LogId log = ++m_lastLog;
    QMetaObject::invokeMethod(
        this,
        [this, log] {
            if (log == m_lastLog)
                giveLog(nextLogNews);
        },
        Qt::QueuedConnection);
    return log;
}

void RecordedService::giveLog(const LogNews &news)
{
    if (m_logNews)
        m_logNews(news);
}

void RecordedService::holdLog(LogId log)
{
    calls.push_back("holdLog " + std::to_string(log));
    m_isLogHeld = m_isLogHeld || log == m_lastLog;
}

void RecordedService::resumeLog(LogId log)
{
    calls.push_back("resumeLog " + std::to_string(log));
    m_isLogHeld = m_isLogHeld && log != m_lastLog;
}

void RecordedService::closeLog(LogId log)
{
    calls.push_back("closeLog " + std::to_string(log));
    if (log == m_lastLog)
        m_logNews = {};
}

Ticket<std::vector<DestinationContext>> RecordedService::destinationContexts()
{
    Ticket<std::vector<DestinationContext>> ticket;
    ticket.resolve(nextDestinations);
    return ticket;
}

Ticket<ToolChoices> RecordedService::toolChoices()
{
    Ticket<ToolChoices> ticket;
    ticket.resolve(nextTools);
    return ticket;
}

Ticket<ToolUse> RecordedService::toolUse(const std::string &application)
{
    ToolUse use{
        .programs = nextTools.programs, .chosenBy = {}, .areForced = nextTools.areForced, .problem = nextTools.problem};
    for (const std::string &name : nextTools.names) {
        if (name == application || name == "*")
            use.chosenBy.push_back(name);
    }
    Ticket<ToolUse> ticket;
    ticket.resolve(use);
    return ticket;
}

Ticket<Done> RecordedService::withdrawPlugin(const std::string &name)
{
    for (ToolProgram &plugin : nextTools.plugins) {
        if (plugin.name == name && !nextError)
            plugin.problem = "plugin '" + name + "' (" + plugin.path + ") is not allowed to run";
    }
    return done("withdrawPlugin " + name);
}

Ticket<Done> RecordedService::chooseTools(const std::string &name, bool areUsed)
{
    if (!nextError) {
        std::erase(nextTools.names, name);
        if (areUsed)
            nextTools.names.push_back(name);
    }
    return done("chooseTools " + name + (areUsed ? " true" : " false"));
}

Ticket<ComparisonPtr> RecordedService::compare(const CompareRequest &request)
{
    calls.push_back("compare " + request.a + (request.fromMergeBase ? "..." : "..") + request.b);
    Ticket<ComparisonPtr> ticket;
    if (nextError)
        ticket.resolve(std::unexpected(*std::exchange(nextError, std::nullopt)));
    else
        ticket.resolve(std::make_shared<const Comparison>(nextComparison));
    return ticket;
}

Ticket<RevisionChoices> RecordedService::revisions(const std::string &repository)
{
    calls.push_back("revisions " + repository);
    Ticket<RevisionChoices> ticket;
    ticket.resolve(nextRevisions);
    return ticket;
}

ClusterState liveCluster(const std::string &context, int applications)
{
    ClusterState cluster;
    cluster.context = context;
    cluster.server = "https://" + context + ".example.com:6443";
    cluster.user = "ada";
    cluster.identity = "ada@example.com";
    cluster.serverVersion = "v1.33.2";
    cluster.reachability = Reachability::Live;
    cluster.lastSeen = kNow - 2000;
    cluster.level = context.contains("prod") ? Level::Protected : Level::Normal;
    cluster.argoCdNamespace = "argocd";
    cluster.reconciler = service::Reconciler::Nobody;
    cluster.hasArgoCdTypes = true;
    cluster.applicationCount = applications;
    return cluster;
}

AppRow appRow(const std::string &context, const std::string &name, HealthStatus health, SyncStatus sync)
{
    AppRow row;
    row.id = {context, "argocd", name};
    row.project = "shop";
    row.destination = context;
    row.destinationNamespace = name;
    row.sources = {{"https://git.example.com/platform/config.git", "apps/" + name, "main", false}};
    row.revision = "3f2c1ab9d0e4f5a6b7c8d9e0f1a2b3c4d5e6f708";
    row.commit = {row.revision, "tune the database pool", "Ada", kNow - 3 * 3'600'000};
    row.sync = sync;
    row.health = health;
    row.since = kNow - 14 * 60'000;
    row.lastSync = kNow - 2 * 3'600'000;
    row.reconciledAt = kNow - 20'000;
    row.reconciler = Reconciler::Controller;
    if (health == HealthStatus::Degraded) {
        row.urgency = Urgency::Degraded;
        row.cause = "image registry.example.com/" + name + ":2.4.1 cannot be pulled";
    } else if (health == HealthStatus::Missing) {
        row.urgency = Urgency::Missing;
        row.cause = "2 resources are not in the cluster";
    } else if (sync == SyncStatus::OutOfSync) {
        row.urgency = Urgency::OutOfSyncManual;
        row.cause = "3 resources differ from Git";
    }
    return row;
}

std::vector<DiffLine> diffLines(const std::vector<std::string> &lines)
{
    std::vector<DiffLine> result;
    int left = 0;
    int right = 0;
    for (const std::string &line : lines) {
        DiffLine diff;
        diff.text = line.substr(1);
        diff.kind = line[0] == '-' ? LineKind::Live : (line[0] == '+' ? LineKind::Desired : LineKind::Same);
        diff.left = diff.kind == LineKind::Desired ? 0 : ++left;
        diff.right = diff.kind == LineKind::Live ? 0 : ++right;
        result.push_back(std::move(diff));
    }
    return result;
}

namespace {

TreeNode node(const std::string &group, const std::string &kind, const std::string &name, int parent,
              HealthStatus health)
{
    TreeNode result;
    result.key = {group, kind, "shop", name};
    result.version = "v1";
    result.uid = kind + name;
    result.parent = parent;
    result.health = health;
    result.created = kNow - 3 * 86'400'000LL;
    result.hasSync = parent < 0;
    result.sync = SyncStatus::Synced;
    return result;
}

ResourceDiff replicasDiff(const std::string &name)
{
    ResourceDiff diff;
    diff.key = {"apps", "Deployment", "shop", name};
    diff.version = "v1";
    diff.cause = "changed in the cluster by kubectl-scale";
    std::vector<std::string> lines{" apiVersion: apps/v1", " kind: Deployment", " metadata:",         "   labels:",
                                   "     app: " + name,    "   name: " + name,  "   namespace: shop", " spec:"};
    lines.push_back("-  replicas: 5");
    lines.push_back("+  replicas: 3");
    for (const char *line :
         {"   revisionHistoryLimit: 10",
          "   selector:", "     matchLabels:", "   strategy:", "     type: RollingUpdate",
          "   template:", "     metadata:", "       labels:", "         app: web", "     spec:", "       containers:"})
        lines.push_back(std::string(" ") + line);
    lines.push_back("-      - image: registry.example.com/" + name + ":2.4.0");
    lines.push_back("+      - image: registry.example.com/" + name + ":2.4.1");
    lines.push_back("         imagePullPolicy: IfNotPresent");
    lines.push_back("         name: " + name);
    diff.lines = diffLines(lines);
    diff.lines[8].words = {{12, 1}};
    diff.lines[9].words = {{12, 1}};
    diff.added = 2;
    diff.removed = 2;
    return diff;
}

} // namespace

AppDetail appDetail(const AppRow &row)
{
    AppDetail detail;
    detail.row = row;
    detail.target = row.commit;
    detail.lastSynced = {"91d0e77b0e4f5a6b7c8d9e0f1a2b3c4d5e6f7081", "bump the ingress controller", "Grace",
                         kNow - 26 * 3'600'000LL};
    detail.manifest = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + row.id.name + "\n";
    detail.tree.push_back(node("", "Service", "web", -1, HealthStatus::Healthy));
    detail.tree.push_back(node("apps", "Deployment", "web", -1,
                               row.health == HealthStatus::Degraded ? HealthStatus::Degraded : HealthStatus::Healthy));
    detail.tree.back().sync = row.sync;
    detail.tree.push_back(node("", "ConfigMap", "web-settings", -1, HealthStatus::None));
    detail.tree.push_back(node("networking.k8s.io", "Ingress", "web", -1, HealthStatus::Healthy));
    detail.tree.push_back(node("apps", "ReplicaSet", "web-5c7d9f8b6d", 1, HealthStatus::Healthy));
    for (int i = 0; i < 12; ++i) {
        detail.tree.push_back(node("", "Pod", "web-5c7d9f8b6d-" + std::to_string(1000 + i), 4,
                                   i == 3 ? row.health : HealthStatus::Healthy));
        detail.tree.back().info = i == 3 && row.health == HealthStatus::Degraded ? "ImagePullBackOff" : "1/1";
    }
    detail.tree.push_back(node("discovery.k8s.io", "EndpointSlice", "web-x7k2p", 0, HealthStatus::None));
    if (row.sync == SyncStatus::OutOfSync) {
        detail.diffs = {replicasDiff("web"), replicasDiff("worker")};
        ResourceDiff added;
        added.key = {"", "ConfigMap", "shop", "feature-flags"};
        added.version = "v1";
        added.change = ChangeKind::Added;
        added.cause = "missing in the cluster";
        added.lines = diffLines({"+apiVersion: v1", "+data:", "+  checkout: \"on\"", "+kind: ConfigMap",
                                 "+metadata:", "+  name: feature-flags"});
        added.added = 6;
        detail.diffs.push_back(added);
    }
    detail.isDiffReady = true;
    detail.areEventsReady = true;
    detail.operation = {OperationPhase::Succeeded,
                        "successfully synced (all tasks run)",
                        detail.lastSynced.revision,
                        "grace",
                        kNow - 7'200'000,
                        kNow - 7'180'000,
                        0,
                        false,
                        {}};
    detail.operation.results = {
        {{"batch", "Job", "shop", "migrate"}, "PreSync", "", "PreSync", "Succeeded", "job completed", -1},
        {{"", "ConfigMap", "shop", "web-settings"}, "Sync", "Synced", "", "", "configmap/web-settings configured", 0},
        {{"apps", "Deployment", "shop", "web"}, "Sync", "Synced", "", "", "deployment.apps/web configured", 1}};
    detail.history = {
        {7, detail.lastSynced, kNow - 7'180'000, "grace", false},
        {6,
         {"aa11bb22cc33dd44ee55ff66aa77bb88cc99dd00", "scale the workers", "Ada", kNow - 86'400'000LL * 4},
         kNow - 86'400'000LL * 4,
         "",
         true}};
    detail.events = {{"Warning",
                      "Failed",
                      "Failed to pull image \"registry.example.com/web:2.4.1\": not found",
                      {"", "Pod", "shop", "web-5c7d9f8b6d-1003"},
                      14,
                      kNow - 60'000},
                     {"Normal",
                      "ScalingReplicaSet",
                      "Scaled up replica set web-5c7d9f8b6d to 5",
                      {"apps", "Deployment", "shop", "web"},
                      1,
                      kNow - 840'000}};
    detail.observedAt = kNow - 4000;
    return detail;
}

} // namespace tiphys::test
