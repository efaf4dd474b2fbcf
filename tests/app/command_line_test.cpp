// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/invocation.h"

#include <gtest/gtest.h>

using namespace tiphys::cli;
using Command = Invocation::Command;

TEST(CommandLine, SplitsTheRangeOfDiff)
{
    const auto parsed = parseCommandLine({"diff", "main...feature/x", "-o", "markdown"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_EQ(parsed.invocation.command, Command::Diff);
    EXPECT_TRUE(parsed.invocation.diff.fromMergeBase);
    EXPECT_EQ(parsed.invocation.diff.a, "main");
    EXPECT_EQ(parsed.invocation.diff.b, "feature/x");
    EXPECT_EQ(parsed.invocation.output, Output::Markdown);
}

TEST(CommandLine, ComparesWithTheWorkingTreeWithoutASecondRevision)
{
    const auto parsed = parseCommandLine({"diff", "HEAD", "--path", "apps/a", "--path", "apps/b"});
    ASSERT_FALSE(parsed.isFinished);
    EXPECT_EQ(parsed.invocation.diff.b, "");
    EXPECT_EQ(parsed.invocation.diff.paths, (std::vector<std::string>{"apps/a", "apps/b"}));
}

TEST(CommandLine, ReadsTheFlagsOfSync)
{
    const auto parsed = parseCommandLine({"app", "sync", "team-a/shop", "--prune", "--async", "--resource",
                                          "apps:Deployment:web", "--context", "prod", "--as", "alice"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    const Invocation &invocation = parsed.invocation;
    EXPECT_EQ(invocation.command, Command::AppSync);
    EXPECT_EQ(invocation.app.name, "team-a/shop");
    EXPECT_TRUE(invocation.app.prunes);
    EXPECT_FALSE(invocation.app.waits);
    EXPECT_EQ(invocation.app.resources, std::vector<std::string>{"apps:Deployment:web"});
    EXPECT_EQ(invocation.connection.context, "prod");
    EXPECT_EQ(invocation.connection.as, "alice");
}

TEST(CommandLine, ReadsTheFlagsOfSet)
{
    const auto parsed = parseCommandLine({"app", "set", "shop", "-p", "image.tag=v2", "-p", "replicas=3", "--values", "a.yaml", "--values", "b.yaml",
                                          "--directory-recurse=false", "--source-position", "2", "--dry-run"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    const Invocation &invocation = parsed.invocation;
    EXPECT_EQ(invocation.command, Command::AppSet);
    EXPECT_EQ(invocation.source.edit.parameters, (std::vector<std::string>{"image.tag=v2", "replicas=3"}));
    EXPECT_EQ(invocation.source.edit.valueFiles, (std::vector<std::string>{"a.yaml", "b.yaml"}));
    EXPECT_EQ(invocation.source.edit.recurses, std::optional(false));
    EXPECT_EQ(invocation.source.position, 2);
    EXPECT_TRUE(invocation.app.isDryRun);
}

TEST(CommandLine, ReadsTheFlagsOfUnset)
{
    const auto parsed = parseCommandLine({"app", "unset", "shop", "--kustomize-image", "nginx", "--nameprefix", "--source-name", "web"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_EQ(parsed.invocation.command, Command::AppUnset);
    EXPECT_EQ(parsed.invocation.source.removal.images, std::vector<std::string>{"nginx"});
    EXPECT_TRUE(parsed.invocation.source.removal.namePrefix);
    EXPECT_EQ(parsed.invocation.source.name, "web");
}

struct UsageCase
{
    std::string name;
    std::vector<std::string> arguments;
    std::string says;
};
class UsageError : public testing::TestWithParam<UsageCase>
{
};

TEST_P(UsageError, ExitsWithTwoAndNamesWhatIsWrong)
{
    const auto parsed = parseCommandLine(GetParam().arguments);
    EXPECT_TRUE(parsed.isFinished);
    EXPECT_EQ(parsed.exitCode, 2);
    EXPECT_TRUE(parsed.standardError.contains(GetParam().says)) << parsed.standardError;
}

INSTANTIATE_TEST_SUITE_P(Cli, UsageError,
                         testing::Values(UsageCase{"UnknownCommand", {"bogus"}, "bogus"},
                                         UsageCase{"UnknownFlag", {"render", "--bogus"}, "--bogus"},
                                         UsageCase{"MissingArgument", {"diff"}, "a is required"},
                                         UsageCase{"UnknownFormat", {"diff", "a", "b", "-o", "pdf"}, "pdf"},
                                         UsageCase{"MissingName", {"app", "sync"}, "name is required"},
                                         UsageCase{"MissingSubcommand", {"app"}, "A subcommand is required"}),
                         [](const auto &row) { return row.param.name; });

TEST(CommandLine, TeachesWithHelp)
{
    const auto parsed = parseCommandLine({"app", "sync", "--help"});
    EXPECT_TRUE(parsed.isFinished);
    EXPECT_EQ(parsed.exitCode, 0);
    EXPECT_TRUE(parsed.standardOutput.contains("--local-engine"));
}

TEST(CommandLine, CompletionKnowsEveryCommand)
{
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        const auto parsed = parseCommandLine({"completion", shell});
        EXPECT_EQ(parsed.exitCode, 0);
        for (const std::string word : {"render", "rollback", "install-crds"})
            EXPECT_TRUE(parsed.standardOutput.contains(word)) << shell << " lacks " << word;
    }
}
