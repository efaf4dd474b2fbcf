// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/traffic_lanes.h"

#include "models/rollout_lists.h"
#include "models/text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::RolloutDetail;
using service::RolloutRevision;
using service::RolloutService;

namespace {

struct Lanes
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Lanes)
};

constexpr std::size_t kMostVersions = 4;
constexpr std::size_t kMostOfExperiments = 4;

QString serviceRole(RolloutService::Role role)
{
    using Role = RolloutService::Role;
    switch (role) {
    case Role::Stable: return Lanes::tr("stable");
    case Role::Canary: return Lanes::tr("canary");
    case Role::Active: return Lanes::tr("active");
    case Role::Preview: return Lanes::tr("preview");
    }
    return {};
}

QString tagOf(const std::vector<std::string> &images)
{
    const QString image = images.empty() ? QString() : text(images.front()).section(u'/', -1);
    return image.contains(u':') ? image.section(u':', 1) : image;
}

/// The Services that select this version, the one that serves people first.
void putServices(TrafficLane &lane, const RolloutRevision &revision, const RolloutDetail &detail)
{
    using Role = RolloutService::Role;
    for (const RolloutService &service : detail.services) {
        const bool isHere =
            service.hash.empty() ? lane.kind == TrafficLane::Kind::Stable : service.hash == revision.hash;
        if (!isHere)
            continue;
        // A version may have both: after an abort the canary service selects the stable one.
        if (service.role == Role::Stable || service.role == Role::Active || lane.service.isEmpty())
            lane.service = text(service.name) + u" ("_s + serviceRole(service.role) + u')';
        if (service.role == Role::Active)
            lane.weight = 100;
        else if (service.role == Role::Preview && lane.weight < 0)
            lane.weight = 0;
    }
}

TrafficLane laneOf(const RolloutRevision &revision, const RolloutDetail &detail)
{
    const service::RolloutRow &row = detail.row;
    TrafficLane lane;
    if (row.isUpdating && revision.hash == row.podHash)
        lane.kind = TrafficLane::Kind::New;
    else if (revision.hash == row.stableHash)
        lane.kind = TrafficLane::Kind::Stable;
    lane.title = Lanes::tr("Revision %1 · %2").arg(QString::number(revision.revision), tagOf(revision.images));
    lane.count = u"%1/%2"_s.arg(revision.available).arg(revision.replicas);
    lane.role = rolesOf(revision);
    lane.pods = revision.pods;
    putServices(lane, revision, detail);
    return lane;
}

TrafficLane experimentLaneOf(const RolloutRevision &revision, int maxWeight)
{
    TrafficLane lane;
    lane.kind = TrafficLane::Kind::Experiment;
    const QString name = text(revision.templateName.empty() ? revision.replicaSet : revision.templateName);
    lane.title = u"%1 · %2"_s.arg(name, tagOf(revision.images));
    lane.count = u"%1/%2"_s.arg(revision.available).arg(revision.replicas);
    lane.role = Lanes::tr("experiment %1").arg(text(revision.experiment));
    lane.pods = revision.pods;
    if (!revision.service.empty())
        lane.service = Lanes::tr("%1 (experiment)", "a Service").arg(text(revision.service));
    if (revision.weight >= 0)
        lane.weight = revision.weight * 100 / maxWeight;
    return lane;
}

/// Traffic of a canary by weights: what neither the new version nor an experiment gets is the stable one's.
void putWeights(std::vector<TrafficLane> &lanes, const service::RolloutRow &row, int maxWeight)
{
    const int share = row.isUpdating ? row.weight * 100 / maxWeight : 0;
    int rest = 100 - share;
    for (const TrafficLane &lane : lanes)
        rest -= lane.kind == TrafficLane::Kind::Experiment ? std::max(0, lane.weight) : 0;
    for (TrafficLane &lane : lanes) {
        if (lane.kind == TrafficLane::Kind::New)
            lane.weight = share;
        else if (lane.kind == TrafficLane::Kind::Stable)
            lane.weight = std::max(0, rest);
    }
}

} // namespace

TrafficLanes trafficLanesOf(const RolloutDetail &detail)
{
    const int maxWeight = std::max(1, detail.row.maxWeight);
    TrafficLanes all;
    std::vector<TrafficLane> experiments;
    for (const RolloutRevision &revision : detail.revisions) {
        const bool isOfExperiment = !revision.experiment.empty();
        TrafficLane lane = isOfExperiment ? experimentLaneOf(revision, maxWeight) : laneOf(revision, detail);
        const bool isIdle =
            revision.replicas == 0 && lane.kind != TrafficLane::Kind::New && lane.kind != TrafficLane::Kind::Stable;
        if (isIdle && lane.weight <= 0)
            continue;
        std::vector<TrafficLane> &place = isOfExperiment ? experiments : all.lanes;
        if (place.size() < (isOfExperiment ? kMostOfExperiments : kMostVersions))
            place.push_back(std::move(lane));
        else
            ++all.leftOut;
    }
    all.lanes.insert(all.lanes.end(), experiments.begin(), experiments.end());
    if (!detail.row.isBlueGreen)
        putWeights(all.lanes, detail.row, maxWeight);
    return all;
}

QString describedLanes(const TrafficLanes &lanes)
{
    QStringList parts;
    for (const TrafficLane &lane : lanes.lanes) {
        QString part = lane.title + u" ("_s + lane.role + u"), "_s + Lanes::tr("%1 pods ready").arg(lane.count);
        if (lane.weight >= 0)
            part += u", "_s + Lanes::tr("%1 % of the traffic").arg(lane.weight);
        if (!lane.service.isEmpty())
            part += u", "_s + lane.service;
        parts << part;
    }
    if (lanes.leftOut > 0)
        parts << Lanes::tr("%n more version(s)", nullptr, lanes.leftOut);
    return parts.join(u"; "_s);
}

} // namespace tiphys::models
