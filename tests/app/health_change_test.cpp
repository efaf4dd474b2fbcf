// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/health_change.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::cli;

namespace {

using enum crd::HealthCode;

const object::ObjectKey kWeb{"apps", "Deployment", "shop", "web"};

TEST(Worsening, IsWhatBecomesDegraded)
{
    EXPECT_EQ(worsening({{{}, Progressing}}, {{{}, Degraded}}), "health has gone from Progressing to Degraded");
    EXPECT_EQ(worsening({{{}, Healthy}, {kWeb, Suspended}}, {{{}, Healthy}, {kWeb, Degraded}}),
              "health of Deployment web has gone from Suspended to Degraded");
}

TEST(Worsening, IsNotWhatWasSoOrUnknown)
{
    EXPECT_EQ(worsening({}, {{{}, Degraded}}), "");
    EXPECT_EQ(worsening({{{}, Degraded}}, {{{}, Degraded}}), "");
    EXPECT_EQ(worsening({{{}, Unknown}}, {{{}, Degraded}}), "");
    EXPECT_EQ(worsening({{{}, Healthy}}, {{{}, Progressing}}), "");
}

} // namespace
