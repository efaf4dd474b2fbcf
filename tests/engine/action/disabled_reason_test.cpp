// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/builtin.h"
#include "action/disabled_reason.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::action {
namespace {

struct ReasonCase
{
    std::string name;
    std::string object;
    std::string action;
    std::string reason; ///< "" for an action that is enabled
};

class DisabledReason : public testing::TestWithParam<ReasonCase>
{
};

TEST_P(DisabledReason, TellsTheState)
{
    const object::Object object(object::parseYaml(GetParam().object).value());
    const auto offers = builtinActions(object);
    ASSERT_TRUE(offers) << offers.error().text();
    for (const ResourceAction &offered : *offers) {
        if (offered.name == GetParam().action) {
            EXPECT_EQ(disabledReason(object, offered), GetParam().reason);
            return;
        }
    }
    FAIL() << "no action " << GetParam().action;
}

constexpr const char *kDeployment = "{apiVersion: apps/v1, kind: Deployment, spec: {paused: false}}";
constexpr const char *kPaused = "{apiVersion: apps/v1, kind: Deployment, spec: {paused: true}}";
constexpr const char *kPromoted = "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {strategy: {canary: {}}}, "
                                  "status: {currentPodHash: a, stableRS: a}}";
constexpr const char *kAborted = "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {strategy: {canary: {}}}, "
                                 "status: {abort: true, currentPodHash: b, stableRS: a}}";
constexpr const char *kSuspended =
    "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {suspend: true}}";

INSTANTIATE_TEST_SUITE_P(Action, DisabledReason,
                         testing::Values(ReasonCase{"Enabled", kDeployment, "restart", ""},
                                         ReasonCase{"NotPaused", kDeployment, "resume", "it is not paused"},
                                         ReasonCase{"Paused", kPaused, "pause", "it is paused already"},
                                         ReasonCase{"Promoted", kPromoted, "abort", "it is fully promoted"},
                                         ReasonCase{"NoStep", kPromoted, "skip-current-step", "it has no further step"},
                                         ReasonCase{"NotAborted", kPromoted, "retry", "it is fully promoted"},
                                         ReasonCase{"Aborted", kAborted, "abort", "it is aborted"},
                                         ReasonCase{"Suspended", kSuspended, "reconcile", "it is suspended"}),
                         [](const auto &row) { return row.param.name; });

TEST(DisabledReasonOfScripts, IsGeneral)
{
    const object::Object object(object::parseYaml("{apiVersion: example.com/v1, kind: Thing}").value());
    EXPECT_EQ(disabledReason(
                  object, {.name = "poke", .displayName = {}, .iconClass = {}, .isDisabled = true, .parameters = {}}),
              "it makes no sense in the present state");
}

} // namespace
} // namespace tiphys::action
