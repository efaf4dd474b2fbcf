// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/resource_choice.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::cli;

namespace {

const std::vector<object::ObjectKey> kKeys{{"", "Service", "shop", "web"},
                                           {"apps", "Deployment", "shop", "web"},
                                           {"extensions", "Deployment", "shop", "old"},
                                           {"apps", "Deployment", "shop-two", "web"}};

AppActionFlags ofKind(std::string kind)
{
    AppActionFlags flags;
    flags.kind = std::move(kind);
    return flags;
}

TEST(ResourceChoice, IsByEveryFlag)
{
    AppActionFlags flags = ofKind("Deployment");
    flags.isAll = true;
    EXPECT_EQ(chosenPlaces(kKeys, flags).value(), (std::vector<std::size_t>{1, 2, 3}));
    flags.group = "apps";
    EXPECT_EQ(chosenPlaces(kKeys, flags).value(), (std::vector<std::size_t>{1, 3}));
    flags.ns = "shop";
    EXPECT_EQ(chosenPlaces(kKeys, flags).value(), std::vector<std::size_t>{1});
    flags.name = "old";
    EXPECT_EQ(chosenPlaces(kKeys, flags).error().code(), ErrorCode::NotFound);
}

TEST(ResourceChoice, AnEmptyGroupIsTheCoreGroup)
{
    AppActionFlags flags = ofKind("Service");
    flags.group = "";
    EXPECT_EQ(chosenPlaces(kKeys, flags).value(), std::vector<std::size_t>{0});
    flags.kind = "Deployment";
    EXPECT_EQ(chosenPlaces(kKeys, flags).error().text(), "no matching resource found");
}

TEST(ResourceChoice, SeveralAreMeantOnlyWithAll)
{
    EXPECT_EQ(chosenPlaces(kKeys, ofKind("Deployment")).error().text(),
              "multiple resources match inputs, use the --all flag to patch multiple resources");
    EXPECT_TRUE(chosenPlaces(kKeys, ofKind("Service")));
}

} // namespace
