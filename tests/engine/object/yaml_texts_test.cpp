// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_texts.h"

#include "object/json.h"
#include "object/yaml.h"
#include "support/spread.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::object;

namespace {

/// Texts of 20 KB each, enough to be spread.
std::vector<std::string> manyTexts()
{
    std::vector<std::string> texts;
    for (int i = 0; i < 40; ++i) {
        std::string &text = texts.emplace_back("name: text-" + std::to_string(i) + "\nitems:\n");
        while (text.size() < 20'000)
            text += "- {size: " + std::to_string(text.size()) + "}\n";
    }
    return texts;
}

std::vector<std::string_view> viewsOf(const std::vector<std::string> &texts)
{
    return {texts.begin(), texts.end()};
}

} // namespace

TEST(YamlTexts, MeanTheSameHoweverTheyAreSpread)
{
    const std::vector<std::string> texts = manyTexts();
    const YamlTexts inTurn = parseYamlTexts(viewsOf(texts), {});
    ASSERT_EQ(inTurn.values.size(), texts.size());
    EXPECT_EQ(inTurn.values.back()["name"].stringOr(), "text-39");

    for (const ForEach &forEach : {test::lastFirst(), test::allAtOnce()}) {
        std::size_t jobs = 0;
        const YamlTexts spread = parseYamlTexts(viewsOf(texts), test::counted(forEach, jobs));
        EXPECT_GT(jobs, 1u);
        EXPECT_FALSE(spread.fault);
        ASSERT_EQ(spread.values.size(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            EXPECT_EQ(toJson(spread.values[i]), toJson(inTurn.values[i]));
    }
}

TEST(YamlTexts, TellTheFirstFaultThoughALaterOneWasFoundBefore)
{
    std::vector<std::string> texts = manyTexts();
    texts[17] = "a: [1\n";
    texts[18] = "a: b: c\n";
    texts[39] = "a: 'b\n";

    for (const ForEach &forEach : {ForEach(), test::lastFirst(), test::allAtOnce()}) {
        const YamlTexts read = parseYamlTexts(viewsOf(texts), forEach);
        EXPECT_EQ(read.values.size(), 17u);
        ASSERT_TRUE(read.fault);
        EXPECT_EQ(read.fault->text(), parseYaml(texts[17]).error().text());
    }
}

TEST(YamlTexts, AreReadInTurnWhereThereIsLittle)
{
    std::size_t jobs = 0;
    const std::vector<std::string_view> texts{"a: 1", "b: 2"};
    EXPECT_EQ(parseYamlTexts(texts, test::counted(test::allAtOnce(), jobs)).values.size(), 2u);
    EXPECT_EQ(jobs, 0u);
}
