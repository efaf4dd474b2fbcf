// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/traffic_lanes.h"
#include "support/recorded_service.h"

#include <QTest>

#include <algorithm>

using namespace tiphys;
using namespace Qt::StringLiterals;
using models::TrafficLane;
using models::TrafficLanes;
using Kind = models::TrafficLane::Kind;

namespace {

service::RolloutRow canary()
{
    return test::rolloutRow("prod-eu", "web");
}

int sumOf(const TrafficLanes &lanes)
{
    int sum = 0;
    for (const TrafficLane &lane : lanes.lanes)
        sum += std::max(0, lane.weight);
    return sum;
}

} // namespace

class TrafficLanesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCanaryHasTwoLanesThatShareTheTraffic()
    {
        const TrafficLanes lanes = models::trafficLanesOf(test::rolloutDetail(canary()));
        QCOMPARE(lanes.lanes.size(), 2u);
        QVERIFY(lanes.lanes[0].kind == Kind::New);
        QCOMPARE(lanes.lanes[0].weight, 20);
        QCOMPARE(lanes.lanes[0].service, u"web-canary (canary)"_s);
        QCOMPARE(lanes.lanes[0].title, u"Revision 2 · 1.1"_s);
        QVERIFY(lanes.lanes[1].kind == Kind::Stable);
        QCOMPARE(lanes.lanes[1].weight, 80);
        QCOMPARE(lanes.lanes[1].count, u"5/5"_s);
    }

    void anExperimentsVersionsAreLanesOfTheirOwn()
    {
        const TrafficLanes lanes = models::trafficLanesOf(test::experimentDetail(canary()));
        QCOMPARE(lanes.lanes.size(), 4u);
        const TrafficLane &baseline = lanes.lanes[2];
        QVERIFY(baseline.kind == Kind::Experiment);
        QCOMPARE(baseline.title, u"baseline · 1.0"_s);
        QCOMPARE(baseline.service, u"web-7cf45789c8-2-1-baseline (experiment)"_s);
        QCOMPARE(baseline.role, u"experiment web-7cf45789c8-2-1"_s);
        QCOMPARE(baseline.weight, 10);
        QCOMPARE(lanes.lanes[3].weight, 5);
        QCOMPARE(lanes.lanes[1].weight, 65); // the stable one has the rest
        QCOMPARE(sumOf(lanes), 100);
        QVERIFY(models::describedLanes(lanes).contains(
            u"baseline · 1.0 (experiment web-7cf45789c8-2-1), 1/1 pods ready, 10 % of the traffic"_s));
    }

    void weightsArePartsOfTheMaximum()
    {
        service::RolloutRow row = canary();
        row.maxWeight = 1000;
        row.weight = 200;
        service::RolloutDetail detail = test::experimentDetail(row);
        detail.revisions[2].weight = 100;
        detail.revisions[3].weight = 50;
        const TrafficLanes lanes = models::trafficLanesOf(detail);
        QCOMPARE(lanes.lanes[0].weight, 20);
        QCOMPARE(lanes.lanes[1].weight, 65);
        QCOMPARE(lanes.lanes[2].weight, 10);
    }

    void anExperimentWithoutRoutingGetsNoLine()
    {
        service::RolloutDetail detail = test::experimentDetail(canary());
        detail.revisions[2].weight = -1;
        detail.revisions[2].service.clear();
        const TrafficLanes lanes = models::trafficLanesOf(detail);
        QCOMPARE(lanes.lanes[2].weight, -1);
        QCOMPARE(lanes.lanes[2].service, QString());
        QCOMPARE(lanes.lanes[1].weight, 75);
    }

    void anExperimentThatIsOverIsNoLane()
    {
        service::RolloutDetail detail = test::experimentDetail(canary());
        for (const std::size_t i : {2u, 3u}) {
            detail.revisions[i].replicas = detail.revisions[i].available = 0;
            detail.revisions[i].weight = -1;
        }
        QCOMPARE(models::trafficLanesOf(detail).lanes.size(), 2u);
    }

    void anExperimentOfTheSameTemplateIsNeitherNewNorStable()
    {
        service::RolloutDetail detail = test::experimentDetail(canary());
        detail.revisions[2].hash = detail.row.stableHash;
        detail.revisions[3].hash = detail.row.podHash;
        const TrafficLanes lanes = models::trafficLanesOf(detail);
        QCOMPARE(std::ranges::count(lanes.lanes, Kind::New, &TrafficLane::kind), 1);
        QCOMPARE(std::ranges::count(lanes.lanes, Kind::Stable, &TrafficLane::kind), 1);
        QCOMPARE(sumOf(lanes), 100);
    }

    void blueGreenShowsActiveAndPreview()
    {
        service::RolloutRow row = canary();
        row.isBlueGreen = true;
        service::RolloutDetail detail = test::rolloutDetail(row);
        using Role = service::RolloutService::Role;
        detail.services = {{Role::Active, "web", row.stableHash, false},
                           {Role::Preview, "web-preview", row.podHash, false}};
        const TrafficLanes lanes = models::trafficLanesOf(detail);
        QCOMPARE(lanes.lanes[0].weight, 0);
        QCOMPARE(lanes.lanes[0].service, u"web-preview (preview)"_s);
        QCOMPARE(lanes.lanes[1].weight, 100);
    }

    void whatHasNoRoomIsCounted()
    {
        service::RolloutDetail detail = test::experimentDetail(canary());
        for (int i = 0; i < 5; ++i) {
            detail.revisions.push_back(detail.revisions[2]);
            detail.revisions.back().replicaSet += std::to_string(i);
        }
        const TrafficLanes lanes = models::trafficLanesOf(detail);
        QCOMPARE(lanes.lanes.size(), 6u);
        QCOMPARE(lanes.leftOut, 3);
    }
};

QTEST_MAIN(TrafficLanesTest)
#include "traffic_lanes_test.moc"
