// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/settings_file.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

TEST(SettingsFile, IsAConfigMapOrItsData)
{
    EXPECT_EQ(settingsDataIn("kind: ConfigMap\ndata: {a: b}")->operator[]("a").stringOr(), "b");
    EXPECT_EQ(settingsDataIn("a: b")->operator[]("a").stringOr(), "b");
    EXPECT_TRUE(settingsDataIn("")->isNull());
    EXPECT_EQ(settingsDataIn("[a]").error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(settingsDataIn("data: {a: b}")->operator[]("a").stringOr(), "b");
    EXPECT_EQ(settingsDataIn("kind: Deployment\nmetadata: {name: a}").error().code(), ErrorCode::InvalidInput);
}

TEST(SettingsFile, ItsKeysStandAboveThoseOfTheCluster)
{
    const object::Value data = object::Value::map({{"a", "cluster"}, {"b", "cluster"}});
    const object::Value merged = settingsDataWith(data, object::Value::map({{"b", "workspace"}, {"c", "workspace"}}));
    EXPECT_EQ(merged["a"].stringOr(), "cluster");
    EXPECT_EQ(merged["b"].stringOr(), "workspace");
    EXPECT_EQ(merged["c"].stringOr(), "workspace");
    EXPECT_EQ(settingsDataWith(data, {}), data);
    EXPECT_EQ(settingsDataWith({}, data), data);
}

} // namespace
} // namespace tiphys::compare
