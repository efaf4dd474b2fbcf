// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/condition.h"

#include "object/json.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace tiphys::rollout {
namespace {

constexpr Moment kNow = Moment::ofSeconds(1'785'000'000);

MetricAnswer answerOf(std::string_view json)
{
    const bool isFloatList = json.starts_with('F');
    const auto value = object::parseJson(isFloatList ? json.substr(1) : json);
    return {value ? withFloats(*value) : object::Value(), isFloatList};
}

struct ConditionCase
{
    const char *name;
    const char *result;
    const char *success;
    const char *failure;
    AnalysisPhase phase;
};

class Condition : public testing::TestWithParam<ConditionCase>
{
};

TEST_P(Condition, GivesTheControllersPhase)
{
    Metric metric;
    metric.successCondition = GetParam().success;
    metric.failureCondition = GetParam().failure;

    const Expected<AnalysisPhase> phase = assess(answerOf(GetParam().result), metric, kNow);

    EXPECT_EQ(text(phase.value_or(AnalysisPhase::Error)), text(GetParam().phase))
        << (phase ? "" : phase.error().message());
}

using enum AnalysisPhase;
INSTANTIATE_TEST_SUITE_P(
    Checked, Condition,
    testing::Values(ConditionCase{"More", "5", "result > 1", "", Successful},
                    ConditionCase{"Less", "5", "result > 10", "", Failed},
                    ConditionCase{"NoFailure", "5", "", "result > 10", Successful},
                    ConditionCase{"AFailure", "5", "", "result > 1", Failed},
                    ConditionCase{"Neither", "5", "result > 10", "result > 20", Inconclusive},
                    ConditionCase{"FailureFirst", "5", "result > 1", "result > 2", Failed},
                    ConditionCase{"NoCondition", "5", "", "", Successful},
                    ConditionCase{"NoBool", "5", "result", "", Error},
                    ConditionCase{"Unfinished", "5", "result >", "", Error},
                    ConditionCase{"List", "[1,2]", "result > 1", "", Error},
                    ConditionCase{"Item", "[1,2]", "result[0] > 0", "", Successful},
                    ConditionCase{"NoItem", "[]", "result[0] > 0", "", Error},
                    ConditionCase{"EmptyIsNotNil", "[]", "isNil(result)", "", Failed},
                    ConditionCase{"NilDefault", "null", "default(result, 0) < 5", "", Successful},
                    ConditionCase{"NilMore", "null", "result > 1", "", Error},
                    ConditionCase{"NilMember", "null", "result.a == 1", "", Error},
                    ConditionCase{"AbsentMember", "{\"a\":1}", "result.b == nil", "", Successful},
                    ConditionCase{"NotANumber", "\"NaN\"", "isNaN(asFloat(result))", "", Successful},
                    ConditionCase{"Range", "5", "result in 1..10", "", Successful},
                    ConditionCase{"Remainder", "5.0", "result % 2 == 1", "", Error},
                    ConditionCase{"Mixed", "5", "nil ?\? 5 == 5", "", Error},
                    ConditionCase{"Mapped", "[{\"x\":1},{\"x\":2}]", "map(result, {.x})[1] == 2", "", Successful}),
    [](const auto &row) { return row.param.name; });

/// Each line of the file: result, condition, what the library that the controller uses makes of it.
TEST(Conditions, AreWhatTheRecordedLibrarySays)
{
    std::ifstream file(TIPHYS_TEST_DATA "/rollout/conditions.tsv");
    ASSERT_TRUE(file) << "no recorded conditions";
    int lines = 0, wrong = 0, otherWords = 0, errors = 0;
    for (std::string line; std::getline(file, line); ++lines) {
        const std::size_t first = line.find('\t'), second = line.rfind('\t');
        const std::string condition = line.substr(first + 1, second - first - 1), wanted = line.substr(second + 1);
        const Expected<bool> got = holds(condition, answerOf(line.substr(0, first)), kNow);
        const std::string said = got ? (*got ? "true" : "false") : "error " + got.error().message();
        const bool isSame = wanted.starts_with("error ") ? !got : said == wanted;
        errors += wanted.starts_with("error ");
        otherWords += isSame && said != wanted;
        if (!isSame && ++wrong <= 20)
            ADD_FAILURE() << line << "\nnot: " << said;
    }
    EXPECT_GT(lines, 1000);
    EXPECT_EQ(wrong, 0) << "of " << lines;
    // Messages are for people; most are the same.
    EXPECT_LT(otherWords, errors / 20);
}

TEST(Conditions, AreBounded)
{
    const MetricAnswer answer = answerOf("5");
    const std::string deep = std::string(5000, '(') + "1";
    const std::string nested = "all(1..900, {all(1..900, {all(1..900, {# > 0})})})";
    std::string chain = "1";
    for (int i = 0; i < 1900; ++i)
        chain += "+1";

    EXPECT_FALSE(holds(deep, answer, kNow));
    EXPECT_FALSE(holds(nested, answer, kNow));
    EXPECT_TRUE(holds(chain + " > 0", answer, kNow));
    EXPECT_FALSE(holds(std::string(100'000, '1'), answer, kNow));
    EXPECT_FALSE(holds("len(repeat(\"aaaaaaaaaa\", 1000000)) > 0", answer, kNow));
}

TEST(Conditions, NameTimesOfRangeQueries)
{
    const Expected<std::int64_t> hourAgo = timeOf("now() - duration(\"1h\")", kNow);
    const Expected<std::int64_t> number = timeOf("5", kNow);

    ASSERT_TRUE(hourAgo) << hourAgo.error().message();
    EXPECT_EQ(*hourAgo, (kNow.milliseconds - 3'600'000) * 1'000'000);
    ASSERT_FALSE(number);
    EXPECT_EQ(number.error().message(), "expected time.Time, but got int");
}

} // namespace
} // namespace tiphys::rollout
