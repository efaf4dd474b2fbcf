// SPDX-License-Identifier: GPL-3.0-or-later
// Every command of the grammar, found by reading help after help.
#include "cli/invocation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

using namespace tiphys::cli;

namespace {

struct Listed
{
    std::vector<std::string> words;
    std::string purpose;
};

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

std::vector<std::string> wordsOf(const std::string &line)
{
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

/// The same as a shell does it: a word may begin and end with a single quote.
std::vector<std::string> shellWordsOf(const std::string &line)
{
    std::vector<std::string> words = wordsOf(line);
    for (std::string &word : words) {
        if (word.size() > 1 && word.starts_with('\'') && word.ends_with('\''))
            word = word.substr(1, word.size() - 2);
    }
    return words;
}

std::string helpOf(std::vector<std::string> words)
{
    words.push_back("--help");
    return parseCommandLine(words).standardOutput;
}

/// The commands that the help of \p words lists.
std::vector<Listed> listedBy(const std::vector<std::string> &words)
{
    std::vector<Listed> listed;
    bool isInList = false;
    for (const std::string &line : linesOf(helpOf(words))) {
        std::string lower = line;
        std::ranges::transform(lower, lower.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (isInList && line.starts_with("  ") && line[2] != ' ') {
            // "name, other name   purpose"
            const std::vector<std::string> parts = wordsOf(line);
            std::size_t purpose = 1;
            while (purpose < parts.size() && parts[purpose - 1].ends_with(','))
                ++purpose;
            Listed command{words, {}};
            command.words.push_back(parts.front().substr(0, parts.front().find(',')));
            for (std::size_t i = purpose; i < parts.size(); ++i)
                command.purpose += (i == purpose ? "" : " ") + parts[i];
            listed.push_back(std::move(command));
        } else {
            isInList = lower == "subcommands:";
        }
    }
    return listed;
}

/// Every command that does something, found by reading help after help.
std::vector<Listed> everyCommand(const std::vector<std::string> &below = {})
{
    std::vector<Listed> commands;
    for (const Listed &listed : listedBy(below)) {
        const std::vector<Listed> deeper = everyCommand(listed.words);
        if (deeper.empty())
            commands.push_back(listed);
        commands.insert(commands.end(), deeper.begin(), deeper.end());
    }
    return commands;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

/// The lines of \p help that show how to call this program.
std::vector<std::string> examplesIn(const std::string &help)
{
    std::vector<std::string> examples;
    bool isInExamples = false;
    for (const std::string &line : linesOf(help)) {
        isInExamples = isInExamples || line.starts_with("Example");
        if (isInExamples && line.starts_with("  ") && line.contains("tiphysctl "))
            examples.push_back(line.substr(line.rfind("tiphysctl ")));
    }
    return examples;
}

} // namespace

TEST(EveryCommand, TellsItsPurposeInOneLine)
{
    const std::vector<Listed> commands = everyCommand();
    EXPECT_GE(commands.size(), 40U);
    for (const Listed &command : commands) {
        EXPECT_FALSE(command.purpose.empty()) << joined(command.words);
        EXPECT_FALSE(command.purpose.ends_with('.')) << joined(command.words);
        EXPECT_LE(command.purpose.size(), 90U) << joined(command.words);
    }
}

TEST(EveryCommand, ShowsExamplesThatItUnderstands)
{
    for (const Listed &command : everyCommand()) {
        const std::string name = joined(command.words);
        const std::vector<std::string> examples = examplesIn(helpOf(command.words));
        EXPECT_FALSE(examples.empty()) << name << " shows no example";
        for (const std::string &example : examples) {
            EXPECT_TRUE(example.starts_with("tiphysctl " + name)) << example << " in the help of " << name;
            std::vector<std::string> words = shellWordsOf(example.substr(0, example.find_first_of("|>")));
            words.erase(words.begin());
            EXPECT_EQ(parseCommandLine(words).exitCode, 0) << example << ": " << parseCommandLine(words).standardError;
        }
    }
}

TEST(EveryCommand, ShowsItsOptionsAsTheyAreTyped)
{
    for (const Listed &command : everyCommand()) {
        const std::string help = helpOf(command.words);
        for (const char *word : {"REQUIRED", "Needs:", "Excludes:", " TEXT:"})
            EXPECT_FALSE(help.contains(word)) << joined(command.words) << ": " << word << "\n" << help;
    }
    const std::string use = helpOf({"cluster", "use"});
    EXPECT_TRUE(use.contains("cluster use [OPTIONS] SERVER [CONTEXT]")) << use;
    EXPECT_FALSE(use.contains(" TEXT ")) << use;
}

TEST(EveryCommand, StandsInTheManualPageWithAllItsFlags)
{
    std::string page = parseCommandLine({"man"}).standardOutput;
    std::erase(page, '\\');
    for (const Listed &command : everyCommand()) {
        const std::string name = joined(command.words);
        const std::size_t start = page.find("\n.SS " + name + "\n");
        ASSERT_NE(start, std::string::npos) << name << " is not in the manual page";
        const std::string section = page.substr(start, page.find("\n.SS ", start + 1) - start);
        EXPECT_TRUE(section.contains(command.purpose)) << name;
        for (const std::string &line : linesOf(helpOf(command.words))) {
            const std::size_t indent = line.find_first_not_of(' ');
            if (indent == std::string::npos || indent == 0 || indent > 10 || line[indent] != '-')
                continue;
            const std::string flag = line.substr(indent, line.find_first_of(" ,={", indent) - indent);
            EXPECT_TRUE(section.contains(flag)) << name << " " << flag;
        }
    }
}

TEST(EveryCommand, IsCompleted)
{
    const std::string bash = parseCommandLine({"completion", "bash"}).standardOutput;
    const std::string fish = parseCommandLine({"completion", "fish"}).standardOutput;
    for (const Listed &command : everyCommand()) {
        EXPECT_TRUE(bash.contains("'" + joined(command.words) + "'*)")) << joined(command.words);
        EXPECT_TRUE(fish.contains(" -a " + command.words.back() + " -d '")) << joined(command.words);
    }
}
