// SPDX-License-Identifier: GPL-3.0-or-later
// Which folder may include which: docs/arrows.txt says it, this holds it against the sources.
#include "base/text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace fs = std::filesystem;

namespace {

using Arrows = std::map<std::string, std::set<std::string>>;

const fs::path kRoot = TIPHYS_SOURCE_DIR;

/// Folder name -> where it lies. Engine folders go by their own name, the others by their path.
std::map<std::string, fs::path> foldersOf()
{
    std::map<std::string, fs::path> folders;
    for (const auto &entry : fs::directory_iterator(kRoot / "engine")) {
        if (entry.is_directory())
            folders[entry.path().filename().string()] = entry.path();
    }
    for (const char *top : {"models", "ui"})
        folders[top] = kRoot / top;
    for (const auto &entry : fs::directory_iterator(kRoot / "app")) {
        if (entry.is_directory())
            folders[entry.path().filename().string()] = entry.path();
    }
    return folders;
}

std::string textOf(const fs::path &path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Lines "folder: other other", '#' starts a comment; the word pure before a folder marks it.
struct Listed
{
    Arrows arrows;
    std::set<std::string> pure;
};

Listed listedArrows()
{
    Listed listed;
    const std::string text = textOf(kRoot / "docs" / "arrows.txt");
    for (std::string_view line : tiphys::split(text, '\n')) {
        line = tiphys::trimmed(line.substr(0, line.find('#')));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        std::string folder(tiphys::trimmed(line.substr(0, colon)));
        if (folder.starts_with("pure ")) {
            folder.erase(0, 5);
            listed.pure.insert(folder);
        }
        std::set<std::string> &targets = listed.arrows[folder];
        for (const std::string_view target : tiphys::split(line.substr(colon + 1), ' ')) {
            if (!tiphys::trimmed(target).empty())
                targets.emplace(tiphys::trimmed(target));
        }
    }
    return listed;
}

struct Include
{
    fs::path file;
    std::string name;
    bool isQuoted;
};

std::vector<Include> includesOf(const fs::path &folder)
{
    std::vector<Include> includes;
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".h" && extension != ".cpp")
            continue;
        const std::string text = textOf(entry.path());
        for (const std::string_view line : tiphys::split(text, '\n')) {
            if (!line.starts_with("#include "))
                continue;
            const std::string_view rest = line.substr(9);
            const bool isQuoted = rest.starts_with('"');
            const auto end = rest.find(isQuoted ? '"' : '>', 1);
            includes.push_back({entry.path(), std::string(rest.substr(1, end - 1)), isQuoted});
        }
    }
    return includes;
}

} // namespace

TEST(Arrows, EveryIncludeOfAnotherFolderIsListedAndEveryListedOneIsUsed)
{
    const auto folders = foldersOf();
    const Listed listed = listedArrows();
    Arrows used;
    for (const auto &[name, path] : folders) {
        for (const Include &include : includesOf(path)) {
            const std::string target = include.name.substr(0, include.name.find('/'));
            if (!include.isQuoted || target == name || !include.name.contains('/') || !folders.contains(target))
                continue;
            used[name].insert(target);
            const auto allowed = listed.arrows.find(name);
            EXPECT_TRUE(allowed != listed.arrows.end() && allowed->second.contains(target))
                << fs::relative(include.file, kRoot).string() << " includes \"" << include.name << "\": " << name
                << " -> " << target << " is not in docs/arrows.txt";
        }
    }
    for (const auto &[name, targets] : listed.arrows) {
        EXPECT_TRUE(folders.contains(name)) << "docs/arrows.txt names " << name << ", which does not exist";
        for (const std::string &target : targets)
            EXPECT_TRUE(used[name].contains(target)) << "nobody uses " << name << " -> " << target;
    }
}

TEST(Arrows, PointDownOnly)
{
    const Listed listed = listedArrows();
    std::set<std::string> done;
    std::set<std::string> open;
    const std::function<void(const std::string &)> visit = [&](const std::string &folder) {
        if (done.contains(folder))
            return;
        ASSERT_TRUE(open.insert(folder).second) << "a ring of arrows goes through " << folder;
        if (const auto targets = listed.arrows.find(folder); targets != listed.arrows.end()) {
            for (const std::string &target : targets->second)
                visit(target);
        }
        open.erase(folder);
        done.insert(folder);
    };
    for (const auto &[folder, targets] : listed.arrows)
        visit(folder);
}

TEST(Arrows, PureFoldersHaveNoQtNoFilesNoClockAndNoThreads)
{
    const std::set<std::string> forbidden{"filesystem", "fstream",      "iostream",           "thread",
                                          "mutex",      "shared_mutex", "condition_variable", "future",
                                          "unistd.h",   "windows.h"};
    const auto folders = foldersOf();
    const Listed listed = listedArrows();
    EXPECT_FALSE(listed.pure.empty());
    for (const std::string &name : listed.pure) {
        ASSERT_TRUE(folders.contains(name)) << name;
        for (const Include &include : includesOf(folders.at(name))) {
            EXPECT_FALSE(
                !include.isQuoted
                && (forbidden.contains(include.name) || (include.name.starts_with("Q") && include.name != "QCoro")))
                << fs::relative(include.file, kRoot).string() << " includes <" << include.name << ">";
        }
        for (const std::string &target : listed.arrows.at(name))
            EXPECT_TRUE(listed.pure.contains(target)) << "pure " << name << " -> " << target;
    }
}

TEST(Sources, NameTheirLicence)
{
    for (const char *top : {"app", "engine", "models", "ui", "tests", "cmake"}) {
        for (const auto &entry : fs::recursive_directory_iterator(kRoot / top)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".h" && extension != ".cpp" && extension != ".cmake" && extension != ".go"
                && extension != ".sh" && entry.path().filename() != "CMakeLists.txt")
                continue;
            EXPECT_TRUE(textOf(entry.path()).substr(0, 200).contains("SPDX-License-Identifier: GPL-3.0-or-later"))
                << fs::relative(entry.path(), kRoot).string();
        }
    }
}
