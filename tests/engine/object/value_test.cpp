// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/builder.h"
#include "object/value.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys::object;

namespace {

Value numberedMap(int count)
{
    Builder builder;
    builder.beginMap();
    for (int i = count; i > 0; --i) {
        builder.key("k" + std::to_string(i));
        builder.integer(i);
    }
    builder.endMap();
    return builder.finish();
}

} // namespace

TEST(Value, KeepsTheOrderOfInsertionAndFindsEveryKey)
{
    for (const int count : {0, 1, 8, 9, 100}) {
        const Value map = numberedMap(count);
        ASSERT_EQ(map.size(), static_cast<std::size_t>(count));
        int expected = count;
        for (const auto &[key, value] : map.entries())
            EXPECT_EQ(value.intOr(0), expected--) << key;
        for (int i = 1; i <= count; ++i)
            EXPECT_EQ(map["k" + std::to_string(i)].intOr(0), i);
        EXPECT_FALSE(map.contains("k0"));
    }
}

TEST(Value, SortsEntriesByBytes)
{
    const Value map = Value::map({{"b", 1}, {"B", 2}, {"a", 3}});
    const auto sorted = map.sortedEntries();
    EXPECT_EQ(sorted[0].first, "B");
    EXPECT_EQ(sorted[1].first, "a");
    EXPECT_EQ(sorted[2].first, "b");
    EXPECT_EQ(numberedMap(10).sortedEntries()[1].first, "k10");
}

TEST(Value, GivesTheLastOfDuplicateKeysAndNamesTheFirst)
{
    for (const int others : {1, 20}) {
        Builder builder;
        builder.beginMap();
        builder.key("x");
        builder.integer(1);
        for (int i = 0; i < others; ++i) {
            builder.key("o" + std::to_string(i));
            builder.null();
        }
        builder.key("x");
        builder.integer(2);
        const auto duplicate = builder.endMap();
        ASSERT_TRUE(duplicate);
        EXPECT_EQ(*duplicate, "x");
        const Value map = builder.finish();
        EXPECT_EQ(map.size(), static_cast<std::size_t>(others + 1));
        EXPECT_EQ(map["x"].intOr(0), 2);
        EXPECT_EQ((*map.entries().begin()).first, "x");
        EXPECT_TRUE(map.contains("o" + std::to_string(others - 1)));
    }
}

TEST(Value, EqualityIgnoresTheOrderOfEntriesButNotTheType)
{
    const Value one = Value::map({{"a", 1}, {"b", Value::list({1, "x"})}});
    const Value two = Value::map({{"b", Value::list({1, "x"})}, {"a", 1}});
    EXPECT_EQ(one, two);
    EXPECT_EQ(one.hash(), two.hash());
    EXPECT_NE(Value(1), Value(1.0));
    EXPECT_NE(one, one.with("a", 2));
    EXPECT_NE(one.hash(), one.with("a", 2).hash());
}

TEST(Value, AChangeSharesTheRestAndLeavesTheOldValueAlone)
{
    const Value old = Value::map({{"spec", Value::map({{"replicas", 1}})}, {"status", Value::map({})}});
    const Value changed = old.withPath({"spec", "replicas"}, 3);
    EXPECT_EQ(old.path({"spec", "replicas"}).intOr(0), 1);
    EXPECT_EQ(changed.path({"spec", "replicas"}).intOr(0), 3);
    EXPECT_EQ(changed["status"], old["status"]);
    EXPECT_EQ(old.withPath({"a", "b"}, "x").path({"a", "b"}).stringOr(), "x");
    EXPECT_FALSE(old.withoutPath({"spec", "replicas"})["spec"].contains("replicas"));
    EXPECT_TRUE(old.withoutPath({"nothing", "here"}).isSameAs(old));
}

TEST(Value, EditsListsByIndex)
{
    const Value list = Value::list({1, 2, 3});
    EXPECT_EQ(list.withItem(1, 9), Value::list({1, 9, 3}));
    EXPECT_EQ(list.withoutItem(0), Value::list({2, 3}));
    EXPECT_EQ(list.appended(4), Value::list({1, 2, 3, 4}));
    EXPECT_TRUE(list.at(7).isNull());
}

TEST(Value, ViewsOutliveTheHandleTheyCameFrom)
{
    const Value map = Value::map({{"a", Value::map({{"b", "long enough to live outside of any small buffer"}})}});
    const std::string_view text = map["a"]["b"].stringOr();
    EXPECT_EQ(text.substr(0, 4), "long");
}

TEST(Value, CompactedKeepsOnlyItself)
{
    Builder builder;
    builder.beginList();
    for (int i = 0; i < 1000; ++i)
        builder.copy(numberedMap(10));
    builder.endList();
    const Value page = builder.finish();
    const Value kept = page.at(5).compacted();
    EXPECT_EQ(kept, page.at(5));
    EXPECT_LT(kept.storageBytes() * 50, page.storageBytes());
}

TEST(Value, LongChainsOfEditsAreFreedWithoutRecursion)
{
    Value value = Value::map({});
    for (int i = 0; i < 100'000; ++i)
        value = value.with("counter", i);
    EXPECT_EQ(value["counter"].intOr(0), 99'999);
}

TEST(Value, KeepsIntegersExactly)
{
    EXPECT_EQ(Value(std::uint64_t{18446744073709551615u}).type(), Type::Uint);
    EXPECT_EQ(Value(std::uint64_t{5}).type(), Type::Int);
    EXPECT_EQ(Value(std::int64_t{INT64_MIN}).asInt(), INT64_MIN);
    EXPECT_FALSE(Value(-1).asUint());
}
