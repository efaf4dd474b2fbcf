// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/typed.h"

#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::schema;

namespace {

std::string typedText(std::string_view json, std::string_view model)
{
    const auto typed = asTyped(object::parseJson(json).value(), *typeNamed(model), UnknownFields::Drop);
    return typed ? object::toJson(*typed) : "error: " + typed.error().text();
}

TEST(Typed, DropsZeroValuesAndAddsThoseThatAreWritten)
{
    EXPECT_EQ(typedText(R"({"image":"","args":[],"tty":false})", "io.k8s.api.core.v1.Container"),
              R"({"name":"","resources":{}})");
}

TEST(Typed, MatchesNamesWithoutRegardToCase)
{
    EXPECT_EQ(typedText(R"({"NAME":"x","value":"1"})", "io.k8s.api.core.v1.EnvVar"), R"({"name":"x","value":"1"})");
}

TEST(Typed, RefusesUnknownFieldsOnlyWhenAsked)
{
    const object::Value value = object::parseJson(R"({"name":"x","bogus":1})").value();
    const Type &type = *typeNamed("io.k8s.api.core.v1.EnvVar");
    EXPECT_TRUE(asTyped(value, type, UnknownFields::Drop));
    EXPECT_FALSE(asTyped(value, type, UnknownFields::Refuse));
}

TEST(Typed, NamesThePlaceOfAWrongValue)
{
    EXPECT_EQ(typedText(R"({"env":[{"name":7}]})", "io.k8s.api.core.v1.Container"),
              "error: env.0.name: wanted a string");
    EXPECT_EQ(typedText(R"({"tty":"x"})", "io.k8s.api.core.v1.Container"), "error: tty: wanted true or false");
}

} // namespace
