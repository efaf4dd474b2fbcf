// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/context_session.h"

#include "control/live_view.h"
#include "crd/timestamp.h"
#include "engine/control/demo_session.h"

namespace tiphys::control {
namespace {

using service::Reconciler;

constexpr ports::WallTime kSecond = 1000;

/// What was told last of who does the work.
class ContextSessionOnDemo : public DemoSession
{
protected:
    void applicationsChanged() override { told = session->reconciler().reconciler; }

    /// A Lease counts microseconds.
    std::string renewedNow() const
    {
        std::string text = crd::Timestamp{clock->now() / kSecond}.text();
        return text.insert(text.size() - 1, ".000000");
    }

    Reconciler told = Reconciler::ControllerUnknown;
};

} // namespace

TEST_F(ContextSessionOnDemo, TellsThatALeaseHasExpired)
{
    make("{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: tiphys-engine, namespace: argocd}, "
         "spec: {holderIdentity: you@laptop, leaseDurationSeconds: 3600, renewTime: '"
         + renewedNow() + "'}}");
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    EXPECT_EQ(told, Reconciler::OtherDesktop);
    merge({"coordination.k8s.io", "Lease", "argocd", "tiphys-engine"},
          "{spec: {leaseDurationSeconds: 3, renewTime: '" + renewedNow() + "'}}");
    EXPECT_TRUE(until([&] { return told == Reconciler::Nobody; }));
}

TEST_F(ContextSessionOnDemo, SaysWhichProgramItWaitsForUntilThatHasAnswered)
{
    session->credentialsAwaited({.context = "demo", .command = "aws"});
    EXPECT_EQ(session->state().message, "waiting for the credential plugin 'aws'…");
    session->credentialsAwaited({.context = "demo", .command = "aws"}); // the same for a service account
    session->credentialsAwaited({.context = "demo", .command = "aws", .isOver = true});
    EXPECT_EQ(session->state().message, "waiting for the credential plugin 'aws'…");
    session->credentialsAwaited({.context = "demo", .command = "aws", .isOver = true});
    EXPECT_EQ(session->state().message, "");
    session->credentialsAwaited({.context = "demo", .command = "aws", .isOver = true});
    EXPECT_EQ(session->state().message, "");
}

TEST_F(ContextSessionOnDemo, TellsThatAStatusIsNoLongerRecent)
{
    make("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, "
         "spec: {project: default, source: {repoURL: r, path: p}, destination: {server: "
         "'https://kubernetes.default.svc', namespace: default}}, "
         "status: {sync: {status: Synced}}}");
    clock->ahead = kRecentStatus - 12 * kSecond;
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    EXPECT_EQ(told, Reconciler::Controller);
    EXPECT_TRUE(until([&] { return told == Reconciler::Nobody; }));
}

TEST_F(ContextSessionOnDemo, KnowsTheSecretsOfTheControlPlaneThatItWorksFor)
{
    make("{apiVersion: v1, kind: Namespace, metadata: {name: platform}}");
    make("{apiVersion: v1, kind: Secret, metadata: {name: edge, namespace: platform, labels: "
         "{argocd.argoproj.io/secret-type: cluster}}, "
         "data: {name: ZWRnZQ==, server: aHR0cHM6Ly9lZGdl}}");
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    EXPECT_EQ(session->controlPlaneNamespace(), "argocd");
    EXPECT_FALSE(policy::clusterAt(session->registry(), "https://edge"));
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm, namespace: platform}}");
    cluster->run([](demo::Store &store) {
        EXPECT_TRUE(store.remove(*store.catalog().byKind({"", "ConfigMap"}), {"argocd", "argocd-cm"}));
    });
    EXPECT_TRUE(until([&] { return policy::clusterAt(session->registry(), "https://edge").has_value(); }));
    EXPECT_EQ(session->controlPlaneNamespace(), "platform");
}

TEST_F(ContextSessionOnDemo, KnowsTheSecretsOfAControlPlaneThatCameWhileTheProjectsWereRead)
{
    make("{apiVersion: v1, kind: Namespace, metadata: {name: platform}}");
    make("{apiVersion: v1, kind: Secret, metadata: {name: edge, namespace: platform, labels: "
         "{argocd.argoproj.io/secret-type: cluster}}, "
         "data: {name: ZWRnZQ==, server: aHR0cHM6Ly9lZGdl}}");
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "v1alpha1/appprojects",
                     .times = 1,
                     .milliseconds = 45000});
    session->start();
    ASSERT_TRUE(
        until([&] { return !session->state().serverVersion.empty() && session->state().argoCdNamespace == "argocd"; }));
    ignoreError(async::waitFor(async::delay(std::chrono::milliseconds(300), {})),
                "the projects are waited for by then");
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm, namespace: platform}}");
    cluster->run([](demo::Store &store) {
        EXPECT_TRUE(store.remove(*store.catalog().byKind({"", "ConfigMap"}), {"argocd", "argocd-cm"}));
    });
    ASSERT_TRUE(until([&] { return session->controlPlaneNamespace() == "platform"; }));
    askAgainFor({.type = {"argoproj.io", "v1alpha1", "appprojects", "AppProject", true}});
    ASSERT_TRUE(async::waitFor(session->ready({})));
    EXPECT_TRUE(until([&] { return policy::clusterAt(session->registry(), "https://edge").has_value(); }));
}

TEST_F(ContextSessionOnDemo, LeavesOutTheKindsThatTheSettingsNameNowWhileSomebodyLooks)
{
    const object::ObjectKey settings{"", "ConfigMap", "default", "settings"};
    const object::ObjectKey token{"", "Secret", "default", "token"};
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: default}}");
    make("{apiVersion: v1, kind: Secret, metadata: {name: token, namespace: default}}");
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    const LiveViewPtr view = session->liveView(*session, "https://demo");
    ASSERT_TRUE(async::waitFor(view->cover({"default"}, {})));
    ASSERT_TRUE(view->isKnown({"", "ConfigMap"}, "default"));
    ASSERT_TRUE(view->isKnown({"", "Secret"}, "default"));
    merge({"", "ConfigMap", "argocd", "argocd-cm"}, "{data: {resource.exclusions: '[{kinds: [ConfigMap]}]'}}");
    ASSERT_TRUE(until([&] { return !view->isKnown({"", "ConfigMap"}, "default"); }));
    EXPECT_TRUE(view->find(settings).isNull());
    EXPECT_FALSE(view->find(token).isNull());
    merge({"", "ConfigMap", "argocd", "argocd-cm"}, "{data: {resource.exclusions: '[{kinds: [Secret]}]'}}");
    ASSERT_TRUE(until([&] { return !view->isKnown({"", "Secret"}, "default"); }));
    ASSERT_TRUE(async::waitFor(view->cover({"default"}, {})));
    EXPECT_TRUE(view->isKnown({"", "ConfigMap"}, "default"));
    EXPECT_FALSE(view->find(settings).isNull());
    EXPECT_TRUE(view->find(token).isNull());
}

} // namespace tiphys::control
