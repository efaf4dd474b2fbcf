// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "policy/global_projects.h"

#include <gtest/gtest.h>

#include <map>

using namespace tiphys;
using namespace tiphys::policy;

namespace {

crd::Project projectNamed(const std::string &name, const std::string &labels = "{}")
{
    return crd::projectOf(
               object::Object(object::parseYaml("apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: "
                                                + name + ", labels: " + labels + "}\nspec: {}\n")
                                  .value()))
        .value();
}

/// Names of the global projects of a project with \p labels; "base" and "more" exist.
std::vector<std::string> globalsOf(const std::string &labels, const std::string &rules,
                                   const std::string &name = "team")
{
    const auto find = [](const std::string &wanted) {
        return wanted == "base" || wanted == "more" ? std::optional(projectNamed(wanted)) : std::nullopt;
    };
    std::vector<std::string> names;
    for (const crd::Project &global :
         globalProjectsOf(projectNamed(name, labels), globalProjectRulesOf(rules).value(), find))
        names.emplace_back(global.name());
    return names;
}

using Names = std::vector<std::string>;

} // namespace

TEST(GlobalProjects, AreThoseWhoseSelectorMatches)
{
    const std::string rules = "- {projectName: base, labelSelector: {matchLabels: {tier: gold}}}\n"
                              "- {projectName: more, labelSelector: {matchExpressions: [{key: tier, operator: In, "
                              "values: [gold, silver]}]}}\n";
    EXPECT_EQ(globalsOf("{tier: gold}", rules), (Names{"base", "more"}));
    EXPECT_EQ(globalsOf("{tier: silver}", rules), (Names{"more"}));
    EXPECT_EQ(globalsOf("{}", rules), Names());
}

TEST(GlobalProjects, OperatorsMeanWhatKubernetesMeans)
{
    const auto rule = [](const std::string &expression) {
        return "- {projectName: base, labelSelector: {matchExpressions: [" + expression + "]}}";
    };
    EXPECT_EQ(globalsOf("{}", rule("{key: tier, operator: NotIn, values: [gold]}")), Names{"base"});
    EXPECT_EQ(globalsOf("{tier: gold}", rule("{key: tier, operator: NotIn, values: [gold]}")), Names());
    EXPECT_EQ(globalsOf("{tier: ''}", rule("{key: tier, operator: Exists}")), Names{"base"});
    EXPECT_EQ(globalsOf("{tier: x}", rule("{key: tier, operator: DoesNotExist}")), Names());
}

TEST(GlobalProjects, WithoutSelectorCountForAllButThemselves)
{
    EXPECT_EQ(globalsOf("{}", "- {projectName: base}"), Names{"base"});
    EXPECT_EQ(globalsOf("{}", "- {projectName: base}\n- {projectName: more}", "base"), Names{"more"});
}

TEST(GlobalProjects, AnInvalidSelectorOrAMissingProjectEndsTheList)
{
    EXPECT_EQ(globalsOf("{}", "- {projectName: gone}\n- {projectName: base}"), Names());
    EXPECT_EQ(globalsOf("{}", "- {projectName: more}\n- {projectName: base, labelSelector: {matchExpressions: [{key: "
                              "a, operator: Near}]}}\n- {projectName: base}"),
              Names{"more"});
}

TEST(GlobalProjects, TextThatIsNoListIsRefused)
{
    EXPECT_TRUE(globalProjectRulesOf("").value().empty());
    EXPECT_EQ(globalProjectRulesOf("a: b").error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(globalProjectRulesOf("- [").error().code(), ErrorCode::InvalidInput);
}
