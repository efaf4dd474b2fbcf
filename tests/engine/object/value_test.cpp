// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/builder.h"
#include "object/json.h"
#include "object/value.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

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
    Value value = Value::map({{"kept", "as it is"}});
    for (int i = 0; i < 100'000; ++i)
        value = value.with("counter", i);
    EXPECT_EQ(value["counter"].intOr(0), 99'999);
    EXPECT_EQ(value["kept"].stringOr(), "as it is");
}

TEST(Value, AMapWhoseOnlyMemberIsReplacedKeepsNothingOfTheOldOne)
{
    Value value = Value::map({{"counter", 0}});
    for (int i = 1; i < 1'000; ++i)
        value = value.with("counter", i);
    EXPECT_EQ(value["counter"].intOr(0), 999);
    EXPECT_LT(value.storageBytes(), 1'000u);
}

TEST(Value, EditsOfMapsOfEverySizeAreAsIfTheyWereBuiltAnew)
{
    for (const int size : {0, 1, 2, 7, 8, 9, 10, 24, 25, 40}) {
        const Value map = numberedMap(size);
        const auto rebuilt = [&map](std::string_view changed, const std::optional<Value> &value) {
            std::vector<std::pair<std::string, Value>> members;
            for (const auto &[key, member] : map.entries()) {
                if (key != changed || value)
                    members.emplace_back(std::string(key), key == changed ? *value : member);
            }
            if (value && !map.contains(changed))
                members.emplace_back(std::string(changed), *value);
            return Value::map(members);
        };
        const auto isSame = [](const Value &a, const Value &b) {
            // Order, content, and what lookup and sorting find.
            bool same =
                a == b && a.size() == b.size() && toJson(a) == toJson(b) && a.sortedEntries() == b.sortedEntries();
            for (const auto &[key, member] : b.entries())
                same = same && a[key] == member;
            return same && a.compacted() == b;
        };
        std::vector<std::string> keys{"", "0", "k", "zzz", "a key that no map of these has"};
        for (const auto &[key, member] : map.entries())
            keys.emplace_back(key);
        for (const std::string &key : keys) {
            EXPECT_TRUE(isSame(map.with(key, "new"), rebuilt(key, Value("new")))) << size << ' ' << key;
            EXPECT_TRUE(isSame(map.without(key), rebuilt(key, std::nullopt))) << size << ' ' << key;
            EXPECT_TRUE(isSame(map.with(key, "new").without(key), rebuilt(key, std::nullopt))) << size << ' ' << key;
        }
    }
}

TEST(Value, HoldsManyOthers)
{
    std::vector<Value> parts;
    for (int i = 0; i < 40; ++i)
        parts.push_back(Value::list({"part", std::to_string(i)}));
    Value whole = Value::list(parts);
    parts.clear();
    whole = whole.withItem(3, whole.at(5));
    EXPECT_EQ(whole.at(3), Value::list({"part", "5"}));
    EXPECT_EQ(whole.at(39), Value::list({"part", "39"}));
}

TEST(Builder, KnownKeysAndReadOnesAreTheSame)
{
    for (const int others : {0, 20}) {
        Builder builder;
        builder.beginMap();
        builder.key("replicas"_key);
        builder.integer(1);
        for (int i = 0; i < others; ++i) {
            builder.key("o" + std::to_string(i));
            builder.null();
        }
        builder.key("replicas");
        builder.integer(2);
        builder.key("spec"_key);
        builder.integer(3);
        const auto duplicate = builder.endMap();
        ASSERT_TRUE(duplicate);
        EXPECT_EQ(*duplicate, "replicas");
        const Value map = builder.finish();
        EXPECT_EQ(map.size(), static_cast<std::size_t>(others + 2));
        EXPECT_EQ(map["replicas"].intOr(0), 2);
        EXPECT_EQ(map["spec"].intOr(0), 3);
    }
}

TEST(Builder, DeepAndWideTreesGrowOutOfTheFirstRoom)
{
    Builder builder;
    constexpr int kDepth = 200;
    for (int i = 0; i < kDepth; ++i) {
        builder.beginMap();
        for (int k = 0; k < 5; ++k) {
            builder.key("before" + std::to_string(i) + "-" + std::to_string(k));
            builder.integer(k);
        }
        builder.key("deeper"_key);
    }
    builder.boolean(true);
    for (int i = 0; i < kDepth; ++i)
        builder.endMap();
    Value value = builder.finish();
    for (int i = 0; i < kDepth; ++i) {
        EXPECT_EQ(value.size(), 6u);
        EXPECT_EQ(value["before" + std::to_string(i) + "-4"].intOr(0), 4);
        value = value["deeper"];
    }
    EXPECT_TRUE(value.boolOr(false));
}

TEST(Value, KeepsIntegersExactly)
{
    EXPECT_EQ(Value(std::uint64_t{18446744073709551615u}).type(), Type::Uint);
    EXPECT_EQ(Value(std::uint64_t{5}).type(), Type::Int);
    EXPECT_EQ(Value(std::int64_t{INT64_MIN}).asInt(), INT64_MIN);
    EXPECT_FALSE(Value(-1).asUint());
}
