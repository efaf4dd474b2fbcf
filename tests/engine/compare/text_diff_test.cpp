// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/text_diff.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace tiphys::compare;

namespace {

/// Both texts as the diff's lines give them back.
std::pair<std::string, std::string> rebuilt(const std::vector<TextLine> &lines)
{
    std::string before;
    std::string after;
    for (const TextLine &line : lines) {
        if (line.kind != TextLine::Kind::Added)
            before += std::string(line.text) + "\n";
        if (line.kind != TextLine::Kind::Removed)
            after += std::string(line.text) + "\n";
    }
    return {before, after};
}

} // namespace

TEST(TextDiff, SaysNothingOfEqualTexts)
{
    EXPECT_EQ(unifiedDiff("a\nb\n", "a\nb\n"), "");
}

TEST(TextDiff, PrintsHunksAsDiffDoes)
{
    EXPECT_EQ(unifiedDiff("a\nb\nc\nd\ne\nf\ng\nh\ni\n", "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\n", 1),
              "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n@@ -9 +9,2 @@\n i\n+j\n");
    EXPECT_EQ(unifiedDiff("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
    EXPECT_EQ(unifiedDiff("a\n", ""), "@@ -1 +0,0 @@\n-a\n");
}

TEST(TextDiff, JoinsHunksWhoseContextsTouch)
{
    EXPECT_EQ(unifiedDiff("1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", 2), "@@ -1,5 +1,5 @@\n-1\n+x\n 2\n 3\n 4\n-5\n+y\n");
}

TEST(TextDiff, MarksTheWordsThatDiffer)
{
    const auto lines = textDiff("image: nginx:1.27\n", "image: nginx:1.28\n");
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].words, (std::vector<TextRange>{{15, 2}}));
    EXPECT_EQ(lines[1].words, (std::vector<TextRange>{{15, 2}}));
}

TEST(TextDiff, GivesBackBothTextsWhateverTheyAre)
{
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string texts[2];
        for (std::string &text : texts) {
            const int count = static_cast<int>(random() % 30);
            for (int i = 0; i < count; ++i)
                text += std::string(1, static_cast<char>('a' + random() % (round % 2 ? 4 : 20))) + "\n";
        }
        const auto [before, after] = rebuilt(textDiff(texts[0], texts[1]));
        EXPECT_EQ(before, texts[0]);
        EXPECT_EQ(after, texts[1]);
    }
}

TEST(TextDiff, FindsTheShortestEditWhereNoLineIsUnique)
{
    const auto lines = textDiff("a\nb\na\nb\n", "b\na\nb\na\n");
    int changes = 0;
    for (const TextLine &line : lines)
        changes += line.kind != TextLine::Kind::Same;
    EXPECT_EQ(changes, 2);
}

TEST(TextDiff, StaysUsableOnLargeTextsThatShareNothing)
{
    std::string before;
    std::string after;
    for (int i = 0; i < 200'000; ++i) {
        before += "left " + std::to_string(i % 977) + "\n";
        after += "right " + std::to_string(i % 991) + "\n";
    }
    const auto lines = textDiff(before, after);
    EXPECT_EQ(lines.size(), 400'000u);
}
