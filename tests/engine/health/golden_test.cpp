// SPDX-License-Identifier: GPL-3.0-or-later
// tests/data/health/golden.jsonl: objects and the answers of the real checks in turn. Written by
// tiphys_fidelity_health_test --record.
#include "health/health.h"
#include "object/json.h"

#include <fstream>

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

TEST(HealthGolden, AnswersAsTheRealChecksDo)
{
    std::ifstream file(TIPHYS_TEST_DATA "/health/golden.jsonl");
    std::string objectLine;
    std::string answerLine;
    int count = 0;
    while (std::getline(file, objectLine) && std::getline(file, answerLine)) {
        const object::Value answer = object::parseJson(answerLine).value();
        const std::optional<Health> health = healthOf(object::Object(object::parseJson(objectLine).value()));
        ASSERT_EQ(health.has_value(), !answer.isNull()) << objectLine;
        if (health) {
            EXPECT_EQ(text(health->status), answer["status"].stringOr()) << objectLine;
            EXPECT_EQ(health->message, answer["message"].stringOr()) << objectLine;
            EXPECT_EQ(health->hasFailed, answer["failed"].boolOr(false)) << objectLine;
        }
        ++count;
    }
    EXPECT_EQ(count, 400);
}

} // namespace
} // namespace tiphys::health
