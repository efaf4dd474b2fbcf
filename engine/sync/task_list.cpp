// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/task_list.h"

#include "crd/hook.h"
#include "crd/names.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiphys::sync {

namespace {

bool isNamespaceNamed(const object::Object &object, std::string_view name)
{
    return object.kind() == "Namespace" && object.group().empty() && object.name() == name;
}

/// True if the operation is about \p object: all, or one of its list.
bool isSelected(const object::Object &object, const std::vector<crd::SyncResource> &selection)
{
    return selection.empty() || std::ranges::any_of(selection, [&](const crd::SyncResource &resource) {
               return resource.kind == object.kind() && resource.group == object.group()
                      && resource.name == object.name() && (resource.ns.empty() || resource.ns == object.ns());
           });
}

void addResourceTasks(std::vector<Task> &tasks, const PassInput &input)
{
    for (const Pair &pair : input.compared.pairs) {
        const object::Object &subject = pair.target.isNull() ? pair.live : pair.target;
        // A live hook without target is left over: it is never pruned.
        if (crd::isHook(subject) || !pair.isSelfReferenced)
            continue;
        // Selection compares the namespace of the live object where there is one, as the comparison's key does.
        const object::Object &keyed = pair.live.isNull() ? pair.target : pair.live;
        if (!isSelected(keyed, input.operation.sync->resources))
            continue;
        for (const Phase phase : phasesOf(subject)) {
            Task task = taskOf(phase, pair.target, pair.live);
            task.isModified = pair.isModified;
            tasks.push_back(std::move(task));
        }
    }
}

void addHookTasks(std::vector<Task> &tasks, const PassInput &input)
{
    const HookNaming naming{.revision = input.compared.revision,
                            .startedAt = crd::timestampOf(input.startedAt).value_or(crd::Timestamp{})};
    for (const object::Object &hook : input.compared.hooks) {
        for (const Phase phase : phasesOf(hook))
            tasks.push_back(taskOf(phase, hookTargetOf(hook, phase, naming), {}));
    }
}

void addNamespaceTask(std::vector<Task> &tasks, const PassInput &input, const NamespaceLook &look)
{
    Task task = taskOf(Phase::PreSync, managedNamespaceOf(input), look.live);
    switch (look.state) {
    case NamespaceLook::State::NotAsked: return;
    case NamespaceLook::State::Failed: task.buildFailure = "namespace auto creation failed: " + look.failure; break;
    case NamespaceLook::State::Present:
        if (!input.managedNamespaceMetadata)
            return;
        break;
    case NamespaceLook::State::Absent: break;
    }
    tasks.push_back(std::move(task));
}

/// Live objects of the comparison by group, kind and name: hooks have no target to be paired with.
class LiveObjects
{
public:
    explicit LiveObjects(const std::vector<Pair> &pairs)
    {
        for (const Pair &pair : pairs) {
            if (!pair.live.isNull())
                m_byName[keyOf(pair.live)].push_back(pair.live);
        }
    }

    /// The live object of \p target; a cluster-scoped one whatever namespace the target names.
    object::Object find(const object::Object &target) const
    {
        const auto found = m_byName.find(keyOf(target));
        if (found == m_byName.end())
            return {};
        for (const object::Object &live : found->second) {
            if (live.ns().empty() || live.ns() == target.ns())
                return live;
        }
        return {};
    }

private:
    static object::ObjectKey keyOf(const object::Object &object)
    {
        object::ObjectKey key = object.key();
        key.ns.clear();
        return key;
    }
    std::map<object::ObjectKey, std::vector<object::Object>> m_byName;
};

/// Kinds that CRDs among targets and hooks define.
std::set<object::GroupKind> definedKinds(const Compared &compared)
{
    std::set<object::GroupKind> kinds;
    const auto add = [&](const object::Object &object) {
        const auto group = object.path({"spec", "group"}).asString();
        const auto kind = object.path({"spec", "names", "kind"}).asString();
        if (isCrd(object) && group && kind)
            kinds.insert({std::string(*group), std::string(*kind)});
    };
    for (const Pair &pair : compared.pairs)
        add(pair.target);
    for (const object::Object &hook : compared.hooks)
        add(hook);
    return kinds;
}

void checkKinds(std::vector<Task> &tasks, const PassInput &input, const SyncSettings &settings)
{
    const std::set<object::GroupKind> defined = definedKinds(input.compared);
    std::map<object::Gvk, Expected<ServedKind>> served;
    for (Task &task : tasks) {
        const object::Gvk gvk = task.object().gvk();
        auto known = served.find(gvk);
        if (known == served.end())
            known = served.emplace(gvk, input.world.kind(gvk)).first;
        const Expected<ServedKind> &kind = known->second;
        if (kind) {
            task.resource = kind->resource;
            task.invalidReason = input.world.violation(task.object().key(), *kind).value_or("");
            continue;
        }
        const bool mayBeMissing = settings.skipsDryRunOnMissingResource
                                  || (!task.isPrune() && hasSyncOption(task.target, "SkipDryRunOnMissingResource=true"))
                                  || defined.contains(gvk.groupKind());
        if (kind.error().code() == ErrorCode::NotFound && mayBeMissing)
            task.skipsDryRun = true;
        else
            task.invalidReason = kind.error().text();
    }
}

} // namespace

Error kindNotServed(const object::Gvk &gvk, bool isVersionServed)
{
    if (isVersionServed)
        return {ErrorCode::NotFound, gvk.groupKind().text() + " \"\" not found"};
    return {ErrorCode::NotFound, "failed to discover server resources for group version " + gvk.apiVersion()
                                     + ": the server could not find the requested resource"};
}

bool needsNamespaceLook(const PassInput &input)
{
    return settingsOf(*input.operation.sync).createsNamespace && !input.destinationNamespace.empty()
           && std::ranges::none_of(input.compared.pairs, [&](const Pair &pair) {
                  return isNamespaceNamed(pair.target, input.destinationNamespace);
              });
}

object::Object managedNamespaceOf(const PassInput &input)
{
    using object::Value;
    const auto mapOf = [](const crd::TextMap &texts) {
        std::vector<std::pair<std::string, Value>> members;
        for (const auto &[key, value] : texts)
            members.emplace_back(key, value);
        return Value::map(members);
    };
    Value metadata = Value::map({{"name", input.destinationNamespace}});
    if (input.managedNamespaceMetadata) {
        crd::TextMap annotations = input.managedNamespaceMetadata->annotations;
        // Server-side apply leaves labels and annotations of others alone.
        annotations[std::string(crd::kSyncOptionsAnnotation)] = "ServerSideApply=true";
        if (!input.managedNamespaceMetadata->labels.empty())
            metadata = metadata.with("labels", mapOf(input.managedNamespaceMetadata->labels));
        metadata = metadata.with("annotations", mapOf(annotations));
    }
    return object::Object(Value::map({{"apiVersion", "v1"},
                                      {"kind", "Namespace"},
                                      {"metadata", metadata},
                                      {"spec", Value::map({})},
                                      {"status", Value::map({})}}));
}

std::vector<Task> tasksOf(const PassInput &input, const NamespaceLook &look)
{
    const SyncSettings settings = settingsOf(*input.operation.sync);
    std::vector<Task> tasks;
    addResourceTasks(tasks, input);
    if (!settings.skipsHooks)
        addHookTasks(tasks, input);
    for (Task &task : tasks) {
        // Cluster-scoped targets too, so that none can end up in a namespace by accident.
        if (!task.isPrune() && task.target.ns().empty() && !input.destinationNamespace.empty())
            task.target = task.target.withNamespace(input.destinationNamespace);
    }
    addNamespaceTask(tasks, input, look);
    const LiveObjects liveObjects(input.compared.pairs);
    for (Task &task : tasks) {
        if (!task.isPrune() && task.live.isNull())
            task.live = liveObjects.find(task.target);
    }
    checkKinds(tasks, input, settings);
    reversePruneWaves(tasks);
    movePruneLast(tasks, settings.prunesLast ? PruneLast::All : PruneLast::AsAnnotated);
    sortTasks(tasks);
    return tasks;
}

} // namespace tiphys::sync
