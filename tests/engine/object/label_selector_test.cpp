// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/label_selector.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::object;

namespace {

/// Whether an object with labels {tier: gold, empty: ''} meets \p selector; nothing if that is invalid.
std::optional<bool> meets(const std::string &selector)
{
    const Object labelled(parseYaml("metadata: {labels: {tier: gold, empty: ''}}").value());
    const Expected<std::vector<LabelRequirement>> requirements = labelRequirementsOf(parseYaml(selector).value());
    return requirements ? std::optional(meetsLabels(labelled, *requirements)) : std::nullopt;
}

} // namespace

TEST(LabelSelector, MeansWhatKubernetesMeans)
{
    EXPECT_EQ(meets("{}"), true);
    EXPECT_EQ(meets("{matchLabels: {tier: gold}}"), true);
    EXPECT_EQ(meets("{matchLabels: {tier: gold, other: x}}"), false);
    EXPECT_EQ(meets("{matchExpressions: [{key: tier, operator: In, values: [silver, gold]}]}"), true);
    EXPECT_EQ(meets("{matchExpressions: [{key: other, operator: In, values: [gold]}]}"), false);
    EXPECT_EQ(meets("{matchExpressions: [{key: tier, operator: NotIn, values: [gold]}]}"), false);
    EXPECT_EQ(meets("{matchExpressions: [{key: other, operator: NotIn, values: [gold]}]}"), true);
    EXPECT_EQ(meets("{matchExpressions: [{key: empty, operator: Exists}]}"), true);
    EXPECT_EQ(meets("{matchExpressions: [{key: tier, operator: DoesNotExist}]}"), false);
}

TEST(LabelSelector, RefusesWhatKubernetesRefuses)
{
    EXPECT_EQ(meets("{matchExpressions: [{key: tier, operator: Near}]}"), std::nullopt);
    EXPECT_EQ(meets("{matchExpressions: [{key: tier, operator: In}]}"), std::nullopt);
    EXPECT_EQ(meets("{matchExpressions: [{key: tier, operator: Exists, values: [x]}]}"), std::nullopt);
}
