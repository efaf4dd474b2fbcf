// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/hook.h"

#include "crd/options.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Object;
using object::Value;

struct HookCase
{
    std::string name;
    std::vector<std::pair<std::string, Value>> annotations;
    std::vector<HookType> types;
    bool isHook;
    bool isSkipped;
    bool isIgnored;
};

class Hook : public testing::TestWithParam<HookCase>
{
};

Object objectWith(const std::vector<std::pair<std::string, Value>> &annotations)
{
    return Object(Value::map({{"metadata", Value::map({{"annotations", Value::map(annotations)}})}}));
}

TEST_P(Hook, IsToldByAnnotations)
{
    const Object object = objectWith(GetParam().annotations);
    EXPECT_EQ(hookTypesOf(object), GetParam().types);
    EXPECT_EQ(isHook(object), GetParam().isHook);
    EXPECT_EQ(isSkipped(object), GetParam().isSkipped);
    EXPECT_EQ(isIgnoredHook(object), GetParam().isIgnored);
}

constexpr const char *kArgo = "argocd.argoproj.io/hook";
constexpr const char *kHelm = "helm.sh/hook";

INSTANTIATE_TEST_SUITE_P(
    Crd, Hook,
    testing::Values(
        HookCase{"None", {}, {}, false, false, false},
        HookCase{"PreSync", {{kArgo, "PreSync"}}, {HookType::PreSync}, true, false, false},
        HookCase{
            "Several", {{kArgo, "PreSync, PostSync"}}, {HookType::PreSync, HookType::PostSync}, true, false, false},
        HookCase{"Skip", {{kArgo, "Skip"}}, {HookType::Skip}, false, true, false},
        HookCase{"SkipWithOthers", {{kArgo, "Skip,Sync"}}, {HookType::Sync}, true, false, false},
        HookCase{"UnknownWord", {{kArgo, "Whenever"}}, {}, true, false, true},
        HookCase{"PreDelete", {{kArgo, "PreDelete"}}, {}, true, false, true},
        HookCase{
            "HelmInstallAndUpgrade", {{kHelm, "pre-install,pre-upgrade"}}, {HookType::PreSync}, true, false, false},
        HookCase{"HelmTest", {{kHelm, "test"}}, {}, true, false, true},
        HookCase{"HelmCrd", {{kHelm, "crd-install"}}, {}, false, false, false},
        HookCase{"ArgoBeatsHelm", {{kArgo, "Sync"}, {kHelm, "post-install"}}, {HookType::Sync}, true, false, false},
        HookCase{"HelmWhenArgoIsUnknown",
                 {{kArgo, "x"}, {kHelm, "post-install"}},
                 {HookType::PostSync},
                 true,
                 false,
                 false}),
    [](const auto &row) { return row.param.name; });

struct WaveCase
{
    std::string name;
    std::vector<std::pair<std::string, Value>> annotations;
    std::int64_t wave;
};

class WaveOf : public testing::TestWithParam<WaveCase>
{
};

TEST_P(WaveOf, ReadsTheAnnotationThenTheHelmWeight)
{
    EXPECT_EQ(waveOf(objectWith(GetParam().annotations)), GetParam().wave);
}

constexpr const char *kWave = "argocd.argoproj.io/sync-wave";
constexpr const char *kWeight = "helm.sh/hook-weight";

INSTANTIATE_TEST_SUITE_P(Crd, WaveOf,
                         testing::Values(WaveCase{"Absent", {}, 0}, WaveCase{"Negative", {{kWave, "-5"}}, -5},
                                         WaveCase{"Plus", {{kWave, "+3"}}, 3},
                                         WaveCase{"NotANumber", {{kWave, "x"}}, 0},
                                         WaveCase{"Spaces", {{kWave, " 3"}}, 0},
                                         WaveCase{"HelmWeight", {{kWeight, "7"}}, 7},
                                         WaveCase{"WeightWhenWaveIsBad", {{kWave, "x"}, {kWeight, "7"}}, 7},
                                         WaveCase{"WaveBeatsWeight", {{kWave, "0"}, {kWeight, "7"}}, 0}),
                         [](const auto &row) { return row.param.name; });

TEST(ListItems, AreTrimmedAndEachOnce)
{
    EXPECT_EQ(listItems(" a, ,b,a"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(listItems(""), std::vector<std::string>{});
}

TEST(OptionValue, IsTheFirstOfItsKey)
{
    EXPECT_EQ(optionValue({"Prune=confirm", "Prune=false"}, "Prune"), "confirm");
    EXPECT_EQ(optionValue({"PruneLast=true"}, "Prune"), std::nullopt);
}

TEST(DeleteHooks, AreToldByWords)
{
    EXPECT_TRUE(isPreDeleteHook(objectWith({{kArgo, "PreSync, PreDelete"}})));
    EXPECT_TRUE(isPostDeleteHook(objectWith({{kHelm, "post-delete"}})));
    EXPECT_FALSE(isPostDeleteHook(objectWith({{kHelm, "pre-delete"}})));
}

} // namespace
} // namespace tiphys::crd
