// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/semver.h"

#include <gtest/gtest.h>

#include <fstream>

namespace tiphys {

TEST(SemVersion, IsReadLoosely)
{
    EXPECT_EQ(SemVersion::parse("v1.2")->text(), "1.2.0");
    EXPECT_EQ(SemVersion::parse("1")->text(), "1.0.0");
    EXPECT_EQ(SemVersion::parse("01.2.3-rc.1+b.2")->text(), "1.2.3-rc.1+b.2");
    EXPECT_EQ(SemVersion::parse("v1.2")->original(), "v1.2");
    for (const char *text : {"", "v", "1.2.3.4", "V1", "1.2-", "1.0.0-01", "1.x", " 1", "18446744073709551616"})
        EXPECT_FALSE(SemVersion::parse(text)) << text;
}

TEST(SemVersion, IsOrderedByNumbersThenPrerelease)
{
    const char *const ascending[] = {"1.0.0-1",    "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1",
                                     "1.0.0-beta", "1.0.0",   "1.0.1",    "1.10.0",      "2.0.0-0"};
    for (std::size_t i = 0; i + 1 < std::size(ascending); ++i)
        EXPECT_LT(*SemVersion::parse(ascending[i]), *SemVersion::parse(ascending[i + 1])) << ascending[i];
    EXPECT_EQ(*SemVersion::parse("1.0+a"), *SemVersion::parse("v1.0.0+b"));
}

/// Answers of the real library, written by tests/oracles/semver.
TEST(SemConstraint, AgreesWithMastermindsSemver)
{
    std::ifstream file(TIPHYS_TEST_DATA "/semver/constraints.tsv");
    int cases = 0;
    for (std::string line; std::getline(file, line); ++cases) {
        const std::size_t first = line.find('\t');
        const std::size_t last = line.rfind('\t');
        const Expected<SemConstraint> constraint = SemConstraint::parse(line.substr(0, first));
        const Expected<SemVersion> version = SemVersion::parse(line.substr(first + 1, last - first - 1));
        const std::string answer = !constraint || !version ? "E" : constraint->allows(*version) ? "Y" : "N";
        EXPECT_EQ(answer, line.substr(last + 1)) << line;
    }
    EXPECT_GE(cases, 4000);
}

TEST(SemConstraint, IsRefusedWithItsText)
{
    EXPECT_EQ(SemConstraint::parse("main").error().text(), "improper constraint: main");
}

TEST(HighestVersion, TakesPinsAsTheyAreAndTheHighestOfARange)
{
    const std::vector<std::string> tags = {"v1.0.0", "nightly", "v1.9.0", "v1.10.0", "v2.0.0-rc.1"};
    EXPECT_EQ(highestVersion("^1.0", tags), "v1.10.0");
    EXPECT_EQ(highestVersion("*", tags), "v1.10.0");
    EXPECT_EQ(highestVersion(">1-0", tags), "v2.0.0-rc.1");
    EXPECT_EQ(highestVersion("v7", tags), "v7");
    EXPECT_EQ(highestVersion("main", tags), std::nullopt);
    EXPECT_EQ(highestVersion(">=3", tags), std::nullopt);
}

TEST(HighestVersion, GivesUpWhereACandidateHasTheFormOfAVersionButCannotBeRead)
{
    const std::vector<std::string> tags = {"v1.0.0", "1.0.0-01"};
    EXPECT_EQ(highestVersion("^1.0", tags), std::nullopt);
}

} // namespace tiphys
