// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "sync/exchange.h"
#include "sync/managed_fields.h"
#include "sync/rbac.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// An exchange with given replies: the calls that were made, and what came of it.
struct Talk
{
    std::vector<std::string> calls;
    std::vector<Call> sent;
    WriteResult result;
};

Talk talk(const Write &write, std::deque<Reply> answers)
{
    Talk talk;
    std::vector<Reply> replies;
    ExchangeStep step = nextCall(write, replies);
    while (const auto *call = std::get_if<Call>(&step)) {
        constexpr std::string_view names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
        talk.calls.emplace_back(names[static_cast<int>(call->verb)]);
        talk.sent.push_back(*call);
        if (answers.empty()) {
            ADD_FAILURE() << "no reply for " << talk.calls.back();
            return talk;
        }
        replies.push_back(answers.front());
        answers.pop_front();
        step = nextCall(write, replies);
    }
    EXPECT_TRUE(answers.empty()) << answers.size() << " replies were not asked for";
    talk.result = std::get<WriteResult>(step);
    return talk;
}

Write applying(const object::Object &target, ApplyMode mode = ApplyMode::ClientSide)
{
    Write write;
    write.act = Act::Apply;
    write.mode = mode;
    write.gvk = target.gvk();
    write.ns = target.ns();
    write.name = target.name();
    write.target = target;
    write.resource = "configmaps";
    return write;
}

object::Object config(std::string_view value)
{
    return object::Object(configMap("c").value().with("data", object::Value::map({{"a", value}})));
}
object::Object applied(std::string_view value)
{
    const object::Object target = config(value);
    return target.withAnnotation("kubectl.kubernetes.io/last-applied-configuration",
                                 "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"" + std::string(value)
                                     + "\"},\"kind\":\"ConfigMap\",\"metadata\":{\"annotations\":{},\"name\":\"c\","
                                       "\"namespace\":\"shop\"}}\n");
}

Reply fails(ErrorCode code, std::string message = "refused", std::string reason = {})
{
    return std::unexpected(Error(code, std::move(message), std::move(reason)));
}
const Reply kAbsent = fails(ErrorCode::NotFound, "configmaps \"c\" not found");
const Reply kConflict = fails(ErrorCode::Conflict, "the object has been modified", "Conflict");

} // namespace

TEST(ClientSideApply, CreatesWhatIsMissing)
{
    const Talk one = talk(applying(config("1")), {kAbsent, applied("1")});
    EXPECT_THAT(one.calls, ElementsAre("GET", "POST"));
    EXPECT_EQ(one.sent[1].fieldManager, "argocd-controller");
    EXPECT_EQ(one.result.message, "configmap/c created");
}

TEST(ClientSideApply, SendsNothingWhenNothingDiffers)
{
    const Talk one = talk(applying(config("1")), {applied("1")});
    EXPECT_THAT(one.calls, ElementsAre("GET"));
    EXPECT_EQ(one.result.message, "configmap/c unchanged");
}

TEST(ClientSideApply, PatchesWhatDiffers)
{
    const Talk one = talk(applying(config("2")), {applied("1"), applied("2")});
    EXPECT_THAT(one.calls, ElementsAre("GET", "PATCH"));
    EXPECT_EQ(one.sent[1].patch, PatchKind::StrategicMerge);
    EXPECT_EQ(one.sent[1].body["data"], yaml("{a: '2'}"));
    EXPECT_EQ(one.result.message, "configmap/c configured");
}

TEST(ClientSideApply, WarnsAboutAMissingAnnotation)
{
    const Talk one = talk(applying(config("2")), {config("1"), applied("2")});
    EXPECT_THAT(one.result.message,
                testing::StartsWith("configmap/c configured. Warning: resource configmaps/c is missing the "
                                    "kubectl.kubernetes.io/last-applied-configuration annotation"));
}

TEST(ClientSideApply, TriesAConflictAgainOnFreshState)
{
    const Talk one =
        talk(applying(config("2")), {applied("1"), kConflict, applied("1"), kConflict, applied("0"), applied("2")});
    EXPECT_THAT(one.calls, ElementsAre("GET", "PATCH", "GET", "PATCH", "GET", "PATCH"));
    EXPECT_EQ(one.sent[3].delayMilliseconds, 0);
    EXPECT_EQ(one.sent[5].delayMilliseconds, 1000);
    EXPECT_EQ(one.result.message, "configmap/c configured");
}

TEST(ClientSideApply, DeletesAndCreatesWhenForced)
{
    Write write = applying(config("2"));
    write.forces = true;
    const Reply invalid = fails(ErrorCode::InvalidInput, "field is immutable", "Invalid");
    const Talk one = talk(write, {applied("1"), invalid, object::Object(), kAbsent, applied("2")});
    EXPECT_THAT(one.calls, ElementsAre("GET", "PATCH", "DELETE", "GET", "POST"));
    EXPECT_EQ(one.sent[2].propagation, Propagation::Background);
    EXPECT_EQ(one.result.message, "configmap/c configured");
    const Talk restored = talk(write, {applied("1"), invalid, object::Object(), kAbsent, invalid, applied("1")});
    EXPECT_TRUE(restored.result.isFailed);
    EXPECT_EQ(restored.result.message, "field is immutable");
    EXPECT_EQ(restored.sent[5].body["data"], yaml("{a: '1'}"));
    write.forces = false;
    EXPECT_TRUE(talk(write, {applied("1"), invalid}).result.isFailed);
}

TEST(ClientSideApply, OnlyReadsInADryRun)
{
    Write write = applying(config("2"));
    write.isDryRun = true;
    EXPECT_EQ(talk(write, {applied("1")}).result.message, "configmap/c configured (dry run)");
    EXPECT_EQ(talk(write, {kAbsent}).result.message, "configmap/c created (dry run)");
}

TEST(ServerSideApply, IsOnePatchThatTakesConflicts)
{
    const Talk one = talk(applying(config("2"), ApplyMode::ServerSide), {config("2")});
    EXPECT_THAT(one.calls, ElementsAre("PATCH"));
    EXPECT_EQ(one.sent[0].patch, PatchKind::Apply);
    EXPECT_TRUE(one.sent[0].takesConflicts);
    EXPECT_EQ(one.result.message, "configmap/c serverside-applied");
    Write forced = applying(config("2"), ApplyMode::ServerSide);
    forced.forces = true;
    EXPECT_EQ(talk(forced, {}).result.message, "--force cannot be used with --server-side");
}

TEST(ServerSideApply, TakesOverWhatClientSideApplyOwned)
{
    const object::Object owned(configMap("c").value().withPath(
        {"metadata", "managedFields"},
        yaml("- {manager: argocd-controller, operation: Apply, apiVersion: v1, fieldsV1: {'f:data': {'f:a': {}}}}\n"
             "- {manager: kubectl-client-side-apply, operation: Update, apiVersion: v1, fieldsV1: {'f:data': {'f:b': "
             "{}}, "
             "'f:metadata': {'f:annotations': {'f:kubectl.kubernetes.io/last-applied-configuration': {}}}}}\n"
             "- {manager: kube-controller-manager, operation: Update, apiVersion: v1, fieldsV1: {'f:status': {}}}\n")));
    const Talk one = talk(applying(config("2"), ApplyMode::ServerSide), {owned, configMap("c"), configMap("c")});
    EXPECT_THAT(one.calls, ElementsAre("PATCH", "PATCH", "PATCH"));
    ASSERT_EQ(one.sent[1].patch, PatchKind::Json);
    const object::Value fields = one.sent[1].body.at(0)["value"];
    ASSERT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields.at(0)["fieldsV1"]["f:data"], yaml("{'f:a': {}, 'f:b': {}}"));
    EXPECT_EQ(fields.at(1)["manager"].stringOr(), "kube-controller-manager");
}

TEST(ReplaceMode, PutsTheTargetOverTheLiveObject)
{
    const object::Object live(configMap("c").value().withPath({"metadata", "resourceVersion"}, "9"));
    const Talk one = talk(applying(config("2"), ApplyMode::Replace), {live, config("2")});
    EXPECT_THAT(one.calls, ElementsAre("GET", "PUT"));
    EXPECT_EQ(one.sent[1].body.path({"metadata", "resourceVersion"}).stringOr(), "9");
    EXPECT_EQ(one.sent[1].fieldManager, "");
    EXPECT_EQ(one.result.message, "configmap/c replaced");
}

TEST(ReplaceMode, DeletesFirstWhenForced)
{
    Write write = applying(config("2"), ApplyMode::Replace);
    write.forces = true;
    const Talk one = talk(write, {object::Object(), config("1"), kAbsent, config("2")});
    EXPECT_THAT(one.calls, ElementsAre("DELETE", "GET", "GET", "POST"));
    EXPECT_EQ(one.result.message, "configmap \"c\" deleted from shop namespace\nconfigmap/c replaced");
}

TEST(UpdateMode, UsesTheVersionThatWasSeen)
{
    Write write =
        applying(object::Object(yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}")), ApplyMode::Update);
    write.live =
        object::Object(yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop, resourceVersion: '3'}}"));
    const Talk one = talk(write, {write.live});
    EXPECT_EQ(one.sent[0].body.path({"metadata", "resourceVersion"}).stringOr(), "3");
    EXPECT_EQ(one.result.message, "Namespace/shop updated");
}

TEST(HookFinalizer, IsRemovedOnFreshStateAfterAConflict)
{
    const object::Object held(
        hookJob("pre", "PreSync")
            .value()
            .withPath({"metadata", "finalizers"}, yaml("[argocd.argoproj.io/hook-finalizer, other]")));
    Write write = applying(held);
    write.act = Act::RemoveHookFinalizer;
    write.live = held;
    const Talk one = talk(write, {kConflict, held, held});
    EXPECT_THAT(one.calls, ElementsAre("PUT", "GET", "PUT"));
    EXPECT_EQ(one.sent[0].body.path({"metadata", "finalizers"}), yaml("[other]"));
    EXPECT_FALSE(talk(write, {kAbsent}).result.isFailed) << "a hook that is gone has no finalizer";
    EXPECT_EQ(talk(write, {fails(ErrorCode::Denied, "no")}).result.message,
              "failed to update resource: failed to update resource: no");
}

TEST(Hook, ThatCannotBeDeletedSaysSoInTheWordsOfTheServer)
{
    Write write = applying(hookJob("pre", "PreDelete"));
    write.act = Act::DeleteHook;
    EXPECT_EQ(talk(write, {fails(ErrorCode::Denied, "jobs is forbidden")}).result.message, "jobs is forbidden");
}

TEST(Crd, IsWaitedForAfterItsApply)
{
    const object::Object crd(
        yaml("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets}}"));
    const object::Object ready(crd.value().with("status", yaml("{conditions: [{type: Established, status: 'True'}]}")));
    const Talk one = talk(applying(crd), {kAbsent, crd, crd, ready});
    EXPECT_THAT(one.calls, ElementsAre("GET", "POST", "GET", "GET"));
    EXPECT_EQ(one.sent[3].delayMilliseconds, 100);
}

TEST(Rbac, IsReconciledBeforeItIsApplied)
{
    const object::Object role(
        yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r1, namespace: shop}, "
             "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}"));
    const object::Object ns(yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"));
    const Talk one = talk(applying(role), {ns, kAbsent, role, role, role});
    EXPECT_THAT(one.calls, ElementsAre("GET", "GET", "POST", "GET", "PATCH"));
    EXPECT_EQ(one.sent[2].fieldManager, "");
    EXPECT_THAT(one.result.message,
                testing::StartsWith(
                    "role.rbac.authorization.k8s.io/r1 reconciled. reconciliation required create\n\tmissing rules "
                    "added:\n\t\t{Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] "
                    "NonResourceURLs:[]}role.rbac.authorization.k8s.io/r1 configured. Warning: "));
    const Talk lost = talk(applying(role), {kAbsent});
    EXPECT_THAT(lost.result.message,
                testing::StartsWith("error running kubectl auth reconcile: error getting namespace shop: "));
}

TEST(Rbac, AddsOnlyTheRulesThatAreNotCovered)
{
    const object::Object role(
        yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r1}, rules: [{apiGroups: "
             "[''], resources: [pods, pods/log], verbs: [get, list]}, {nonResourceURLs: [/healthz], verbs: [get]}]}"));
    const object::Object live(
        yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r1}, rules: [{apiGroups: "
             "['*'], resources: [pods, '*/log'], verbs: [get]}, {nonResourceURLs: ['/health*'], verbs: ['*']}]}"));
    const RbacReconciliation plan = reconciliationOf(role, live);
    EXPECT_EQ(plan.operation, RbacReconciliation::Operation::Update);
    EXPECT_EQ(plan.body.path({"rules"}).size(), 4U) << "list of pods, and list of pods/log";
    EXPECT_EQ(reconciliationOf(live, live).operation, RbacReconciliation::Operation::None);
    const RbacReconciliation kept =
        reconciliationOf(role, live.withAnnotation("rbac.authorization.kubernetes.io/autoupdate", "false"));
    EXPECT_EQ(kept.operation, RbacReconciliation::Operation::None);
    EXPECT_THAT(kept.detail,
                testing::StartsWith("reconciliation required update, but object opted out "
                                    "(rbac.authorization.kubernetes.io/autoupdate: false)\n\tmissing rules added:\n"));
}

TEST(Rbac, AggregationFollowsTheTarget)
{
    const auto role = [](std::string_view rest) {
        return object::Object(
            yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r1}, "
                 + std::string(rest) + '}'));
    };
    const object::Object plain = role("rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]");
    const object::Object aggregated = role("aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}, "
                                           "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]");
    EXPECT_EQ(reconciliationOf(plain, aggregated).body, plain);
    EXPECT_EQ(reconciliationOf(aggregated, plain).body, aggregated);
    EXPECT_EQ(reconciliationOf(aggregated,
                               role("aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}, rules: []"))
                  .body,
              aggregated)
        << "rules count beside an aggregation";
    EXPECT_EQ(reconciliationOf(aggregated, aggregated).operation, RbacReconciliation::Operation::None);
}

TEST(Rbac, SubjectsAreComparedByWhatTheySay)
{
    const auto binding = [](std::string_view subjects,
                            std::string_view role = "apiGroup: rbac.authorization.k8s.io, ") {
        return object::Object(
            yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b}, subjects: "
                 + std::string(subjects) + ", roleRef: {" + std::string(role) + "kind: Role, name: r}}"));
    };
    const object::Object live = binding("[{kind: ServiceAccount, name: a, namespace: shop}]");
    EXPECT_EQ(
        reconciliationOf(binding("[{kind: ServiceAccount, apiGroup: '', name: a, namespace: shop}]"), live).operation,
        RbacReconciliation::Operation::None);
    const object::Object twice = binding("[{kind: User, name: u}, {kind: User, name: u}]");
    EXPECT_EQ(reconciliationOf(twice, live).body.path({"subjects"}).size(), 2U);
    EXPECT_EQ(reconciliationOf(binding("[{kind: ServiceAccount, name: a, namespace: shop}]", ""), live).operation,
              RbacReconciliation::Operation::Recreate);
}

TEST(Rbac, IsLookedAtAgainWhenSomebodyWasFaster)
{
    const auto role = [](std::string_view verbs) {
        return object::Object(
            yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r1}, rules: "
                 "[{apiGroups: [''], resources: [pods], verbs: ["
                 + std::string(verbs) + "]}]}"));
    };
    const Reply there = fails(ErrorCode::Conflict, "already exists", "AlreadyExists");
    const Talk made = talk(applying(role("get")), {kAbsent, there, role("get"), role("get"), role("get")});
    EXPECT_THAT(made.calls, ElementsAre("GET", "POST", "GET", "GET", "PATCH"));
    EXPECT_FALSE(made.result.isFailed) << made.result.message;
    const Talk changed =
        talk(applying(role("list")), {role("get"), kConflict, role("get"), kConflict, role("get"), kConflict});
    EXPECT_THAT(changed.calls, ElementsAre("GET", "PUT", "GET", "PUT", "GET", "PUT"));
    EXPECT_EQ(changed.result.message, "error running kubectl auth reconcile: the object has been modified");
}

TEST(Rbac, MakesABindingToAnotherRoleAnew)
{
    const auto binding = [](std::string_view role) {
        return object::Object(yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: "
                                   "{name: b, uid: u1}, roleRef: "
                                   "{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "
                                   + std::string(role) + "}}"));
    };
    const Talk one = talk(applying(binding("new")),
                          {binding("old"), object::Object(), binding("new"), binding("new"), binding("new")});
    EXPECT_THAT(one.calls, ElementsAre("GET", "DELETE", "POST", "GET", "PATCH"));
    EXPECT_EQ(one.sent[1].uid, "u1");
    EXPECT_THAT(one.result.message, HasSubstr("reconciled. reconciliation required recreate"));
}

TEST(LostAnswer, EndsTheExchange)
{
    const Talk one = talk(applying(config("2")), {applied("1"), fails(ErrorCode::Unknown, "answer lost")});
    EXPECT_TRUE(one.result.isFailed);
}
