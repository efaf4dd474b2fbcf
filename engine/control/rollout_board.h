// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/context_session.h"
#include "service/rollouts.h"

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace tiphys::control {

/// All Rollouts of one context, as lines. Engine thread only.
class RolloutBoard
{
public:
    using Place = std::pair<std::string, std::string>; ///< namespace and name

    /// \p onChange is called after any line changed.
    RolloutBoard(ContextSession &session, std::function<void()> onChange);

    /// Begins to watch once the session is connected and knows the kind; cheap to call again.
    void sessionChanged();
    Async<void> close();

    const std::map<Place, service::RolloutRowPtr> &rows() const { return m_rows; }
    service::RolloutRowPtr find(const Place &place) const;
    /// The object as it is known; null if it is not there.
    object::Object object(const Place &place) const;
    /// True once the Rollouts are listed, or are known not to be.
    bool hasAnswered() const;
    /// Why the Rollouts are not known, "" if they are.
    std::string problem() const;
    bool isStale() const;
    ContextSession &session() const { return m_session; }

    /// What became of an act whose answer was lost; None ends it.
    void setFate(const Place &place, service::RolloutAct act, service::ActFate fate);
    /// Asks again what may be done in \p ns.
    void forgetRights(const std::string &ns);
    /// Rights on the Rollouts of \p ns, asked for where they are not known or were refused a while ago.
    Async<service::RolloutRights> rightsIn(std::string ns, CancelToken cancel);

private:
    struct KnownRights
    {
        service::RolloutRights rights;
        ports::WallTime until = 0; ///< asked again from then on
        int failures = 0;          ///< questions without an answer, one after the other

        bool isAllowed() const { return rights.status.isAllowed && rights.spec.isAllowed; }
    };

    Async<service::RolloutRights> learnedRightsIn(std::string ns, CancelToken cancel);
    void take(const ports::CacheSnapshotPtr &snapshot);
    void put(const object::Object &object);
    /// Lines again from the objects that are known.
    void renew();
    void learnApplication(service::RolloutRow &row, const object::Object &object) const;
    void learnStableImages(service::RolloutRow &row);
    void learnRights(service::RolloutRow &row);
    Async<void> fetchStableImages(std::string ns, std::string replicaSet, CancelToken cancel);
    Async<void> fetchRights(std::string ns, CancelToken cancel);
    /// Asks again and again what may be done in \p ns, as long as an update is under way there and it is not allowed.
    Async<void> keepRights(std::string ns, CancelToken cancel);
    bool knowsRights(const std::string &ns) const;
    /// How long \p known counts.
    static std::chrono::milliseconds ageOf(const KnownRights &known);

    ContextSession &m_session;
    std::function<void()> m_onChange;
    ports::CacheUserPtr m_rollouts;
    std::uint64_t m_number = 0;
    std::size_t m_appCount = 0;
    service::Level m_level = service::Level::ReadOnly;
    service::Reachability m_reachability = service::Reachability::NotContacted;
    std::map<Place, service::RolloutRowPtr> m_rows;
    std::map<Place, std::vector<std::string>> m_stableImages; ///< by replica set; empty while asked for
    std::map<std::string, KnownRights> m_rights;
    std::set<std::string> m_keptRights; ///< namespaces of which keepRights() runs
    std::map<Place, std::pair<service::RolloutAct, service::ActFate>> m_fates;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
