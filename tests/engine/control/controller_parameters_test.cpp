// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/controller_parameters.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::control;

namespace {

ControllerParameters parameters(const std::string &data)
{
    const auto value = object::parseYaml(data);
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    return controllerParametersOf(value.value_or(object::Value()));
}

} // namespace

TEST(ControllerParameters, AreTheControllersDefaultsWhereNothingIsSet)
{
    const ControllerParameters usual = parameters("{}");
    EXPECT_EQ(usual.waveDelay.seconds(), 2);
    EXPECT_EQ(usual.syncTimeout.seconds(), 0);
    EXPECT_EQ(usual.repositoryErrorGrace.seconds(), 180);
    EXPECT_EQ(usual.selfHeal.timeoutSeconds, 2);
    EXPECT_EQ(usual.selfHeal.factor, 3);
    EXPECT_EQ(usual.selfHeal.capSeconds, 300);
    EXPECT_EQ(usual.selfHeal.fixedSeconds, 0);
    EXPECT_EQ(controllerParametersOf({}), ControllerParameters());
}

TEST(ControllerParameters, HaveTheKeysOfTheInstallation)
{
    const ControllerParameters read =
        parameters("{controller.sync.wave.delay.seconds: '0', controller.sync.timeout.seconds: '90', "
                   "controller.self.heal.timeout.seconds: '7', "
                   "controller.self.heal.backoff.timeout.seconds: '0', "
                   "controller.self.heal.backoff.factor: '2', "
                   "controller.self.heal.backoff.cap.seconds: '60', "
                   "controller.repo.error.grace.period.seconds: 5m, controller.diff.server.side: 'TRUE'}");
    EXPECT_EQ(read.waveDelay.seconds(), 0);
    EXPECT_EQ(read.syncTimeout.seconds(), 90);
    EXPECT_EQ(read.selfHeal,
              (sync::SelfHealBackoff{.timeoutSeconds = 0, .factor = 2, .capSeconds = 60, .fixedSeconds = 7}));
    EXPECT_EQ(read.repositoryErrorGrace.seconds(), 300);
    EXPECT_TRUE(read.comparesOnServer);
}

TEST(ControllerParameters, WhatTheControllerCannotReadIsAsUsual)
{
    for (const char *wrong : {"", "-1", "3s", " 3", "1.5", "2147483648", "+-3", "99999999999999999999"})
        EXPECT_EQ(parameters("{controller.sync.timeout.seconds: '" + std::string(wrong) + "'}"), ControllerParameters())
            << wrong;
    EXPECT_EQ(parameters("{controller.sync.timeout.seconds: '+3'}").syncTimeout.seconds(), 3);
    // A number alone is no duration.
    EXPECT_EQ(parameters("{controller.repo.error.grace.period.seconds: '60'}").repositoryErrorGrace.seconds(), 180);
    // The delay of waves may be negative, which is none.
    EXPECT_EQ(parameters("{controller.sync.wave.delay.seconds: '-5'}").waveDelay.seconds(), 0);
    EXPECT_EQ(parameters("{controller.sync.wave.delay.seconds: 5s}").waveDelay.seconds(), 2);
    EXPECT_FALSE(parameters("{controller.diff.server.side: '1'}").comparesOnServer);
}
