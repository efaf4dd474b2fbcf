// SPDX-License-Identifier: GPL-3.0-or-later
// What go.yaml.in/yaml/v3@v3.0.4 makes of these texts when it reads and writes them with kustomize's indentation.
#include "render/kustomize/noted_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

using namespace tiphys;
using namespace tiphys::render::kustomize;

namespace {

std::string writtenAgain(std::string_view text)
{
    Arena arena;
    const Expected<NotedText> noted = readNotedText(arena, text);
    if (!noted)
        return noted.error().text();
    return noted->root ? yamlText(*noted) : "no document";
}

TEST(NotedText, KeepsAnchorsAsWritten)
{
    for (const char *text :
         {"k: {a: \"x &y\", b: &z 1}\nl: *z\n",
          "\"a & b\": &one 1\na&b: &two [&three x, 'y &z', *one]\nc: [*two, *three]\n", "a: &x\n  b: 1 # &no\nc: *x\n",
          "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "&k a: 1 # one\nb: *k\n", "a:\n  # h\n  &k b: &v c # one\n  *k: *v\n",
          "a: &x\nb: *x\nc: [&y '', *y]\n", "a:\n- &x\n- *x\n", "a:\n- &x 1 # one\n- *x # two\n- \"*x # y\"\n"})
        EXPECT_EQ(writtenAgain(text), text);
}

TEST(NotedText, KnowsTheAnchorsOfNodes)
{
    // Neither names nor notes refer to the text, which is gone.
    Arena arena;
    std::string text = "k: {a: \"x &y\", b: &z 1} # one\nl: *z\n";
    const Expected<NotedText> noted = readNotedText(arena, text);
    std::ranges::fill(text, '?');
    ASSERT_TRUE(noted);
    EXPECT_TRUE(noted->hasAnchors());
    const Node &map = *noted->root->items[1];
    const NodeNotes *anchored = noted->find(*map.items[3]);
    ASSERT_TRUE(anchored);
    EXPECT_EQ(anchored->anchor, "z");
    EXPECT_FALSE(anchored->isAlias);
    EXPECT_FALSE(noted->find(*map.items[1]));
    const Node &reference = *noted->root->items[3];
    ASSERT_TRUE(noted->find(reference));
    EXPECT_TRUE(noted->find(reference)->isAlias);
    EXPECT_EQ(reference.value, "z");
    ASSERT_TRUE(noted->find(map));
    EXPECT_EQ(noted->find(map)->line, "# one");
}

TEST(NotedText, KeepsTagsAsWritten)
{
    for (const char *text : {"# one\na: !Get [x, y]\nb: !Sub {c: d}\nc: !Join\n- a\n- b\nd: !!map\n  e: 1\n",
                             "- !Get [x, !Get [y]] # one\n- !Sub\n  c: &x !d e\n- !x\n  - 1\n- &y !y\n  - 1\n",
                             "# one\na: !Get\nb: !!str\nc: &x !Get\nd: !Get ''\n",
                             "# one\na: !!python/name:m.twemoji\nb: !<tag:x,2:y> 1\nc: !ENV [A, b]\n"})
        EXPECT_EQ(writtenAgain(text), text);
}

TEST(NotedText, PassesCommentsBehindAnchorsAndTagsOn)
{
    EXPECT_EQ(writtenAgain("a: &x # one\n  b: 1\n  c: 2\n"), "a: &x\n  b: 1 # one\n  c: 2\n");
    EXPECT_EQ(writtenAgain("a: &x # one\n  b:\n    c: 2\n"), "a: &x\n  b: # one\n    c: 2\n");
    EXPECT_EQ(writtenAgain("a: &x # one\n  b: 1 # two\n  c: 2\n"), "a: &x\n  b: 1 # two\n  c: 2 # one\n");
    EXPECT_EQ(writtenAgain("a: &x # one\n# two\n- b: 1\n- 2\n"), "a: &x\n# two\n- b: 1 # one\n- 2\n");
    EXPECT_EQ(writtenAgain("z: 1\na:\n- 0\n- &x # one\n  b: 1\n"), "z: 1\na:\n- 0\n- &x\n  b: 1 # one\n");
    EXPECT_EQ(writtenAgain("a: &x # one\n  b: {c: 1}\n"), "a: &x\n  b: {c: 1}\n");
    EXPECT_EQ(writtenAgain("a: !!map # one\n  b: 1\n"), "a: !!map\n  b: 1 # one\n");
    EXPECT_EQ(writtenAgain("&r # one\na: 1\n"), "&r\na: 1 # one\n");
}

TEST(NotedText, RefusesAliasesWithoutAnchor)
{
    EXPECT_EQ(writtenAgain("a: \"&x\"\nb: *x\n"), "yaml: unknown anchor 'x' referenced");
}

TEST(NotedText, TakesNoTextForComments)
{
    for (const char *text :
         {"a: \"x # y\" # one\nb: 'x # y' # two\nc: x#y # three\nd: \"#\"\n",
          "a: | # one\n  # x\n  x # y\nb: >- # two\n  # x\n\n  y # z\n# three\nc: 1\n", "a: |\n  # x\n  x # y\nb: 1\n"})
        EXPECT_EQ(writtenAgain(text), text);
    EXPECT_EQ(writtenAgain("a: \"x\n  # y\"\nb: 'x\n  # y' # one\n"), "a: \"x # y\"\nb: 'x # y' # one\n");
    EXPECT_EQ(writtenAgain("a: x\n  y#z # one\nb: 1\n"), "a: x y#z # one\nb: 1\n");
}

TEST(NotedText, FindsCommentsWithoutBlankBeforeThem)
{
    EXPECT_EQ(writtenAgain("a: \"b\"#c\nd: 1\n"), "a: \"b\" #c\nd: 1\n");
}

TEST(NotedText, FindsCommentsBehindEveryKindOfLineBreak)
{
    EXPECT_EQ(writtenAgain("a: 1 # one\r\n# two\r\nb: \"x # y\"\r\nc: |\r\n  # x\r\n  y\r\nd: 2 # three\r\n"),
              writtenAgain("a: 1 # one\n# two\nb: \"x # y\"\nc: |\n  # x\n  y\nd: 2 # three\n"));
    EXPECT_EQ(writtenAgain("a: 1 # one\rb: 2\r# two\rc: 3\r"), "a: 1 # one\nb: 2\n# two\nc: 3\n");
    EXPECT_EQ(writtenAgain("a: 1 # one\xC2\x85"
                           "b: 2\xE2\x80\xA8# two\xE2\x80\xA9"
                           "c: 3 # \xC3\xA9\n"),
              "a: 1 # one\nb: 2\n# two\nc: 3 # \xC3\xA9\n");
}

TEST(NotedText, FindsCommentsBehindAByteOrderMark)
{
    EXPECT_EQ(writtenAgain("\xEF\xBB\xBF# zero\na: 1 # one\n"), "# zero\na: 1 # one\n");
}

TEST(NotedText, LeavesOutCommentsOfOtherDocumentsAndOfJson)
{
    EXPECT_EQ(writtenAgain("a: \"x # y\" # one\n---\nb: 1 # two\n"), "a: \"x # y\" # one\n");
    EXPECT_EQ(writtenAgain("{\"a\": \"x # y\"} # one\n"), "{\"a\": \"x # y\"}\n");
}

TEST(NotedText, PutsCommentsBelowItemsWhereTheyStood)
{
    for (const char *text : {"a:\n- \"b: c\"\n# foot\n\nd: 1\n", "a:\n- \"x: z\"\n# foot\n\n- y\nd: 1\n",
                             "a:\n- \"x: z\"\n# head\n- y\nd: 1\n"})
        EXPECT_EQ(writtenAgain(text), text);
}

} // namespace
