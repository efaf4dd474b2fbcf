// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that ask for the time, for chance or for a zone.
#include "engine/text/sprig/sprig_case.h"

#include "text/sprig/blowfish.h"

#include <gtest/gtest.h>

namespace tiphys::text {
namespace {

struct WorldCase
{
    std::string name;
    std::string text;
    std::string output;
};

class SprigWorldCases : public testing::TestWithParam<WorldCase>
{
};

TEST_P(SprigWorldCases, GiveWhatTheWorldSays)
{
    const SprigAnswer answer = sprigAnswer(GetParam().text);
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.output, GetParam().output);
}

INSTANTIATE_TEST_SUITE_P(
    Functions, SprigWorldCases,
    testing::Values(
        WorldCase{"Now", "{{ now }}", "2024-03-01 12:30:45.123456789 +0000 UTC"},
        WorldCase{"DateOfNow", "{{ now | date \"2006-01-02 15:04\" }}", "2024-03-01 12:30"},
        WorldCase{"TextAsDateIsNow", "{{ date \"15:04\" \"x\" }} {{ htmlDate 1.5 }}", "12:30 2024-03-01"},
        WorldCase{"Zone", "{{ dateInZone \"15:04 MST -0700\" now \"Test/Plus2\" }}", "14:30 TST +0200"},
        WorldCase{"UnknownZoneIsUtc", "{{ dateInZone \"15:04 MST\" now \"No/Where\" }}", "12:30 UTC"},
        WorldCase{"Ago", "{{ ago 1709296000 }} {{ ago (dateModify \"-90m\" now) }} {{ ago \"x\" }}", "4m5s 1h30m0s 0s"},
        WorldCase{"DurationRoundOfTime", "{{ durationRound (dateModify \"-49h\" now) }}", "2d"},
        WorldCase{"UnixEpoch", "{{ unixEpoch now }}", "1709296245"},
        WorldCase{"Methods",
                  "{{ now.Year }} {{ now.Month }} {{ now.Weekday }} {{ (now.AddDate 0 1 30).Format \"Jan 2\" }}",
                  "2024 March Friday May 1"}),
    [](const auto &row) { return row.param.name; });

TEST(SprigRandom, TextsHaveTheirAlphabetAndLength)
{
    EXPECT_EQ(sprigAnswer("{{ regexMatch \"^[a-zA-Z0-9]{64}$\" (randAlphaNum 64) }}").output, "true");
    EXPECT_EQ(sprigAnswer("{{ regexMatch \"^[ -~]{64}$\" (randAscii 64) }}").output, "true");
    EXPECT_EQ(
        sprigAnswer("{{ $s := shuffle \"abcdefgh\" }}{{ len $s }} {{ splitList \"\" $s | sortAlpha | join \"\" }}")
            .output,
        "8 abcdefgh");
}

/// The hashes were made by libxcrypt with the salt 00 01 … 0f.
TEST(SprigRandom, BcryptHashesAsOthersDo)
{
    std::string salt;
    for (char i = 0; i < 16; ++i)
        salt += i;
    EXPECT_EQ(sprig::bcryptHash("x", salt), "$2a$10$..CA.uOD/eaGAOmJB.yMBu3gEDbyOdtr8k4V2rKjIn.G3CaOtyXzW");
    EXPECT_EQ(sprig::bcryptHash("größe und länge", salt),
              "$2a$10$..CA.uOD/eaGAOmJB.yMBudyeJjJRXV9vr6VG1PDuECCkin3JuwvC");
    EXPECT_EQ(sprig::bcryptHash("", salt), "$2a$10$..CA.uOD/eaGAOmJB.yMBu9m/VIwgxxGiBBCE9BoV3i2KCQRk0xNy");
}

} // namespace
} // namespace tiphys::text
