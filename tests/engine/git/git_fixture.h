// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

/// A folder of its own that is removed with the object.
class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder &) = delete;

    const std::string &path() const { return m_path; }
    std::string operator/(std::string_view name) const { return m_path + "/" + std::string(name); }

private:
    std::string m_path;
};

/// Output of a shell command; fails the test and gives "" if it does not end well.
std::string outputOf(const std::string &command);
/// \p text in single quotes for the shell.
std::string shellQuoted(std::string_view text);

/// A repository made by the real `git`, with a fixed author and clock.
class GitFixture
{
public:
    /// An empty repository with the branch main at \p path.
    explicit GitFixture(std::string path);

    const std::string &path() const { return m_path; }
    /// Runs git with \p arguments (shell syntax) and gives its output without the last line end.
    std::string git(const std::string &arguments) const;
    void write(const std::string &file, std::string_view text) const;
    /// Adds everything and commits; gives the id.
    std::string commit(const std::string &message) const;

private:
    std::string m_path;
    mutable int m_seconds = 1'700'000'000;
};

/// Lines of \p text, without an empty last one.
std::vector<std::string> linesOf(std::string_view text);

} // namespace tiphys::git
