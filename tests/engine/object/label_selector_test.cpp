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

/// The same for the text of a selector.
std::optional<bool> textMeets(const std::string &selector)
{
    const Object labelled(parseYaml("metadata: {labels: {tier: gold, empty: '', example.com/x: z}}").value());
    const Expected<std::vector<LabelRequirement>> requirements = selectorRequirementsOf(selector);
    return requirements ? std::optional(meetsLabels(labelled, *requirements)) : std::nullopt;
}

} // namespace

TEST(SelectorText, MeansWhatKubectlMeans)
{
    for (const char *met :
         {"", " ", "tier=gold", "tier == gold", "tier=gold,empty", "empty=", "tier!=silver", "other!=x", "!other",
          "! other", "tier in (silver, gold)", "tier in (gold),empty notin (a,b)", "other notin (gold)",
          "example.com/x = z , tier", "empty in (,a)"})
        EXPECT_EQ(textMeets(met), true) << met;
    for (const char *unmet : {"tier=silver", "tier!=gold", "other", "!tier", "tier in (silver,platinum)",
                              "tier notin (gold)", "other in (gold)", "empty=a"})
        EXPECT_EQ(textMeets(unmet), false) << unmet;
}

TEST(SelectorText, IsRefusedWhereItIsNone)
{
    for (const char *text : {"tier in (gold", "tier in gold", "tier near (gold)", "=gold", ",tier", "tier,",
                             "tier gold", "tier=a b", "!tier=gold", "tier>1", "(tier)"})
        EXPECT_EQ(textMeets(text), std::nullopt) << text;
}

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
