// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/template_world.h"

#include <gtest/gtest.h>

using namespace tiphys;

TEST(TemplateWorld, KnowsTheZonesOfTheMachine)
{
    const text::SprigWorldPtr world = store::machineWorld();
    const text::sprig::LocationPtr berlin = world->location("Europe/Berlin");
    if (!berlin)
        GTEST_SKIP() << "this machine has no database of time zones";
    EXPECT_EQ(berlin->name(), "Europe/Berlin");
    EXPECT_EQ(berlin->at(0).seconds, 3600);
    EXPECT_EQ(berlin->at(0).abbreviation, "CET");
    EXPECT_EQ(berlin->at(1'720'000'000).seconds, 7200);
    EXPECT_EQ(berlin->at(1'720'000'000).abbreviation, "CEST");
}

TEST(TemplateWorld, KnowsNoOtherZones)
{
    EXPECT_EQ(store::machineWorld()->location("Nowhere/Land"), nullptr);
}
