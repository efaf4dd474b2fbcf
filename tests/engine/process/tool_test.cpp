// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/tool.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace tiphys::process {
namespace {

namespace fs = std::filesystem;

ToolCommand shell(const std::string &script)
{
    return {.arguments = {"sh", "-c", script}, .folder = {}, .environment = {}};
}

TEST(Tool, GivesOutputErrorsAndExitCode)
{
    const Expected<ToolResult> result = runTool(shell("echo out; echo err >&2; exit 3"));
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->output, "out\n");
    EXPECT_EQ(result->errors, "err\n");
    EXPECT_EQ(result->exitCode, 3);
}

TEST(Tool, TellsTheSignalThatEndedIt)
{
    EXPECT_EQ(runTool(shell("kill -9 $$"))->exitCode, 128 + 9);
}

TEST(Tool, IsCalledWithoutAShell)
{
    const Expected<ToolResult> result =
        runTool({.arguments = {"printf", "%s|", "a b", "$HOME", ";", "*"}, .folder = {}, .environment = {}});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->output, "a b|$HOME|;|*|");
}

TEST(Tool, GetsFolderAndEnvironment)
{
    ToolCommand command = shell("pwd; echo $TIPHYS_TEST_VARIABLE");
    command.folder = fs::canonical(fs::temp_directory_path()).string();
    command.environment = {{"TIPHYS_TEST_VARIABLE", "set"}};
    EXPECT_EQ(runTool(command)->output, command.folder + "\nset\n");
}

TEST(Tool, IsFoundFromItsFolder)
{
    const fs::path folder = fs::temp_directory_path() / "tiphys-tool-test";
    fs::create_directories(folder);
    std::ofstream(folder / "run.sh") << "#!/bin/sh\necho here\n";
    ToolCommand command{.arguments = {"./run.sh"}, .folder = folder.string(), .environment = {}};
    EXPECT_EQ(runTool(command).error().code(), ErrorCode::NotFound) << "nobody may run it";
    fs::permissions(folder / "run.sh", fs::perms::owner_all);
    EXPECT_EQ(runTool(command)->output, "here\n");
    fs::remove_all(folder);
    EXPECT_FALSE(toolPath("/"));
    EXPECT_EQ(runTool({.arguments = {"no-such-program-at-all"}, .folder = {}, .environment = {}}).error().code(),
              ErrorCode::NotFound);
}

TEST(Tool, ThatHangsIsKilledWithEverythingItStarted)
{
    const fs::path mark = fs::temp_directory_path() / "tiphys-tool-group";
    ToolCommand command = shell("sleep 1000 & echo $! > " + mark.string() + "; wait");
    command.milliseconds = 200;
    const Expected<ToolResult> result = runTool(command);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::Timeout);
    EXPECT_EQ(result.error().text(), "sh took longer than 200 ms");
    EXPECT_EQ(runTool(shell("kill -0 $(cat " + mark.string() + ") 2>/dev/null && ps -o stat= -p $(cat " + mark.string()
                            + ") | grep -qv Z"))
                  ->exitCode,
              1);
    fs::remove(mark);
}

TEST(Tool, MayCleanUpWhenItsTimeIsOver)
{
    const fs::path mark = fs::temp_directory_path() / "tiphys-tool-clean";
    ToolCommand command = shell("trap 'echo clean > " + mark.string() + "; exit 0' TERM; while :; do sleep 0.05; done");
    command.milliseconds = 200;
    command.graceMilliseconds = 5000;
    EXPECT_EQ(runTool(command).error().code(), ErrorCode::Timeout);
    EXPECT_TRUE(fs::exists(mark));
    fs::remove(mark);
    command = shell("trap '' TERM; while :; do sleep 0.05; done");
    command.milliseconds = 100;
    command.graceMilliseconds = 100;
    EXPECT_EQ(runTool(command).error().code(), ErrorCode::Timeout) << "it does not listen";
}

TEST(Tool, ThatFloodsIsStopped)
{
    ToolCommand command = shell("while :; do echo 0123456789012345678901234567890123456789; done");
    command.limitBytes = 100'000;
    EXPECT_EQ(runTool(command).error().code(), ErrorCode::LimitExceeded);
    command = shell("while :; do echo 0123456789012345678901234567890123456789 >&2; done");
    command.limitBytes = 100'000;
    EXPECT_EQ(runTool(command).error().code(), ErrorCode::LimitExceeded);
}

TEST(Tool, EndsWhenTheProgramEndsWhoeverHoldsItsChannels)
{
    ToolCommand command = shell("sleep 1000 & echo done");
    command.milliseconds = 60'000;
    const Expected<ToolResult> result = runTool(command);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->output, "done\n");
    EXPECT_EQ(result->exitCode, 0);
    command = shell("(while :; do echo flood; done) & exit 4");
    command.limitBytes = std::size_t(1) << 30;
    EXPECT_EQ(runTool(command)->exitCode, 4);
}

TEST(Tool, IsWaitedForWhenItClosesItsChannelsEarly)
{
    EXPECT_EQ(runTool(shell("exec >&- 2>&-; sleep 0.2; exit 5"))->exitCode, 5);
    ToolCommand command = shell("exec >&- 2>&-; sleep 1000");
    command.milliseconds = 200;
    EXPECT_EQ(runTool(command).error().code(), ErrorCode::Timeout);
}

TEST(Tool, EndsWhatWritesIntoAClosedPipeAlsoWhereThisProgramDoesNot)
{
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    ToolCommand command = shell("while :; do echo x 2>/dev/null; done | head -n 1");
    command.milliseconds = 20'000;

    const Expected<ToolResult> result = runTool(command);

    std::signal(SIGPIPE, before);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->output, "x\n");
}

TEST(Tool, ReadsNothing)
{
    EXPECT_EQ(runTool({.arguments = {"cat"}, .folder = {}, .environment = {}})->output, "");
}

} // namespace
} // namespace tiphys::process
