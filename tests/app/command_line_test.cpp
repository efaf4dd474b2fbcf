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

TEST(CommandLine, TakesTwoDotsForTwoRevisions)
{
    const auto parsed = parseCommandLine({"diff", "main..feature/x"});
    EXPECT_FALSE(parsed.invocation.diff.fromMergeBase);
    EXPECT_EQ(parsed.invocation.diff.a, "main");
    EXPECT_EQ(parsed.invocation.diff.b, "feature/x");
    EXPECT_EQ(parseCommandLine({"diff", "...main"}).invocation.diff.a, "HEAD");
    EXPECT_EQ(parseCommandLine({"diff", "main...feature", "other"}).exitCode, 2);
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

TEST(CommandLine, ChoosesApplicationsByNamesLabelsOrProjects)
{
    const auto named = parseCommandLine({"app", "sync", "shop", "team-b/blog", "--prune"});
    ASSERT_FALSE(named.isFinished) << named.standardError;
    EXPECT_EQ(named.invocation.app.names, (std::vector<std::string>{"shop", "team-b/blog"}));
    EXPECT_TRUE(named.invocation.app.prunes);
    const auto chosen = parseCommandLine({"app", "sync", "-l", "team in (a,b)", "--project", "x", "--project", "y"});
    ASSERT_FALSE(chosen.isFinished) << chosen.standardError;
    EXPECT_EQ(chosen.invocation.app.selector, "team in (a,b)");
    EXPECT_EQ(chosen.invocation.app.projects, (std::vector<std::string>{"x", "y"}));
    EXPECT_FALSE(parseCommandLine({"app", "wait", "a", "b", "--health", "--suspended"}).isFinished);
    EXPECT_FALSE(parseCommandLine({"app", "delete", "-l", "a=b", "--yes"}).isFinished);
    EXPECT_EQ(parseCommandLine({"app", "list", "-N", "team"}).invocation.connection.ns, "team");
}

TEST(CommandLine, ANameThatIsGivenTwiceCountsOnce)
{
    EXPECT_EQ(parseCommandLine({"app", "sync", "shop", "blog", "shop"}).invocation.app.names,
              (std::vector<std::string>{"shop", "blog"}));
    const auto one = parseCommandLine({"app", "wait", "shop", "shop"});
    EXPECT_EQ(one.invocation.app.names, (std::vector<std::string>{"shop"}));
    EXPECT_EQ(one.invocation.app.name, "shop");
}

TEST(CommandLine, ReadsTheRetriesAndRevisionsOfSync)
{
    const auto parsed = parseCommandLine({"app",
                                          "sync",
                                          "shop",
                                          "--retry-limit",
                                          "-1",
                                          "--retry-backoff-duration",
                                          "1m30s",
                                          "--retry-backoff-factor",
                                          "3",
                                          "--retry-refresh",
                                          "--revisions",
                                          "v1",
                                          "--source-positions",
                                          "2",
                                          "--revisions",
                                          "v2",
                                          "--source-positions",
                                          "1",
                                          "--strategy",
                                          "apply",
                                          "--apply-out-of-sync-only",
                                          "--info",
                                          "why=a=b",
                                          "--resource",
                                          "!*:Service:*"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    const AppFlags &flags = parsed.invocation.app;
    EXPECT_EQ(flags.retry.limit, -1);
    EXPECT_EQ(flags.retry.duration, "1m30s");
    EXPECT_EQ(flags.retry.maxDuration, "");
    EXPECT_EQ(flags.retry.factor, 3);
    EXPECT_TRUE(flags.retry.refreshes && flags.appliesOutOfSyncOnly);
    EXPECT_EQ(flags.revisions, (std::vector<std::string>{"v1", "v2"}));
    EXPECT_EQ(flags.sourcePositions, (std::vector<int>{2, 1}));
    EXPECT_EQ(flags.strategy, "apply");
    EXPECT_EQ(flags.info, std::vector<std::string>{"why=a=b"});
    EXPECT_EQ(flags.resources, std::vector<std::string>{"!*:Service:*"});
}

TEST(CommandLine, TakesWordsOfArgocd)
{
    const auto cascadeOf = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"app", "delete", "shop"});
        const auto parsed = parseCommandLine(arguments);
        EXPECT_FALSE(parsed.isFinished) << parsed.standardError;
        return parsed.invocation.app.cascade;
    };
    EXPECT_EQ(cascadeOf({"--cascade=false"}), "none");
    EXPECT_EQ(cascadeOf({"--cascade=true"}), "foreground");
    EXPECT_EQ(cascadeOf({"-p", "background"}), "background");
    EXPECT_EQ(cascadeOf({"--cascade=false", "-p", "background"}), "none");
    EXPECT_EQ(parseCommandLine({"app", "terminate-op", "shop"}).invocation.command, Command::AppTerminate);
    EXPECT_EQ(parseCommandLine({"app", "list", "-o", "wide"}).invocation.output, Output::Text);
    EXPECT_EQ(parseCommandLine({"app", "list", "-o", "name"}).invocation.output, Output::Name);
    EXPECT_EQ(parseCommandLine({"app", "get", "shop", "-o", "tree"}).invocation.output, Output::Tree);
    const auto listed = parseCommandLine({"app", "actions", "list", "shop"});
    EXPECT_EQ(listed.invocation.app.name, "shop");
    EXPECT_EQ(listed.invocation.action.name, "");
    const auto run = parseCommandLine({"app", "actions", "run", "shop", "restart", "--kind", "Deployment"});
    ASSERT_FALSE(run.isFinished) << run.standardError;
    EXPECT_EQ(run.invocation.app.name, "shop");
    EXPECT_EQ(run.invocation.action.name, "restart");
    EXPECT_EQ(parseCommandLine({"app", "actions", "list"}).invocation.app.name, "list");
}

TEST(CommandLine, TakesColoursAwayInAWordThatTheHelpShows)
{
    EXPECT_TRUE(parseCommandLine({"rollout", "get", "x"}).invocation.rollout.hasColours);
    EXPECT_FALSE(parseCommandLine({"rollout", "get", "x", "--no-color"}).invocation.rollout.hasColours);
    EXPECT_TRUE(parseCommandLine({"experiment", "get", "x", "--no-color=false"}).invocation.rollout.hasColours);
    const auto help = parseCommandLine({"rollout", "get", "--help"}).standardOutput;
    EXPECT_TRUE(help.contains("--no-color ")) << help;
    EXPECT_FALSE(help.contains("{false}")) << help;
}

TEST(CommandLine, TakesAnArgumentAfterAnOptionThatMayBeGivenSeveralTimes)
{
    const auto sync =
        parseCommandLine({"app", "sync", "--resource", "apps:Deployment:web", "--resource", ":Service:web", "shop"});
    EXPECT_FALSE(sync.isFinished) << sync.standardError;
    EXPECT_EQ(sync.invocation.app.resources.size(), 2U);
    EXPECT_EQ(sync.invocation.app.name, "shop");
    const auto diff = parseCommandLine({"diff", "--path", "apps/shop", "main~1", "main"});
    EXPECT_FALSE(diff.isFinished) << diff.standardError;
    EXPECT_EQ(diff.invocation.diff.paths, std::vector<std::string>{"apps/shop"});
    EXPECT_EQ(diff.invocation.diff.b, "main");
    const auto render = parseCommandLine({"render", "-a", "a/v1,b/v1", "charts/web"});
    EXPECT_FALSE(render.isFinished) << render.standardError;
    EXPECT_EQ(render.invocation.render.apiVersions, (std::vector<std::string>{"a/v1", "b/v1"}));
    EXPECT_EQ(render.invocation.render.source, "charts/web");
    const auto images = parseCommandLine({"rollout", "set-image", "--as-group", "ops", "shop/web", "a=x:1", "b=y:2"});
    EXPECT_FALSE(images.isFinished) << images.standardError;
    EXPECT_EQ(images.invocation.rollout.images, (std::vector<std::string>{"a=x:1", "b=y:2"}));
}

TEST(CommandLine, TakesAnEmptyValueAfterAnEqualSign)
{
    const auto parsed =
        parseCommandLine({"app", "set", "shop", "--directory-include=", "--dest-server=", "--path", "a="});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_EQ(parsed.invocation.source.edit.include, std::optional<std::string>(""));
    EXPECT_EQ(parsed.invocation.source.spec.destinationServer, std::optional<std::string>(""));
    EXPECT_EQ(parsed.invocation.source.edit.path, std::optional<std::string>("a="));
}

TEST(CommandLine, TakesTimesAsPeopleWriteThem)
{
    const auto secondsOf = [](const char *text) {
        const auto parsed = parseCommandLine({"rollout", "status", "shop", "-t", text});
        EXPECT_FALSE(parsed.isFinished) << parsed.standardError;
        return parsed.invocation.rollout.timeoutSeconds;
    };
    EXPECT_EQ(secondsOf("90"), 90);
    EXPECT_EQ(secondsOf("3s"), 3);
    EXPECT_EQ(secondsOf("1h30m"), 5400);
    EXPECT_EQ(secondsOf("1500ms"), 2);
    EXPECT_EQ(secondsOf("0"), 0);
    EXPECT_TRUE(parseCommandLine({"rollout", "status", "shop", "-t", "-3s"}).isFinished);
    EXPECT_TRUE(parseCommandLine({"rollout", "status", "shop", "-t", "99999999999"}).isFinished);
}

TEST(CommandLine, ReadsTheFlagsOfSet)
{
    const auto parsed =
        parseCommandLine({"app", "set", "shop", "-p", "image.tag=v2", "-p", "replicas=3", "--values", "a.yaml",
                          "--values", "b.yaml", "--directory-recurse=false", "--source-position", "2", "--dry-run"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    const Invocation &invocation = parsed.invocation;
    EXPECT_EQ(invocation.command, Command::AppSet);
    EXPECT_EQ(invocation.source.edit.parameters, (std::vector<std::string>{"image.tag=v2", "replicas=3"}));
    EXPECT_EQ(invocation.source.edit.valueFiles, (std::vector<std::string>{"a.yaml", "b.yaml"}));
    EXPECT_EQ(invocation.source.edit.recurses, std::optional(false));
    EXPECT_EQ(invocation.source.position, 2);
    EXPECT_TRUE(invocation.app.isDryRun);
}

TEST(CommandLine, ReadsTheFlagsOfSetBesideTheSource)
{
    const auto parsed = parseCommandLine({"app",
                                          "set",
                                          "--sync-option",
                                          "A=true",
                                          "--sync-option",
                                          "!B=1",
                                          "shop",
                                          "--dest-server",
                                          "",
                                          "--dest-name",
                                          "far",
                                          "--sync-policy",
                                          "auto",
                                          "--self-heal",
                                          "--auto-prune=false",
                                          "--revision-history-limit",
                                          "0",
                                          "--sync-retry-limit",
                                          "3",
                                          "--sync-retry-backoff-duration",
                                          "1m30s",
                                          "--validate=false"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    const auto &edit = parsed.invocation.source.spec;
    EXPECT_EQ(parsed.invocation.app.name, "shop");
    EXPECT_EQ(edit.syncOptions, (std::vector<std::string>{"A=true", "!B=1"}));
    EXPECT_EQ(edit.destinationServer, std::optional<std::string>(""));
    EXPECT_EQ(edit.destinationName, std::optional<std::string>("far"));
    EXPECT_EQ(edit.destinationNamespace, std::nullopt);
    EXPECT_EQ(edit.syncPolicy, std::optional<std::string>("auto"));
    EXPECT_EQ(edit.selfHeals, std::optional(true));
    EXPECT_EQ(edit.prunes, std::optional(false));
    EXPECT_EQ(edit.allowsEmpty, std::nullopt);
    EXPECT_EQ(edit.revisionHistoryLimit, std::optional<std::int64_t>(0));
    EXPECT_EQ(edit.retryLimit, std::optional<std::int64_t>(3));
    EXPECT_EQ(edit.retryDuration->text(), "1m30s");
    EXPECT_FALSE(parsed.invocation.source.validates);
}

TEST(CommandLine, ReadsTheFlagsOfUnset)
{
    const auto parsed = parseCommandLine(
        {"app", "unset", "shop", "--kustomize-image", "nginx", "--nameprefix", "--source-name", "web"});
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

INSTANTIATE_TEST_SUITE_P(
    Cli, UsageError,
    testing::Values(
        UsageCase{"UnknownCommand", {"bogus"}, "bogus"}, UsageCase{"UnknownFlag", {"render", "--bogus"}, "--bogus"},
        UsageCase{"MissingArgument", {"diff"}, "diff needs A"},
        UsageCase{"UnknownFormat", {"diff", "a", "b", "-o", "pdf"}, "-o takes text, json, yaml or markdown, not 'pdf'"},
        UsageCase{"BrokenSelector", {"app", "list", "-l", "x in (y"}, "--selector takes a label selector like"},
        UsageCase{"UnknownPolicy", {"app", "set", "shop", "--sync-policy", "often"}, "--sync-policy takes"},
        UsageCase{"RetryTime",
                  {"app", "set", "shop", "--sync-retry-backoff-duration", "5"},
                  "takes a time like 30s, 5m or 1h, not '5'"},
        UsageCase{"SingleDash", {"app", "list", "-"}, "app list takes no further argument '-'"},
        UsageCase{"MissingName", {"app", "sync"}, "app sync needs NAME"},
        UsageCase{"MissingSubcommand", {"app"}, "app needs a command: list, get, tree"},
        UsageCase{"MisspelledCommand", {"app", "syncc", "x"}, "app has no command 'syncc'; did you mean 'sync'?"},
        UsageCase{"ExchangedLetters", {"app", "sycn", "x"}, "app has no command 'sycn'; did you mean 'sync'?"},
        UsageCase{"WordOfOtherPrograms", {"rollout", "ls"}, "rollout has no command 'ls'; did you mean 'list'?"},
        UsageCase{"ShortKind", {"ro", "list"}, "there is no command 'ro'; did you mean 'rollout'?"},
        UsageCase{
            "CommandOfAGroup", {"promote", "web"}, "there is no command 'promote'; did you mean 'rollout promote'?"},
        UsageCase{"CommandOfGroups",
                  {"get", "rollout", "web"},
                  "there is no command 'get'; did you mean 'app get', 'rollout get' or 'experiment get'?"},
        UsageCase{"TwoWordsOfTheKubectlPlugin",
                  {"rollout", "set", "image", "web", "web=a:1"},
                  "rollout has no command 'set'; did you mean 'set-image'?"},
        UsageCase{"MisspelledFirstWord", {"rendr", "x"}, "there is no command 'rendr'; did you mean 'render'?"},
        UsageCase{
            "MisspelledFlag", {"app", "sync", "x", "--prun"}, "app sync does not take --prun; did you mean '--prune'?"},
        UsageCase{"NotANumber",
                  {"app", "sync", "x", "--timeout", "abc"},
                  "--timeout takes a time like 90, 5m or 1h30m, not 'abc'"},
        UsageCase{"OutOfRange",
                  {"engine", "run", "--metrics-port", "99999"},
                  "--metrics-port takes a number from 0 to 65535, not '99999'"},
        UsageCase{"PortOfTheDemo", {"demo", "--port", "99999"}, "--port takes a number from 0 to 65535, not '99999'"},
        UsageCase{"NotAmongTheWords",
                  {"app", "delete", "x", "--cascade", "no"},
                  "--cascade takes foreground, background or none, not 'no'"},
        UsageCase{"UnknownShell", {"completion", "tcsh"}, "SHELL takes bash, zsh or fish, not 'tcsh'"},
        UsageCase{"MissingValue", {"app", "list", "--context"}, "--context needs a value"},
        UsageCase{"OneTooMany", {"app", "get", "x", "y"}, "app get takes no further argument 'y'"},
        UsageCase{"ResourceForm",
                  {"app", "logs", "x", "--resource", "Deployment:web"},
                  "must have the form GROUP:KIND:[NAMESPACE/]NAME"},
        UsageCase{"ResourceFormOfSync", {"app", "sync", "x", "--resource", "web"}, "resource 'web' must have the form"},
        UsageCase{"NamesAndLabels",
                  {"app", "sync", "x", "-l", "a=b"},
                  "app sync takes names, or --selector and --project, not both"},
        UsageCase{"NothingToWaitFor", {"app", "wait"}, "app wait needs NAME or --selector"},
        UsageCase{"NothingToDelete", {"app", "delete", "--yes"}, "app delete needs NAME or --selector"},
        UsageCase{"RevisionsWithoutPlaces", {"app", "sync", "x", "--revisions", "v1"}, "each --revisions needs"},
        UsageCase{"RevisionsOfSeveral",
                  {"app", "sync", "x", "y", "--revisions", "v1", "--source-positions", "1"},
                  "for one application"},
        UsageCase{"RevisionsOfADiffWithoutPlaces", {"app", "diff", "x", "--revisions", "v1"}, "each --revisions needs"},
        UsageCase{"RevisionsByTwo",
                  {"app", "manifests", "x", "--revisions", "v1", "--source-positions", "1", "--source-names", "a"},
                  "not by both"},
        UsageCase{"LocalAtRevisions",
                  {"app", "diff", "x", "--local", ".", "--revisions", "v1", "--source-positions", "1"},
                  "--revisions"},
        UsageCase{"InfoForm", {"app", "sync", "x", "--info", "why"}, "--info takes NAME=VALUE, not 'why'"},
        UsageCase{"LabelForm", {"app", "sync", "x", "--label", "a=b=c"}, "--label takes NAME=VALUE, not 'a=b=c'"},
        UsageCase{"UnknownStrategy",
                  {"app", "sync", "x", "--strategy", "often"},
                  "--strategy takes apply or hook, not 'often'"},
        UsageCase{"PatternForm", {"app", "wait", "x", "--resource", "!web"}, "resource 'web' must have the form"},
        UsageCase{
            "WordsOfActions", {"app", "actions", "x", "y"}, "app actions takes NAME, list NAME, or run NAME ACTION"},
        UsageCase{"LogTime", {"app", "logs", "x", "--since", "x"}, "--since takes a time like 5m or 1h30m, not 'x'"},
        UsageCase{"LogEnd",
                  {"app", "logs", "x", "--until-time", "noon"},
                  "--until-time takes a time like 2026-01-31T12:30:00Z, not 'noon'"},
        UsageCase{"OneOfAllContainers", {"app", "logs", "x", "-c", "web", "--all-containers"}, "--container"},
        UsageCase{"CreateNothing", {"app", "create", "x"}, "app create needs NAME and --repo, or -f FILE"},
        UsageCase{"SetNothing", {"app", "set", "x"}, "say at least one parameter to set"},
        UsageCase{"UnsetNothing", {"app", "unset", "x", "--dry-run"}, "say at least one parameter to take away"},
        UsageCase{"SourceAndHydrator",
                  {"app", "set", "x", "--path", "a", "--dry-source-path", "b"},
                  "a source or a source hydrator"},
        UsageCase{"AddNothing",
                  {"app", "add-source", "x", "--source-name", "web"},
                  "say what the source is: --repo, and --path, --helm-chart or --ref"},
        UsageCase{"RemoveNothing",
                  {"app", "remove-source", "x"},
                  "app remove-source needs --source-position or --source-name"},
        UsageCase{"RemoveByTwo",
                  {"app", "remove-source", "x", "--source-position", "1", "--source-name", "web"},
                  "--source-position"},
        UsageCase{"PatchForm",
                  {"app", "patch", "x", "--patch", "{}"},
                  "--patch takes a list of operations; --type merge takes a map of fields"},
        UsageCase{"MergePatchForm",
                  {"app", "patch", "x", "--type", "merge", "--patch", "[]"},
                  "--patch takes a map of fields with --type merge"},
        UsageCase{"PatchWithoutText", {"app", "patch", "x"}, "--patch"},
        UsageCase{"KindOfResource", {"app", "get-resource", "x"}, "app get-resource needs --kind"},
        UsageCase{"KindToDelete", {"app", "delete-resource", "x", "--all"}, "app delete-resource needs --kind"},
        UsageCase{"ResourcePatchWithoutText",
                  {"app", "patch-resource", "x", "--kind", "Pod"},
                  "app patch-resource needs --patch"},
        UsageCase{"ResourcePatchOfNoType",
                  {"app", "patch-resource", "x", "--kind", "Pod", "--patch", "{}", "--patch-type", "merge"},
                  "--patch-type takes"},
        UsageCase{"ResourcePatchForm",
                  {"app", "patch-resource", "x", "--kind", "Pod", "--patch", "[]"},
                  "--patch takes a map of fields with --patch-type application/merge-patch+json"},
        UsageCase{"ResourcePatchOperations",
                  {"app", "patch-resource", "x", "--kind", "Pod", "--patch", "{}", "--patch-type",
                   "application/json-patch+json"},
                  "--patch takes a list of operations"},
        UsageCase{"LocalAtARevision", {"app", "diff", "x", "--local", ".", "--revision", "v1"}, "--revision"},
        UsageCase{"LocalOfSeveral", {"app", "sync", "x", "y", "--local", "."}, "--local is for one application"},
        UsageCase{"PartOfNothing", {"app", "diff", "x", "--local-include", "*.yaml"}, "--local"},
        UsageCase{"RootOfNothing", {"app", "diff", "x", "--local-repo-root", "."}, "--local"},
        UsageCase{
            "ActionParameter", {"app", "actions", "x", "--run", "scale", "--param", "3"}, "not of the form NAME=VALUE"},
        UsageCase{"ImageForm", {"rollout", "set-image", "x", "web"}, "'web' must have the form CONTAINER=IMAGE"},
        UsageCase{"RolloutOfNoName", {"rollout", "promote", ""}, "NAME takes NAME or NAMESPACE/NAME, not ''"},
        UsageCase{"RolloutOfANamespaceAlone",
                  {"rollout", "set-image", "shop/", "a=b"},
                  "NAME takes NAME or NAMESPACE/NAME, not 'shop/'"},
        UsageCase{"RolloutOfAPath", {"experiment", "get", "a/b/c"}, "NAME takes NAME or NAMESPACE/NAME, not 'a/b/c'"},
        UsageCase{"NeitherTrueNorFalse",
                  {"rollout", "status", "x", "-w", "maybe"},
                  "--watch takes true or false, not 'maybe'"},
        UsageCase{"FlagNeitherTrueNorFalse",
                  {"app", "diff", "x", "--exit-code=maybe"},
                  "--exit-code takes true or false, not 'maybe'"},
        UsageCase{"RestartTime",
                  {"rollout", "restart", "x", "--in", "soon"},
                  "--in takes a time like 30s, 5m or 1h, not 'soon'"},
        UsageCase{
            "SimulationTime", {"rollout", "simulate", "-f", "x", "--at", "noon"}, "--at takes a time of the form"},
        UsageCase{"NoContextForAServer", {"cluster", "use", "https://x"}, "name a CONTEXT, or --forget"},
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

TEST(CommandLine, TakesSharedFlagsBetweenAGroupAndItsCommand)
{
    using Words = std::vector<std::string>;
    for (const Words &words : {Words{"app", "--context", "prod", "-n", "team", "-ojson", "get", "shop"},
                               {"--context=prod", "app", "--namespace=team", "get", "shop", "-o", "json"},
                               {"-q", "--context", "prod", "app", "-N", "team", "get", "shop", "--output=json"},
                               {"app", "get", "--context", "prod", "shop", "--app-namespace", "team", "-ojson"}}) {
        const auto parsed = parseCommandLine(words);
        ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
        EXPECT_EQ(parsed.invocation.command, Command::AppGet);
        EXPECT_EQ(parsed.invocation.app.name, "shop");
        EXPECT_EQ(parsed.invocation.connection.context, "prod");
        EXPECT_EQ(parsed.invocation.connection.ns, "team");
        EXPECT_EQ(parsed.invocation.output, Output::Json);
    }
    const auto logs = parseCommandLine({"app", "--namespace", "team", "logs", "--namespace", "web", "shop"});
    EXPECT_EQ(logs.invocation.connection.ns, "team");
    EXPECT_EQ(logs.invocation.appAction.ns, "web");
    EXPECT_EQ(parseCommandLine({"rollout", "-n", "team", "list"}).invocation.connection.ns, "team");
    EXPECT_EQ(parseCommandLine({"app", "-n", "a", "list", "-n", "b"}).invocation.connection.ns, "a,b")
        << "in their order";
    EXPECT_EQ(parseCommandLine({"--context", "app", "app", "list"}).invocation.connection.context, "app")
        << "a value is no command";
    EXPECT_EQ(parseCommandLine({"render", "-o", "json", "-n", "team", "apps/shop"}).invocation.render.ns, "team");
    EXPECT_EQ(parseCommandLine({"render", "-o", "json", "--", "-odd"}).invocation.render.source, "-odd");
}

TEST(CommandLine, TakesNoFlagOfOneValueTwice)
{
    using Words = std::vector<std::string>;
    for (const Words &words : {Words{"--context", "a", "app", "get", "shop", "--context", "b"},
                               {"app", "--context", "a", "get", "--context", "b", "shop"}}) {
        const auto parsed = parseCommandLine(words);
        EXPECT_EQ(parsed.exitCode, 2);
        EXPECT_TRUE(parsed.standardError.contains("--context is given more than once")) << parsed.standardError;
    }
    EXPECT_TRUE(parseCommandLine({"-n", "a", "app", "get", "shop", "-N", "b"})
                    .standardError.contains("--namespace is given more than once"));
}

TEST(CommandLine, TakesTheNamespaceBeforeTheCommandForThatOfTheApplication)
{
    for (const std::vector<std::string> &flag :
         {std::vector<std::string>{"--namespace", "team"}, {"--namespace=team"}, {"-n", "team"}}) {
        for (const char *command : {"logs", "actions", "get-resource", "delete-resource"}) {
            std::vector<std::string> arguments = flag;
            arguments.insert(arguments.end(), {"app", command, "shop", "--kind", "Pod"});
            const auto parsed = parseCommandLine(arguments);
            ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
            EXPECT_EQ(parsed.invocation.connection.ns, "team") << command << " " << flag.front();
            EXPECT_EQ(parsed.invocation.appAction.ns, "") << command << " " << flag.front();
        }
    }
    EXPECT_EQ(parseCommandLine({"--namespace=", "app", "list"}).invocation.connection.ns, "");
    const auto both = parseCommandLine({"--namespace", "team", "app", "logs", "shop", "--namespace", "web"});
    EXPECT_EQ(both.invocation.connection.ns, "team");
    EXPECT_EQ(both.invocation.appAction.ns, "web");
}

TEST(CommandLine, TakesTheFormatsOfArgocd)
{
    EXPECT_EQ(parseCommandLine({"app", "get", "x", "-o", "wide"}).invocation.output, Output::Text);
    for (const char *command : {"get", "resources", "sync", "wait", "rollback"}) {
        EXPECT_EQ(parseCommandLine({"app", command, "x", "-o", "tree"}).invocation.output, Output::Tree) << command;
        EXPECT_EQ(parseCommandLine({"app", command, "x", "--output", "tree=detailed"}).invocation.output,
                  Output::DetailedTree)
            << command;
    }
    EXPECT_EQ(parseCommandLine({"app", "refresh", "x", "-o", "tree=detailed"}).exitCode, 2);
}

TEST(CommandLine, ReadsTheFlagsOfLogs)
{
    const auto parsed = parseCommandLine({"app", "logs", "shop", "-fp", "--since", "5m", "-c", "web", "--tail", "-1"});
    ASSERT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_TRUE(parsed.invocation.app.follows && parsed.invocation.app.showsPrevious);
    EXPECT_EQ(parsed.invocation.app.since, "5m");
    EXPECT_EQ(parsed.invocation.app.container, "web");
    EXPECT_EQ(parsed.invocation.app.tailLines, -1);

    const auto chosen =
        parseCommandLine({"app", "logs", "shop", "-N", "team", "--namespace", "shop", "--kind", "Deployment",
                          "--all-containers", "--since-seconds", "30", "--filter", "!GET", "-m"});
    ASSERT_FALSE(chosen.isFinished) << chosen.standardError;
    EXPECT_EQ(chosen.invocation.connection.ns, "team");
    EXPECT_EQ(chosen.invocation.appAction.ns, "shop");
    EXPECT_EQ(chosen.invocation.appAction.kind, "Deployment");
    EXPECT_TRUE(chosen.invocation.app.hasAllContainers && chosen.invocation.app.matchesCase);
    EXPECT_EQ(chosen.invocation.app.sinceSeconds, 30);
    EXPECT_EQ(chosen.invocation.app.logFilter, "!GET");
    EXPECT_FALSE(chosen.invocation.app.tailLines);
}

TEST(CommandLine, ReadsTheFlagsOfCommandsOnLiveObjects)
{
    const auto shown = parseCommandLine({"app",
                                         "get-resource",
                                         "shop",
                                         "-N",
                                         "team",
                                         "--kind",
                                         "Pod",
                                         "--group",
                                         "",
                                         "--namespace",
                                         "web",
                                         "--resource-name",
                                         "web-1",
                                         "--filter-fields",
                                         "status.podIP,status.hostIP",
                                         "--filter-fields",
                                         "spec.nodeName",
                                         "--show-managed-fields",
                                         "--project",
                                         "x",
                                         "-o",
                                         "wide"});
    ASSERT_FALSE(shown.isFinished) << shown.standardError;
    EXPECT_EQ(shown.invocation.command, Command::AppGetResource);
    EXPECT_EQ(shown.invocation.app.name, "shop");
    EXPECT_EQ(shown.invocation.connection.ns, "team");
    EXPECT_EQ(shown.invocation.appAction.kind, "Pod");
    EXPECT_EQ(shown.invocation.appAction.group, std::nullopt);
    EXPECT_EQ(shown.invocation.appAction.ns, "web");
    EXPECT_EQ(shown.invocation.appAction.name, "web-1");
    EXPECT_EQ(shown.invocation.resource.fields,
              (std::vector<std::string>{"status.podIP", "status.hostIP", "spec.nodeName"}));
    EXPECT_TRUE(shown.invocation.resource.showsManagedFields);
    EXPECT_EQ(shown.invocation.resource.project, "x");
    EXPECT_EQ(shown.invocation.output, Output::Text);

    const auto patched = parseCommandLine(
        {"app", "patch-resource", "shop", "--kind", "Service", "--patch", "{}", "--group", "", "--all"});
    ASSERT_FALSE(patched.isFinished) << patched.standardError;
    EXPECT_EQ(patched.invocation.command, Command::AppPatchResource);
    EXPECT_EQ(patched.invocation.appAction.group, std::optional<std::string>(""));
    EXPECT_EQ(patched.invocation.resource.patchType, "application/merge-patch+json");
    EXPECT_TRUE(patched.invocation.appAction.isAll);
    const auto operations = parseCommandLine({"app", "patch-resource", "shop", "--kind", "Service", "--patch-type",
                                              "application/json-patch+json", "--patch", "[]"});
    EXPECT_FALSE(operations.isFinished) << operations.standardError;

    const auto removed =
        parseCommandLine({"app", "delete-resource", "team/shop", "--kind", "Job", "--force", "--orphan"});
    ASSERT_FALSE(removed.isFinished) << removed.standardError;
    EXPECT_EQ(removed.invocation.command, Command::AppDeleteResource);
    EXPECT_EQ(removed.invocation.app.name, "team/shop");
    EXPECT_TRUE(removed.invocation.resource.isForced && removed.invocation.resource.leavesDependents);
    EXPECT_FALSE(removed.invocation.appAction.isAll);
}

TEST(CommandLine, PrintsYamlWhereItPrintsJson)
{
    const std::vector<std::vector<std::string>> commands = {
        {"diff", "a"},           {"health"},
        {"cluster", "list"},     {"app", "tree", "x"},
        {"app", "diff", "x"},    {"app", "sync", "x"},
        {"app", "history", "x"}, {"app", "wait", "x"},
        {"app", "refresh", "x"}, {"app", "terminate", "x"},
        {"app", "delete", "x"},  {"app", "create", "x", "--repo", "r"},
        {"app", "rollback", "x"}};
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

TEST(CommandLine, HelpIsACommandToo)
{
    EXPECT_EQ(parseCommandLine({"help"}).standardOutput, parseCommandLine({"--help"}).standardOutput);
    const std::string ofSync = parseCommandLine({"app", "sync", "--help"}).standardOutput;
    EXPECT_TRUE(ofSync.contains("--local-engine"));
    EXPECT_EQ(parseCommandLine({"help", "app", "sync"}).standardOutput, ofSync);
    EXPECT_EQ(parseCommandLine({"app", "help", "sync"}).standardOutput, ofSync);
    const std::string ofRollout = parseCommandLine({"rollout", "--help"}).standardOutput;
    EXPECT_TRUE(ofRollout.contains("set-image"));
    EXPECT_EQ(parseCommandLine({"rollout", "help"}).standardOutput, ofRollout);
    for (const std::string word : {"help", "version"})
        EXPECT_EQ(parseCommandLine({"help", word}).standardOutput, parseCommandLine({"--help"}).standardOutput) << word;
    EXPECT_EQ(parseCommandLine({"help", "bogus"}).exitCode, 2);
    EXPECT_FALSE(parseCommandLine({"--", "help"}).standardError.contains("--help; did you mean"));
    EXPECT_EQ(parseCommandLine({"app", "--context", "x", "--help"}).exitCode, 0);
}

TEST(CommandLine, ANameMayBeTheWordHelp)
{
    const auto parsed = parseCommandLine({"app", "get", "help"});
    EXPECT_FALSE(parsed.isFinished) << parsed.standardError;
    EXPECT_EQ(parsed.invocation.app.name, "help");
}

TEST(CommandLine, VersionIsACommandToo)
{
    const auto parsed = parseCommandLine({"version"});
    EXPECT_EQ(parsed.exitCode, 0);
    EXPECT_EQ(parsed.standardOutput, parseCommandLine({"--version"}).standardOutput);
    // As kubectl and argocd are asked.
    for (const std::vector<std::string> &arguments : std::vector<std::vector<std::string>>{
             {"version", "--client"}, {"version", "-o", "json"}, {"-o", "json", "version"}})
        EXPECT_EQ(parseCommandLine(arguments).standardOutput, parsed.standardOutput) << arguments.front();
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
