// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/yaml.h"
#include "object/yaml_print.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::object;

namespace {

std::string asJson(std::string_view yaml)
{
    const Expected<Value> value = parseYaml(yaml);
    return value ? toJson(*value) : "error: " + value.error().text();
}

struct TextCase
{
    std::string name;
    std::string text;
    std::string expected;
};
std::string nameOf(const testing::TestParamInfo<TextCase> &row)
{
    return row.param.name;
}

class ParseYaml : public testing::TestWithParam<TextCase>
{
};
TEST_P(ParseYaml, GivesWhatSigsYamlGives)
{
    EXPECT_EQ(asJson(GetParam().text), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Object, ParseYaml,
    testing::Values(
        TextCase{"Empty", "", "null"}, TextCase{"OnlyComment", "# a\n", "null"},
        TextCase{"Manifest", "kind: Pod\nspec:\n  containers:\n  - name: a\n    args: [\"x\", z]\n  - name: b\n",
                 R"({"kind":"Pod","spec":{"containers":[{"args":["x","z"],"name":"a"},{"name":"b"}]}})"},
        TextCase{"Booleans", "[y, N, yes, Off, TRUE, tRue]", R"([true,false,true,false,true,"tRue"])"},
        TextCase{"Nulls", "[~, null, Null, '', \"\"]", R"([null,null,null,"",""])"},
        TextCase{"Integers", "[12, +12, -12, 1_000, 0x1F, 0b11, 0777, 0o17, 08, _1]",
                 R"([12,12,-12,1000,31,3,511,15,8,"_1"])"},
        TextCase{"Floats", "[1.5, .5, 1., 1e3, 1.0e+3, 1e400, 12345678901234567890, 123456789012345678901]",
                 R"([1.5,0.5,1,1000,1000,"1e400",12345678901234567890,123456789012345680000])"},
        TextCase{"NotNumbers", "[1:30, 12:30:45, 2020-01-02, 0b12, 0x, 1e]",
                 R"(["1:30","12:30:45","2020-01-02","0b12","0x","1e"])"},
        TextCase{"KeysBecomeText", "1: a\ntrue: b\n1.5: c\n0x10: d\n", R"({"1":"a","1.5":"c","16":"d","true":"b"})"},
        TextCase{"Anchors", "a: &x {b: 1}\nc: *x\n", R"({"a":{"b":1},"c":{"b":1}})"},
        TextCase{"MergeKeys", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", R"({"a":{"b":1,"c":2},"d":{"b":1,"c":3}})"},
        TextCase{"Literal", "a: |\n  x\n   y\n\nb: |-\n  z\nc: >\n  f\n  g\n\n  h\n",
                 R"({"a":"x\n y\n","b":"z","c":"f g\nh\n"})"},
        TextCase{"FirstDocumentOnly", "a: 1\n---\nb: 2\n", R"({"a":1})"},
        TextCase{"UrlInFlow", "{url: http://a/b}", R"({"url":"http://a/b"})"},
        TextCase{"Tags", "[!!str 1.0, !!binary aGk=, !!float 1, !foo x]", R"(["1.0","hi",1,"x"])"},
        TextCase{"CarriageReturns", "a: 1\r\nb:\r\n- 2\r\n", R"({"a":1,"b":[2]})"},
        TextCase{"ByteOrderMark",
                 "\xEF\xBB\xBF"
                 "a: 1\n",
                 R"({"a":1})"},
        TextCase{"Tab", "a:\n\tb: 1\n", "error: yaml: line 2: found character that cannot start any token"},
        TextCase{"NoSpace", "a: b: c\n", "error: yaml: mapping values are not allowed in this context"},
        TextCase{"UnknownAnchor", "a: *x\n", "error: yaml: unknown anchor 'x' referenced"},
        TextCase{"NullKey", "~: 1\n", "error: unsupported map key of type: %!s(<nil>), key: <nil>, value: 1"},
        TextCase{"ListKey", "? [a, 1]\n: x\n", R"(error: yaml: invalid map key: []interface {}{"a", 1})"},
        TextCase{"Infinity", "a: .inf\n", "error: json: unsupported value: +Inf"},
        TextCase{"ControlCharacter", "a: \x01\n", "error: yaml: control characters are not allowed"},
        TextCase{"Unclosed", "a: [1\nb: 2\n", "error: yaml: line 1: did not find expected ',' or ']'"}),
    nameOf);

TEST(ParseYaml, ListsDuplicateKeysWhenStrict)
{
    const Expected<Value> strict = parseYaml("a: 1\nb: {c: 1, c: 2}\na: 3\n", {DuplicateKeys::Refused});
    ASSERT_FALSE(strict);
    EXPECT_EQ(
        strict.error().text(),
        "yaml: unmarshal errors:\n  line 2: key \"c\" already set in map\n  line 3: key \"a\" already set in map");
    EXPECT_EQ(asJson("a: 1\na: 3\n"), R"({"a":3})");
}

TEST(ParseYaml, RefusesAliasBombs)
{
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
        for (int k = 1; k < 10; ++k)
            bomb += ", " + alias;
        bomb += "]\n";
    }
    const Expected<Value> value = parseYaml(bomb);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code(), ErrorCode::LimitExceeded);
    EXPECT_EQ(value.error().text(), "yaml: document contains excessive aliasing");
}

TEST(ParseYaml, RefusesAliasesOfThemselves)
{
    EXPECT_EQ(asJson("&a [*a]"), "error: yaml: anchor 'a' value contains itself");
}

TEST(SplitYamlDocuments, CutsAtBareSeparators)
{
    const std::vector<std::string_view> pieces =
        splitYamlDocuments("a: 1\n---\nb: 2\n--- # next\n---\nc: '\n  ---x'\n");
    const std::vector<std::string_view> expected{"a: 1\n", "b: 2\n", "", "c: '\n  ---x'\n"};
    EXPECT_EQ(pieces, expected);
}

class ToYaml : public testing::TestWithParam<TextCase>
{
};
TEST_P(ToYaml, PrintsWhatSigsYamlPrints)
{
    EXPECT_EQ(toYaml(*parseJson(GetParam().text)), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Object, ToYaml,
    testing::Values(
        TextCase{"Nesting", R"({"b":[{"y":1,"x":[[1],[]]},"s"],"a":{"c":{}}})",
                 "a:\n  c: {}\nb:\n- x:\n  - - 1\n  - []\n  \"y\": 1\n- s\n"},
        TextCase{"Scalars", R"([null,true,1,1.5,1e21,30000000.0,123456789.123,-0.0])",
                 "- null\n- true\n- 1\n- 1.5\n- 1e+21\n- 30000000\n- 1.23456789123e+08\n- 0\n"},
        TextCase{"LargeNumbers",
                 R"([1152921504606846976.0,9223372036854775808.0,-9223372036854775808.0,18446744073709551616.0])",
                 "- 1152921504606847000\n- 9223372036854776000\n- -9.223372036854776e+18\n- 1.8446744073709552e+19\n"},
        TextCase{"Quoting", R"(["yes","~","","1","1:30","2020-01-02","a: b","a:","#a","- a","-a"," a","a#b","a\tb"])",
                 "- \"yes\"\n- \"~\"\n- \"\"\n- \"1\"\n- \"1:30\"\n- \"2020-01-02\"\n- 'a: b'\n- 'a:'\n- '#a'\n- '- "
                 "a'\n- -a\n- ' a'\n- a#b\n- \"a\\tb\"\n"},
        TextCase{"Literals", R"({"a":"x\ny\n","b":"x\ny","c":"x\n\n","d":" x\ny\n"})",
                 "a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n\nd: |2\n   x\n  y\n"},
        TextCase{"KeyOrder",
                 R"({"a10":1,"a9":1,"B":1,"app":1,"app-x":1,"a":1,"1":1,"10":1,"2":1,"_x":1,"a1":1,"a01":1})",
                 "_x: 1\n\"1\": 1\n\"2\": 1\n\"10\": 1\nB: 1\na: 1\na1: 1\na01: 1\na9: 1\na10: 1\napp: 1\napp-x: 1\n"},
        TextCase{"Root", R"("text")", "text\n"}, TextCase{"EmptyRoot", "{}", "{}\n"}),
    nameOf);

TEST(PrintYaml, GivesPiecesOfWhatToYamlGives)
{
    std::vector<Value> items;
    for (int i = 0; i < 3000; ++i)
        items.push_back(Value::map({{"name", "item-" + std::to_string(i)},
                                    {"text", "two\nlines \xC3\xA4\n"},
                                    {"list", Value::list({i, "x y: z"})}}));
    const Value value = Value::list(items);
    std::string text;
    std::size_t pieces = 0;
    bool endWithLines = true;
    printYaml(value, [&](std::string_view piece) {
        text += piece;
        ++pieces;
        endWithLines = endWithLines && piece.ends_with('\n');
    });
    EXPECT_TRUE(text == toYaml(value));
    EXPECT_GT(pieces, 2u);
    EXPECT_TRUE(endWithLines);
}

} // namespace
