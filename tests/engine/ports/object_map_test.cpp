// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/cluster_cache.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::ports;
using object::Object;
using object::Value;

namespace {

Object pod(const std::string &ns, const std::string &name, const std::string &version = "1")
{
    return Object(
        Value::map({{"apiVersion", "v1"},
                    {"kind", "Pod"},
                    {"metadata", Value::map({{"namespace", ns}, {"name", name}, {"resourceVersion", version}})}}));
}

std::string namesOf(const ObjectMap &map)
{
    std::string text;
    for (const Object &object : map.sorted())
        text += std::string(object.ns()) + "/" + std::string(object.name()) + "@"
                + std::string(object.resourceVersion()) + " ";
    return text;
}

} // namespace

TEST(ObjectMap, FindsByNamespaceAndName)
{
    const ObjectMap map = ObjectMap::of({pod("b", "x"), pod("a", "y"), pod("a", "x")});
    EXPECT_EQ(map.size(), 3u);
    EXPECT_EQ(map.find("a", "x"), pod("a", "x"));
    EXPECT_FALSE(map.find("b", "y"));
    EXPECT_FALSE(ObjectMap().find("a", "x"));
    EXPECT_EQ(namesOf(map), "a/x@1 a/y@1 b/x@1 ");
}

TEST(ObjectMap, AChangeLeavesTheOldMapAlone)
{
    const ObjectMap first = ObjectMap::of({pod("a", "x"), pod("a", "y")});
    const ObjectMap second = first.with(pod("a", "x", "2")).with(pod("c", "z")).without("a", "y");
    EXPECT_EQ(namesOf(first), "a/x@1 a/y@1 ");
    EXPECT_EQ(namesOf(second), "a/x@2 c/z@1 ");
    EXPECT_EQ(second.size(), 2u);
    EXPECT_EQ(second.without("no", "such").size(), 2u);
}

TEST(ObjectMap, KeepsTheLastOfTwoInOnePlace)
{
    EXPECT_EQ(namesOf(ObjectMap::of({pod("a", "x", "1"), pod("a", "x", "2")})), "a/x@2 ");
}

TEST(ObjectMap, HoldsMany)
{
    std::vector<Object> pods;
    for (int i = 0; i < 3000; ++i)
        pods.push_back(pod("ns" + std::to_string(i % 7), "p" + std::to_string(i)));
    ObjectMap map = ObjectMap::of(pods);
    for (int i = 0; i < 3000; i += 2)
        map = map.without("ns" + std::to_string(i % 7), "p" + std::to_string(i));
    EXPECT_EQ(map.size(), 1500u);
    EXPECT_EQ(map.sorted().size(), 1500u);
    EXPECT_TRUE(map.find("ns1", "p1"));
    EXPECT_FALSE(map.find("ns0", "p0"));
}
