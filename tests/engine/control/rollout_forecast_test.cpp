// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_forecast.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::control {
namespace {

service::RolloutForecast forecastWith(const std::string &strategy)
{
    const object::Object rollout(
        object::parseYaml(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web, namespace: shop, uid: u}\n"
            "spec:\n  replicas: 4\n  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: "
            "web}}, spec: {containers: [{name: a, image: 'x:1'}]}}\n  strategy: "
            + strategy)
            .value());
    const Expected<rollout::Simulation> simulation =
        rollout::simulate({rollout}, {.start = rollout::Moment::ofSeconds(1'700'000'000), .behaviour = {}});
    EXPECT_TRUE(simulation) << simulation.error().text();
    return simulation ? forecastOf(*simulation) : service::RolloutForecast();
}

const char *kRouting = "stableService: s, canaryService: c, trafficRouting: {%nginx: {stableIngress: i}}, ";

std::string canary(const std::string &maximum, const std::string &steps)
{
    std::string routing = kRouting;
    routing.replace(routing.find('%'), 1, maximum);
    return "{canary: {" + routing + "steps: [" + steps + "]}}";
}

TEST(RolloutForecast, GoesFromTheOldVersionToTheNewOneAndCountsNoPodTwice)
{
    const service::RolloutForecast forecast =
        forecastWith(canary("", "{setWeight: 25}, {pause: {}}, {setWeight: 50}, {pause: {duration: 60}}"));

    ASSERT_GT(forecast.moments.size(), 3U);
    EXPECT_EQ(forecast.phase, "Healthy");
    const service::ForecastMoment &first = forecast.moments.front();
    EXPECT_EQ(first.newAvailable, 0);
    EXPECT_EQ(first.stableAvailable, 4);
    const service::ForecastMoment &last = forecast.moments.back();
    EXPECT_EQ(last.newAvailable, 4);
    EXPECT_EQ(last.stableAvailable, 0);
    EXPECT_EQ(last.weight, 100);
    EXPECT_EQ(std::ranges::count(forecast.moments, true, &service::ForecastMoment::isPromotion), 1);
    EXPECT_TRUE(std::ranges::is_sorted(forecast.moments, {}, &service::ForecastMoment::milliseconds));
    EXPECT_TRUE(std::ranges::contains(forecast.moments, std::optional(25), &service::ForecastMoment::weight));
    EXPECT_TRUE(std::ranges::contains(forecast.moments, std::optional(50), &service::ForecastMoment::weight));
    // With traffic routing both versions may be there as a whole, but no more.
    for (const service::ForecastMoment &moment : forecast.moments)
        EXPECT_LE(moment.newAvailable + moment.stableAvailable, 8);
}

TEST(RolloutForecast, TellsWeightsInPercent)
{
    const service::RolloutForecast forecast =
        forecastWith(canary("maxTrafficWeight: 1000, ", "{setWeight: 500}, {pause: {duration: 60}}"));
    EXPECT_TRUE(std::ranges::contains(forecast.moments, std::optional(50), &service::ForecastMoment::weight));
    for (const service::ForecastMoment &moment : forecast.moments)
        EXPECT_LE(moment.weight.value_or(0), 100);
}

TEST(RolloutForecast, HasNoWeightsWithoutRouting)
{
    const service::RolloutForecast forecast =
        forecastWith("{canary: {steps: [{setWeight: 50}, {pause: {duration: 10}}]}}");
    ASSERT_FALSE(forecast.moments.empty());
    EXPECT_EQ(forecast.moments.back().newAvailable, 4);
    EXPECT_EQ(forecast.moments.back().stableAvailable, 0);
    for (const service::ForecastMoment &moment : forecast.moments)
        EXPECT_LE(moment.newAvailable + moment.stableAvailable, 5) << "a quarter more at most";
}

} // namespace
} // namespace tiphys::control
