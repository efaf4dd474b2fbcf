// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/window.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::policy;
using object::Value;

namespace {

constexpr std::string_view kNoon = "2026-11-25T12:00:00Z";

crd::Application shop()
{
    const Value object =
        Value::map({{"apiVersion", "argoproj.io/v1alpha1"},
                    {"kind", "Application"},
                    {"metadata", Value::map({{"name", "shop"}, {"namespace", "argocd"}})},
                    {"spec", Value::map({{"project", "default"},
                                         {"destination", Value::map({{"server", "https://kubernetes.default.svc"},
                                                                     {"namespace", "shop-prod"}})}})}});
    return *crd::applicationOf(object::Object(object));
}

crd::SyncWindow window(std::string kind, std::string schedule, std::string duration)
{
    crd::SyncWindow window;
    window.kind = std::move(kind);
    window.schedule = std::move(schedule);
    window.duration = std::move(duration);
    window.applications = {"*"};
    return window;
}

crd::SyncWindow openDeny()
{
    return window("deny", "0 11 * * *", "2h");
}
crd::SyncWindow closedDeny()
{
    return window("deny", "0 3 * * *", "1h");
}
crd::SyncWindow openAllow()
{
    return window("allow", "0 11 * * *", "2h");
}
crd::SyncWindow closedAllow()
{
    return window("allow", "0 3 * * *", "1h");
}
crd::SyncWindow manual(crd::SyncWindow window)
{
    window.manualSync = true;
    return window;
}
crd::SyncWindow overrun(crd::SyncWindow window)
{
    window.syncOverrun = true;
    return window;
}

struct AnswerCase
{
    std::string name;
    std::vector<crd::SyncWindow> windows;
    SyncOrigin origin;
    std::string operationStart;
    bool isAllowed;
};
class WindowAnswers : public testing::TestWithParam<AnswerCase>
{
};

struct ActiveCase
{
    std::string name;
    std::string schedule;
    std::string duration;
    std::string zone;
    std::string at;
    bool isActive;
};
class WindowActive : public testing::TestWithParam<ActiveCase>
{
};

struct MatchCase
{
    std::string name;
    std::vector<std::string> applications;
    std::vector<std::string> clusters;
    std::vector<std::string> namespaces;
    bool usesAnd;
    bool matches;
};
class WindowMatch : public testing::TestWithParam<MatchCase>
{
};
const auto caseName = [](const auto &row) { return row.param.name; };

} // namespace

TEST_P(WindowAnswers, LetASyncRunOrNot)
{
    WindowQuestion question{.origin = GetParam().origin, .now = *crd::timestampOf(kNoon), .operationStart = {}};
    if (!GetParam().operationStart.empty())
        question.operationStart = crd::timestampOf(GetParam().operationStart);
    const Expected<WindowAnswer> answer = canSync(GetParam().windows, question, FixedTimeZones());
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->isAllowed, GetParam().isAllowed) << answer->reason;
    EXPECT_EQ(answer->reason.empty(), GetParam().isAllowed);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, WindowAnswers,
    testing::Values(
        AnswerCase{"NoWindows", {}, SyncOrigin::Automated, "", true},
        AnswerCase{"OpenDeny", {openDeny()}, SyncOrigin::Automated, "", false},
        AnswerCase{"OpenDenyManual", {openDeny()}, SyncOrigin::Manual, "", false},
        AnswerCase{"OpenDenyManualPermitted", {manual(openDeny())}, SyncOrigin::Manual, "", true},
        AnswerCase{"ManualPermittedIsNotForAutomated", {manual(openDeny())}, SyncOrigin::Automated, "", false},
        AnswerCase{"AllDeniesMustPermitManual", {manual(openDeny()), openDeny()}, SyncOrigin::Manual, "", false},
        AnswerCase{"ClosedDeny", {closedDeny()}, SyncOrigin::Automated, "", true},
        AnswerCase{"OpenAllow", {openAllow()}, SyncOrigin::Automated, "", true},
        AnswerCase{"ClosedAllow", {closedAllow()}, SyncOrigin::Automated, "", false},
        AnswerCase{"ClosedAllowManual", {manual(closedAllow())}, SyncOrigin::Manual, "", true},
        AnswerCase{"OneOpenAllowIsEnough", {closedAllow(), openAllow()}, SyncOrigin::Automated, "", true},
        AnswerCase{"DenyBeatsAllow", {openAllow(), openDeny()}, SyncOrigin::Automated, "", false},
        AnswerCase{"OverrunIntoDeny", {overrun(openDeny())}, SyncOrigin::Automated, "2026-11-25T10:30:00Z", true},
        AnswerCase{"StartedInsideDeny", {overrun(openDeny())}, SyncOrigin::Automated, "2026-11-25T11:30:00Z", false},
        AnswerCase{"NoOverrun", {openDeny()}, SyncOrigin::Automated, "2026-11-25T10:30:00Z", false},
        AnswerCase{"OverrunOutOfAllow", {overrun(closedAllow())}, SyncOrigin::Automated, "2026-11-25T03:30:00Z", true}),
    caseName);

TEST(WindowAnswers, AScheduleThatCannotBeReadSaysNo)
{
    const Expected<WindowAnswer> answer = canSync({window("deny", "bad", "1h")}, {}, FixedTimeZones());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message(),
              "invalid sync windows: cannot parse schedule 'bad': expected exactly 5 fields, found 1: [bad]");
}

TEST_P(WindowActive, IsOpenBetweenStartAndEnd)
{
    crd::SyncWindow row = window("allow", GetParam().schedule, GetParam().duration);
    row.timeZone = GetParam().zone;
    const crd::Timestamp at = *crd::timestampOf(GetParam().at);
    const Expected<bool> active = isActive(row, at, at, FixedTimeZones());
    ASSERT_TRUE(active) << active.error().text();
    EXPECT_EQ(*active, GetParam().isActive);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, WindowActive,
    testing::Values(ActiveCase{"Inside", "0 12 * * *", "1h", "", "2026-11-25T12:30:00Z", true},
                    ActiveCase{"AtStart", "0 12 * * *", "1h", "", "2026-11-25T12:00:00Z", false},
                    ActiveCase{"JustAfterStart", "0 12 * * *", "1h", "", "2026-11-25T12:00:01Z", true},
                    ActiveCase{"AtEnd", "0 12 * * *", "1h", "", "2026-11-25T13:00:00Z", false},
                    ActiveCase{"JustBeforeEnd", "0 12 * * *", "1h", "", "2026-11-25T12:59:59Z", true},
                    ActiveCase{"OverMidnight", "0 23 * * *", "2h", "", "2026-11-25T00:30:00Z", true},
                    ActiveCase{"Zone", "0 12 * * *", "1h", "Etc/GMT+5", "2026-11-25T17:30:00Z", true},
                    ActiveCase{"ZoneShiftsAway", "0 12 * * *", "1h", "Etc/GMT+5", "2026-11-25T12:30:00Z", false},
                    ActiveCase{"UnknownZoneIsUtc", "0 12 * * *", "1h", "Mars/Base", "2026-11-25T12:30:00Z", true},
                    ActiveCase{"NeverFiringCountsAsOpen", "0 0 31 2 *", "1h", "", "2026-11-25T12:30:00Z", true}),
    caseName);

TEST_P(WindowMatch, SelectsApplicationsByItsLists)
{
    crd::SyncWindow row = window("deny", "* * * * *", "1h");
    row.applications = GetParam().applications;
    row.clusters = GetParam().clusters;
    row.namespaces = GetParam().namespaces;
    row.useAndOperator = GetParam().usesAnd;
    EXPECT_EQ(!windowsOf(shop(), {row}).empty(), GetParam().matches);
}
INSTANTIATE_TEST_SUITE_P(Policy, WindowMatch,
                         testing::Values(MatchCase{"NoList", {}, {}, {}, false, false},
                                         MatchCase{"NoListWithAnd", {}, {}, {}, true, false},
                                         MatchCase{"Application", {"sh*"}, {}, {}, false, true},
                                         MatchCase{"OtherApplication", {"blog"}, {}, {}, false, false},
                                         MatchCase{"ClusterCrossesSlashes", {}, {"https://*.svc"}, {}, false, true},
                                         MatchCase{"Namespace", {}, {}, {"*-prod"}, false, true},
                                         MatchCase{"EitherList", {"blog"}, {}, {"*-prod"}, false, true},
                                         MatchCase{"AndNeedsAllGiven", {"blog"}, {}, {"*-prod"}, true, false},
                                         MatchCase{"AndSkipsWhatIsNotGiven", {"shop"}, {}, {"*-prod"}, true, true}),
                         caseName);
