// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/open_api_schemas.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

TEST(OpenApiSchemas, AreFoundByTheKindsThatTheyName)
{
    const auto schemas = openApiSchemas(R"({"components":{"schemas":{
        "test.example.v1.Gadget":{"type":"object","properties":{"metadata":{"allOf":[{"$ref":"#/x"}]},"spec":{"type":"object"}},
            "x-kubernetes-group-version-kind":[{"group":"example.test","kind":"Gadget","version":"v1"}]},
        "DeleteOptions":{"type":"object","properties":{"kind":{}},
            "x-kubernetes-group-version-kind":[{"group":"example.test","kind":"DeleteOptions","version":"v1"}]},
        "Part":{"type":"string"}}}})");
    ASSERT_TRUE(schemas);
    ASSERT_EQ(schemas->size(), 1U);
    EXPECT_EQ(schemas->begin()->first, (object::Gvk{"example.test", "v1", "Gadget"}));
    EXPECT_TRUE(schemas->begin()->second.path({"properties", "spec"}).isMap());
}

TEST(OpenApiSchemas, AreNoneInADocumentWithoutAny)
{
    EXPECT_TRUE(openApiSchemas("{}").value().empty());
    EXPECT_TRUE(openApiSchemas("[1]").value().empty());
}

TEST(OpenApiSchemas, RefuseWhatIsNoJson)
{
    const auto schemas = openApiSchemas("<html>");
    ASSERT_FALSE(schemas);
    EXPECT_TRUE(schemas.error().text().starts_with("OpenAPI document: ")) << schemas.error().text();
}

} // namespace
} // namespace tiphys::compare
