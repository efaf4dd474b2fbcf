// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/application_events.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;

TEST(ApplicationEvents, TellWhatAStatusChangesSyncFirst)
{
    crd::Application app;
    crd::ApplicationStatus status;
    EXPECT_TRUE(changeEvents(app, status).empty());
    app.status.sync.status = crd::SyncCode::OutOfSync;
    status.sync.status = crd::SyncCode::Synced;
    app.status.health.status = crd::HealthCode::Missing;
    status.health.status = crd::HealthCode::Healthy;
    const std::vector<sync::Event> events = changeEvents(app, status);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0], (sync::Event{"Normal", "ResourceUpdated", "Updated sync status: OutOfSync -> Synced"}));
    EXPECT_EQ(events[1], (sync::Event{"Normal", "ResourceUpdated", "Updated health status: Missing -> Healthy"}));
}
