// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/gotemplate/template_case.h"

#include <gtest/gtest.h>

namespace tiphys::text {
namespace {

struct Outcome
{
    std::string text;
    ErrorCode code = ErrorCode::Internal;
    bool isError = false;
};

Outcome outcomeOf(std::string_view text, Budget budget, const TemplateValue &data = {})
{
    TemplateSet set(caseFunctions());
    const auto read = set.parse("main", text);
    if (!read)
        return {read.error().text, read.error().code, true};
    auto result = set.execute("main", data, budget);
    if (!result)
        return {result.error().text, result.error().code, true};
    return {*result, ErrorCode::Internal, false};
}

TEST(TemplateLimits, EndlessLoopsStopAtTheStepLimit)
{
    const Outcome outcome = outcomeOf("{{ range 1000000000 }}{{ end }}", {.steps = 10000});
    EXPECT_TRUE(outcome.isError);
    EXPECT_EQ(outcome.code, ErrorCode::LimitExceeded);
    EXPECT_TRUE(outcome.text.ends_with("template exceeds the limit of steps")) << outcome.text;
}

TEST(TemplateLimits, LongOutputsStopAtTheOutputLimit)
{
    const Outcome outcome = outcomeOf("{{ range 1000000 }}abcdefgh{{ end }}", {.outputBytes = 10000});
    EXPECT_EQ(outcome.code, ErrorCode::LimitExceeded);
    EXPECT_TRUE(outcome.text.ends_with("template exceeds the limit of output")) << outcome.text;
}

TEST(TemplateLimits, RecursionEndsWithTheMessageOfGo)
{
    const Outcome outcome =
        outcomeOf("{{ define \"r\" }}{{ if true }}{{ template \"r\" . }}{{ end }}{{ end }}{{ template \"r\" . }}", {});
    EXPECT_EQ(outcome.code, ErrorCode::LimitExceeded);
    EXPECT_TRUE(outcome.text.ends_with("exceeded maximum template depth (100000)")) << outcome.text;
}

TEST(TemplateLimits, AThousandNestedIncludesFit)
{
    Budget budget;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    budget.stackBytes = std::size_t(48) << 20; // frames are several times larger; ./dev deep gives the stack for it
#endif
    const Outcome outcome = outcomeOf("{{ define \"r\" }}{{ if lt (len .) 1000 }}{{ with print . \"x\" }}{{ include "
                                      "\"r\" . }}{{ end }}{{ else }}end{{ end }}{{ end }}{{ include \"r\" \"\" }}",
                                      budget);
    EXPECT_FALSE(outcome.isError) << outcome.text;
    EXPECT_EQ(outcome.text, "end");
}

TEST(TemplateLimits, DeepNestingIsAParseError)
{
    const std::string parens = "{{ " + std::string(20000, '(') + "1" + std::string(20000, ')') + " }}";
    EXPECT_EQ(outcomeOf(parens, {}).text, "template: main:1: max expression depth exceeded");
    std::string blocks;
    for (int i = 0; i < 20000; ++i)
        blocks += "{{ if 1 }}";
    EXPECT_EQ(outcomeOf(blocks, {}).text, "template: main:1: max expression depth exceeded");
}

TEST(TemplateLimits, MapsThatContainThemselvesPrintToAnEnd)
{
    const TemplateValue map = TemplateValue::map();
    map.set("a", map);
    map.set("b", map);
    const Outcome outcome = outcomeOf("{{ . }}", {.outputBytes = 100000}, map);
    EXPECT_EQ(outcome.code, ErrorCode::LimitExceeded) << outcome.text.substr(0, 100);
    EXPECT_EQ(outcomeOf("{{ print . }}", {.outputBytes = 100000}, map).code, ErrorCode::LimitExceeded);
    releaseTree(map);
}

TEST(TemplateLimits, SharedPartsDoNotBlowUpComparisons)
{
    TemplateValue left = TemplateValue::list({TemplateValue::integer(1)});
    TemplateValue right = TemplateValue::list({TemplateValue::integer(1)});
    for (int i = 0; i < 64; ++i) {
        left = TemplateValue::list({left, left});
        right = TemplateValue::list({right, right});
    }
    EXPECT_TRUE(deepEqual(left, right));
}

TEST(TemplateErrors, KeepTheChainOfCauses)
{
    TemplateSet set(caseFunctions());
    ASSERT_TRUE(set.parse("main", "{{ define \"deep\" }}{{ fail \"why\" }}{{ end }}{{ include \"deep\" . }}"));
    Budget budget;
    const auto result = set.execute("main", {}, budget);
    ASSERT_FALSE(result);
    const TemplateError &outer = result.error();
    EXPECT_TRUE(outer.isExecution);
    ASSERT_TRUE(outer.cause);
    EXPECT_TRUE(outer.cause->isExecution);
    ASSERT_TRUE(outer.cause->cause);
    EXPECT_FALSE(outer.cause->cause->isExecution);
    EXPECT_EQ(outer.cause->cause->text, "why");
}

TEST(ParsedText, UnderAnotherNameErrorsTellThatOne)
{
    const auto functions = caseFunctions();
    const auto first = ParsedText::parse(
        "first", "{{ define \"inner\" }}{{ fail \"why\" }}{{ end }}\n{{ template \"inner\" }}", *functions);
    ASSERT_TRUE(first);
    const auto second = (*first)->renamed("second");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->text().data(), (*first)->text().data());

    TemplateSet set(functions);
    set.add(second);
    EXPECT_FALSE(set.contains("first"));
    Budget budget;
    const auto result = set.execute("second", {}, budget);
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().text.starts_with("template: second:1:23: executing \"inner\"")) << result.error().text;
}

TEST(ParsedText, IsReadAgainWhereADefinitionHasTheName)
{
    const auto functions = caseFunctions();
    const auto other = ParsedText::parse("first", "{{ define \"second\" }}a{{ end }}b", *functions);
    ASSERT_TRUE(other);
    EXPECT_FALSE((*other)->renamed("second"));
    EXPECT_TRUE((*other)->renamed("third"));
    const auto own = ParsedText::parse("first", "{{ define \"first\" }}a{{ end }}", *functions);
    ASSERT_TRUE(own);
    EXPECT_FALSE((*own)->renamed("third"));
}

TEST(TemplateSets, CopiesAreIndependent)
{
    TemplateSet set(caseFunctions());
    ASSERT_TRUE(set.parse("x", "old"));
    TemplateSet copy = set;
    ASSERT_TRUE(copy.parse("x", "new"));
    ASSERT_TRUE(set.parse("y", "only here"));
    Budget budget;
    EXPECT_EQ(set.execute("x", {}, budget).value_or("failed"), "old");
    EXPECT_EQ(copy.execute("x", {}, budget).value_or("failed"), "new");
    EXPECT_FALSE(copy.contains("y"));
}

TEST(TemplateSets, UnknownTemplatesAreNamed)
{
    const TemplateSet set(caseFunctions());
    Budget budget;
    const auto result = set.execute("x", {}, budget);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text, "template: no template \"x\" associated with template \"gotpl\"");
}

} // namespace
} // namespace tiphys::text
