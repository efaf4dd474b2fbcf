// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/change.h"

#include "base/repo_url.h"

#include <gtest/gtest.h>

namespace tiphys::offline {
namespace {

std::string application(const std::string &name, const std::string &url, const std::string &path)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name + "}\nspec:\n  source: {repoURL: '" + url + "', path: " + path + "}\n";
}

constexpr const char *kMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

std::vector<std::string> names(const OfflineApps &found)
{
    std::vector<std::string> names;
    for (const OfflineApp &app : found.applications)
        names.push_back(app.name);
    return names;
}

std::string problems(const OfflineApps &found)
{
    std::string text;
    for (const OfflineProblem &problem : found.problems)
        text += problem.file + ": " + problem.message + "\n";
    return text;
}

using Names = std::vector<std::string>;

TEST(OfflineApplications, KnowTheirRepositoryByAnyAddress)
{
    const auto files = render::memoryTree({{"apps/a.yaml", application("a", "https://github.com/org/repo", "a")},
                                           {"apps/b.yaml", application("b", "ssh://git@github.com/Org/Repo.git", "a")},
                                           {"apps/c.yaml", application("c", "git@github.com:org/repo", "a")},
                                           {"apps/d.yaml", application("d", "https://github.com/other/repo", "a")},
                                           {"a/a.yaml", kMap}});
    for (const char *remote : {"https://github.com/org/repo.git", "git@github.com:Org/Repo.git", "ssh://git@github.com:22/org/repo"}) {
        const OfflineApps found = applicationsIn(*files, {.urls = {repoPlace(remote)}, .branches = {}});
        EXPECT_EQ(names(found), (Names{"a", "b", "c"})) << remote;
        EXPECT_EQ(found.elsewhere, (Names{"d"})) << remote;
    }
}

TEST(OfflineApplications, OfNamedFilesMayBeMissing)
{
    const auto files = render::memoryTree({{"apps/a.yaml", application("a", "https://h/r", "a")}, {"a/a.yaml", kMap}});
    const OfflineApps found = applicationsInFiles(*files, {"apps/a.yaml", "apps/new.yaml"}, {});
    EXPECT_EQ(names(found), (Names{"a"}));
    EXPECT_EQ(problems(found), "");
}

TEST(OfflineApplications, MustBeInNamedFiles)
{
    const auto files = render::memoryTree({{"a/a.yaml", kMap}, {"b.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\n"}});
    EXPECT_EQ(problems(applicationsInFiles(*files, {"a/a.yaml", "./b.yaml"}, {})), "a/a.yaml: no Application is in it\nb.yaml: no Application is in it\n");
    EXPECT_NE(problems(applicationsInFiles(*files, {"a"}, {})), "") << "a folder";
}

TEST(OfflineApplications, TellThePlaceOfBrokenYaml)
{
    const auto files = render::memoryTree({{"apps/a.yaml", application("a", "https://h/r", "a") + "  bad: [\n"}});
    EXPECT_TRUE(problems(applicationsIn(*files, {})).contains("(at apps/a.yaml:7:1)")) << problems(applicationsIn(*files, {}));
}

TEST(OfflineApplications, AtPathsAreFolders)
{
    const auto files = render::memoryTree({{"a/a.yaml", kMap}});
    const OfflineApps found = applicationsAt(*files, {"a/", "a/a.yaml", "none"});
    EXPECT_EQ(names(found), (Names{"a"}));
    EXPECT_EQ(problems(found), "a/a.yaml: it is no folder\n");
}

TEST(UnmatchedFiles, AreNoSubmodulesThatHoldApplications)
{
    const auto files = render::memoryTree({{"sub/k/a.yaml", kMap}, {"a/a.yaml", kMap}});
    const OfflineApps found = applicationsIn(*files, {});
    EXPECT_EQ(unmatchedFiles({"sub", "su", "sub2", "a/a.yaml", "b"}, found, found), (Names{"su", "sub2", "b"}));
}

} // namespace
} // namespace tiphys::offline
