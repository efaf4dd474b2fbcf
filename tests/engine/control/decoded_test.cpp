// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/decoded.h"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::control {
namespace {

using object::Object;
using object::Value;

/// What is read in these tests: the version, and the one that it was read beside.
struct Reading
{
    Object object;
    std::string version;
    std::string before;
};

Reading read(const Object &object)
{
    return {.object = object, .version = std::string(object.resourceVersion()), .before = {}};
}

Reading readBeside(const Object &object, const Reading &before)
{
    return {.object = object, .version = std::string(object.resourceVersion()), .before = before.version};
}

Object version(const char *version)
{
    return Object(Value::map({{"metadata", Value::map({{"name", "web"}, {"resourceVersion", version}})}}));
}

TEST(Decoded, SharesWhatWasReadUntilAnotherVersionStandsThere)
{
    Decoded<Reading> decoded(read);
    ObjectStore::Named objects{{"web", version("1")}};
    const auto first = decoded.in("shop", objects).at("web");
    EXPECT_EQ(decoded.in("shop", objects).at("web"), first);
    EXPECT_EQ(decoded.one("shop", "web", &objects.at("web")), first);
    objects.at("web") = version("2");
    const auto second = decoded.one("shop", "web", &objects.at("web"));
    EXPECT_EQ(second->version, "2");
    EXPECT_EQ(decoded.in("shop", objects).at("web"), second);
    EXPECT_EQ(first->version, "1") << "who holds the former one may go on with it";
}

TEST(Decoded, ReadsAnotherVersionBesideTheOneBefore)
{
    Decoded<Reading> decoded(read, readBeside);
    const Object first = version("1");
    const Object second = version("2");
    EXPECT_EQ(decoded.one("shop", "web", &first)->before, "");
    EXPECT_EQ(decoded.one("shop", "web", &second)->before, "1");
    EXPECT_EQ(decoded.one("shop", "other", &second)->before, "") << "another object is none";
    EXPECT_EQ(decoded.one("farm", "web", &second)->before, "") << "nor is one of another namespace";
}

TEST(Decoded, ForgetsWhatIsGone)
{
    Decoded<Reading> decoded(read, readBeside);
    const Object first = version("1");
    std::weak_ptr<const Reading> one = decoded.one("shop", "web", &first);
    EXPECT_EQ(decoded.one("shop", "web", nullptr), nullptr);
    EXPECT_TRUE(one.expired());
    std::weak_ptr<const Reading> listed = decoded.in("shop", {{"web", first}}).at("web");
    decoded.in("shop", {{"other", first}});
    EXPECT_TRUE(listed.expired());
    EXPECT_TRUE(decoded.in("shop", {}).empty());
    EXPECT_EQ(decoded.one("shop", "other", &first)->before, "");
}

} // namespace
} // namespace tiphys::control
