// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/spec_edit.h"

#include "crd/application_patch.h"
#include "object/json_patch.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

Value yaml(std::string_view text)
{
    return object::parseYaml(text).value();
}

struct SpecCase
{
    std::string name;
    std::string before;
    SpecEdit edit;
    std::string after;
};

class EditedSpec : public testing::TestWithParam<SpecCase>
{
};

TEST_P(EditedSpec, IsStoredAsArgoCdStoresIt)
{
    const SpecCase &row = GetParam();

    const Expected<Value> after = edited(yaml(row.before), row.edit);

    ASSERT_TRUE(after) << after.error().text();
    EXPECT_EQ(*after, yaml(row.after)) << object::toYaml(*after);
}

INSTANTIATE_TEST_SUITE_P(
    Specs, EditedSpec,
    testing::Values(
        SpecCase{"Project", "{project: a, x: y}", {.project = "b"}, "{project: b, x: y}"},
        SpecCase{"NoProjectIsDefault", "{project: a}", {.project = ""}, "{project: default}"},
        SpecCase{"DestinationByName",
                 "{destination: {server: s, namespace: n}}",
                 {.destinationServer = "", .destinationName = "far"},
                 "{destination: {name: far, namespace: n}}"},
        SpecCase{"DestinationNamespace",
                 "{destination: {server: s}}",
                 {.destinationNamespace = "n"},
                 "{destination: {server: s, namespace: 'n'}}"},
        SpecCase{"HistoryLimit", "{}", {.revisionHistoryLimit = 0}, "{revisionHistoryLimit: 0}"},
        SpecCase{"Automatic", "{}", {.syncPolicy = "auto"}, "{syncPolicy: {automated: {}}}"},
        SpecCase{"AutomaticBeginsAnew",
                 "{syncPolicy: {automated: {prune: true, enabled: false}, retry: {limit: 2}}}",
                 {.syncPolicy = "automated"},
                 "{syncPolicy: {automated: {}, retry: {limit: 2}}}"},
        SpecCase{
            "NoneDropsTheEmptyPolicy", "{syncPolicy: {automated: {selfHeal: true}}}", {.syncPolicy = "none"}, "{}"},
        SpecCase{"NoneDropsAnEmptyBlock", "{syncPolicy: {automated: {}}}", {.syncPolicy = "manual"}, "{}"},
        SpecCase{"NoneKeepsOptions",
                 "{syncPolicy: {automated: {}, syncOptions: [A=true]}}",
                 {.syncPolicy = "none"},
                 "{syncPolicy: {syncOptions: [A=true]}}"},
        SpecCase{"NoneWithoutAPolicy", "{}", {.syncPolicy = "none"}, "{}"},
        SpecCase{"SwitchesOfAutomated",
                 "{syncPolicy: {automated: {prune: true}}}",
                 {.prunes = false, .selfHeals = true},
                 "{syncPolicy: {automated: {prune: false, selfHeal: true}}}"},
        SpecCase{"SwitchesWithoutAutomatedLeaveItOff",
                 "{}",
                 {.prunes = true, .allowsEmpty = true},
                 "{syncPolicy: {automated: {enabled: false, prune: true, allowEmpty: true}}}"},
        SpecCase{"SwitchesComeAfterThePolicy",
                 "{syncPolicy: {automated: {prune: true}}}",
                 {.syncPolicy = "auto", .selfHeals = true},
                 "{syncPolicy: {automated: {selfHeal: true}}}"},
        SpecCase{"OptionsAreAddedOnce",
                 "{syncPolicy: {syncOptions: [A=true]}}",
                 {.syncOptions = {"A=true", "B=1", "A=false"}},
                 "{syncPolicy: {syncOptions: [A=true, B=1, A=false]}}"},
        SpecCase{"OptionsAreTakenAway",
                 "{syncPolicy: {syncOptions: [A=true, B=1]}}",
                 {.syncOptions = {"!A=true", "!C=2"}},
                 "{syncPolicy: {syncOptions: [B=1]}}"},
        SpecCase{"LastOptionTakesThePolicyAlong",
                 "{syncPolicy: {syncOptions: [A=true]}}",
                 {.syncOptions = {"!A=true"}},
                 "{}"},
        SpecCase{"Retry",
                 "{}",
                 {.retryLimit = 3},
                 "{syncPolicy: {retry: {limit: 3, backoff: {duration: 5s, factor: 2, maxDuration: 3m0s}}}}"},
        SpecCase{"RetryWithTimes",
                 "{syncPolicy: {retry: {limit: 1, refresh: true}}}",
                 {.retryLimit = 5,
                  .retryRefresh = true,
                  .retryDuration = Duration::ofSeconds(90),
                  .retryMaxDuration = Duration::ofSeconds(3600),
                  .retryFactor = 3},
                 "{syncPolicy: {retry: {limit: 5, backoff: {duration: 1m30s, factor: 3, maxDuration: 1h0m0s}, refresh: "
                 "true}}}"},
        SpecCase{"RetryBeginsAnew",
                 "{syncPolicy: {retry: {limit: 1, refresh: true}}}",
                 {.retryLimit = 2},
                 "{syncPolicy: {retry: {limit: 2, backoff: {duration: 5s, factor: 2, maxDuration: 3m0s}}}}"},
        SpecCase{"NoRetry", "{syncPolicy: {retry: {limit: 3}}}", {.retryLimit = 0}, "{}"},
        SpecCase{"TimesAloneChangeNothing", "{}", {.retryFactor = 3}, "{}"},
        SpecCase{"RefreshAlone",
                 "{syncPolicy: {retry: {limit: 3, refresh: true}}}",
                 {.retryRefresh = false},
                 "{syncPolicy: {retry: {limit: 3}}}"},
        SpecCase{"RefreshWithoutRetry", "{}", {.retryRefresh = true}, "{syncPolicy: {retry: {refresh: true}}}"},
        SpecCase{"Hydrator",
                 "{sourceHydrator: {drySource: {repoURL: r, targetRevision: HEAD, path: a}, syncSource: {targetBranch: "
                 "env, path: a}, hydrateTo: {targetBranch: next}}}",
                 {.dryRevision = "v2", .syncPath = "b", .hydrateToBranch = ""},
                 "{sourceHydrator: {drySource: {repoURL: r, targetRevision: v2, path: a}, syncSource: {targetBranch: "
                 "env, path: b}}}"}),
    [](const auto &row) { return row.param.name; });

TEST(EditedSpecs, RefuseWhatMakesNoSense)
{
    EXPECT_EQ(edited(yaml("{}"), {.syncPolicy = "often"}).error().text(),
              "a sync policy is none, manual, automated, automatic or auto, not 'often'");
    EXPECT_FALSE(edited(yaml("{}"), {.retryLimit = -1}));
}

TEST(EditedSpecs, ArePatchedByFieldsThatAreTested)
{
    const Value before = yaml("{project: a, destination: {server: s}, syncPolicy: {automated: {}}}");
    const Value after =
        edited(before, {.destinationNamespace = "n", .revisionHistoryLimit = 3, .syncPolicy = "none"}).value();
    const Value app = Value::map({{"spec", before}});

    const Value patch = applicationPatch(app, app.with("spec", after));

    EXPECT_EQ(patch.size(), 6U);
    EXPECT_EQ(object::applyJsonPatch(app, patch).value()["spec"], after);
    for (const char *other :
         {"{project: a, destination: {server: t}, syncPolicy: {automated: {}}}",
          "{project: a, destination: {server: s}}",
          "{project: a, destination: {server: s}, syncPolicy: {automated: {}}, revisionHistoryLimit: 1}"})
        EXPECT_EQ(object::applyJsonPatch(Value::map({{"spec", yaml(other)}}), patch).error().code(),
                  ErrorCode::Conflict)
            << other;
    const Value elsewhere = yaml("{project: b, destination: {server: s}, syncPolicy: {automated: {}}}");
    EXPECT_TRUE(object::applyJsonPatch(Value::map({{"spec", elsewhere}}), patch));
    EXPECT_EQ(applicationPatch(app, app).size(), 0U);
}

} // namespace
} // namespace tiphys::crd
