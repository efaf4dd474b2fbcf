// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "render/helm/plain_schema.h"
#include "render/helm/schema_form.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

using namespace tiphys;
using namespace tiphys::render;

namespace {

constexpr std::array kDrafts{4, 6, 7, 2019, 2020};
constexpr std::array<std::string_view, 61> kKeywords{"$anchor",
                                                     "$comment",
                                                     "$defs",
                                                     "$dynamicAnchor",
                                                     "$id",
                                                     "$ref",
                                                     "$recursiveAnchor",
                                                     "$schema",
                                                     "$vocabulary",
                                                     "additionalItems",
                                                     "additionalProperties",
                                                     "allOf",
                                                     "anyOf",
                                                     "const",
                                                     "contains",
                                                     "contentEncoding",
                                                     "contentMediaType",
                                                     "contentSchema",
                                                     "default",
                                                     "definitions",
                                                     "dependencies",
                                                     "dependentRequired",
                                                     "dependentSchemas",
                                                     "deprecated",
                                                     "description",
                                                     "else",
                                                     "enum",
                                                     "examples",
                                                     "exclusiveMaximum",
                                                     "exclusiveMinimum",
                                                     "format",
                                                     "id",
                                                     "if",
                                                     "items",
                                                     "maxContains",
                                                     "maxItems",
                                                     "maxLength",
                                                     "maxProperties",
                                                     "maximum",
                                                     "minContains",
                                                     "minItems",
                                                     "minLength",
                                                     "minProperties",
                                                     "minimum",
                                                     "multipleOf",
                                                     "not",
                                                     "oneOf",
                                                     "other",
                                                     "pattern",
                                                     "patternProperties",
                                                     "prefixItems",
                                                     "properties",
                                                     "propertyNames",
                                                     "readOnly",
                                                     "required",
                                                     "then",
                                                     "title",
                                                     "type",
                                                     "unevaluatedItems",
                                                     "unevaluatedProperties",
                                                     "uniqueItems"};
constexpr std::array<std::string_view, 28> kValues{"null",
                                                   "true",
                                                   "false",
                                                   "0",
                                                   "1",
                                                   "-1",
                                                   "1.5",
                                                   "2.0",
                                                   "\"\"",
                                                   "\"a\"",
                                                   "\"#a\"",
                                                   "\"string\"",
                                                   "\"a#b\"",
                                                   "[]",
                                                   "[\"a\"]",
                                                   "[\"a\",\"a\"]",
                                                   "[1,1]",
                                                   "[\"string\"]",
                                                   "[\"string\",\"null\"]",
                                                   "[\"string\",\"string\"]",
                                                   "[{}]",
                                                   "[true]",
                                                   "{}",
                                                   "{\"a\":{}}",
                                                   "{\"a\":1}",
                                                   "{\"a\":true}",
                                                   "{\"type\":\"string\"}",
                                                   "{\"type\":\"text\"}"};

object::Value json(const std::string &text)
{
    return *object::parseJson(text);
}

/// The long way: isPlainSchema is never sure of "$anchor", which is right in all drafts.
bool isWellFormed(const std::string &schema, int draft)
{
    const object::Value whole = json(R"({"$anchor":"a","not":)" + schema + "}");
    EXPECT_FALSE(isPlainSchema(whole, draft));
    return checkSchemaForm(whole, draft).has_value();
}

} // namespace

TEST(PlainSchema, IsNeverSureOfWhatIsNotWellFormed)
{
    int plain = 0;
    int wrong = 0;
    for (const int draft : kDrafts) {
        for (const std::string_view keyword : kKeywords) {
            for (const std::string_view value : kValues) {
                const std::string schema = "{\"" + std::string(keyword) + "\":" + std::string(value) + "}";
                const bool isRight = isWellFormed(schema, draft);
                wrong += isRight ? 0 : 1;
                if (!isPlainSchema(json(schema), draft))
                    continue;
                ++plain;
                EXPECT_TRUE(isRight) << draft << ' ' << schema;
            }
        }
        for (const std::string_view value : kValues) {
            if (!isPlainSchema(json(std::string(value)), draft))
                continue;
            EXPECT_TRUE(isWellFormed(std::string(value), draft)) << draft << ' ' << value;
        }
    }
    EXPECT_GT(plain, 1000);
    EXPECT_GT(wrong, 1000);
}

TEST(PlainSchema, KnowsWhatChartsHave)
{
    const object::Value schema = json(R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object",
"title":"Values","additionalProperties":false,"required":["image"],"definitions":{"port":{"type":["integer","string"],
"minimum":1,"maximum":65535}},"properties":{"image":{"type":"object","properties":{"tag":{"type":"string","pattern":"^v",
"default":"v1","description":"Tag"}}},"policy":{"enum":["Always","Never"]},"ports":{"type":"array","minItems":1,
"items":{"$ref":"#/definitions/port"}},"extra":{"oneOf":[{"type":"string"},{"type":"null"}]}}})");
    EXPECT_TRUE(isPlainSchema(schema, 7));
    EXPECT_TRUE(isPlainSchema(schema, 2020));
    EXPECT_FALSE(isPlainSchema(schema, 4));
}
