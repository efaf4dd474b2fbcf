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
                                         UsageCase{"MissingArgument", {"diff"}, "diff needs A"},
                                         UsageCase{"UnknownFormat", {"diff", "a", "b", "-o", "pdf"}, "-o takes text, json, yaml or markdown, not 'pdf'"},
                                         UsageCase{"MissingName", {"app", "sync"}, "app sync needs NAME"},
                                         UsageCase{"MissingSubcommand", {"app"}, "app needs a command: list, get, tree"},
                                         UsageCase{"MisspelledCommand", {"app", "syncc", "x"}, "app has no command 'syncc'; did you mean 'sync'?"},
                                         UsageCase{"MisspelledFirstWord", {"rendr", "x"}, "there is no command 'rendr'; did you mean 'render'?"},
                                         UsageCase{"MisspelledFlag", {"app", "sync", "x", "--prun"}, "app sync does not take --prun; did you mean '--prune'?"},
                                         UsageCase{"NotANumber", {"app", "sync", "x", "--timeout", "abc"}, "--timeout takes a whole number, not 'abc'"},
                                         UsageCase{"OutOfRange", {"engine", "run", "--metrics-port", "99999"}, "--metrics-port takes a number from 0 to 65535, not '99999'"},
                                         UsageCase{"NotAmongTheWords", {"app", "delete", "x", "--cascade", "no"}, "--cascade takes foreground, background or none, not 'no'"},
                                         UsageCase{"UnknownShell", {"completion", "tcsh"}, "SHELL takes bash, zsh or fish, not 'tcsh'"},
                                         UsageCase{"MissingValue", {"app", "list", "--context"}, "--context needs a value"},
                                         UsageCase{"OneTooMany", {"app", "get", "x", "y"}, "app get takes no further argument 'y'"},
                                         UsageCase{"SharedFlagWhereNoneIs", {"--context", "prod", "demo"}, "demo does not take --context"}),
                         [](const auto &row) { return row.param.name; });

TEST(CommandLine, TakesSharedFlagsBeforeTheCommand)
{
    const auto parsed = parseCommandLine({"--context", "prod", "-n", "team", "-ojson", "app", "list"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_EQ(parsed.invocation.command, Command::AppList);
    EXPECT_EQ(parsed.invocation.connection.context, "prod");
    EXPECT_EQ(parsed.invocation.connection.ns, "team");
    EXPECT_EQ(parsed.invocation.output, Output::Json);
}

TEST(CommandLine, ReadsTheFlagsOfLogs)
{
    const auto parsed = parseCommandLine({"app", "logs", "shop", "-fp", "--since", "5m", "-c", "web", "--tail", "-1"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_TRUE(parsed.invocation.app.follows && parsed.invocation.app.showsPrevious);
    EXPECT_EQ(parsed.invocation.app.since, "5m");
    EXPECT_EQ(parsed.invocation.app.container, "web");
    EXPECT_EQ(parsed.invocation.app.tailLines, -1);
}

TEST(CommandLine, PrintsYamlWhereItPrintsJson)
{
    const std::vector<std::vector<std::string>> commands = {
        {"diff", "a"}, {"health"}, {"cluster", "list"}, {"app", "tree", "x"}, {"app", "diff", "x"}, {"app", "sync", "x"},
        {"app", "history", "x"}, {"app", "wait", "x"}, {"app", "refresh", "x"}, {"app", "terminate", "x"}, {"app", "delete", "x"},
        {"app", "create", "x"}, {"app", "rollback", "x"}};
    for (std::vector<std::string> command : commands) {
        command.insert(command.end(), {"-o", "YAML"});
        const auto parsed = parseCommandLine(command);
        EXPECT_FALSE(parsed.isFinished) << command[0] << " " << command[1] << ": " << parsed.standardError;
        EXPECT_EQ(parsed.invocation.output, Output::Yaml);
    }
}

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
        for (const std::string word : {"render", "rollback", "install-crds", "tiphysctl_contexts", "text json yaml"})
            EXPECT_TRUE(parsed.standardOutput.contains(word)) << shell << " lacks " << word;
    }
}
