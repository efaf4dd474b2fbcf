// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/conditions.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using crd::Condition;

const crd::Timestamp kNow = *crd::timestampOf("2024-06-01T00:00:00Z");
constexpr const char *kOld = "2024-01-01T00:00:00Z";
constexpr const char *kNew = "2024-06-01T00:00:00Z";

TEST(UpdatedConditions, ReplaceOnlyEvaluatedTypes)
{
    const std::vector<Condition> stored{{"SyncError", "s", kOld}, {"ComparisonError", "c", kOld}};
    EXPECT_EQ(updatedConditions(stored, {}, comparisonConditionTypes(), kNow),
              (std::vector<Condition>{{"SyncError", "s", kOld}}));
}

TEST(UpdatedConditions, KeepTheTimeOfAnUnchangedMessage)
{
    const std::vector<Condition> stored{{"ComparisonError", "same", kOld}};
    EXPECT_EQ(updatedConditions(stored, {{"ComparisonError", "same", ""}}, comparisonConditionTypes(), kNow), stored);
    EXPECT_EQ(updatedConditions(stored, {{"ComparisonError", "other", ""}}, comparisonConditionTypes(), kNow),
              (std::vector<Condition>{{"ComparisonError", "other", kNew}}));
}

TEST(UpdatedConditions, LookOnlyAtTheFirstStoredOfAType)
{
    const std::vector<Condition> stored{{"SharedResourceWarning", "a", kOld}, {"SharedResourceWarning", "b", kOld}};
    EXPECT_EQ(updatedConditions(stored, {{"SharedResourceWarning", "b", ""}, {"SharedResourceWarning", "a", ""}},
                                comparisonConditionTypes(), kNow),
              (std::vector<Condition>{{"SharedResourceWarning", "a", kOld}, {"SharedResourceWarning", "b", kNew}}));
}

TEST(UpdatedConditions, AreSorted)
{
    EXPECT_EQ(updatedConditions({}, {{"B", "x", ""}, {"A", "z", ""}, {"A", "y", ""}}, {}, kNow),
              (std::vector<Condition>{{"A", "y", kNew}, {"A", "z", kNew}, {"B", "x", kNew}}));
}

} // namespace
} // namespace tiphys::compare
