// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/project.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

Expected<Project> projectFrom(const Value &spec)
{
    return projectOf(object::Object(Value::map({{"metadata", Value::map({{"name", "team"}})}, {"spec", spec}})));
}

TEST(ProjectOf, TellsAnAbsentNamespaceWhitelistFromAnEmptyOne)
{
    EXPECT_FALSE(projectFrom(Value::map({}))->spec.namespaceResourceWhitelist.has_value());
    const Expected<Project> none = projectFrom(Value::map({{"namespaceResourceWhitelist", Value::list({})}}));
    ASSERT_TRUE(none->spec.namespaceResourceWhitelist.has_value());
    EXPECT_TRUE(none->spec.namespaceResourceWhitelist->empty());
}

TEST(ProjectOf, ReadsWindowsRolesAndOrphans)
{
    const Value window = Value::map({{"kind", "deny"},
                                     {"schedule", "0 22 * * *"},
                                     {"duration", "1h"},
                                     {"applications", Value::list({"*"})},
                                     {"manualSync", true},
                                     {"andOperator", true},
                                     {"timeZone", "Europe/Berlin"}});
    const Value role = Value::map({{"name", "ci"},
                                   {"policies", Value::list({"p, x"})},
                                   {"jwtTokens", Value::list({Value::map({{"iat", 1535390316}})})}});
    const Expected<Project> project = projectFrom(
        Value::map({{"syncWindows", Value::list({window})},
                    {"roles", Value::list({role})},
                    {"orphanedResources", Value::map({{"ignore", Value::list({Value::map({{"kind", "Secret"}})})}})}}));

    ASSERT_TRUE(project) << project.error().text();
    EXPECT_EQ(project->spec.syncWindows[0].kind, "deny");
    EXPECT_TRUE(project->spec.syncWindows[0].useAndOperator);
    EXPECT_EQ(project->spec.roles[0].tokens[0].issuedAt, 1535390316);
    EXPECT_EQ(project->spec.orphanedResources->warn, std::nullopt);
    EXPECT_EQ(project->spec.orphanedResources->ignore[0].kind, "Secret");
}

TEST(ProjectOf, RefusesAFieldOfAWrongType)
{
    const Expected<Project> project = projectFrom(Value::map({{"sourceRepos", "https://example.org"}}));
    ASSERT_FALSE(project);
    EXPECT_EQ(project.error().message(), "spec.sourceRepos: must be a list of text, is text");
}

TEST(DefaultProject, AllowsEverything)
{
    const Project project = defaultProject("argocd");
    EXPECT_EQ(project.name(), "default");
    EXPECT_EQ(project.spec.sourceRepos, (std::vector<std::string>{"*"}));
    EXPECT_EQ(project.spec.destinations, (std::vector<Destination>{{"*", "*", ""}}));
    EXPECT_EQ(project.spec.clusterResourceWhitelist, (std::vector<KindPattern>{{"*", "*", ""}}));
}

} // namespace
} // namespace tiphys::crd
