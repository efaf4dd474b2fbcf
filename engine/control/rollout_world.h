// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/decoded.h"
#include "control/object_store.h"
#include "ports/connections.h"
#include "rollout/analysis/analysis.h"
#include "rollout/decision.h"
#include "rollout/observed.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace tiphys::control {

/// What a rollout engine works on.
struct RolloutTask
{
    enum class Kind { Rollout, AnalysisRun, Experiment, Service, DestinationRule };
    Kind kind = Kind::Rollout;
    std::string ns;
    std::string name;

    auto operator<=>(const RolloutTask &) const = default;
};

/// What a RolloutWorld looks at.
struct RolloutScope
{
    std::string ns;                   ///< "" is all namespaces
    std::string jobNs;                ///< where the Jobs of analyses are; "" is as ns
    std::string instanceId;           ///< templates that do not carry it, "" for no label, are not seen
    ports::ClusterCachePtr jobs = {}; ///< of the cluster where Jobs of analyses run; null: of this one
};

/// The objects that decisions about Rollouts, AnalysisRuns, Experiments and their Services depend on, watched; each change wakes the
/// tasks that it concerns. Engine thread only.
class RolloutWorld
{
public:
    /// \p wake is called from the event loop.
    RolloutWorld(ports::Connection connection, RolloutScope scope, std::function<void(const RolloutTask &)> wake);

    /// Starts the watches and returns when they are complete. Errors: what refuses a list that is needed.
    Async<void> start(CancelToken cancel);

    /// What \p task depends on now; nothing if its object is gone. Watches what it needs beyond the usual first.
    Async<std::optional<rollout::Observed>> rollout(RolloutTask task, CancelToken cancel);
    Async<std::optional<rollout::RunObserved>> analysisRun(RolloutTask task, CancelToken cancel);
    Async<std::optional<rollout::ExperimentObserved>> experiment(RolloutTask task, CancelToken cancel);
    /// The object of a Service or a DestinationRule that some Rollout manages; null if it is gone.
    object::Object managed(const RolloutTask &task) const;
    /// What becomes of it. Before it is let go its Rollout is asked for anew.
    Async<rollout::Decision> release(RolloutTask task, CancelToken cancel);

    /// Takes over what a write gave; a null object was deleted.
    void remember(const object::ObjectKey &key, const object::Object &object);
    /// An object of a kind that is watched; null if it is not there.
    object::Object find(const object::ObjectKey &key) const;
    /// Objects of argoproj.io of \p kind that \p isWanted.
    std::vector<object::Object> all(std::string_view kind,
                                    const std::function<bool(const object::Object &)> &isWanted) const;
    /// Every task there is.
    std::vector<RolloutTask> tasks() const;

private:
    ObjectStore &storeOf(const ports::ResourceType &type, std::function<void(const object::Object &)> onChange);
    const ObjectStore *store(std::string_view group, std::string_view kind) const;
    const ObjectStore::Named &objects(std::string_view group, std::string_view kind, std::string_view ns) const;
    /// Watches \p kind if the server has it.
    Async<void> need(object::GroupKind kind, CancelToken cancel);

    using Names = std::set<std::string, std::less<>>;
    /// Names of the objects of a kind in \p ns that the object \p name of \p uid owns, or that it may give to another one.
    Names concerned(std::string_view group, std::string_view kind, std::string_view ns, const std::string &name,
                    const std::string &uid) const;
    /// Those of \p names that are there, as \p decoded.
    template <typename T, typename List>
    void add(List &list, Decoded<T> &decoded, std::string_view group, std::string_view kind, std::string_view ns,
             const Names &names);
    /// Adds what concerns \p observed.rollout beside pods, router objects and the workload.
    void addOwn(rollout::Observed &observed);
    void addTemplates(rollout::SharedItems<rollout::AnalysisTemplate> &templates, std::string_view ns);

    void wakeOwner(const object::Object &object);
    void wakeNamespace(const object::Object &object);
    /// Services and rules that the Rollout \p object manages or managed.
    void wakeManaged(const object::Object &object);
    /// Gives up what was read of \p object, which is gone.
    void forgetRead(const object::Object &object);
    /// \p object itself, if a Rollout manages it.
    void wakeIfManaged(const object::Object &object);

    ports::Connection m_connection;
    RolloutScope m_scope;
    std::function<void(const RolloutTask &)> m_wake;
    std::map<object::GroupKind, std::unique_ptr<ObjectStore>> m_stores;
    Decoded<rollout::Rollout> m_rollouts{rollout::readRollout, rollout::readAgain};
    Decoded<rollout::ReplicaSet> m_replicaSets{rollout::readReplicaSet};
    Decoded<rollout::Service> m_services{rollout::readService};
    Decoded<rollout::AnalysisRun> m_analysisRuns{rollout::readAnalysisRun};
    Decoded<rollout::Experiment> m_experiments{rollout::readExperiment};
    Decoded<rollout::AnalysisTemplate> m_templates{rollout::readAnalysisTemplate};
    Decoded<rollout::AnalysisTemplate> m_clusterTemplates{rollout::readAnalysisTemplate};
};

} // namespace tiphys::control
