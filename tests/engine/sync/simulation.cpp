// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulation.h"

#include "base/text.h"
#include "build.h"
#include "compare/apply_patch.h"
#include "crd/hook.h"
#include "sync/exchange.h"

#include <algorithm>

namespace tiphys::sync::test {

using object::Value;

namespace {

constexpr std::string_view kCommit = "0123456789abcdef0123456789abcdef01234567";

bool isClusterScoped(std::string_view kind)
{
    return kind == "Namespace" || kind == "ClusterRole" || kind == "CustomResourceDefinition";
}

std::string shownName(const object::Object &object)
{
    return std::string(object.kind()) + '/' + std::string(object.name());
}

std::string_view verbName(const Call &call)
{
    switch (call.verb) {
    case Verb::Get: return "GET";
    case Verb::Create: return "POST";
    case Verb::Replace: return "PUT";
    case Verb::Patch: return call.patch == PatchKind::Apply ? "APPLY" : "PATCH";
    case Verb::Delete: return "DELETE";
    }
    return {};
}

std::string_view patchName(PatchKind kind)
{
    switch (kind) {
    case PatchKind::Json: return " json";
    case PatchKind::Merge: return " merge";
    case PatchKind::StrategicMerge: return " strategic";
    case PatchKind::Apply: return " apply";
    }
    return {};
}

/// A call as the golden files show it.
Value traced(const Call &call)
{
    const bool isPatch = call.verb == Verb::Patch;
    const std::string name = std::string(isPatch ? "PATCH" : verbName(call)) + ' ' + call.gvk.kind + '/' + call.name
                             + std::string(isPatch ? patchName(call.patch) : "");
    Value line = Value::map({{"call", name}});
    std::string query = call.fieldManager.empty() ? "" : "fieldManager=" + call.fieldManager;
    if (call.takesConflicts)
        query += "&force=true";
    if (!query.empty())
        line = line.with("query", query);
    if (call.propagation)
        line = line.with("propagationPolicy", text(*call.propagation));
    return call.body.isNull() ? line : line.with("body", call.body);
}

} // namespace

std::string SimulatedCluster::keyOf(const Call &call)
{
    const std::string ns = isClusterScoped(call.gvk.kind) ? "" : call.ns;
    return object::ObjectKey{call.gvk.group, call.gvk.kind, ns, call.name}.path();
}

object::Object SimulatedCluster::stamped(object::Object object)
{
    Value value = object.value().withPath({"metadata", "resourceVersion"}, std::to_string(++m_version));
    if (isClusterScoped(object.kind()))
        value = value.withoutPath({"metadata", "namespace"});
    if (object.uid().empty())
        value = value.withPath({"metadata", "uid"}, "uid-" + std::to_string(m_version));
    return object::Object(value);
}

Reply SimulatedCluster::answer(const Call &call)
{
    const std::string key = keyOf(call);
    const std::string shown = call.gvk.kind + '/' + call.name;
    const auto live = objects.find(key);
    const Error absent(ErrorCode::NotFound, asciiLower(call.gvk.kind) + "s \"" + call.name + "\" not found",
                       "NotFound");
    if (call.verb == Verb::Get)
        return live == objects.end() ? Reply(std::unexpected(absent)) : Reply(live->second);
    log.push_back(std::string(verbName(call)) + ' ' + shown);
    if (const auto refusal = refusals.find(log.back()); refusal != refusals.end())
        return std::unexpected(refusal->second);
    const bool isApply = call.verb == Verb::Patch && call.patch == PatchKind::Apply;
    if (call.verb == Verb::Create || (isApply && live == objects.end())) {
        if (live != objects.end())
            return std::unexpected(Error(ErrorCode::Conflict, shown + " already exists", "AlreadyExists"));
        ++creations[shown];
        return objects[key] = stamped(object::Object(call.body));
    }
    if (live == objects.end())
        return std::unexpected(absent);
    if (call.verb == Verb::Delete) {
        live->second =
            object::Object(live->second.value().withPath({"metadata", "deletionTimestamp"}, "2026-01-01T00:00:00Z"));
        collect();
        return object::Object();
    }
    const Reply changed = call.verb == Verb::Replace ? Reply(object::Object(call.body)) : patched(call, live->second);
    if (!changed)
        return changed;
    object::Object result = stamped(*changed);
    live->second = result;
    collect();
    return result;
}

Reply SimulatedCluster::patched(const Call &call, const object::Object &live)
{
    switch (call.patch) {
    case PatchKind::StrategicMerge: return compare::applyStrategicMergePatch(live, call.body);
    case PatchKind::Merge:
    case PatchKind::Apply: // fields that the applier gave up stay: no test looks at them
        return compare::applyMergePatch(live, call.body);
    case PatchKind::Json: return failure(ErrorCode::Unsupported, "no JSON patch in this cluster");
    }
    return live;
}

void SimulatedCluster::collect()
{
    std::erase_if(objects,
                  [](const auto &entry) { return entry.second.isBeingDeleted() && entry.second.finalizers().empty(); });
}

object::Object SimulatedCluster::find(std::string_view kind, std::string_view name) const
{
    for (const auto &[key, object] : objects) {
        if (object.kind() == kind && object.name() == name)
            return object;
    }
    return {};
}

std::vector<std::string> SimulatedCluster::names() const
{
    std::vector<std::string> names;
    for (const auto &[key, object] : objects)
        names.push_back(shownName(object));
    std::ranges::sort(names);
    return names;
}

SimulatedSync::SimulatedSync(const crd::Application &start)
    : now(*crd::timestampOf("2026-01-01T00:00:00Z")), m_app(start.object)
{
}

crd::Application SimulatedSync::app() const
{
    const Expected<crd::Application> app = crd::applicationOf(m_app);
    EXPECT_TRUE(app) << (app ? "" : app.error().text());
    return *app;
}

void SimulatedSync::request(std::string_view operation)
{
    patchApp(Value::map({{"operation", yaml(operation)}, {"status", Value::map({{"operationState", nullptr}})}}));
}

void SimulatedSync::patchApp(const Value &patch)
{
    m_app = compare::applyMergePatch(m_app, patch);
}

void SimulatedSync::write(const std::function<void()> &act)
{
    if (m_left && (*m_left)-- == 0)
        throw Crash{};
    ++writes;
    act();
}

void SimulatedSync::store(const Value &patch)
{
    write([&] {
        trace.push_back(Value::map({{"call", "PATCH Application/shop merge"}, {"body", patch}}));
        patchApp(patch);
    });
}

void SimulatedSync::look(std::optional<int> mostWrites)
{
    m_left = mostWrites;
    try {
        lookOnce();
    } catch (const Crash &) {
        // What was not written is gone, as with a killed process.
    }
    m_left.reset();
}

void SimulatedSync::lookOnce()
{
    const std::optional<PickUp> pick = pickUp(app(), now);
    if (!pick)
        return;
    if (pick->patch)
        store(*pick->patch);
    if (pick->lookAgainAfter)
        now.seconds += pick->lookAgainAfter->seconds() + 1;
    if (!pick->runsPass)
        return;
    const Expected<crd::OperationState> ready = readyForPass(app(), pick->state);
    ASSERT_TRUE(ready);
    crd::OperationState state = *ready;
    state.syncResult->revision = kCommit;
    const PassInput input = passInput(state);
    std::vector<BatchResults> answers;
    PassStep step = passStep(input, answers);
    while (const auto *batch = std::get_if<Batch>(&step)) {
        answers.push_back(execute(*batch, state));
        step = passStep(input, answers);
    }
    const PassEnd &end = std::get<PassEnd>(step);
    if (end.delay == WaveDelay::Yes) {
        ++waveDelays;
        now.seconds += 2;
    }
    PassOutcome outcome = outcomeOf(end);
    outcome.deployed.revision = kCommit;
    outcome.deployed.source = state.syncResult->source;
    outcome.wasTerminating = input.phase == crd::OperationPhase::Terminating;
    outcome.isTerminatingNow = !outcome.wasTerminating && app().status.operationState
                               && app().status.operationState->phase == crd::OperationPhase::Terminating;
    const Completion completion = completePass(app(), state, outcome, now);
    if (completion.historyPatch)
        store(*completion.historyPatch);
    if (completion.patch)
        store(*completion.patch);
}

BatchResults SimulatedSync::execute(const Batch &batch, const crd::OperationState &state)
{
    if (batch.recordFirst)
        store(recordPatch(app(), state, *batch.recordFirst));
    BatchResults results;
    for (const Write &one : batch.writes)
        results.push_back(execute(one));
    return results;
}

WriteResult SimulatedSync::execute(const Write &one)
{
    std::vector<Reply> replies;
    ExchangeStep step = nextCall(one, replies);
    while (const auto *call = std::get_if<Call>(&step)) {
        Reply reply;
        if (call->isRead())
            reply = cluster.answer(*call);
        else
            write([&] {
                trace.push_back(traced(*call));
                reply = cluster.answer(*call);
            });
        replies.push_back(reply);
        step = nextCall(one, replies);
    }
    return std::get<WriteResult>(step);
}

PassInput SimulatedSync::passInput(const crd::OperationState &state) const
{
    PassInput input = passInputOf(app(), state);
    input.recordsHooksFirst = recordsHooksFirst;
    input.compared.revision = kCommit;
    std::map<std::string, object::Object> left = cluster.objects;
    for (const object::Object &target : targets) {
        if (crd::isHook(target)) {
            input.compared.hooks.push_back(target);
            continue;
        }
        object::ObjectKey key = target.key();
        if (isClusterScoped(target.kind()))
            key.ns.clear();
        Pair pair{.target = target, .live = {}};
        if (const auto live = left.find(key.path()); live != left.end()) {
            pair.live = live->second;
            left.erase(live);
        }
        pair.isModified = !std::ranges::contains(unmodified, target.name());
        input.compared.pairs.push_back(pair);
    }
    for (const auto &[key, live] : left) {
        if (live.kind() != "Namespace")
            input.compared.pairs.push_back({.target = {}, .live = live});
    }
    input.world.kind = [this](const object::Gvk &gvk) -> Expected<ServedKind> {
        if (std::ranges::contains(cluster.unknownKinds, gvk.kind))
            return std::unexpected(kindNotServed(gvk, false));
        return ServedKind{.isNamespaced = !isClusterScoped(gvk.kind), .resource = asciiLower(gvk.kind) + 's'};
    };
    input.world.violation = [](const object::ObjectKey &, ServedKind) { return std::nullopt; };
    input.world.health = [this](const object::Object &live) -> Expected<std::optional<crd::HealthStatus>> {
        if (const auto known = health.find(shownName(live)); known != health.end())
            return known->second;
        if (live.kind() != "Job")
            return std::nullopt;
        return crd::HealthStatus{.status = completesJobs ? crd::HealthCode::Healthy : crd::HealthCode::Progressing,
                                 .message = completesJobs ? "Reached expected number of succeeded pods" : "",
                                 .lastTransitionTime = {}};
    };
    return input;
}

void SimulatedSync::run()
{
    for (int i = 0; i < 60 && app().operation; ++i)
        look();
    EXPECT_FALSE(app().operation) << "does not end: " << verdict();
}

std::string SimulatedSync::verdict() const
{
    const auto state = app().status.operationState;
    return state ? std::string(crd::text(state->phase)) + ": " + state->message : "none";
}

std::vector<std::string> SimulatedSync::results() const
{
    std::vector<std::string> lines;
    const auto state = app().status.operationState;
    if (!state || !state->syncResult)
        return lines;
    for (const crd::ResourceResult &result : state->syncResult->resources)
        lines.push_back(result.syncPhase + '/' + result.kind + '/' + result.name + ": "
                        + std::string(crd::text(result.status)) + ' ' + std::string(crd::text(result.hookPhase)) + ' '
                        + result.message);
    return lines;
}

} // namespace tiphys::sync::test
