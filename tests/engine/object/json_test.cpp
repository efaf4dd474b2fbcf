// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace tiphys;
using namespace tiphys::object;

namespace {

std::string rewritten(std::string_view json)
{
    const Expected<Value> value = parseJson(json);
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

class ParseJson : public testing::TestWithParam<TextCase>
{
};
TEST_P(ParseJson, GivesWhatGoGives)
{
    EXPECT_EQ(rewritten(GetParam().text), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Object, ParseJson,
    testing::Values(
        TextCase{"Object", R"( {"b": [1, 2.5, true, null], "a": {"x": "y"}} )",
                 R"({"a":{"x":"y"},"b":[1,2.5,true,null]})"},
        TextCase{"LargestInt", "9223372036854775807", "9223372036854775807"},
        TextCase{"Uint", "18446744073709551615", "18446744073709551615"},
        TextCase{"BiggerThanUint", "[184467440737095516160]", "[184467440737095500000]"},
        TextCase{"Exponent", "[1e3,1E-7,1e21]", "[1000,1e-7,1e+21]"}, TextCase{"NegativeZero", "[-0,-0.0]", "[0,-0]"},
        TextCase{"LastOfEqualKeysWins", R"({"a":1,"a":2})", R"({"a":2})"},
        TextCase{"SurrogatePair", R"(["\ud83d\ude00"])", "[\"\xF0\x9F\x98\x80\"]"},
        TextCase{"LoneSurrogate", R"(["a\ud83dz","\ude00","\ud83d\ud83d\ude00"])",
                 "[\"a\xEF\xBF\xBDz\",\"\xEF\xBF\xBD\",\"\xEF\xBF\xBD\xF0\x9F\x98\x80\"]"},
        TextCase{"InvalidUtf8", "[\"a\xFF\xC0z\"]", "[\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"]"},
        TextCase{"Empty", "", "error: json: offset 0: unexpected end of JSON input"},
        TextCase{"ByteOrderMark", "\xEF\xBB\xBF{}",
                 "error: json: offset 0: invalid character '\xC3\xAF' looking for beginning of value"},
        TextCase{"Unclosed", R"({"a": [1)", "error: json: offset 8: unexpected end of JSON input"},
        TextCase{"TrailingComma", "[1,]",
                 "error: json: offset 3: invalid character ']' looking for beginning of value"},
        TextCase{"TrailingText", "{} x", "error: json: offset 3: invalid character 'x' after top-level value"},
        TextCase{"UnquotedKey", "{a:1}",
                 "error: json: offset 1: invalid character 'a' looking for beginning of object key string"},
        TextCase{"NoColon", R"({"a" 1})", "error: json: offset 5: invalid character '1' after object key"},
        TextCase{"NoComma", R"({"a":1 "b":2})",
                 "error: json: offset 7: invalid character '\"' after object key:value pair"},
        TextCase{"BadLiteral", "[trux]",
                 "error: json: offset 4: invalid character 'x' in literal true (expecting 'e')"},
        TextCase{"ControlCharacter", "[\"a\nb\"]", "error: json: offset 3: invalid character '\\n' in string literal"},
        TextCase{"BadEscape", R"(["\q"])", "error: json: offset 3: invalid character 'q' in string escape code"},
        TextCase{"LeadingZero", "[01]", "error: json: offset 2: invalid character '1' after array element"},
        TextCase{"TooLarge", "1e400",
                 "error: json: offset 5: cannot unmarshal number 1e400 into Go value of type float64"}),
    nameOf);

TEST(ParseJson, RefusesMoreThanTenThousandLevels)
{
    const std::string deep(10'000, '[');
    EXPECT_EQ(rewritten(deep + "1" + std::string(10'000, ']')).size(), 20'001u);
    const Expected<Value> deeper = parseJson("[" + deep + "1" + std::string(10'001, ']'));
    ASSERT_FALSE(deeper);
    EXPECT_EQ(deeper.error().code(), ErrorCode::LimitExceeded);
}

TEST(ParseJson, ReadsNumbersByTheirSpelling)
{
    EXPECT_EQ(parseJson("1")->type(), Type::Int);
    EXPECT_EQ(parseJson("1.0")->type(), Type::Double);
    EXPECT_EQ(parseJson("1e0")->type(), Type::Double);
    EXPECT_EQ(parseJson("18446744073709551615")->type(), Type::Uint);
}

TEST(ToJson, EscapesAsGo)
{
    const Value text("\"\\/\b\f\n\r\t\x01\x7F<>&\xE2\x80\xA8\xFF");
    EXPECT_EQ(toJson(text), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7F<>&\\u2028\\ufffd\"");
    EXPECT_EQ(toJson(Value("<&>"), {.escapesHtml = true}), R"("\u003c\u0026\u003e")");
}

TEST(ToJson, PrintsNumbersAsGo)
{
    const auto text = [](double number) { return toJson(Value(number)); };
    EXPECT_EQ(text(1.0), "1");
    EXPECT_EQ(text(0.1), "0.1");
    EXPECT_EQ(text(1e20), "100000000000000000000");
    EXPECT_EQ(text(123456789012345680000.0), "123456789012345680000");
    EXPECT_EQ(text(1e21), "1e+21");
    EXPECT_EQ(text(0.000001), "0.000001");
    EXPECT_EQ(text(1.5e-9), "1.5e-9");
    EXPECT_EQ(text(-1e-300), "-1e-300");
    EXPECT_EQ(text(std::nan("")), "null");
    EXPECT_EQ(text(std::numeric_limits<double>::infinity()), "null");
}

TEST(ToJson, IndentsAsMarshalIndent)
{
    const Value value = *parseJson(R"({"b":[],"a":{},"c":[1,{"d":null}]})");
    EXPECT_EQ(toJson(value, {.style = JsonStyle::Indented}),
              "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    1,\n    {\n      \"d\": null\n    }\n  ]\n}");
    EXPECT_EQ(toJson(value, {.order = KeyOrder::Kept}), R"({"b":[],"a":{},"c":[1,{"d":null}]})");
}

} // namespace
