// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/engine_lease.h"

#include "control/app_views.h"
#include "control/reconciler_choice.h"
#include "control/request_outcome.h"
#include "crd/timestamp.h"

#include <utility>

namespace tiphys::control {

using object::Object;
using object::Value;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kDurationSeconds = 60;
/// Writes stop this long before others may take the Lease.
constexpr std::int64_t kMarginSeconds = 15;
constexpr auto kRenewEvery = 15s;
constexpr auto kAskAgain = 2s;

const ports::ResourceType kLeases{"coordination.k8s.io", "v1", "leases", "Lease", true};

/// metav1.MicroTime.
std::string microTime(ports::WallTime now)
{
    std::string text = crd::Timestamp{now / 1000}.text();
    text.pop_back();
    std::string fraction = std::to_string(now % 1000 * 1000);
    return text + "." + std::string(6 - fraction.size(), '0') + fraction + "Z";
}

ports::WriteOptions options()
{
    ports::WriteOptions options;
    options.fieldManager = std::string(kEngineFieldManager);
    return options;
}

} // namespace

EngineLease::EngineLease(ports::ClusterPtr cluster, std::string ns, std::string identity,
                         std::shared_ptr<const ports::Clock> clock, std::string name)
    : m_cluster(std::move(cluster)), m_ns(std::move(ns)), m_identity(std::move(identity)), m_name(std::move(name)),
      m_clock(std::move(clock))
{
}

bool EngineLease::isHeld() const
{
    return m_clock->sinceBoot() < m_heldUntil;
}

Async<void> EngineLease::renew(CancelToken cancel)
{
    const ports::ObjectRef ref{kLeases, m_ns, m_name};
    const Expected<Object> current = co_await m_cluster->get(ref, {}, cancel);
    if (!current && current.error().code() != ErrorCode::NotFound)
        co_return std::unexpected(current.error().in("reading the Lease of the engine"));
    const ports::WallTime now = m_clock->now();
    // Counted from before the write, as others count it: the answer may be late.
    const ports::BootTime asked = m_clock->sinceBoot();
    Value spec = Value::map(
        {{"holderIdentity", m_identity}, {"leaseDurationSeconds", kDurationSeconds}, {"renewTime", microTime(now)}});
    Expected<ports::Written> written = failure(ErrorCode::Internal, "not written");
    if (!current) {
        spec = spec.with("acquireTime", microTime(now));
        const Object lease(Value::map({{"apiVersion", "coordination.k8s.io/v1"},
                                       {"kind", "Lease"},
                                       {"metadata", Value::map({{"name", m_name}, {"namespace", m_ns}})},
                                       {"spec", spec}}));
        written = co_await m_cluster->create(kLeases, lease, options(), cancel);
    } else {
        const Value held = current->value()["spec"];
        const std::string holder(held["holderIdentity"].stringOr());
        const ports::WallTime renewed = wallTimeOf(held["renewTime"].stringOr());
        const bool isExpired = renewed + held["leaseDurationSeconds"].intOr(0) * 1000 < now;
        if (!holder.empty() && holder != m_identity && !isExpired) {
            m_heldUntil = 0;
            co_return failure(ErrorCode::Conflict, "the engine of " + holder + " is at work here");
        }
        if (holder != m_identity)
            spec = spec.with("acquireTime", microTime(now));
        const Value patch =
            Value::map({{"metadata", Value::map({{"resourceVersion", current->resourceVersion()}})}, {"spec", spec}});
        written = co_await m_cluster->patch(ref, {ports::PatchType::Merge, patch}, options(), cancel);
    }
    if (!written) {
        if (written.error().code() == ErrorCode::Conflict)
            m_heldUntil = 0;
        co_return std::unexpected(written.error().in("taking the Lease of the engine"));
    }
    const bool isAgain = std::exchange(m_wasTaken, true) && !isHeld();
    m_heldUntil = asked + (kDurationSeconds - kMarginSeconds) * 1000;
    if (isAgain && isHeld())
        m_goOn();
    co_return {};
}

Async<void> EngineLease::release(CancelToken cancel)
{
    m_wasTaken = false;
    if (!isHeld())
        co_return {};
    m_heldUntil = 0;
    const Value patch = Value::map({{"spec", Value::map({{"holderIdentity", ""}, {"renewTime", Value()}})}});
    const Expected<ports::Written> written =
        co_await m_cluster->patch({kLeases, m_ns, m_name}, {ports::PatchType::Merge, patch}, options(), cancel);
    if (!written)
        co_return std::unexpected(written.error());
    co_return {};
}

std::chrono::milliseconds renewalPause(const Expected<void> &renewed)
{
    return !renewed && isPassing(renewed.error()) ? kAskAgain : kRenewEvery;
}

Error leaseLost()
{
    return {ErrorCode::Conflict, "this engine no longer holds the Lease"};
}

} // namespace tiphys::control
