// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/value.h"

#include "object/json.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace tiphys::text {
namespace {

TEST(TemplateValue, CopiesOfAMapAreTheSameMap)
{
    const TemplateValue map = TemplateValue::map();
    const TemplateValue copy = map;
    map.set("b", TemplateValue::integer(1));
    map.set("a", TemplateValue::string("x"));

    ASSERT_NE(copy.find("a"), nullptr);
    EXPECT_EQ(copy.find("a")->text(), "x");
    EXPECT_EQ(copy.entries()[0].key.text(), "a");
    copy.unset("a");
    EXPECT_EQ(map.size(), 1U);
}

TEST(TemplateValue, OfEqualKeysTheLastWins)
{
    const TemplateValue map = TemplateValue::map({{TemplateValue::string("a"), TemplateValue::integer(1)},
                                                  {TemplateValue::string("b"), TemplateValue::integer(2)},
                                                  {TemplateValue::string("a"), TemplateValue::integer(3)}});
    ASSERT_EQ(map.size(), 2U);
    EXPECT_EQ(map.find("a")->integer(), 3);
}

TEST(TemplateValue, KeepsManyMembersSorted)
{
    const TemplateValue map = TemplateValue::map();
    for (int i = 999; i >= 0; --i)
        map.set("k" + std::to_string(i), TemplateValue::integer(i));
    EXPECT_EQ(map.find("k512")->integer(), 512);
    EXPECT_EQ(map.find("k1000"), nullptr);
    EXPECT_EQ(map.entries()[1].key.text(), "k1");
}

TEST(TemplateValue, NumbersOfDocumentsAreFloat64)
{
    const auto document = object::parseJson(R"({"n":5,"list":[1,"a",null],"ok":true})");
    ASSERT_TRUE(document);
    const TemplateValue value = templateValueOf(*document);
    EXPECT_EQ(value.find("n")->typeName(), "float64");
    EXPECT_EQ(value.find("list")->typeName(), "[]interface {}");
    EXPECT_TRUE(value.find("list")->items()[2].isNil());
    EXPECT_EQ(templateValueOf(*document, Numbers::Exact).find("n")->typeName(), "int64");
}

TEST(TemplateValue, BytesOfAnOwnerAreNotCopied)
{
    const auto owner = std::make_shared<const std::string>("content of a file");
    {
        const TemplateValue bytes = TemplateValue::bytes(owner, *owner);
        const TemplateValue copy = bytes;
        EXPECT_EQ(copy.text().data(), owner->data());
        EXPECT_EQ(copy.text(), *owner);
        EXPECT_EQ(copy.item(0).unsignedInteger(), 'c');
        EXPECT_EQ(owner.use_count(), 2);
    }
    EXPECT_EQ(owner.use_count(), 1);
}

TEST(TemplateValue, NilListsAreNilButHaveAType)
{
    const TemplateValue list = TemplateValue::nilOf(types::kStringList);
    EXPECT_FALSE(list.isNil());
    EXPECT_TRUE(list.isNilOfItsType());
    EXPECT_EQ(list.size(), 0U);
    EXPECT_FALSE(isTrue(list));
    EXPECT_FALSE(deepEqual(list, TemplateValue::list({}, types::kStringList)));
}

TEST(TemplateValue, DeepEqualityTellsIntFromFloat)
{
    EXPECT_FALSE(deepEqual(TemplateValue::integer(1), TemplateValue::float64(1)));
    EXPECT_TRUE(
        deepEqual(TemplateValue::list({TemplateValue::integer(1)}), TemplateValue::list({TemplateValue::integer(1)})));
}

TEST(TemplateValue, ReleasingATreeBreaksCircles)
{
    const TemplateValue map = TemplateValue::map();
    map.set("self", map);
    map.set("list", TemplateValue::list({map}));
    releaseTree(map);
    EXPECT_EQ(map.size(), 0U);
}

TEST(Type, DefinedAndPlainTypesOfOneMakeAreAssignable)
{
    static constexpr Type kValues{Kind::Map, "common.Values", &types::kAny, &types::kAnyMap};
    static constexpr Type kOther{Kind::Map, "other.Values", &types::kAny, &types::kAnyMap};
    EXPECT_TRUE(isAssignable(kValues, types::kAnyMap));
    EXPECT_TRUE(isAssignable(types::kAnyMap, kValues));
    EXPECT_FALSE(isAssignable(kOther, kValues));
    static constexpr Type kDuration{Kind::Int64, "time.Duration", nullptr, &types::kInt64};
    EXPECT_FALSE(isAssignable(kDuration, types::kInt64));
    EXPECT_FALSE(isAssignable(types::kInt64, kDuration));
    EXPECT_FALSE(isAssignable(types::kInt, types::kInt64));
    EXPECT_TRUE(isAssignable(types::kInt, types::kAny));
    EXPECT_TRUE(isAssignable(types::kErrorString, types::kError));
    EXPECT_FALSE(isAssignable(types::kString, types::kStringer));
}

} // namespace
} // namespace tiphys::text
