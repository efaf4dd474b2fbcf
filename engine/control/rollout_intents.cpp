// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_intents.h"

#include "rollout/intent/image.h"

#include <charconv>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kGroup = "argoproj.io";

ports::ResourceType typeOf(std::string_view plural, std::string_view kind)
{
    return {std::string(kGroup), "v1alpha1", std::string(plural), std::string(kind), true};
}

/// A member of a map or an item of a list.
Value memberOf(const Value &value, std::string_view name)
{
    if (!value.isList())
        return value[name];
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), index);
    return problem == std::errc() && end == name.data() + name.size() ? value.at(index) : Value();
}

/// Whether the operations of a JSON Patch have taken effect in \p object.
bool isDone(const Value &operations, const Object &object)
{
    for (const Value &operation : operations.items()) {
        const std::string_view kind = operation["op"].stringOr();
        if (kind == "test")
            continue;
        std::string_view path = operation["path"].stringOr();
        Value found = object.value();
        while (!path.empty()) {
            path.remove_prefix(1);
            const auto slash = path.find('/');
            found = memberOf(found, path.substr(0, slash));
            path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
        }
        if (kind == "remove" ? !found.isNull() : found != operation["value"])
            return false;
    }
    return true;
}

/// "analysisRun" of "AnalysisRun".
std::string wordOf(const ports::ResourceType &type)
{
    std::string word = type.kind;
    word.front() = static_cast<char>(word.front() - 'A' + 'a');
    return word;
}

/// A refused test of a JSON Patch means that the object moved on. The server has one text for all that it does not apply.
/// Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (applyJSPatch)@v0.34.0
Error conflictOf(const Error &error, const ports::ResourceType &type, const std::string &name)
{
    const bool isTest =
        error.code() == ErrorCode::InvalidInput && error.message().contains("the server rejected our request");
    if (!isTest)
        return error;
    return {ErrorCode::Conflict, wordOf(type) + " '" + name + "' moved on since it was looked at: nothing was changed"};
}

/// Sends \p patch once. Where the answer is lost, reads the object to see what became of it.
Async<Object> sent(ports::ClusterPtr cluster, ports::ResourceType type, Object before, rollout::IntentPatch patch,
                   CancelToken cancel)
{
    const ports::ObjectRef ref{type, std::string(before.ns()), std::string(before.name())};
    ports::WriteOptions options;
    options.subresource = patch.isStatus ? "status" : "";
    Expected<ports::Written> written =
        co_await cluster->patch(ref, {ports::PatchType::Json, patch.operations}, options, cancel);
    if (!written && written.error().code() == ErrorCode::NotFound && patch.isStatus) {
        options.subresource.clear();
        written = co_await cluster->patch(ref, {ports::PatchType::Json, patch.operations}, options, cancel);
    }
    if (written)
        co_return written->object;
    if (written.error().code() != ErrorCode::Unknown)
        co_return std::unexpected(conflictOf(written.error(), type, ref.name));
    const Expected<Object> now = co_await cluster->get(ref, {}, cancel);
    if (now && isDone(patch.operations, *now))
        co_return *now;
    if (now && now->resourceVersion() == before.resourceVersion())
        co_return failure(ErrorCode::Unavailable,
                          "the answer was lost, and " + ref.name + " is unchanged: it was not done");
    co_return std::unexpected(written.error());
}

/// True for the phase of a run or an experiment that has ended.
bool isOver(std::string_view phase)
{
    return phase == "Successful" || phase == "Failed" || phase == "Error" || phase == "Inconclusive";
}

/// Items of \p type in the namespace; none where the kind is not installed.
Async<std::vector<Object>> listed(ports::ClusterPtr cluster, ports::ResourceType type, std::string ns,
                                  CancelToken cancel)
{
    ports::ListOptions options;
    options.ns = std::move(ns);
    options.managedFields = ports::ManagedFields::Dropped;
    Expected<ports::ObjectList> list = co_await cluster->list(std::move(type), options, cancel);
    if (!list && list.error().code() == ErrorCode::NotFound)
        co_return std::vector<Object>();
    if (!list)
        co_return std::unexpected(list.error());
    co_return std::move(list->items);
}

} // namespace

ports::ResourceType rolloutType()
{
    return typeOf("rollouts", "Rollout");
}

ports::ResourceType analysisRunType()
{
    return typeOf("analysisruns", "AnalysisRun");
}

ports::ResourceType experimentType()
{
    return typeOf("experiments", "Experiment");
}

Async<Object> carryOutIntent(ports::ClusterPtr cluster, RolloutIntent intent, CancelToken cancel)
{
    const Expected<Object> read = co_await cluster->get({rolloutType(), intent.ns, intent.name}, {}, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Expected<std::vector<rollout::IntentPatch>> patches =
        rollout::patchesFor(intent.intent, *read, intent.seen.value_or(rollout::seenOf(*read)), intent.restartAt);
    if (!patches)
        co_return std::unexpected(patches.error());
    Object current = *read;
    for (const rollout::IntentPatch &patch : *patches) {
        const Expected<Object> next = co_await sent(cluster, rolloutType(), current, patch, cancel);
        if (!next)
            co_return std::unexpected(next.error());
        current = *next;
    }
    co_return current;
}

Value Workload::podTemplate() const
{
    return type.kind == "PodTemplate" ? object.value()["template"] : object.path({"spec", "template"});
}

Async<Workload> workloadOf(ports::ClusterPtr cluster, Object rollout, CancelToken cancel)
{
    const Value reference = rollout.path({"spec", "workloadRef"});
    if (!reference.isMap())
        co_return Workload{rolloutType(), rollout};
    const std::string kind(reference["kind"].stringOr());
    ports::ResourceType type;
    if (kind == "Deployment")
        type = {"apps", "v1", "deployments", kind, true};
    else if (kind == "ReplicaSet")
        type = {"apps", "v1", "replicasets", kind, true};
    else if (kind == "PodTemplate")
        type = {"", "v1", "podtemplates", kind, true};
    else
        co_return failure(ErrorCode::Unsupported, "workloadRef of kind '" + kind + "' is not supported");
    const Expected<Object> workload =
        co_await cluster->get({type, std::string(rollout.ns()), std::string(reference["name"].stringOr())}, {}, cancel);
    if (!workload)
        co_return std::unexpected(workload.error());
    co_return Workload{type, *workload};
}

Async<Undo> plannedUndo(ports::ClusterPtr cluster, std::string ns, std::string name, std::int64_t revision,
                        CancelToken cancel)
{
    const Expected<Object> read = co_await cluster->get({rolloutType(), ns, name}, {}, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Expected<std::vector<Object>> sets =
        co_await listed(cluster, {"apps", "v1", "replicasets", "ReplicaSet", true}, ns, cancel);
    if (!sets)
        co_return std::unexpected(sets.error());
    const Expected<Object> target = rollout::undoTarget(*read, *sets, revision);
    if (!target)
        co_return std::unexpected(target.error());
    const Expected<Workload> workload = co_await workloadOf(cluster, *read, cancel);
    if (!workload)
        co_return std::unexpected(workload.error());
    co_return Undo{*workload, *target, revision};
}

Async<std::string> carryOutUndo(ports::ClusterPtr cluster, Undo undo, std::string name, CancelToken cancel)
{
    const Object &object = undo.workload.object;
    const std::optional<rollout::IntentPatch> patch = rollout::undoPatch(undo.workload.podTemplate(), undo.target);
    if (!patch)
        co_return "skipped rollback (current template already matches revision " + std::to_string(undo.revision) + ")";
    // The version that was read is tested too: a template is never put over one that nobody looked at.
    std::vector<Value> operations{
        Value::map({{"op", "test"}, {"path", "/metadata/resourceVersion"}, {"value", object.resourceVersion()}})};
    const Value path = undo.workload.type.kind == "PodTemplate" ? Value("/template") : patch->operations.at(0)["path"];
    operations.push_back(patch->operations.at(0).with("path", path));
    const Expected<Object> done =
        co_await sent(cluster, undo.workload.type, object, {false, Value::list(operations)}, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    co_return "rollout '" + name + "' undo";
}

Async<std::string> setRolloutImages(ports::ClusterPtr cluster, std::string ns, std::string name,
                                    std::vector<std::pair<std::string, std::string>> images, CancelToken cancel)
{
    const Expected<Object> read = co_await cluster->get({rolloutType(), ns, name}, {}, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const Expected<Workload> workload = co_await workloadOf(cluster, *read, cancel);
    if (!workload)
        co_return std::unexpected(workload.error());
    const Expected<Value> patch = rollout::imagePatch(workload->object, images);
    if (!patch)
        co_return std::unexpected(patch.error());
    const Expected<Object> done = co_await sent(cluster, workload->type, workload->object, {false, *patch}, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    co_return wordOf(workload->type) + " \"" + std::string(workload->object.name()) + "\" image updated";
}

Async<std::string> terminateRun(ports::ClusterPtr cluster, ports::ResourceType type, std::string ns, std::string name,
                                CancelToken cancel)
{
    const Expected<Object> read = co_await cluster->get({type, ns, name}, {}, cancel);
    if (!read)
        co_return std::unexpected(read.error());
    const std::string what = wordOf(type) + " '" + name + "'";
    const Value phase = read->path({"status", "phase"});
    if (read->path({"spec", "terminate"}).boolOr(false))
        co_return what + " terminated";
    if (isOver(phase.stringOr()))
        co_return failure(ErrorCode::InvalidInput,
                          "cannot terminate " + what + ": it is " + std::string(phase.stringOr()) + " already");
    std::vector<Value> operations{Value::map({{"op", "test"}, {"path", "/metadata/uid"}, {"value", read->uid()}})};
    if (!phase.isNull())
        operations.push_back(Value::map({{"op", "test"}, {"path", "/status/phase"}, {"value", phase}}));
    operations.push_back(Value::map({{"op", "add"}, {"path", "/spec/terminate"}, {"value", true}}));
    const Expected<Object> done = co_await sent(cluster, type, *read, {false, Value::list(operations)}, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    co_return what + " terminated";
}

} // namespace tiphys::control
