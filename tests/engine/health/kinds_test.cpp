// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/checks.h"
#include "health/kind_table.h"
#include "support/kind_cases.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

using test::KindCase;

std::vector<KindCase> allCases()
{
    return test::kindCases(TIPHYS_TEST_DATA "/health/kinds");
}

TEST(Kinds, SayWhatIsExpected)
{
    for (const KindCase &one : allCases()) {
        const std::optional<Health> health = builtinHealth(one.object);
        ASSERT_TRUE(health) << one.place;
        EXPECT_EQ(text(health->status), one.status) << one.place << ": " << health->message;
        EXPECT_EQ(health->message, one.message) << one.place;
    }
}

TEST(Kinds, HaveACaseForEveryStatusThatTheirRuleNames)
{
    std::map<const kinds::KindRule *, std::set<std::string>> seen;
    for (const KindCase &one : allCases())
        seen[kinds::ruleOf(one.object.group(), one.object.kind())].insert(one.status);
    for (const kinds::KindRule *rule : kinds::allRules()) {
        const std::string words = kinds::wordsOf(*rule);
        EXPECT_FALSE(seen[rule].empty()) << "no case: " << rule->group << "/" << rule->kind;
        for (const std::string status : {"Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"}) {
            if (words.find("**" + status + "**") != std::string::npos) {
                EXPECT_TRUE(seen[rule].contains(status)) << rule->group << "/" << rule->kind << ": " << status;
            }
        }
    }
}

} // namespace
} // namespace tiphys::health
