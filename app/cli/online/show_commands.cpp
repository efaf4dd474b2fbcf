// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/commands.h"
#include "cli/diff_report.h"
#include "cli/online/commands.h"
#include "cli/online/tables.h"
#include "compose/chosen_contexts.h"
#include "control/app_views.h"
#include "control/tree_view.h"
#include "crd/names.h"
#include "object/json.h"
#include "object/label_selector.h"
#include "object/text_place.h"
#include "object/yaml.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiphys::cli {

using control::ContextSession;
using object::Object;
using object::Value;
using service::AppRow;

namespace {

std::string shortRevision(const std::string &revision)
{
    return revision.size() == 40 ? revision.substr(0, 7) : revision;
}

std::string operationText(const AppRow &row)
{
    if (row.isOperationRequested)
        return "requested";
    return std::string(service::word(row.operation));
}

/// What this program knows beside the stored object, for the key "tiphys".
Value computedValue(const AppRow &row, const control::ReconcilerChoice &choice)
{
    return Value::map({{"context", row.id.context},
                       {"reconciler", service::word(choice.reconciler)},
                       {"reconcilerReason", choice.reason},
                       {"cause", row.cause},
                       {"sync", service::word(row.sync)},
                       {"health", service::word(row.health)}});
}

/// What to know where a cluster has another control plane than the one that is worked for.
std::string planesNote(const ContextSession &session)
{
    const std::set<std::string> planes = session.controlPlanes();
    if (planes.size() < 2 && (planes.empty() || planes.contains(session.controlPlaneNamespace())))
        return {};
    return "control planes in " + join({planes.begin(), planes.end()}, ", ") + "; this program works for that in "
           + session.controlPlaneNamespace();
}

/// The stored object without what nobody reads.
Value shownObject(const Object &object)
{
    return object.value().withoutPath({"metadata", "managedFields"});
}

void printStored(const std::vector<Value> &values, Output output, bool isList)
{
    if (output == Output::Yaml) {
        for (std::size_t i = 0; i < values.size(); ++i)
            print((i > 0 ? "---\n" : "") + object::toYaml(values[i]));
        return;
    }
    const Value shown = isList ? Value::list(values) : values.front();
    print(object::toJson(shown, {.style = object::JsonStyle::Indented}) + "\n");
}

bool matches(const AppRow &row, const std::vector<object::LabelRequirement> &selector)
{
    return std::ranges::all_of(selector, [&row](const object::LabelRequirement &each) {
        const auto label = row.labels.find(each.key);
        return each.holds(label == row.labels.end() ? std::nullopt : std::optional<std::string_view>(label->second));
    });
}

/// What is wrong with the pods of workloads that are not well. The cluster is asked only if some resource is not well;
/// when it does not answer, nothing is said.
Async<std::map<object::ObjectKey, std::string>> podCauses(OnlineSession &session, const NamedApp named,
                                                          CancelToken cancel)
{
    std::map<object::ObjectKey, std::string> causes;
    const bool isUnwell = std::ranges::any_of(named.app.status.resources, [](const crd::ResourceStatus &resource) {
        return resource.health
            && (resource.health->status == crd::HealthCode::Degraded
                || resource.health->status == crd::HealthCode::Progressing);
    });
    if (!isUnwell)
        co_return causes;
    const Expected<control::EvaluationPtr> evaluation = co_await evaluate(session, named, "", cancel);
    if (!evaluation)
        co_return causes;
    const control::TreeView view = treeOf(named, **evaluation);
    for (const service::TreeNode &node : view.nodes) {
        if (!node.podTrouble.empty())
            causes.emplace(node.key, node.podTrouble);
    }
    co_return causes;
}

/// Why a comparison could not be made, "" if it could.
std::string comparisonProblem(const control::Evaluation &evaluation)
{
    if (evaluation.renderError)
        return object::textWithPlace(*evaluation.renderError);
    if (!evaluation.comparison.couldNotLoad)
        return {};
    for (const crd::Condition &condition : evaluation.comparison.conditions) {
        if (condition.severity() == crd::ConditionSeverity::Error)
            return condition.message;
    }
    return "the application could not be compared";
}

/// What this program's own comparison gave, in the words of an Application's status, for the key "tiphys.computed".
Value comparisonValue(const control::Evaluation &evaluation)
{
    const compare::AppComparison &comparison = evaluation.comparison;
    std::vector<Value> resources;
    for (const compare::ComparedResource &resource : comparison.resources) {
        Value value = crd::toValue(resource.status);
        if (resource.health && !resource.health->notAssessed)
            value = value.with("health", crd::toValue(crd::HealthStatus{resource.health->status,
                                                                        resource.health->message, {}}));
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

} // namespace

Async<int> runAppList(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<std::vector<object::LabelRequirement>> selector = object::selectorRequirementsOf(invocation.app.selector);
    if (!selector)
        co_return std::unexpected(selector.error());
    std::vector<std::string> contexts;
    if (invocation.connection.allContexts) {
        for (const ports::ContextFacts &facts : session.facts().contexts)
            contexts.push_back(facts.name);
    } else {
        const Expected<std::string> context = session.contextName();
        if (!context)
            co_return std::unexpected(context.error());
        contexts.push_back(*context);
    }
    std::vector<std::string> namespaces; // none: all
    if (!invocation.connection.allNamespaces && !invocation.connection.ns.empty()) {
        for (const std::string_view ns : split(invocation.connection.ns, ','))
            namespaces.emplace_back(ns);
    }
    const std::string ns = namespaces.size() == 1 ? namespaces.front() : "";
    std::vector<std::vector<std::string>> rows{
        {"CONTEXT", "NAMESPACE", "NAME", "SYNC", "HEALTH", "OPERATION", "REVISION", "PROJECT", "DESTINATION"}};
    std::vector<Value> values;
    int failures = 0;
    // All at once: one that does not answer is waited for beside the others.
    for (const std::string &context : contexts)
        ignoreError(session.startContext(context, {.ns = ns, .name = {}}), "told below");
    for (const std::string &context : contexts) {
        const Expected<ContextSession *> opened =
            co_await session.openContext(context, {.ns = ns, .name = {}}, cancel);
        Error problem(ErrorCode::Unavailable, "");
        if (!opened || !(*opened)->state().refusal.empty()) {
            problem = opened ? Error(ErrorCode::Denied, (*opened)->state().refusal) : opened.error();
            // One dead cluster never hides the others.
            if (contexts.size() == 1)
                co_return std::unexpected(problem);
            ++failures;
            fail(problem.in("context " + context));
            if (!opened)
                continue;
        }
        if (!(*opened)->state().hasArgoCdTypes && (*opened)->state().refusal.empty()) {
            problem = Error(ErrorCode::NotFound, (*opened)->state().server + " has no kind Application (argoproj.io): neither Argo CD "
                                                     "nor its types are installed; tiphysctl admin install-crds adds the types");
            if (contexts.size() == 1)
                co_return std::unexpected(problem);
            fail(problem.in("context " + context));
            continue;
        }
        // Of several namespaces those that are refused leave no trace in what was listed.
        for (const std::string &wanted : namespaces.size() > 1 ? namespaces : std::vector<std::string>()) {
            const ports::AccessQuestion question{"list", std::string(crd::kGroup), "applications", "", wanted, ""};
            const Expected<ports::Access> access = co_await (*opened)->cluster()->canI(question, cancel);
            if (access && access->isAllowed)
                continue;
            ++failures;
            fail((access ? Error(ErrorCode::Denied, "cannot list applications in namespace " + tiphys::quoted(wanted)) : access.error())
                     .in("context " + context));
        }
        for (const auto &[id, known] : (*opened)->apps()) {
            const AppRow &row = *known.row;
            if (!matches(row, *selector) || (!namespaces.empty() && !std::ranges::contains(namespaces, id.ns)))
                continue;
            const control::ReconcilerChoice choice = (*opened)->reconciler(id);
            rows.push_back({context, id.ns, id.name, std::string(service::word(row.sync)),
                            std::string(service::word(row.health)), operationText(row), shortRevision(row.revision),
                            row.project, row.destination + "/" + row.destinationNamespace});
            values.push_back(shownObject(known.object).with("tiphys", computedValue(row, choice)));
        }
    }
    if (invocation.output == Output::Text)
        print(tableText(rows));
    else
        printStored(values, invocation.output, true);
    co_return failures > 0 ? 1 : 0;
}

Async<int> runAppGet(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const AppRow row = control::rowOf(named->id.context, named->app, session.clock()->now());
    const control::ReconcilerChoice choice = named->session->reconciler(named->id);
    if (invocation.output != Output::Text) {
        Value computed = computedValue(row, choice);
        if (invocation.app.isHard) {
            const Expected<control::EvaluationPtr> evaluation = co_await evaluate(session, *named, "", cancel);
            if (!evaluation)
                co_return std::unexpected(evaluation.error());
            computed = computed.with("computed", comparisonValue(**evaluation));
        }
        printStored({shownObject(named->app.object).with("tiphys", computed)}, invocation.output, false);
        co_return 0;
    }
    std::vector<std::vector<std::string>> rows{
        {"Name:", row.id.ns + "/" + row.id.name},
        {"Project:", row.project},
        {"Destination:", row.destination + "/" + row.destinationNamespace}};
    for (const service::SourceSummary &source : row.sources)
        rows.push_back({"Source:", source.repoUrl + " " + source.path + " @ "
                                       + (source.targetRevision.empty() ? "HEAD" : source.targetRevision)});
    rows.push_back({"Sync:", std::string(service::word(row.sync)) + (row.revision.empty() ? "" : " to " + shortRevision(row.revision))});
    rows.push_back({"Health:", std::string(service::word(row.health))});
    rows.push_back({"Automated sync:", row.isAutomated ? "on" : "off"});
    rows.push_back({"Reconciler:", std::string(service::word(choice.reconciler)) + " (" + choice.reason + ")"});
    if (row.operation != service::OperationPhase::None)
        rows.push_back({"Operation:", operationText(row) + (row.operationMessage.empty() ? "" : ": " + row.operationMessage)});
    for (const std::string &condition : row.conditions)
        rows.push_back({"Condition:", condition});
    print(tableText(rows));
    const Expected<std::map<object::ObjectKey, std::string>> found = co_await podCauses(session, *named, cancel);
    const std::map<object::ObjectKey, std::string> causes = found.value_or(std::map<object::ObjectKey, std::string>());
    std::vector<std::vector<std::string>> resources{{"GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HEALTH", "NOTE"}};
    for (const crd::ResourceStatus &resource : named->app.status.resources) {
        const auto cause = causes.find(resource.key());
        resources.push_back({resource.group, resource.kind, resource.ns, resource.name,
                             std::string(crd::text(resource.status)),
                             resource.health ? std::string(crd::text(resource.health->status)) : "",
                             resource.hook                ? "hook"
                             : resource.requiresPruning   ? "to be pruned"
                             : cause != causes.end()      ? cause->second
                                                          : ""});
    }
    if (resources.size() > 1)
        print("\n" + tableText(resources));
    co_return 0;
}

namespace {

/// Details, health message and cause of one line of the tree.
std::string treeNote(const service::TreeNode &node)
{
    std::string note = node.info;
    for (const std::string &part : {node.healthMessage, node.podTrouble}) {
        if (!part.empty())
            note += (note.empty() ? "" : "  ") + std::string(trimmed(part));
    }
    return note;
}

} // namespace

Async<int> runAppTree(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<control::EvaluationPtr> evaluation = co_await evaluate(session, *named, "", cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    const control::TreeView view = treeOf(*named, **evaluation);
    if (invocation.output != Output::Text) {
        std::vector<Value> nodes;
        for (const service::TreeNode &node : view.nodes)
            nodes.push_back(Value::map({{"group", node.key.group},
                                        {"version", node.version},
                                        {"kind", node.key.kind},
                                        {"namespace", node.key.ns},
                                        {"name", node.key.name},
                                        {"parent", node.parent},
                                        {"sync", node.hasSync ? service::word(node.sync) : std::string_view()},
                                        {"health", service::word(node.health)},
                                        {"healthMessage", node.healthMessage},
                                        {"podTrouble", node.podTrouble},
                                        {"notAssessed", node.isNotAssessed},
                                        {"info", node.info},
                                        {"orphaned", node.isOrphaned}}));
        printValue(Value::list(nodes), invocation.output);
        co_return 0;
    }
    std::vector<int> depths;
    std::vector<std::vector<std::string>> rows{{"RESOURCE", "SYNC", "HEALTH", "INFO"}};
    for (const service::TreeNode &node : view.nodes) {
        depths.push_back(node.parent < 0 ? 0 : depths[static_cast<std::size_t>(node.parent)] + 1);
        const std::string indent(static_cast<std::size_t>(depths.back()) * 2, ' ');
        rows.push_back({indent + (node.isOrphaned ? "(orphan) " : "") + node.key.kind + " " + node.key.name,
                        node.hasSync ? std::string(service::word(node.sync)) : "",
                        node.isNotAssessed ? "not assessed" : std::string(service::word(node.health)),
                        treeNote(node)});
    }
    print(tableText(rows));
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        fail(Error(ErrorCode::Unavailable, "desired state: " + problem));
    co_return 0;
}

namespace {

void printWarnings(const control::Evaluation &evaluation)
{
    for (const std::string &warning : evaluation.warnings)
        std::fputs(("warning: " + warning + "\n").c_str(), stderr);
}

} // namespace

Async<int> runAppDiff(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<control::EvaluationPtr> evaluation =
        co_await evaluate(session, *named, invocation.app.revision, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        co_return failure(ErrorCode::Unavailable, problem);
    printWarnings(**evaluation);
    std::vector<Value> values;
    int differences = 0;
    for (const compare::ComparedResource &resource : (*evaluation)->comparison.resources) {
        if (resource.status.status != crd::SyncCode::OutOfSync)
            continue;
        ++differences;
        const Object before = resource.live.isNull() ? Object() : resource.diff.normalizedLive;
        const Object after = resource.target.isNull() ? Object() : resource.diff.predictedLive;
        const std::string name = resource.status.key().path();
        const std::string patch = objectPatch(before.isNull() && !resource.live.isNull() ? resource.live : before,
                                              after.isNull() && !resource.target.isNull() ? resource.target : after,
                                              "live/" + name, "desired/" + name);
        if (invocation.output != Output::Text)
            values.push_back(Value::map({{"group", resource.status.group},
                                         {"kind", resource.status.kind},
                                         {"namespace", resource.status.ns},
                                         {"name", resource.status.name},
                                         {"change", resource.live.isNull()     ? "added"
                                                    : resource.target.isNull() ? "removed"
                                                                               : "changed"},
                                         {"requiresPruning", resource.status.requiresPruning},
                                         {"patch", patch}}));
        else
            print("===== " + resource.status.key().text() + "\n" + patch);
    }
    if (invocation.output != Output::Text)
        printValue(Value::list(values), invocation.output);
    co_return differences > 0 ? 1 : 0;
}

Async<int> runAppManifests(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Expected<control::EvaluationPtr> evaluation =
        co_await evaluate(session, *named, invocation.app.revision, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if ((*evaluation)->renderError)
        co_return std::unexpected(*(*evaluation)->renderError);
    printWarnings(**evaluation);
    printObjects((*evaluation)->comparison.targets, invocation.output == Output::Json ? Output::Json : Output::Yaml);
    co_return 0;
}

Async<int> runAppHistory(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    const Value history = named->app.status.value["history"];
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
        {"CONTEXT", "SERVER", "REACHABLE", "VERSION", "IDENTITY", "APPLICATIONS", "RECONCILER", "NOTE"}};
    std::vector<Value> values;
    // All at once: one that does not answer is waited for beside the others.
    for (const ports::ContextFacts &facts : session.facts().contexts)
        ignoreError(session.startContext(facts.name, {}), "told below");
    for (const ports::ContextFacts &facts : session.facts().contexts) {
        const Expected<ContextSession *> opened = co_await session.openContext(facts.name, {}, cancel);
        const service::ClusterState state = opened ? (*opened)->state() : service::ClusterState{};
        const bool isReached = opened.has_value();
        std::vector<Value> planes;
        for (const std::string &ns : isReached ? (*opened)->controlPlanes() : std::set<std::string>())
            planes.emplace_back(ns);
        const std::string note = !isReached                    ? opened.error().text()
                                 : !state.refusal.empty()      ? state.refusal
                                 : facts.skipsTlsVerification  ? "TLS is not verified"
                                 : !state.hasArgoCdTypes       ? "no Application type"
                                                               : planesNote(**opened);
        const std::string reconciler =
            isReached ? std::string(service::word((*opened)->reconciler().reconciler)) : "";
        rows.push_back({facts.name, facts.server, isReached ? "yes" : "no", state.serverVersion, state.identity,
                        isReached ? std::to_string(state.applicationCount) : "", reconciler, note});
        values.push_back(Value::map({{"context", facts.name},
                                     {"server", facts.server},
                                     {"reachable", isReached},
                                     {"version", state.serverVersion},
                                     {"identity", state.identity},
                                     {"applications", state.applicationCount},
                                     {"argoCdTypes", state.hasArgoCdTypes},
                                     {"rollouts", state.hasRollouts},
                                     {"skipsTlsVerification", facts.skipsTlsVerification},
                                     {"reconciler", reconciler},
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
    print(flags.isForgotten ? "no context is chosen for " + flags.server + "\n"
                            : "objects of destinations at " + flags.server + " are looked for in context " + flags.context + "\n");
    co_return 0;
}

} // namespace tiphys::cli
