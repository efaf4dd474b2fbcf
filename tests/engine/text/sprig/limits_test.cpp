// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/sprig/sprig_case.h"

#include <gtest/gtest.h>

namespace tiphys::text {
namespace {

class SprigLimits : public testing::TestWithParam<std::string>
{
};

TEST_P(SprigLimits, EndHugeWorkWithAnError)
{
    const SprigAnswer answer = sprigAnswer(GetParam());
    EXPECT_EQ(answer.output, "");
    EXPECT_NE(answer.error, "");
}

INSTANTIATE_TEST_SUITE_P(
    Functions, SprigLimits,
    testing::Values("{{ repeat 1000000000 \"abc\" }}", "{{ indent 1000000000 \"abc\" }}",
                    "{{ nindent 9223372036854775807 \"abc\" }}", "{{ until 1000000000 }}",
                    "{{ untilStep 0 9223372036854775807 1 }}", "{{ seq 1 9223372036854775800 }}",
                    "{{ randAlphaNum 1000000000 }}", "{{ randBytes 1000000000 }}",
                    "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ mustToJson $d }}",
                    "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}",
                    "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ mustToToml $d }}",
                    "{{ $a := dict }}{{ $_ := set $a \"d\" $a }}{{ $b := dict }}{{ $_ := set $b \"d\" $b }}"
                    "{{ merge $a $b }}",
                    "{{ uniq (until 100000) }}"));

TEST(SprigLimits, LeaveNormalWorkAlone)
{
    EXPECT_EQ(sprigAnswer("{{ len (repeat 100000 \"ab\") }} {{ len (until 10000) }}").output, "200000 10000");
}

} // namespace
} // namespace tiphys::text
