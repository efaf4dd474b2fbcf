// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/rollout_output.h"

#include "rollout/info/rollout_info.h"

namespace tiphys::cli {

using object::Object;
using object::Value;
using rollout::RolloutInfo;

namespace {

Value computedValue(const RolloutInfo &info)
{
    Value value = Value::map(
        {{"phase", info.phase.phase}, {"message", info.phase.message}, {"strategy", rollout::word(info.strategy)}});
    if (info.strategy == rollout::StrategyKind::Canary)
        value =
            value.with("step", info.step()).with("setWeight", info.setWeight).with("actualWeight", info.actualWeight);
    return value;
}

} // namespace

std::string rolloutNamespace(const Invocation &invocation, const ports::Connection &connection)
{
    if (!invocation.connection.ns.empty())
        return invocation.connection.ns;
    const std::string &own = connection.cluster->identity().ns;
    return own.empty() ? "default" : own;
}

Value shownRollout(const Object &object)
{
    const Value bare = object.value().withoutPath({"metadata", "managedFields"});
    return object.kind() == "Rollout" ? bare.with("tiphys", computedValue(rollout::rolloutSummary(object))) : bare;
}

crd::Timestamp nowOf(const OnlineSession &session)
{
    return {session.clock()->now() / 1000};
}

} // namespace tiphys::cli
