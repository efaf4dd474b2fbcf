// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/app_facts.h"
#include "cli/online/commands.h"
#include "cli/online/differences.h"
#include "cli/online/shown_app.h"
#include "cli/online/tables.h"
#include "compare/secret_mask.h"
#include "compose/chosen_contexts.h"
#include "control/app_views.h"
#include "control/application_access.h"
#include "control/tree_view.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::Value;
using service::AppRow;

namespace {

/// What to know where a cluster has another control plane than the one that is worked for, or is no destination of its own.
std::string planesNote(const ContextSession &session)
{
    const std::set<std::string> planes = session.controlPlanes();
    std::vector<std::string> notes;
    if (planes.size() > 1 || (!planes.empty() && !planes.contains(session.controlPlaneNamespace())))
        notes.push_back("control planes in " + join({planes.begin(), planes.end()}, ", ")
                        + "; this program works for that in " + session.controlPlaneNamespace());
    if (!session.registry().isInClusterEnabled)
        notes.push_back("in-cluster is disabled as a destination: " + std::string(policy::kInClusterSetting)
                        + " of argocd-cm is \"false\"");
    return join(notes, "; ");
}

/// What the cluster says of a resource beside the Application's status.
struct SeenLive
{
    std::string health;
    std::string podTrouble;
};

/// True where the status leaves the health of resources to those who see the objects.
/// Source: argo-cd server/application/application.go (inferResourcesStatusHealth)@v3.5.1
bool isHealthElsewhere(const crd::ApplicationStatus &status)
{
    return status.resourceHealthSource == "appTree" && !status.resources.empty();
}

/// Health of the resources and what is wrong with the pods of workloads that are not well. The cluster is asked only if
/// the status lacks the health or some resource is not well; when it does not answer, nothing is said.
Async<std::map<object::ObjectKey, SeenLive>> seenLive(OnlineSession &session, const NamedApp named, CancelToken cancel)
{
    std::map<object::ObjectKey, SeenLive> seen;
    const bool isUnwell = std::ranges::any_of(named.app.status.resources, [](const crd::ResourceStatus &resource) {
        return resource.health
               && (resource.health->status == crd::HealthCode::Degraded
                   || resource.health->status == crd::HealthCode::Progressing);
    });
    if (!isUnwell && !isHealthElsewhere(named.app.status))
        co_return seen;
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateLive(session, named, cancel);
    if (!evaluation)
        co_return seen;
    const control::TreeView view = treeOf(named, **evaluation);
    for (const service::TreeNode &node : view.nodes)
        seen[node.key] = {node.isNotAssessed ? "not assessed" : std::string(service::word(node.health)),
                          node.podTrouble};
    co_return seen;
}

/// What this program's own comparison gave, in the words of an Application's status, for the key "tiphys.computed".
Value comparisonValue(const control::Evaluation &evaluation)
{
    const compare::AppComparison &comparison = evaluation.comparison;
    std::vector<Value> resources;
    for (const compare::ComparedResource &resource : comparison.resources) {
        Value value = crd::toValue(resource.status);
        if (resource.health && !resource.health->notAssessed)
            value = value.with("health",
                               crd::toValue(crd::HealthStatus{resource.health->status, resource.health->message, {}}));
        resources.push_back(value);
    }
    std::vector<Value> conditions;
    for (const crd::Condition &condition : comparison.conditions)
        conditions.push_back(Value::map({{"type", condition.type}, {"message", condition.message}}));
    std::vector<std::string> revisions = comparison.sync.revisions;
    if (revisions.empty())
        revisions.push_back(comparison.sync.revision);
    return Value::map({{"sync", crd::text(comparison.sync.status)},
                       {"health", crd::text(comparison.health)},
                       {"notAssessed", static_cast<std::int64_t>(comparison.notAssessed)},
                       {"revisions", Value::list(std::vector<Value>(revisions.begin(), revisions.end()))},
                       {"resources", Value::list(resources)},
                       {"conditions", Value::list(conditions)}});
}

/// The application that the command names, compared anew first where the flags say so.
Async<NamedApp> shownApp(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named || (!invocation.app.refreshes && !invocation.app.isHard))
        co_return named;
    const Expected<void> compared = co_await comparedAnew(session, *named, invocation, cancel);
    if (!compared)
        co_return std::unexpected(compared.error());
    const Expected<crd::Application> now =
        co_await control::readApplication(named->session->cluster(), named->id, cancel);
    if (!now)
        co_return std::unexpected(now.error());
    named->app = *now;
    co_return named;
}

/// What the last operation did, in lines of the table of `app get`, and to which resources.
void printOperation(const crd::OperationState &state)
{
    std::vector<std::vector<std::string>> rows{{"Started:", state.startedAt},
                                               {"Finished:", state.finishedAt},
                                               {"Phase:", std::string(crd::text(state.phase))},
                                               {"Message:", state.message}};
    if (state.syncResult)
        rows.push_back({"Revision:", state.syncResult->revisions.empty() ? state.syncResult->revision
                                                                         : join(state.syncResult->revisions, ", ")});
    print("\nOperation\n" + tableText(rows));
    if (const std::string results = resultTable(state); !results.empty())
        print("\n" + results);
}

} // namespace

Async<int> runAppGet(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await shownApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const AppRow row = control::rowOf(named->id.context, named->app, session.clock()->now());
    const control::ReconcilerChoice choice = named->session->reconciler(named->id);
    if (invocation.output == Output::Json || invocation.output == Output::Yaml) {
        Value computed = computedValue(row, choice);
        if (invocation.app.computes) {
            const Expected<control::EvaluationPtr> evaluation = co_await evaluate(session, *named, cancel);
            if (!evaluation)
                co_return std::unexpected(evaluation.error());
            computed = computed.with("computed", comparisonValue(**evaluation));
        }
        printStored({shownObject(named->app.object).with("tiphys", computed)}, invocation.output, false);
        co_return 0;
    }
    std::vector<std::vector<std::string>> rows{{"Name:", row.id.ns + "/" + row.id.name},
                                               {"Project:", row.project},
                                               {"Destination:", row.destination + "/" + row.destinationNamespace}};
    for (const service::SourceSummary &source : row.sources)
        rows.push_back({"Source:", source.repoUrl + " " + source.path + " @ "
                                       + (source.targetRevision.empty() ? "HEAD" : source.targetRevision)});
    rows.push_back({"Sync:", std::string(service::word(row.sync))
                                 + (row.revision.empty() ? "" : " to " + shortRevision(row.revision))});
    rows.push_back({"Health:", std::string(service::word(row.health))});
    rows.push_back({"Automated sync:", row.isAutomated ? "on" : "off"});
    rows.push_back({"Reconciler:", std::string(service::word(choice.reconciler)) + " (" + choice.reason + ")"});
    std::ranges::copy(windowRows(*named, {session.clock()->now() / 1000}), std::back_inserter(rows));
    if (row.operation != service::OperationPhase::None)
        rows.push_back(
            {"Operation:", operationText(row) + (row.operationMessage.empty() ? "" : ": " + row.operationMessage)});
    for (const std::string &condition : row.conditions)
        rows.push_back({"Condition:", condition});
    const Expected<std::string> parameters =
        invocation.app.showsParameters ? parameterTable(named->app.spec, invocation.source) : std::string();
    if (!parameters)
        co_return std::unexpected(parameters.error());
    print(tableText(rows));
    if (invocation.app.showsOperation && named->app.status.operationState)
        printOperation(*named->app.status.operationState);
    if (!parameters->empty())
        print("\n" + *parameters);
    if (isTree(invocation.output)) {
        print("\n");
        const Expected<void> shown = co_await shownTree(session, *named, invocation.output, cancel);
        if (!shown)
            co_return std::unexpected(shown.error());
        co_return 0;
    }
    flushOutput(); // the cluster may take a while
    const Expected<std::map<object::ObjectKey, SeenLive>> found = co_await seenLive(session, *named, cancel);
    const std::map<object::ObjectKey, SeenLive> seen = found.value_or(std::map<object::ObjectKey, SeenLive>());
    std::vector<std::vector<std::string>> resources{{"GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HEALTH", "NOTE"}};
    for (const crd::ResourceStatus &resource : named->app.status.resources) {
        const auto place = seen.find(resource.key());
        const SeenLive live = place != seen.end() ? place->second : SeenLive();
        resources.push_back({resource.group, resource.kind, resource.ns, resource.name,
                             std::string(crd::text(resource.status)),
                             resource.health ? std::string(crd::text(resource.health->status)) : live.health,
                             resource.hook              ? "hook"
                             : resource.requiresPruning ? "to be pruned"
                                                        : live.podTrouble});
    }
    if (resources.size() > 1)
        print("\n" + tableText(resources));
    co_return 0;
}

namespace {

Value differencesValue(const std::vector<Difference> &differences)
{
    std::vector<Value> values;
    for (const Difference &difference : differences) {
        const crd::ResourceStatus &status = difference.resource->status;
        values.push_back(Value::map({{"group", status.group},
                                     {"kind", status.kind},
                                     {"namespace", status.ns},
                                     {"name", status.name},
                                     {"change", difference.isAdded()     ? "added"
                                                : difference.isRemoved() ? "removed"
                                                                         : "changed"},
                                     {"requiresPruning", status.requiresPruning},
                                     {"patch", difference.patch}}));
    }
    return Value::list(values);
}

} // namespace

Async<int> runAppDiff(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (invocation.app.isServerSideDiff) {
        const Expected<crd::Application> app = comparedOnServer(named->app, *invocation.app.isServerSideDiff);
        if (!app)
            co_return std::unexpected(app.error());
        named->app = *app;
    }
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateAsked(session, *named, invocation, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        co_return failure(ErrorCode::Unavailable, problem);
    tellWarnings(**evaluation);
    const std::vector<Difference> differences = differencesOf(*named, **evaluation);
    if (invocation.output != Output::Text) {
        printValue(differencesValue(differences), invocation.output);
    } else {
        const Expected<void> shown = co_await shownDifferences(differences, cancel);
        if (!shown)
            co_return std::unexpected(shown.error());
    }
    co_return !differences.empty() && invocation.app.tellsDifferences ? invocation.app.differenceCode : 0;
}

Async<int> runAppManifests(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateAsked(session, *named, invocation, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if (invocation.app.manifestSource == "live") {
        std::vector<Object> live;
        const std::vector<std::string> &masked = named->session->settings().maskedAnnotations;
        for (const compare::ComparedResource &resource : (*evaluation)->comparison.resources) {
            if (resource.live.isNull())
                continue;
            const bool isSecret = compare::isSecret(resource.live);
            live.push_back(
                Object(shownObject(isSecret ? compare::maskedSecrets({}, resource.live, masked).live : resource.live)));
        }
        printObjects(live, invocation.output == Output::Json ? Output::Json : Output::Yaml);
        co_return 0;
    }
    if ((*evaluation)->renderError)
        co_return std::unexpected(*(*evaluation)->renderError);
    tellWarnings(**evaluation);
    printObjects((*evaluation)->comparison.targets, invocation.output == Output::Json ? Output::Json : Output::Yaml);
    co_return 0;
}

Async<int> runAppHistory(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Value history = named->app.status.value["history"];
    if (invocation.output == Output::Name) {
        for (const service::HistoryRow &row : control::historyOf(named->app))
            print(std::to_string(row.id) + "\n");
        co_return 0;
    }
    if (invocation.output != Output::Text) {
        printValue(history.isNull() ? Value::list({}) : history, invocation.output);
        co_return 0;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "DEPLOYED AT", "REVISION", "BY"}};
    for (const service::HistoryRow &row : control::historyOf(named->app))
        rows.push_back({std::to_string(row.id), isoText(row.deployedAt), shortRevision(row.commit.revision),
                        row.isAutomated ? "automated sync" : row.initiatedBy});
    print(tableText(rows));
    co_return 0;
}

Async<int> runClusterList(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    std::vector<std::vector<std::string>> rows{
        {"CURRENT", "CONTEXT", "SERVER", "REACHABLE", "VERSION", "IDENTITY", "APPLICATIONS", "RECONCILER", "NOTE"}};
    std::vector<Value> values;
    // All at once: one that does not answer is waited for beside the others.
    for (const ports::ContextFacts &facts : session.facts().contexts)
        ignoreError(session.startContext(facts.name, {}), "told below");
    // As kubectl config get-contexts marks it, whatever --context says.
    const std::string current = session.facts().currentContext;
    for (const ports::ContextFacts &facts : session.facts().contexts) {
        const Expected<ContextSession *> opened = co_await session.openContext(facts.name, {}, cancel);
        const service::ClusterState state = opened ? (*opened)->state() : service::ClusterState{};
        const bool isReached = opened.has_value();
        const bool isCurrent = facts.name == current;
        std::vector<Value> planes;
        for (const std::string &ns : isReached ? (*opened)->controlPlanes() : std::set<std::string>())
            planes.emplace_back(ns);
        const std::string note = !isReached                   ? opened.error().text()
                                 : !state.refusal.empty()     ? state.refusal
                                 : facts.skipsTlsVerification ? "TLS is not verified"
                                 : !state.hasArgoCdTypes      ? "no Application type"
                                                              : planesNote(**opened);
        const std::string reconciler = isReached ? std::string(service::word((*opened)->reconciler().reconciler)) : "";
        rows.push_back({isCurrent ? "*" : "", facts.name, facts.server, isReached ? "yes" : "no", state.serverVersion,
                        state.identity, isReached ? std::to_string(state.applicationCount) : "", reconciler, note});
        values.push_back(Value::map({{"context", facts.name},
                                     {"current", isCurrent},
                                     {"server", facts.server},
                                     {"reachable", isReached},
                                     {"version", state.serverVersion},
                                     {"identity", state.identity},
                                     {"applications", state.applicationCount},
                                     {"argoCdTypes", state.hasArgoCdTypes},
                                     {"rollouts", state.hasRollouts},
                                     {"skipsTlsVerification", facts.skipsTlsVerification},
                                     {"reconciler", reconciler},
                                     {"inClusterEnabled", !isReached || (*opened)->registry().isInClusterEnabled},
                                     {"controlPlanes", Value::list(planes)},
                                     {"note", note}}));
    }
    if (invocation.output != Output::Text)
        printValue(Value::list(values), invocation.output);
    else
        print(tableText(rows));
    co_return 0;
}

Async<int> runClusterUse(OnlineSession &session, const Invocation &invocation, CancelToken)
{
    const ClusterFlags &flags = invocation.cluster;
    const ports::KubeconfigFacts facts = session.facts();
    if (!flags.isForgotten && !std::ranges::contains(facts.contexts, flags.context, &ports::ContextFacts::name))
        co_return failure(ErrorCode::NotFound, "no context '" + flags.context + "' in the kubeconfig");
    const Expected<void> kept = compose::chooseContext(flags.server, flags.context);
    if (!kept)
        co_return std::unexpected(kept.error());
    print(flags.isForgotten
              ? "no context is chosen for " + flags.server + "\n"
              : "objects of destinations at " + flags.server + " are looked for in context " + flags.context + "\n");
    co_return 0;
}

} // namespace tiphys::cli
