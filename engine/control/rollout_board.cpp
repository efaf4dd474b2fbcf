// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_board.h"

#include "async/delay.h"
#include "compare/tracking.h"
#include "control/permission.h"
#include "control/rollout_intents.h"
#include "control/rollout_rows.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;
using ports::CacheSnapshotPtr;
using ports::CacheState;
using service::Permission;
using service::RolloutRights;
using service::RolloutRow;
using service::RolloutRowPtr;

namespace {

using namespace std::chrono_literals;

/// An answer counts as long: what was refused may be granted meanwhile.
constexpr std::chrono::milliseconds kRefusedAge = 1min;
constexpr std::chrono::milliseconds kAllowedAge = 10min;
/// A line that waits with a refusal is asked about again after this time; after a question without an answer much sooner.
constexpr std::chrono::milliseconds kRefusedPause = 5min;
constexpr std::chrono::milliseconds kFirstPause = 2s;
constexpr int kMostDoublings = 5;

/// As many images of stable versions are kept.
constexpr std::size_t kMostImages = 20'000;

const ports::ResourceType kReplicaSets{"apps", "v1", "replicasets", "ReplicaSet", true};

RolloutBoard::Place placeOf(const Object &object)
{
    return {std::string(object.ns()), std::string(object.name())};
}

} // namespace

RolloutBoard::RolloutBoard(ContextSession &session, std::function<void()> onChange)
    : m_session(session), m_onChange(std::move(onChange))
{
}

void RolloutBoard::sessionChanged()
{
    const service::ClusterState &state = m_session.state();
    if (!m_rollouts && m_session.cache() && state.hasRollouts) {
        ports::CacheKey key;
        key.type = rolloutType();
        m_rollouts = m_session.cache()->use(key, [this](const CacheSnapshotPtr &snapshot) { take(snapshot); });
        take(m_rollouts->snapshot());
    }
    if (state.level == m_level && state.reachability == m_reachability && m_session.apps().size() == m_appCount)
        return;
    m_level = state.level;
    m_reachability = state.reachability;
    m_appCount = m_session.apps().size();
    renew();
}

Async<void> RolloutBoard::close()
{
    m_rollouts.reset();
    const Expected<void> closed = co_await m_tasks.close();
    co_return closed;
}

RolloutRowPtr RolloutBoard::find(const Place &place) const
{
    const auto found = m_rows.find(place);
    return found == m_rows.end() ? nullptr : found->second;
}

Object RolloutBoard::object(const Place &place) const
{
    return m_rollouts ? m_rollouts->snapshot()->objects.find(place.first, place.second).value_or(Object()) : Object();
}

bool RolloutBoard::hasAnswered() const
{
    if (m_rollouts)
        return m_rollouts->snapshot()->state != CacheState::Listing;
    return m_session.hasAnswered();
}

std::string RolloutBoard::problem() const
{
    if (!m_rollouts)
        return {};
    const CacheSnapshotPtr snapshot = m_rollouts->snapshot();
    const bool isRefused = snapshot->state == CacheState::Denied || snapshot->state == CacheState::Failed;
    return isRefused && snapshot->error ? snapshot->error->text() : std::string();
}

bool RolloutBoard::isStale() const
{
    return m_rollouts && m_rollouts->snapshot()->state == CacheState::Stale;
}

void RolloutBoard::take(const CacheSnapshotPtr &snapshot)
{
    if (m_number > 0 && snapshot->number == m_number + 1) {
        for (const ports::CacheChange &change : snapshot->changes) {
            if (change.after.isNull())
                m_rows.erase(placeOf(change.before));
            else
                put(change.after);
        }
    } else {
        std::erase_if(m_rows, [&](const auto &row) {
            return !snapshot->objects.find(row.first.first, row.first.second).has_value();
        });
        snapshot->objects.forEach([this](const Object &object) { put(object); });
    }
    m_number = snapshot->number;
    m_onChange();
}

void RolloutBoard::renew()
{
    if (!m_rollouts)
        return;
    m_rollouts->snapshot()->objects.forEach([this](const Object &object) { put(object); });
    m_onChange();
}

void RolloutBoard::put(const Object &object)
{
    RolloutRow row = rolloutRowOf(object, m_session.state().context);
    learnApplication(row, object);
    learnStableImages(row);
    learnRights(row);
    if (const auto fate = m_fates.find(placeOf(object)); fate != m_fates.end()) {
        row.fateOf = fate->second.first;
        row.fate = fate->second.second;
    }
    RolloutRowPtr &known = m_rows[placeOf(object)];
    if (!known || *known != row)
        known = std::make_shared<const RolloutRow>(std::move(row));
}

void RolloutBoard::learnApplication(RolloutRow &row, const Object &object) const
{
    const std::string instance = compare::trackedInstance(object, compare::trackingSettingsOf(m_session.settings()));
    if (instance.empty())
        return;
    for (const auto &[id, known] : m_session.apps()) {
        if ((id.name != instance && id.ns + "_" + id.name != instance) || !known.app)
            continue;
        row.app = id;
        const auto &policy = known.app->spec.syncPolicy;
        row.isAppAutomated = known.app->spec.isAutomated();
        row.isAppSelfHealed =
            row.isAppAutomated && policy && policy->automated && policy->automated->selfHeal.value_or(false);
        return;
    }
}

void RolloutBoard::learnStableImages(RolloutRow &row)
{
    if (!row.isUpdating || row.stableHash.empty())
        return;
    const Place place{row.id.ns, row.id.name + "-" + row.stableHash};
    const auto found = m_stableImages.find(place);
    if (found != m_stableImages.end()) {
        row.stableImages = found->second;
        return;
    }
    if (m_stableImages.size() >= kMostImages)
        m_stableImages.clear();
    m_stableImages[place];
    m_tasks.start(fetchStableImages(place.first, place.second, m_tasks.token()));
}

Async<void> RolloutBoard::fetchStableImages(std::string ns, std::string replicaSet, CancelToken cancel)
{
    const Expected<Object> set = co_await m_session.cluster()->get({kReplicaSets, ns, replicaSet}, {}, cancel);
    if (!set || cancel.isCancelled())
        co_return {};
    m_stableImages[{ns, replicaSet}] = imagesOfTemplate(set->path({"spec", "template"}));
    renew();
    co_return {};
}

void RolloutBoard::learnRights(RolloutRow &row)
{
    const std::string obstacle = obstacleOf(m_session.state());
    if (!obstacle.empty()) {
        row.rights = {{false, obstacle}, {false, obstacle}};
        row.hasRights = true;
        return;
    }
    // A namespace where nothing waits is asked about when somebody looks at it. Answers that are kept come at once.
    if (row.isUpdating && !knowsRights(row.id.ns) && m_keptRights.insert(row.id.ns).second)
        m_tasks.start(keepRights(row.id.ns, m_tasks.token()));
    if (const auto found = m_rights.find(row.id.ns); found != m_rights.end()) {
        row.rights = found->second.rights;
        row.hasRights = true;
        return;
    }
    row.rights = {{false, "asking what you may do"}, {false, "asking what you may do"}};
}

Async<void> RolloutBoard::fetchRights(std::string ns, CancelToken cancel)
{
    ports::AccessQuestion question{"patch", "argoproj.io", "rollouts", "status", ns, ""};
    const Expected<ports::Access> status = co_await m_session.cluster()->canI(question, cancel);
    question.subresource.clear();
    const Expected<ports::Access> spec = co_await m_session.cluster()->canI(question, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    const bool isFirst = !m_rights.contains(ns);
    KnownRights &known = m_rights[ns];
    const RolloutRights before = known.rights;
    const bool isAnswered = status && spec;
    // What was allowed stays so while nobody answers.
    if (isAnswered || !known.isAllowed())
        known.rights = {permissionOf(status, "patch rollouts/status in namespace " + ns),
                        permissionOf(spec, "patch rollouts in namespace " + ns)};
    known.failures = isAnswered ? 0 : std::min(known.failures + 1, kMostDoublings);
    known.until = m_session.clock().now() + ageOf(known).count();
    if (isFirst || known.rights != before)
        renew();
    co_return {};
}

Async<void> RolloutBoard::keepRights(std::string ns, CancelToken cancel)
{
    const auto isNeeded = [this, &ns] {
        return std::ranges::any_of(m_rows,
                                   [&](const auto &row) { return row.first.first == ns && row.second->isUpdating; });
    };
    do {
        const Expected<void> fetched = co_await fetchRights(ns, cancel);
        if (!fetched)
            break;
        const KnownRights &known = m_rights[ns];
        if (known.isAllowed())
            break;
        const Expected<void> waited = co_await async::delay(known.failures == 0 ? kRefusedPause : ageOf(known), cancel);
        if (!waited)
            break;
    } while (isNeeded());
    m_keptRights.erase(ns);
    co_return {};
}

std::chrono::milliseconds RolloutBoard::ageOf(const KnownRights &known)
{
    if (known.failures > 0)
        return kFirstPause * (1 << (known.failures - 1));
    return known.isAllowed() ? kAllowedAge : kRefusedAge;
}

bool RolloutBoard::knowsRights(const std::string &ns) const
{
    const auto known = m_rights.find(ns);
    return known != m_rights.end() && m_session.clock().now() < known->second.until;
}

Async<RolloutRights> RolloutBoard::rightsIn(std::string ns, CancelToken cancel)
{
    // The context may be unticked while the server is asked.
    return m_tasks.include(cancel, [this, ns](CancelToken either) { return learnedRightsIn(ns, either); });
}

Async<RolloutRights> RolloutBoard::learnedRightsIn(std::string ns, CancelToken cancel)
{
    const std::string obstacle = obstacleOf(m_session.state());
    if (!obstacle.empty())
        co_return RolloutRights{{false, obstacle}, {false, obstacle}};
    if (!knowsRights(ns)) {
        const Expected<void> fetched = co_await fetchRights(ns, cancel);
        if (!fetched)
            co_return std::unexpected(fetched.error());
    }
    co_return m_rights[ns].rights;
}

void RolloutBoard::forgetRights(const std::string &ns)
{
    m_rights.erase(ns);
    m_tasks.start(fetchRights(ns, m_tasks.token()));
    renew();
}

void RolloutBoard::setFate(const Place &place, service::RolloutAct act, service::ActFate fate)
{
    if (fate == service::ActFate::None)
        m_fates.erase(place);
    else
        m_fates[place] = {act, fate};
    if (const Object known = object(place); !known.isNull())
        put(known);
    m_onChange();
}

} // namespace tiphys::control
