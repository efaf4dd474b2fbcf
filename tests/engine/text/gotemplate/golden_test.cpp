// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/gotemplate/template_case.h"

#include "object/json.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace tiphys::text {
namespace {

class TemplateCases : public testing::TestWithParam<std::filesystem::path>
{
};

object::Value casesOf(const std::filesystem::path &path)
{
    std::ifstream stream(path);
    std::stringstream content;
    content << stream.rdbuf();
    const Expected<object::Value> cases = object::parseJson(content.str());
    EXPECT_TRUE(cases) << path;
    return cases.value_or(object::Value());
}

/// Outputs are recorded by tests/oracles/gotemplate.
TEST_P(TemplateCases, GiveWhatGoGives)
{
    const object::Value cases = casesOf(GetParam());
    ASSERT_GT(cases.size(), 0U);
    for (const object::Value &templateCase : cases.items()) {
        SCOPED_TRACE(std::string(templateCase["name"].stringOr()) + ": "
                     + std::string(templateCase["template"].stringOr()));
        const Answer answer = answerOf(templateCase);
        EXPECT_EQ(answer.output, templateCase["output"].stringOr());
        EXPECT_EQ(answer.error, templateCase["error"].stringOr());
    }
}

std::vector<std::filesystem::path> caseFiles()
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry :
         std::filesystem::directory_iterator(std::filesystem::path(TIPHYS_TEST_DATA) / "gotemplate"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

INSTANTIATE_TEST_SUITE_P(Recorded, TemplateCases, testing::ValuesIn(caseFiles()),
                         [](const auto &row) { return row.param.stem().string(); });

} // namespace
} // namespace tiphys::text
