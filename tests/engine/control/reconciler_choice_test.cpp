// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/reconciler_choice.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;
using service::Reconciler;

namespace {

constexpr service::WallTime kNow = 1'800'000'000'000;

ReconcilerEvidence nothingThere()
{
    ReconcilerEvidence evidence;
    evidence.controllerWorkloads.emplace();
    evidence.ourIdentity = "me@desk";
    return evidence;
}

} // namespace

TEST(ReconcilerChoice, IsTheControllerWhereItsWorkloadIsEvenWithoutReplicas)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.controllerWorkloads = {{"StatefulSet.apps argocd-application-controller in namespace argocd"}};
    evidence.isLocalOn = true;
    const ReconcilerChoice choice = reconcilerOf(evidence, kNow);
    EXPECT_EQ(choice.reconciler, Reconciler::Controller);
    EXPECT_FALSE(choice.mayRunLocal);
    EXPECT_TRUE(choice.reason.contains("argocd-application-controller"));
}

TEST(ReconcilerChoice, IsTheControllerWhereSomebodyElseWroteStatusLately)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.lastForeignStatus = kNow - kRecentStatus + 1000;
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::Controller);
    evidence.lastForeignStatus = kNow - kRecentStatus - 1000;
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::Nobody);
}

TEST(ReconcilerChoice, IsUnknownAndForbidsLocalWhereNothingCanBeSeen)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.controllerWorkloads.reset();
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::ControllerUnknown);
    EXPECT_FALSE(reconcilerOf(evidence, kNow).mayRunLocal);
    evidence.isDeclaredFree = true;
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::Nobody);
    EXPECT_TRUE(reconcilerOf(evidence, kNow).mayRunLocal);
}

TEST(ReconcilerChoice, IsAnotherDesktopWhereItHoldsTheLease)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.leaseHolder = "you@laptop";
    evidence.isLocalOn = true;
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::OtherDesktop);
    evidence.leaseHolder = "me@desk";
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::Local);
}

TEST(ReconcilerChoice, IsAnotherProgramOfThisUserWhereItHoldsTheLeaseUnderOurName)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.leaseHolder = "me@desk";
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::OtherDesktop);
    // It may have been killed: the next engine may try.
    EXPECT_TRUE(reconcilerOf(evidence, kNow).mayRunLocal);
}

TEST(ReconcilerChoice, LeavesAnotherControlPlanesApplicationAlone)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.isLocalOn = true;
    evidence.otherPlane = "argocd-b";
    evidence.ourPlane = "argocd";
    const ReconcilerChoice choice = reconcilerOf(evidence, kNow);
    EXPECT_EQ(choice.reconciler, Reconciler::Nobody);
    EXPECT_FALSE(choice.mayRunLocal);
    EXPECT_EQ(choice.reason,
              "it belongs to the control plane in namespace argocd-b, and this program works for the one in argocd");
    evidence.controllerWorkloads = {{"StatefulSet.apps argocd-application-controller in namespace argocd-b"}};
    EXPECT_EQ(reconcilerOf(evidence, kNow).reconciler, Reconciler::Controller);
}

TEST(ReconcilerChoice, IsUnknownWhereAControllerElsewhereMayLookAfterTheNamespace)
{
    ReconcilerEvidence evidence = nothingThere();
    evidence.isLocalOn = true;
    evidence.controllersElsewhere = {"Deployment.apps argocd-application-controller in namespace argocd-b"};
    const ReconcilerChoice choice = reconcilerOf(evidence, kNow);
    EXPECT_EQ(choice.reconciler, Reconciler::ControllerUnknown);
    EXPECT_FALSE(choice.mayRunLocal);
    EXPECT_TRUE(choice.reason.contains("argocd-b"));
}

TEST(ReconcilerChoice, ReadsWhoWroteStatusFromTheManagedFields)
{
    const auto app = object::parseYaml(R"(
metadata:
  managedFields:
  - {manager: kubectl-create, time: "2026-01-31T12:00:00Z", fieldsV1: {"f:spec": {}}}
  - {manager: argocd-application-controller, time: "2026-01-31T10:00:00Z", fieldsV1: {"f:status": {"f:sync": {}}}}
  - {manager: tiphys-engine, time: "2026-01-31T11:00:00Z", fieldsV1: {"f:status": {"f:sync": {}}}}
)");
    ASSERT_TRUE(app);
    EXPECT_EQ(foreignStatusTime(object::Object(*app)), 1769853600000);
    EXPECT_EQ(foreignStatusTime(object::Object()), 0);
}

TEST(ReconcilerChoice, WhoStopsAnOperationIsNoController)
{
    const auto written = [](const std::string &fields) {
        const auto app =
            object::parseYaml("{metadata: {managedFields: [{manager: argocd-server, time: '2026-01-31T10:00:00Z', "
                              "fieldsV1: {'f:status': {"
                              + fields + "}}}]}}");
        return foreignStatusTime(object::Object(app.value_or(object::Value())));
    };
    EXPECT_EQ(written("'.': {}, 'f:operationState': {'f:phase': {}}"), 0);
    EXPECT_EQ(written("'f:operationState': {'f:phase': {}}, 'f:reconciledAt': {}"), 1769853600000);
}

TEST(NamesItsPlaneHere, TellsOurWordFromThatOfAController)
{
    const auto wrote = [](const std::string &manager, const std::string &fields) {
        const auto value = object::parseYaml("{metadata: {name: shop, managedFields: [{manager: " + manager
                                             + ", operation: Update, fieldsV1: {'f:status': {" + fields + "}}}]}}");
        return namesItsPlaneHere(object::Object(value.value_or(object::Value())));
    };
    EXPECT_TRUE(wrote("tiphys-engine", "'f:controllerNamespace': {}, 'f:sync': {}"));
    EXPECT_FALSE(wrote("tiphys-engine", "'f:sync': {}"));
    EXPECT_FALSE(wrote("argocd-application-controller", "'f:controllerNamespace': {}"));
    EXPECT_FALSE(namesItsPlaneHere(object::Object()));
}
