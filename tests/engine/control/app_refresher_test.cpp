// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_refresher.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;
using compare::CompareLevel;

namespace {

crd::Application application(const std::string &sources, const std::string &sync)
{
    const auto value = object::parseYaml(
        "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, "
        "spec: {"
        + sources + "}, status: {sync: {" + sync + "}}}");
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    return crd::applicationOf(object::Object(value.value_or(object::Value()))).value_or(crd::Application{});
}

std::vector<std::string> revisionsAt(CompareLevel level, const crd::Application &app)
{
    return requestFor(app, {.isNeeded = true, .isHard = false, .level = level, .reason = {}}).revisions;
}

constexpr const char *kOne = "source: {repoURL: r, path: p, targetRevision: main}";
constexpr const char *kTwo = "sources: [{repoURL: r}, {repoURL: s}]";

} // namespace

TEST(RequestFor, OnlyTheRecentLevelKeepsTheRevisionThatWasComparedLast)
{
    const crd::Application app = application(kOne, "revision: abc");
    EXPECT_EQ(revisionsAt(CompareLevel::Recent, app), std::vector<std::string>{"abc"});
    // It compares where there is no tree to be made again: with what Git has now.
    EXPECT_TRUE(revisionsAt(CompareLevel::Nothing, app).empty());
    EXPECT_TRUE(revisionsAt(CompareLevel::Latest, app).empty());
    EXPECT_TRUE(revisionsAt(CompareLevel::LatestForceResolve, app).empty());
}

TEST(RequestFor, SeveralSourcesHaveARevisionEach)
{
    EXPECT_EQ(revisionsAt(CompareLevel::Recent, application(kTwo, "revisions: [abc, def]")),
              (std::vector<std::string>{"abc", "def"}));
    EXPECT_TRUE(revisionsAt(CompareLevel::Recent, application(kTwo, "revision: abc")).empty());
    EXPECT_EQ(revisionsAt(CompareLevel::Recent, application(kOne, "revisions: [abc, def]")),
              std::vector<std::string>{""});
}

TEST(IsOlderVersion, NumbersCountByTheirSize)
{
    EXPECT_TRUE(isOlderVersion("9", "10"));
    EXPECT_TRUE(isOlderVersion("19", "20"));
    EXPECT_FALSE(isOlderVersion("10", "9"));
    EXPECT_FALSE(isOlderVersion("10", "10"));
    EXPECT_TRUE(isOlderVersion("9007199254740993", "18446744073709551616"));
}

TEST(IsOlderVersion, WhatIsNoNumberIsOlderWhereItDiffers)
{
    EXPECT_TRUE(isOlderVersion("", "10"));
    EXPECT_TRUE(isOlderVersion("b", "a"));
    EXPECT_FALSE(isOlderVersion("a", "a"));
}
