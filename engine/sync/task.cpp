// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/task.h"

#include "crd/hook.h"
#include "sync/settings.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace tiphys::sync {

namespace {

constexpr std::array<std::string_view, 35> kKindOrder{"Namespace",
                                                      "NetworkPolicy",
                                                      "ResourceQuota",
                                                      "LimitRange",
                                                      "PodSecurityPolicy",
                                                      "PodDisruptionBudget",
                                                      "ServiceAccount",
                                                      "Secret",
                                                      "SecretList",
                                                      "ConfigMap",
                                                      "StorageClass",
                                                      "PersistentVolume",
                                                      "PersistentVolumeClaim",
                                                      "CustomResourceDefinition",
                                                      "ClusterRole",
                                                      "ClusterRoleList",
                                                      "ClusterRoleBinding",
                                                      "ClusterRoleBindingList",
                                                      "Role",
                                                      "RoleList",
                                                      "RoleBinding",
                                                      "RoleBindingList",
                                                      "Service",
                                                      "DaemonSet",
                                                      "Pod",
                                                      "ReplicationController",
                                                      "ReplicaSet",
                                                      "Deployment",
                                                      "HorizontalPodAutoscaler",
                                                      "StatefulSet",
                                                      "Job",
                                                      "CronJob",
                                                      "IngressClass",
                                                      "Ingress",
                                                      "APIService"};

/// What an object provides for others, and what it needs from them; "" for nothing.
struct Dependency
{
    std::string provided;
    std::string needed;
};

Dependency namespaceDependency(const object::Object &object)
{
    if (object.kind() == "Namespace" && object.group().empty())
        return {.provided = std::string(object.name()), .needed = {}};
    return {.provided = {}, .needed = std::string(object.ns())};
}

Dependency crdDependency(const object::Object &object)
{
    if (isCrd(object)) {
        const auto group = object.path({"spec", "group"}).asString();
        const auto kind = object.path({"spec", "names", "kind"}).asString();
        if (group && kind)
            return {.provided = std::string(*group) + '/' + std::string(*kind), .needed = {}};
    }
    return {.provided = {}, .needed = std::string(object.group()) + '/' + std::string(object.kind())};
}

/// Moves what is provided in front of the first task that needs it, into its phase and wave.
void moveProviders(std::vector<Task> &tasks, Dependency (*dependencyOf)(const object::Object &))
{
    std::map<std::string, std::size_t> firstNeed;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (tasks[i].target.isNull())
            continue;
        const Dependency dependency = dependencyOf(tasks[i].target);
        if (dependency.provided.empty()) {
            if (!dependency.needed.empty())
                firstNeed.try_emplace(dependency.needed, i);
            continue;
        }
        const auto need = firstNeed.find(dependency.provided);
        if (need == firstNeed.end())
            continue;
        const std::size_t place = need->second;
        tasks[i].phase = tasks[place].phase;
        tasks[i].wave = tasks[place].wave;
        std::rotate(tasks.begin() + static_cast<std::ptrdiff_t>(place), tasks.begin() + static_cast<std::ptrdiff_t>(i),
                    tasks.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        for (auto &[key, index] : firstNeed) {
            if (index >= place)
                ++index;
        }
    }
}

} // namespace

bool Task::isDeletedBeforeCreation() const
{
    return isHook && isPending() && !live.isNull() && hasDeletePolicy(object(), DeletePolicy::BeforeHookCreation);
}

std::string Task::place() const
{
    const object::Object &subject = object();
    return std::string(subject.group()) + '/' + std::string(subject.kind()) + '/' + std::string(subject.name());
}

std::string Task::resultKey() const
{
    return object().key().path() + ':' + std::string(text(phase));
}

Task taskOf(Phase phase, object::Object target, object::Object live)
{
    Task task;
    task.phase = phase;
    task.target = std::move(target);
    task.live = std::move(live);
    task.wave = crd::waveOf(task.object());
    task.isHook = crd::isHook(task.object());
    return task;
}

int kindRank(std::string_view kind)
{
    const auto found = std::ranges::find(kKindOrder, kind);
    return static_cast<int>(found - kKindOrder.begin()) + 1;
}

void reversePruneWaves(std::vector<Task> &tasks)
{
    std::set<std::int64_t> distinct;
    for (const Task &task : tasks) {
        if (task.isPrune())
            distinct.insert(task.wave);
    }
    const std::vector<std::int64_t> waves(distinct.begin(), distinct.end());
    for (Task &task : tasks) {
        if (!task.isPrune())
            continue;
        const auto at = std::ranges::lower_bound(waves, task.wave) - waves.begin();
        task.wave = waves[waves.size() - 1 - static_cast<std::size_t>(at)];
    }
}

void movePruneLast(std::vector<Task> &tasks, PruneLast which)
{
    std::int64_t last = 0;
    for (const Task &task : tasks) {
        if (task.phase == Phase::Sync)
            last = std::max(last, task.wave);
    }
    for (Task &task : tasks) {
        if (task.isPrune() && (which == PruneLast::All || hasSyncOption(task.live, "PruneLast=true")))
            task.wave = last + 1;
    }
}

void sortTasks(std::vector<Task> &tasks)
{
    std::ranges::stable_sort(tasks, [](const Task &a, const Task &b) {
        const auto key = [](const Task &task) {
            return std::tuple(task.phase, task.wave, kindRank(task.object().kind()), task.object().name());
        };
        return key(a) < key(b);
    });
    moveProviders(tasks, namespaceDependency);
    moveProviders(tasks, crdDependency);
}

bool isMultiStep(const std::vector<Task> &tasks)
{
    return !tasks.empty() && (tasks.front().phase != tasks.back().phase || tasks.front().wave != tasks.back().wave);
}

} // namespace tiphys::sync
