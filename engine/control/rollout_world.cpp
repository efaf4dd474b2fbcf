// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_world.h"

#include "control/rollout_intents.h"
#include "rollout/names.h"
#include "rollout/provider/job.h"
#include "rollout/reference_validation.h"
#include "rollout/router/router_kinds.h"
#include "rollout/service_release.h"

#include <QByteArray>

#include <algorithm>

namespace tiphys::control {

using object::GroupKind;
using object::Object;
using object::Value;

namespace {

constexpr const char *kIstioGroup = "networking.istio.io";
const ports::ResourceType kReplicaSets{"apps", "v1", "replicasets", "ReplicaSet", true};
const ports::ResourceType kPods{"", "v1", "pods", "Pod", true};
const ports::ResourceType kServices{"", "v1", "services", "Service", true};
const ports::ResourceType kSecrets{"", "v1", "secrets", "Secret", true};
const ports::ResourceType kJobs{"batch", "v1", "jobs", "Job", true};
const ports::ResourceType kTemplates{"argoproj.io", "v1alpha1", "analysistemplates", "AnalysisTemplate", true};
const ports::ResourceType kClusterTemplates{"argoproj.io", "v1alpha1", "clusteranalysistemplates",
                                            "ClusterAnalysisTemplate", false};

using Kind = RolloutTask::Kind;

std::optional<Kind> taskKindOf(std::string_view kind)
{
    if (kind == "Rollout")
        return Kind::Rollout;
    if (kind == "AnalysisRun")
        return Kind::AnalysisRun;
    if (kind == "Experiment")
        return Kind::Experiment;
    return std::nullopt;
}

RolloutTask taskOf(const Object &object, Kind kind)
{
    return {kind, std::string(object.ns()), std::string(object.name())};
}

/// Keys of a Secret's data, decoded.
std::string secretValue(const Object &secret, std::string_view key)
{
    const std::string_view encoded = secret.path({"data", key}).stringOr();
    return QByteArray::fromBase64(QByteArray(encoded.data(), static_cast<qsizetype>(encoded.size()))).toStdString();
}

GroupKind workloadKindOf(const rollout::WorkloadReference &reference)
{
    const auto slash = reference.apiVersion.find('/');
    return {slash == std::string::npos ? "" : reference.apiVersion.substr(0, slash), reference.kind};
}

} // namespace

RolloutWorld::RolloutWorld(ports::Connection connection, RolloutScope scope,
                           std::function<void(const RolloutTask &)> wake)
    : m_connection(std::move(connection)), m_scope(std::move(scope)), m_wake(std::move(wake))
{
}

ObjectStore &RolloutWorld::storeOf(const ports::ResourceType &type, std::function<void(const Object &)> onChange)
{
    std::unique_ptr<ObjectStore> &store = m_stores[type.groupKind()];
    if (!store) {
        ports::CacheKey key;
        key.type = type;
        // Jobs are made in a namespace of their own where the environment names one.
        const bool isApart = type == kJobs && !m_scope.jobNs.empty();
        key.ns = !type.isNamespaced ? "" : isApart ? m_scope.jobNs : m_scope.ns;
        const bool isElsewhere = type == kJobs && m_scope.jobs;
        store =
            std::make_unique<ObjectStore>(isElsewhere ? m_scope.jobs : m_connection.cache, key, std::move(onChange));
    }
    return *store;
}

const ObjectStore *RolloutWorld::store(std::string_view group, std::string_view kind) const
{
    const auto found = m_stores.find(GroupKind{std::string(group), std::string(kind)});
    return found == m_stores.end() ? nullptr : found->second.get();
}

const ObjectStore::Named &RolloutWorld::objects(std::string_view group, std::string_view kind,
                                                std::string_view ns) const
{
    static const ObjectStore::Named kNone;
    const ObjectStore *found = store(group, kind);
    return found ? found->in(ns) : kNone;
}

void RolloutWorld::wakeOwner(const Object &object)
{
    for (const object::OwnerReference &owner : object.ownerReferences()) {
        const std::optional<Kind> kind = owner.isController ? taskKindOf(owner.kind) : std::nullopt;
        if (kind)
            m_wake({*kind, std::string(object.ns()), owner.name});
    }
}

void RolloutWorld::wakeNamespace(const Object &object)
{
    for (const auto kind : {Kind::Rollout, Kind::Experiment}) {
        const ObjectStore *tasks = store("argoproj.io", kind == Kind::Rollout ? "Rollout" : "Experiment");
        if (!tasks)
            continue;
        for (const auto &[ns, named] : tasks->all()) {
            if (!object.ns().empty() && ns != object.ns())
                continue;
            for (const auto &[name, task] : named)
                m_wake({kind, ns, name});
        }
    }
}

void RolloutWorld::wakeManaged(const Object &object)
{
    for (const auto &[group, kind] : {std::pair("", "Service"), std::pair(kIstioGroup, "DestinationRule")}) {
        for (const auto &[name, managed] : objects(group, kind, object.ns())) {
            if (managed.annotation(rollout::kManagedByAnnotation) == object.name())
                wakeIfManaged(managed);
        }
    }
}

void RolloutWorld::wakeIfManaged(const Object &object)
{
    if (!object.annotation(rollout::kManagedByAnnotation))
        return;
    if (object.groupKind() == GroupKind{"", "Service"})
        m_wake(taskOf(object, Kind::Service));
    else if (object.groupKind() == GroupKind{kIstioGroup, "DestinationRule"})
        m_wake(taskOf(object, Kind::DestinationRule));
}

void RolloutWorld::forgetRead(const Object &object)
{
    const auto forget = [&object](auto &decoded) { decoded.one(object.ns(), object.name(), nullptr); };
    if (object.kind() == "ReplicaSet")
        forget(m_replicaSets);
    else if (object.kind() == "Service")
        forget(m_services);
    else if (object.kind() == "AnalysisRun")
        forget(m_analysisRuns);
    else if (object.kind() == "Experiment")
        forget(m_experiments);
    else if (object.kind() == "Rollout")
        forget(m_rollouts);
}

Async<void> RolloutWorld::start(CancelToken cancel)
{
    const auto own = [this](Kind kind) {
        return [this, kind](const Object &object) {
            if (find(object.key()).isNull())
                forgetRead(object);
            m_wake(taskOf(object, kind));
            wakeOwner(object);
            if (kind == Kind::Rollout)
                wakeManaged(object);
        };
    };
    const auto owned = [this](const Object &object) { wakeOwner(object); };
    const auto all = [this](const Object &object) { wakeNamespace(object); };
    // Objects that decisions are made from come first: none is made before they are known.
    storeOf(kReplicaSets, [this, owned, all](const Object &set) {
        if (find(set.key()).isNull())
            forgetRead(set);
        owned(set);
        // What nobody controls may be the workload of a Rollout, or become its own.
        if (std::ranges::none_of(set.ownerReferences(), &object::OwnerReference::isController))
            all(set);
    });
    storeOf(kPods, [](const Object &) {});
    storeOf(kServices, [this](const Object &service) {
        if (find(service.key()).isNull())
            forgetRead(service);
        wakeNamespace(service);
        wakeIfManaged(service);
    });
    storeOf(kJobs, [this](const Object &job) {
        wakeOwner(job);
        // A Job in another namespace, or another cluster, cannot name its run as owner.
        const auto run = job.annotation(rollout::provider::kRunNameAnnotation);
        const auto ns = job.annotation(rollout::provider::kRunNamespaceAnnotation);
        if (run && ns && (m_scope.jobs || ns != job.ns()) && job.label(rollout::provider::kRunUidLabel))
            m_wake({Kind::AnalysisRun, std::string(*ns), std::string(*run)});
    });
    storeOf(kTemplates, all);
    storeOf(kClusterTemplates, all);
    storeOf(analysisRunType(), own(Kind::AnalysisRun));
    storeOf(experimentType(), own(Kind::Experiment));
    storeOf(rolloutType(), own(Kind::Rollout));
    std::vector<ObjectStore *> stores;
    for (const auto &[kind, store] : m_stores)
        stores.push_back(store.get());
    for (ObjectStore *store : stores) {
        const Expected<void> synced = co_await store->synced(cancel);
        if (!synced)
            co_return std::unexpected(synced.error());
    }
    co_return {};
}

Async<void> RolloutWorld::need(GroupKind kind, CancelToken cancel)
{
    if (const auto known = m_stores.find(kind); known != m_stores.end()) {
        // Another pass may have asked for it a moment ago.
        const Expected<void> synced = co_await known->second->synced(cancel);
        co_return synced;
    }
    const Expected<ports::DiscoveryPtr> discovery = co_await m_connection.cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    const Expected<ports::ResourceType> type = (*discovery)->typeOf(kind);
    if (!type) {
        // The decision says what is missing, in the controller's words.
        ignoreError(type, "not served");
        co_return {};
    }
    ObjectStore &store = storeOf(*type, [this](const Object &object) {
        wakeNamespace(object);
        wakeIfManaged(object);
    });
    const Expected<void> synced = co_await store.synced(cancel);
    co_return synced;
}

void RolloutWorld::addTemplates(rollout::SharedItems<rollout::AnalysisTemplate> &templates, std::string_view ns)
{
    const auto add = [this, &templates](const Decoded<rollout::AnalysisTemplate>::Kept &found) {
        if (found->object.label(rollout::kInstanceIdLabel).value_or("") == m_scope.instanceId)
            templates.push_back(found);
    };
    for (const auto &[name, found] : m_templates.in(ns, objects("argoproj.io", "AnalysisTemplate", ns)))
        add(found);
    for (const auto &[name, found] : m_clusterTemplates.in("", objects("argoproj.io", "ClusterAnalysisTemplate", "")))
        add(found);
}

RolloutWorld::Names RolloutWorld::concerned(std::string_view group, std::string_view kind, std::string_view ns,
                                            const std::string &name, const std::string &uid) const
{
    const ObjectStore *found = store(group, kind);
    if (!found)
        return {};
    Names names = found->ownedBy(ns, uid);
    // Of other owners only names matter that this one may give.
    const std::string prefix = name + "-";
    const ObjectStore::Named &all = found->in(ns);
    for (auto each = all.lower_bound(prefix); each != all.end() && each->first.starts_with(prefix); ++each)
        names.insert(each->first);
    return names;
}

template <typename T, typename List>
void RolloutWorld::add(List &list, Decoded<T> &decoded, std::string_view group, std::string_view kind,
                       std::string_view ns, const Names &names)
{
    const ObjectStore *found = store(group, kind);
    if (!found)
        return;
    for (const std::string &name : names) {
        if (const Object *object = found->find(ns, name)) {
            const typename Decoded<T>::Kept kept = decoded.one(ns, name, object);
            if constexpr (requires { list.push_back(kept); })
                list.push_back(kept);
            else
                list.push_back(*kept);
        }
    }
}

void RolloutWorld::addOwn(rollout::Observed &observed)
{
    const rollout::Rollout &rollout = observed.rollout;
    const std::string &ns = rollout.ns;
    Names sets = concerned("apps", "ReplicaSet", ns, rollout.name, rollout.uid);
    // It adopts what nobody controls and its selector matches.
    if (const ObjectStore *found = store("apps", "ReplicaSet")) {
        const Names &orphans = found->ownedBy(ns, "");
        sets.insert(orphans.begin(), orphans.end());
    }
    add(observed.replicaSets, m_replicaSets, "apps", "ReplicaSet", ns, sets);
    Names runs = concerned("argoproj.io", "AnalysisRun", ns, rollout.name, rollout.uid);
    const rollout::Status &status = rollout.status;
    for (const auto *reference : {&status.canary.stepRun, &status.canary.backgroundRun,
                                  &status.blueGreen.prePromotionRun, &status.blueGreen.postPromotionRun}) {
        if (*reference)
            runs.insert((*reference)->name);
    }
    add(observed.analysisRuns, m_analysisRuns, "argoproj.io", "AnalysisRun", ns, runs);
    add(observed.experiments, m_experiments, "argoproj.io", "Experiment", ns,
        concerned("argoproj.io", "Experiment", ns, rollout.name, rollout.uid));
    Names services;
    for (const std::string &name : rollout::serviceNames(rollout))
        services.insert(name);
    for (const rollout::Experiment &experiment : observed.experiments) {
        for (const rollout::ExperimentTemplateStatus &part : experiment.status.templates)
            services.insert(part.serviceName);
    }
    add(observed.services, m_services, "", "Service", ns, services);
    const ObjectStore *pods = store("", "Pod");
    Names podNames; // pods are evicted in the order of their names
    for (const rollout::ReplicaSet &set : observed.replicaSets) {
        const Names &owned = pods->ownedBy(ns, set.uid);
        podNames.insert(owned.begin(), owned.end());
    }
    for (const std::string &name : podNames)
        observed.pods.push_back(*pods->find(ns, name));
    addTemplates(observed.templates, ns);
}

Async<std::optional<rollout::Observed>> RolloutWorld::rollout(RolloutTask task, CancelToken cancel)
{
    const ObjectStore *rollouts = store("argoproj.io", "Rollout");
    const auto read = [this, rollouts, &task] {
        return m_rollouts.one(task.ns, task.name, rollouts->find(task.ns, task.name));
    };
    std::shared_ptr<const rollout::Rollout> found = read();
    if (!found)
        co_return std::nullopt;
    std::vector<GroupKind> kinds = rollout::routerKindsOf(*found);
    if (found->workload)
        kinds.push_back(workloadKindOf(*found->workload));
    for (const GroupKind &kind : kinds) {
        const Expected<void> watched = co_await need(kind, cancel);
        if (!watched)
            co_return std::unexpected(watched.error());
    }
    // Waiting may have let the world change.
    found = read();
    if (!found)
        co_return std::nullopt;
    rollout::Observed observed;
    observed.rollout = *found;
    addOwn(observed);
    for (const GroupKind &kind : rollout::routerKindsOf(observed.rollout)) {
        const ObjectStore *routed = store(kind.group, kind.kind);
        if (!routed)
            continue;
        for (const auto &[ns, named] : routed->all()) {
            for (const auto &[name, router] : named)
                observed.routerObjects.push_back(router);
        }
    }
    if (observed.rollout.workload) {
        const GroupKind kind = workloadKindOf(*observed.rollout.workload);
        const ObjectStore *workloads = store(kind.group, kind.kind);
        if (const Object *workload = workloads ? workloads->find(task.ns, observed.rollout.workload->name) : nullptr)
            observed.workload = *workload;
    }
    co_return observed;
}

Async<std::optional<rollout::RunObserved>> RolloutWorld::analysisRun(RolloutTask task, CancelToken cancel)
{
    const Object *object = store("argoproj.io", "AnalysisRun")->find(task.ns, task.name);
    if (!object)
        co_return std::nullopt;
    rollout::RunObserved observed;
    observed.run = rollout::readAnalysisRun(*object);
    // What has ended needs no Secrets.
    const std::vector<rollout::RunArgument> arguments =
        rollout::isCompleted(observed.run.status.phase) ? std::vector<rollout::RunArgument>() : observed.run.arguments;
    for (const rollout::RunArgument &argument : arguments) {
        const Value reference = argument.valueFrom["secretKeyRef"];
        if (!reference.isMap())
            continue;
        const std::string name(reference["name"].stringOr());
        const std::string key(reference["key"].stringOr());
        const Expected<Object> secret = co_await m_connection.cluster->get({kSecrets, task.ns, name}, {}, cancel);
        const bool isAnswer =
            secret || secret.error().code() == ErrorCode::NotFound || secret.error().code() == ErrorCode::Denied;
        if (!isAnswer)
            co_return std::unexpected(secret.error());
        if (!secret && secret.error().code() == ErrorCode::Denied)
            observed.deniedSecrets.insert_or_assign(name, secret.error().message());
        else if (!secret)
            observed.missingSecrets.insert(name);
        if (secret && secret->path({"data"}).contains(key))
            observed.secrets[name + "/" + key] = secretValue(*secret, key);
    }
    for (const auto &[ns, jobs] : store("batch", "Job")->all()) {
        for (const auto &[name, job] : jobs) {
            if (job.label(rollout::provider::kRunUidLabel).value_or("") == observed.run.uid)
                observed.jobs.push_back(job);
        }
    }
    co_return observed;
}

Async<std::optional<rollout::ExperimentObserved>> RolloutWorld::experiment(RolloutTask task, CancelToken)
{
    const Object *object = store("argoproj.io", "Experiment")->find(task.ns, task.name);
    if (!object)
        co_return std::nullopt;
    rollout::ExperimentObserved observed;
    observed.experiment = rollout::readExperiment(*object);
    const rollout::Experiment &own = observed.experiment;
    add(observed.replicaSets, m_replicaSets, "apps", "ReplicaSet", task.ns,
        concerned("apps", "ReplicaSet", task.ns, own.name, own.uid));
    Names services = concerned("", "Service", task.ns, own.name, own.uid);
    for (const rollout::ExperimentTemplate &part : own.templates)
        services.insert(part.serviceName);
    for (const rollout::ReplicaSet &set : observed.replicaSets)
        services.insert(set.name); // as its Service is called where the template names none
    add(observed.services, m_services, "", "Service", task.ns, services);
    Names runs = concerned("argoproj.io", "AnalysisRun", task.ns, own.name, own.uid);
    for (const rollout::ExperimentRunStatus &run : own.status.runs)
        runs.insert(run.analysisRun);
    add(observed.analysisRuns, m_analysisRuns, "argoproj.io", "AnalysisRun", task.ns, runs);
    addTemplates(observed.templates, task.ns);
    co_return observed;
}

Object RolloutWorld::managed(const RolloutTask &task) const
{
    return task.kind == Kind::Service ? find({"", "Service", task.ns, task.name})
                                      : find({kIstioGroup, "DestinationRule", task.ns, task.name});
}

Async<rollout::Decision> RolloutWorld::release(RolloutTask task, CancelToken cancel)
{
    const Object found = managed(task);
    if (found.isNull())
        co_return rollout::Decision();
    const auto decided = [&found, &task](const Object &manager) {
        const auto rollout = manager.isNull() ? std::nullopt : std::optional(rollout::readRollout(manager));
        return task.kind == Kind::Service ? rollout::releaseService(rollout::readService(found), rollout)
                                          : rollout::releaseDestinationRule(found, rollout);
    };
    const std::string name(found.annotation(rollout::kManagedByAnnotation).value_or(""));
    const rollout::Decision decision = decided(find({"argoproj.io", "Rollout", task.ns, name}));
    if (decision.isIdle())
        co_return decision;
    const Expected<Object> live = co_await m_connection.cluster->get({rolloutType(), task.ns, name}, {}, cancel);
    if (!live && live.error().code() != ErrorCode::NotFound)
        co_return std::unexpected(live.error());
    co_return decided(live ? *live : Object());
}

void RolloutWorld::remember(const object::ObjectKey &key, const Object &object)
{
    const auto found = m_stores.find(GroupKind{key.group, key.kind});
    if (found == m_stores.end())
        return;
    if (object.isNull())
        found->second->forget(key.ns, key.name);
    else
        found->second->remember(object);
}

Object RolloutWorld::find(const object::ObjectKey &key) const
{
    const ObjectStore *found = store(key.group, key.kind);
    const Object *object = found ? found->find(key.ns, key.name) : nullptr;
    return object ? *object : Object();
}

std::vector<Object> RolloutWorld::all(std::string_view kind, const std::function<bool(const Object &)> &isWanted) const
{
    std::vector<Object> objects;
    const ObjectStore *found = store("argoproj.io", kind);
    if (!found)
        return objects;
    for (const auto &[ns, named] : found->all()) {
        for (const auto &[name, object] : named) {
            if (isWanted(object))
                objects.push_back(object);
        }
    }
    return objects;
}

std::vector<RolloutTask> RolloutWorld::tasks() const
{
    std::vector<RolloutTask> tasks;
    for (const auto &[kind, word] : {std::pair(Kind::Rollout, "Rollout"), std::pair(Kind::AnalysisRun, "AnalysisRun"),
                                     std::pair(Kind::Experiment, "Experiment")}) {
        const ObjectStore *found = store("argoproj.io", word);
        if (!found)
            continue;
        for (const auto &[ns, named] : found->all()) {
            for (const auto &[name, object] : named)
                tasks.push_back({kind, ns, name});
        }
    }
    if (const ObjectStore *services = store("", "Service")) {
        for (const auto &[ns, named] : services->all()) {
            for (const auto &[name, service] : named) {
                if (service.annotation(rollout::kManagedByAnnotation))
                    tasks.push_back({Kind::Service, ns, name});
            }
        }
    }
    return tasks;
}

} // namespace tiphys::control
