// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/diff_view.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

object::Object yaml(const std::string &text)
{
    const auto value = object::parseYaml(text);
    EXPECT_TRUE(value) << text;
    return object::Object(value.value_or(object::Value()));
}

std::string allText(const service::ResourceDiff &diff)
{
    std::string text;
    for (const service::DiffLine &line : diff.lines)
        text += line.text + "\n";
    return text;
}

} // namespace

TEST(DiffView, CountsAndMarksLines)
{
    const auto diff =
        control::diffViewOf(yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1'}}"),
                            yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '2'}}"));
    EXPECT_EQ(diff.change, service::ChangeKind::Changed);
    EXPECT_EQ(diff.added, 1);
    EXPECT_EQ(diff.removed, 1);
    EXPECT_EQ(diff.key.name, "a");
}

TEST(DiffView, NeverShowsSecretValues)
{
    const auto diff = control::diffViewOf(
        yaml("{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {password: aHVudGVyMg==}}"),
        yaml("{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {password: aHVudGVyMw==}}"));
    EXPECT_FALSE(allText(diff).contains("aHVudGVy"));
    EXPECT_EQ(diff.added, 1);
    EXPECT_FALSE(
        control::manifestText(yaml("{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {p: aHVudGVyMg==}}"))
            .contains("aHVudGVy"));
}

TEST(DiffView, LeavesManagedFieldsOutOfManifests)
{
    const std::string text = control::manifestText(
        yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, managedFields: [{manager: x}]}}"));
    EXPECT_FALSE(text.contains("managedFields"));
    EXPECT_TRUE(text.contains("name: a"));
}
