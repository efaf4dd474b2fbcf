// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "render/helm/json_schema.h"
#include "render/helm/schema_form.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;

namespace {

struct SchemaCase
{
    std::string name;
    std::string schema;
    std::string values;
    std::string violations;
};

class JsonSchemaRule : public testing::TestWithParam<SchemaCase>
{
};

} // namespace

TEST_P(JsonSchemaRule, ListsViolationsAsHelmDoes)
{
    const Expected<JsonSchema> schema = JsonSchema::parse(GetParam().schema);
    ASSERT_TRUE(schema) << schema.error().text();
    const Expected<std::vector<SchemaViolation>> found = schema->violationsOf(*object::parseJson(GetParam().values));
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(listed(*found), GetParam().violations);
}

INSTANTIATE_TEST_SUITE_P(
    Render, JsonSchemaRule,
    testing::Values(
        SchemaCase{"WholeDoublesAreIntegers", R"({"properties":{"a":{"type":"integer"}}})", R"({"a":3.0})", ""},
        SchemaCase{"TypesInFixedOrder", R"({"properties":{"a":{"type":["string","null","integer"]}}})", R"({"a":1.5})",
                   "- at '/a': got number, want null or integer or string\n"},
        SchemaCase{"LimitsWithThousands", R"({"properties":{"a":{"minimum":1000.5}}})", R"({"a":5})",
                   "- at '/a': minimum: got 5, want 1,000.5\n"},
        SchemaCase{"ChoicesOfAnyOf", R"({"properties":{"a":{"anyOf":[{"type":"string"},{"required":["x","y"]}]}}})",
                   R"({"a":{}})",
                   "- at '/a': 'anyOf' failed\n  - at '/a': got object, want string\n  - at '/a': missing properties "
                   "'x', 'y'\n"},
        SchemaCase{"EnumShowsItsValues", R"({"properties":{"a":{"enum":["x",1,true,null]}}})", R"({"a":1.5})",
                   "- at '/a': value must be one of 'x', 1, true, <nil>\n"},
        SchemaCase{"RecursiveReference", R"({"properties":{"n":{"$ref":"#"}},"additionalProperties":false})",
                   R"({"n":{"n":{"x":1}}})", "- at '/n/n': additional properties 'x' not allowed\n"},
        SchemaCase{"ReferenceThatGoesRound", R"({"$ref":"#"})", "{}",
                   "- at '': both /$ref and  resolve to \"file:///values.schema.json#\" causing reference cycle\n"},
        SchemaCase{
            "OldDraftIgnoresWhatStandsBesideReferences",
            R"({"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"n":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/n","minLength":5}}})",
            R"({"a":"x"})", ""},
        SchemaCase{
            "OldDraftIgnoresTypesBesideReferences",
            R"({"$schema":"http://json-schema.org/draft-07/schema#","$defs":{"x":{"$ref":"#/$defs/y","type":"integer"},"y":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/x"}}})",
            R"({"a":"s"})", ""},
        SchemaCase{"UnevaluatedMembers", R"({"unevaluatedProperties":false,"allOf":[{"properties":{"a":{}}}]})",
                   R"({"a":1,"b":2})", "- at '/b': false schema\n"},
        SchemaCase{
            "EmbeddedAddresses",
            R"({"$id":"https://x.org/a/b.json","$defs":{"r":{"$id":"r.json","$defs":{"z":{"type":"null"}},"$ref":"#/$defs/z"}},"properties":{"e":{"$ref":"r.json"}}})",
            R"({"e":4})", "- at '/e': got number, want null\n"},
        SchemaCase{"DecimalMultiples", R"({"properties":{"a":{"multipleOf":0.1}}})", R"({"a":0.3})", ""},
        SchemaCase{"FormatIsNotAsserted", R"({"properties":{"a":{"format":"email"}}})", R"({"a":"x"})", ""},
        SchemaCase{"UnknownNamesAcceptEverything", R"({"properties":{"a":{"$ref":"urn:x"}}})", R"({"a":1})", ""},
        SchemaCase{"LengthInCharacters", R"({"properties":{"a":{"maxLength":2}}})", R"({"a":"äöü"})",
                   "- at '/a': maxLength: got 3, want 2\n"}),
    [](const auto &row) { return row.param.name; });

TEST(JsonSchema, RefusesReferencesThatItWouldHaveToFetch)
{
    const Expected<JsonSchema> schema =
        JsonSchema::parse(R"({"properties":{"a":{"$ref":"https://example.com/x.json"}}})");
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error().code(), ErrorCode::Unsupported);
}

TEST(JsonSchema, RefusesReferencesToNothing)
{
    const Expected<JsonSchema> schema = JsonSchema::parse(R"({"properties":{"a":{"$ref":"#/definitions/x"}}})");
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error().text(), "json-pointer in \"file:///values.schema.json#/definitions/x\" not found");
}

TEST(JsonSchema, WhatIsNotUsedMayReferToNothing)
{
    const std::string draft7 = R"("$schema":"http://json-schema.org/draft-07/schema#",)";
    for (const std::string &schema : {
             std::string(R"({"definitions":{"a":{"$ref":"#/nope"}}})"),
             std::string(R"({"$defs":{"a":{"$ref":"#/nope"}}})"),
             std::string(R"({"additionalItems":{"$ref":"#/nope"}})"),
             std::string(R"({"then":{"$ref":"#/nope"}})"),
             "{" + draft7 + R"("$defs":{"a":{"type":5}}})",
             "{" + draft7 + R"("dependentSchemas":{"a":{"type":5}}})",
             "{" + draft7
                 + R"("properties":{"a":{"$ref":"#/properties/b","definitions":{"q":{"$ref":"#/nope"}}},"b":{}}})",
         }) {
        const Expected<JsonSchema> parsed = JsonSchema::parse(schema);
        EXPECT_TRUE(parsed) << schema << parsed.error().text();
    }
    EXPECT_FALSE(JsonSchema::parse(R"({"dependencies":{"a":{"$ref":"#/nope"}}})"));
    EXPECT_FALSE(JsonSchema::parse("{" + draft7 + R"("$defs":{"a":{"type":5}},"$ref":"#/$defs/a"})"));
    EXPECT_FALSE(JsonSchema::parse("{" + draft7 + R"("$defs":{"a":{"$id":"#x"}},"properties":{"a":{"$ref":"#x"}}})"));
}

TEST(JsonSchema, RefusesUnknownTypesAndBrokenPatterns)
{
    EXPECT_FALSE(JsonSchema::parse(R"({"type":"foo"})"));
    EXPECT_FALSE(JsonSchema::parse(R"({"pattern":"("})"));
    EXPECT_FALSE(JsonSchema::parse("{"));
}

TEST(JsonSchema, GivesUpOnChecksThatGrowWithoutEnd)
{
    std::string schema = R"({"$defs":{)";
    for (int i = 0; i < 40; ++i) {
        const std::string next = R"({"$ref":"#/$defs/d)" + std::to_string(i + 1) + R"("})";
        schema +=
            (i > 0 ? "," : "") + std::string("\"d") + std::to_string(i) + R"(":{"allOf":[)" + next + "," + next + "]}";
    }
    schema += R"(,"d40":{}},"$ref":"#/$defs/d0"})";
    const Expected<JsonSchema> parsed = JsonSchema::parse(schema);
    ASSERT_TRUE(parsed) << parsed.error().text();
    const auto found = parsed->violationsOf(object::Value::map({}));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), ErrorCode::LimitExceeded);
}

TEST(JsonSchema, EachDraftHasItsOwnForm)
{
    const auto isFormed = [](std::string_view text, int draft) {
        return checkSchemaForm(*object::parseJson(text), draft).has_value();
    };
    for (const int draft : {4, 6, 7, 2019, 2020}) {
        EXPECT_TRUE(isFormed(R"({"type":"object","properties":{"a":{"minLength":1}}})", draft)) << draft;
        EXPECT_FALSE(isFormed(R"({"properties":{"a":{"minLength":"1"}}})", draft)) << draft;
        EXPECT_EQ(isFormed(R"({"exclusiveMinimum":true,"minimum":1})", draft), draft == 4) << draft;
        EXPECT_EQ(isFormed(R"({"if":3})", draft), draft < 7) << draft;
        EXPECT_EQ(isFormed(R"({"items":[{}]})", draft), draft < 2020) << draft;
        EXPECT_EQ(isFormed(R"({"prefixItems":3})", draft), draft < 2020) << draft;
        EXPECT_EQ(isFormed(R"({"$id":"#/a"})", draft), draft < 2019) << draft;
    }
}
