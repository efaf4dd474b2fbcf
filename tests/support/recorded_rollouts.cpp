// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/recorded_service.h"

#include <algorithm>

namespace tiphys::test {

using namespace service;

void RecordedRollouts::show(std::vector<RolloutRow> rows, bool isComplete)
{
    RolloutsSnapshot snapshot;
    snapshot.version = m_rollouts->version + 1;
    snapshot.isComplete = isComplete;
    std::map<RolloutId, RolloutRowPtr> before;
    for (const RolloutRowPtr &row : m_rollouts->rows)
        before[row->id] = row;
    for (RolloutRow &row : rows) {
        const auto old = before.find(row.id);
        if (old != before.end() && *old->second == row)
            snapshot.rows.push_back(old->second);
        else
            snapshot.rows.push_back(std::make_shared<RolloutRow>(std::move(row)));
    }
    std::ranges::sort(snapshot.rows, {}, [](const RolloutRowPtr &row) { return row->id; });
    m_rollouts = std::make_shared<RolloutsSnapshot>(std::move(snapshot));
    Q_EMIT rolloutsChanged();
}

void RecordedRollouts::show(const RolloutDetail &detail)
{
    m_details[detail.row.id] = std::make_shared<RolloutDetail>(detail);
    Q_EMIT rolloutChanged(detail.row.id);
}

void RecordedRollouts::show(RolloutsPtr rollouts)
{
    m_rollouts = std::move(rollouts);
    Q_EMIT rolloutsChanged();
}

RolloutDetailPtr RecordedRollouts::rollout(const RolloutId &id) const
{
    const auto found = m_details.find(id);
    return found == m_details.end() ? nullptr : found->second;
}

Ticket<std::string> RecordedRollouts::act(const RolloutRequest &request)
{
    requests.push_back(request);
    Ticket<std::string> ticket;
    if (nextError)
        ticket.resolve(std::unexpected(*std::exchange(nextError, std::nullopt)));
    else
        ticket.resolve("rollout '" + request.id.name + "' promoted");
    return ticket;
}

Ticket<RolloutForecast> RecordedRollouts::simulate(const RolloutId &id)
{
    calls.push_back("simulate " + id.name);
    Ticket<RolloutForecast> ticket;
    RolloutForecast forecast{.moments = {}, .phase = "Healthy", .message = {}, .text = "the way of " + id.name};
    // Two steps of which the second waits for a person.
    forecast.moments.push_back({.milliseconds = 0,
                                .step = 0,
                                .steps = 2,
                                .stepText = "setWeight 20",
                                .weight = 0,
                                .newAvailable = 0,
                                .newReplicas = 1,
                                .stableAvailable = 4,
                                .stableReplicas = 4,
                                .phase = "Progressing",
                                .isPromotion = false});
    forecast.moments.push_back({.milliseconds = 3000,
                                .step = 1,
                                .steps = 2,
                                .stepText = "pause",
                                .weight = 20,
                                .newAvailable = 1,
                                .newReplicas = 1,
                                .stableAvailable = 4,
                                .stableReplicas = 4,
                                .phase = "Paused",
                                .isPromotion = false});
    forecast.moments.push_back({.milliseconds = 63'000,
                                .step = 1,
                                .steps = 2,
                                .stepText = "pause",
                                .weight = 20,
                                .newAvailable = 1,
                                .newReplicas = 1,
                                .stableAvailable = 4,
                                .stableReplicas = 4,
                                .phase = "Paused",
                                .isPromotion = true});
    forecast.moments.push_back({.milliseconds = 66'000,
                                .step = 2,
                                .steps = 2,
                                .stepText = "",
                                .weight = 100,
                                .newAvailable = 4,
                                .newReplicas = 4,
                                .stableAvailable = 0,
                                .stableReplicas = 0,
                                .phase = "Healthy",
                                .isPromotion = false});
    if (nextSimulationError)
        ticket.resolve(std::unexpected(*std::exchange(nextSimulationError, std::nullopt)));
    else
        ticket.resolve(forecast);
    return ticket;
}

Ticket<ResourceDiff> RecordedRollouts::difference(const RolloutId &, const std::string &, const std::string &)
{
    ResourceDiff difference;
    difference.lines = diffLines({" template:", "   spec:", "-    image: web:1.0", "+    image: web:1.1"});
    Ticket<ResourceDiff> ticket;
    ticket.resolve(difference);
    return ticket;
}

RolloutRow rolloutRow(const std::string &context, const std::string &name)
{
    using Kind = RolloutStep::Kind;
    RolloutRow row;
    row.id = {context, "shop", name};
    row.phase = RolloutPhase::Paused;
    row.message = "CanaryPauseStep";
    row.wait = RolloutWait::Promotion;
    row.waitSince = kNow - 14 * 60'000;
    row.steps = {
        {Kind::SetWeight, 20, 0, ""}, {Kind::Pause, 0, 0, ""}, {Kind::SetWeight, 40, 0, ""}, {Kind::Pause, 0, 10, ""}};
    row.stepIndex = 1;
    row.hasRouting = true;
    row.weight = 20;
    row.desired = 5;
    row.current = 6;
    row.updated = 1;
    row.ready = 6;
    row.available = 6;
    row.podHash = "7cf45789c8";
    row.stableHash = "76779d848b";
    row.revision = 2;
    row.isUpdating = true;
    row.images = {"registry.example.com/shop/" + name + ":1.1"};
    row.stableImages = {"registry.example.com/shop/" + name + ":1.0"};
    row.containers = {{"web", row.images.front()}};
    row.rights = {{true, {}}, {true, {}}};
    row.hasRights = true;
    return row;
}

RolloutDetail rolloutDetail(const RolloutRow &row)
{
    RolloutDetail detail;
    detail.row = row;
    detail.acts.fill({true, {}});
    detail.acts[static_cast<std::size_t>(RolloutAct::Retry)] = {false, "it is not aborted"};
    RolloutRevision newer{2,
                          row.id.name + "-" + row.podHash,
                          row.podHash,
                          "Healthy",
                          1,
                          1,
                          kNow - 15 * 60'000,
                          0,
                          row.images,
                          false,
                          true,
                          false,
                          false,
                          "",
                          {{"a", "Running", 1, 1, 0}}};
    RolloutRevision older{1,
                          row.id.name + "-" + row.stableHash,
                          row.stableHash,
                          "Healthy",
                          5,
                          5,
                          kNow - 86'400'000,
                          0,
                          row.stableImages,
                          true,
                          false,
                          false,
                          false,
                          "",
                          std::vector<RolloutPod>(5, {"b", "Running", 1, 1, 0})};
    detail.revisions = {newer, older};
    detail.services = {{RolloutService::Role::Stable, row.id.name + "-stable", row.stableHash, false},
                       {RolloutService::Role::Canary, row.id.name + "-canary", row.podHash, false}};
    detail.routers = {{"Ingress", row.id.name, {"nginx.ingress.kubernetes.io/canary-weight: 20"}, false}};
    detail.conditions = {{"Progressing", "Unknown", "RolloutPaused", "Rollout is paused", kNow - 14 * 60'000}};
    MetricRow metric{"error-rate",
                     "prometheus",
                     "sum(rate(errors[1m]))",
                     "Successful",
                     "",
                     "result[0] < 0.05",
                     "",
                     3,
                     2,
                     1,
                     0,
                     0,
                     "1",
                     "0",
                     false,
                     {{"Successful", "[0.01]", "", kNow - 60'000, kNow - 60'000},
                      {"Failed", "[0.08]", "", kNow - 40'000, kNow - 40'000},
                      {"Successful", "[0.02]", "", kNow - 20'000, kNow - 20'000}}};
    detail.analyses = {
        {row.id.name + "-7cf-2-1", "Step", 1, 2, "Successful", "", kNow - 60'000, kNow - 15'000, true, {metric}}};
    detail.observedAt = kNow;
    return detail;
}

RolloutDetail experimentDetail(const RolloutRow &row)
{
    RolloutDetail detail = rolloutDetail(row);
    const std::string experiment = row.id.name + "-7cf45789c8-2-1";
    detail.experiments = {{experiment, "Running", "", 2}};
    const auto version = [&](const std::string &name, const std::vector<std::string> &images, int weight) {
        RolloutRevision revision{2,
                                 experiment + "-" + name,
                                 "e" + name,
                                 "Healthy",
                                 1,
                                 1,
                                 kNow - 10 * 60'000,
                                 0,
                                 images,
                                 false,
                                 false,
                                 false,
                                 false,
                                 experiment,
                                 {{"c", "Running", 1, 1, 0}},
                                 name,
                                 experiment + "-" + name,
                                 weight};
        detail.revisions.push_back(std::move(revision));
    };
    version("baseline", row.stableImages, 10);
    version("candidate", row.images, 5);
    return detail;
}

} // namespace tiphys::test
