// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/sprig/sprig_case.h"

#include "object/json.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

namespace tiphys::text {
namespace {

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream stream(path, std::ios::binary);
    std::stringstream content;
    content << stream.rdbuf();
    return content.str();
}

class SprigCases : public testing::TestWithParam<std::filesystem::path>
{
};

/// Outputs are recorded by tests/oracles/sprig.
TEST_P(SprigCases, GiveWhatTheRealFunctionsGive)
{
    const Expected<object::Value> cases = object::parseJson(contentOf(GetParam()));
    ASSERT_TRUE(cases);
    ASSERT_GT(cases->size(), 0U);
    for (const object::Value &row : cases->items()) {
        SCOPED_TRACE(std::string(row["name"].stringOr()) + ": " + std::string(row["template"].stringOr()));
        const SprigAnswer answer = sprigAnswer(row["template"].stringOr(), row["data"]);
        EXPECT_EQ(answer.output, row["output"].stringOr());
        EXPECT_EQ(answer.error, row["error"].stringOr());
    }
}

std::vector<std::filesystem::path> caseFiles()
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::path(TIPHYS_TEST_DATA) / "sprig")) {
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

INSTANTIATE_TEST_SUITE_P(Recorded, SprigCases, testing::ValuesIn(caseFiles()),
                         [](const auto &row) { return row.param.stem().string(); });

/// tests/data/sprig/names.txt: what tests/oracles/sprig prints with -names.
TEST(SprigFunctions, AreAllOfTheOriginalButTheEnvironment)
{
    std::stringstream list(contentOf(std::filesystem::path(TIPHYS_TEST_DATA) / "sprig" / "names.txt"));
    std::set<std::string> wanted;
    for (std::string name; std::getline(list, name);)
        wanted.insert(name);
    wanted.erase("env");
    wanted.erase("expandenv");
    const FunctionTable table = sprigFunctions(testWorld());
    std::set<std::string> actual;
    for (const std::string_view name : table.names())
        actual.emplace(name);
    EXPECT_EQ(actual, wanted);
}

} // namespace
} // namespace tiphys::text
