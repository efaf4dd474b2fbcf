// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/diff_cause.h"

#include "control/app_views.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

object::Object live()
{
    return object::Object(object::parseYaml(R"(
metadata:
  managedFields:
  - {manager: argocd-controller, time: "2026-01-31T10:00:00Z", operation: Apply}
  - {manager: kubectl-edit, time: "2026-01-31T12:00:00Z", operation: Update}
  - {manager: kubelet, time: "2026-01-31T13:00:00Z", operation: Update, subresource: status}
)")
                              .value_or(object::Value()));
}

} // namespace

TEST(DiffCause, NamesWhoChangedTheClusterAfterTheLastSync)
{
    EXPECT_EQ(control::changeCauseOf(live(), control::wallTimeOf("2026-01-31T11:00:00Z")),
              "changed in the cluster by kubectl-edit");
}

TEST(DiffCause, IsGitWhereNobodyWroteSince)
{
    EXPECT_EQ(control::changeCauseOf(live(), control::wallTimeOf("2026-01-31T12:30:00Z")),
              "changed in Git since the last sync");
}

TEST(DiffCause, SaysNothingWithoutManagedFields)
{
    EXPECT_EQ(control::changeCauseOf(object::Object(), 0), "");
}
