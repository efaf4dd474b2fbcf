// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/git/git_fixture.h"

#include "base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace tiphys::git {

TemporaryFolder::TemporaryFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "tiphys-git-XXXXXX").string();
    if (!mkdtemp(name.data()))
        std::abort();
    m_path = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::string outputOf(const std::string &command)
{
    FILE *pipe = popen(command.c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer;
    while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), count);
    const int code = pclose(pipe);
    EXPECT_EQ(code, 0) << command << "\n" << output;
    return code == 0 ? output : "";
}

std::string shellQuoted(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

GitFixture::GitFixture(std::string path) : m_path(std::move(path))
{
    std::filesystem::create_directories(m_path);
    git("init -q -b main .");
}

std::string GitFixture::git(const std::string &arguments) const
{
    const std::string date = std::to_string(m_seconds) + " +0200";
    std::string output =
        outputOf("cd " + shellQuoted(m_path)
                 + " && HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME='Ada Author'"
                   " GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME='Carl Committer'"
                   " GIT_COMMITTER_EMAIL=carl@example.org GIT_AUTHOR_DATE='"
                 + date + "' GIT_COMMITTER_DATE='" + date
                 + "' git -c protocol.file.allow=always -c core.quotePath=false " + arguments + " 2>&1");
    while (output.ends_with('\n'))
        output.pop_back();
    return output;
}

void GitFixture::write(const std::string &file, std::string_view text) const
{
    const std::filesystem::path place = std::filesystem::path(m_path) / file;
    std::filesystem::create_directories(place.parent_path());
    std::ofstream(place, std::ios::binary) << text;
}

std::string GitFixture::commit(const std::string &message) const
{
    m_seconds += 60;
    git("add -A");
    git("commit -q --allow-empty -m " + shellQuoted(message));
    return git("rev-parse HEAD");
}

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n'))
        lines.emplace_back(line);
    if (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

} // namespace tiphys::git
