// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/lint.h"

#include "object/json.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tiphys::rollout {
namespace {

using object::Value;

// Answers of the real plugin, written by tests/fidelity/rollouts/record_lint.py: a line is a case, with the documents,
// the lines that are printed and the error that ends it.

struct Answer
{
    std::vector<std::string> lines;
    std::string error;
};

Answer answerTo(const Value &documents)
{
    std::string text;
    for (const Value &document : documents.items())
        text += "---\n" + object::toYaml(document);
    const Expected<FieldErrors> errors = lintText(text);
    if (!errors)
        return {{}, errors.error().message()};
    Answer answer;
    for (const FieldError &error : *errors)
        answer.lines.push_back(error.body());
    if (!errors->empty())
        answer.error = errors->front().text();
    return answer;
}

TEST(LintRecords, SayWhatTheRealPluginSays)
{
    std::ifstream file(std::filesystem::path(TIPHYS_TEST_DATA) / "rollout" / "lint.jsonl");
    int count = 0;
    for (std::string line; std::getline(file, line); ++count) {
        const Expected<Value> held = object::parseJson(line);
        ASSERT_TRUE(held.has_value()) << "line " << count + 1;
        SCOPED_TRACE("line " + std::to_string(count + 1) + ": " + object::toYaml((*held)["documents"]));
        std::vector<std::string> expected;
        const Value lines = (*held)["lines"];
        for (const Value &told : lines.items())
            expected.emplace_back(told.stringOr());
        const Answer answer = answerTo((*held)["documents"]);
        EXPECT_EQ(answer.lines, expected);
        EXPECT_EQ(answer.error, (*held)["error"].stringOr());
    }
    EXPECT_GE(count, 200);
}

TEST(LintRecords, NothingOfAnEmptyFileIsWrong)
{
    for (const char *text : {"", "---\n---\n", "# nothing\n"}) {
        const Expected<FieldErrors> errors = lintText(text);
        ASSERT_TRUE(errors.has_value());
        EXPECT_TRUE(errors->empty());
    }
}

} // namespace
} // namespace tiphys::rollout
