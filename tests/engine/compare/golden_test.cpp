// SPDX-License-Identifier: GPL-3.0-or-later
// tests/data/compare/golden.jsonl: requests and the answers of the real libraries in turn. Written by
// tiphys_compare_fidelity_test --record.
#include "engine/compare/answers.h"
#include "object/json.h"

#include <fstream>

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

TEST(CompareGolden, AnswersAsTheRealLibrariesDo)
{
    std::ifstream file(TIPHYS_TEST_DATA "/compare/golden.jsonl");
    std::string question;
    std::string answer;
    int count = 0;
    while (std::getline(file, question) && std::getline(file, answer)) {
        const object::Value request = object::parseJson(question).value();
        EXPECT_EQ(compare::disagreement(request, compare::answerTo(request), object::parseJson(answer).value()), "");
        ++count;
    }
    EXPECT_GE(count, 60);
}

} // namespace
