// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/change.h"

#include "base/repo_url.h"

#include <gtest/gtest.h>

namespace tiphys::offline {
namespace {

std::string application(const std::string &name, const std::string &url, const std::string &path)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name
           + "}\nspec:\n  source: {repoURL: '" + url + "', path: " + path + "}\n";
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
    for (const char *remote :
         {"https://github.com/org/repo.git", "git@github.com:Org/Repo.git", "ssh://git@github.com:22/org/repo"}) {
        const OfflineApps found = applicationsIn(*files, {.urls = {repoPlace(remote)}, .branches = {}});
        EXPECT_EQ(names(found), (Names{"a", "b", "c"})) << remote;
        EXPECT_EQ(found.elsewhere, (Names{"d"})) << remote;
    }
}

TEST(OfflineApplications, NameTheSetsThatWouldMakeMore)
{
    const auto files = render::memoryTree(
        {{"apps/a.yaml", application("a", "https://h/r", "a")},
         {"sets.yaml",
          "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s, namespace: argocd}\n"},
         {"a/a.yaml", kMap}});
    const OfflineApps found = applicationsIn(*files, {});
    EXPECT_EQ(names(found), (Names{"a"}));
    EXPECT_EQ(found.sets, (Names{"argocd/s"}));
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
    const auto files = render::memoryTree(
        {{"a/a.yaml", kMap},
         {"b.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\n"}});
    EXPECT_EQ(problems(applicationsInFiles(*files, {"a/a.yaml", "./b.yaml"}, {})),
              "a/a.yaml: no Application is in it\nb.yaml: no Application is in it\n");
    EXPECT_NE(problems(applicationsInFiles(*files, {"a"}, {})), "") << "a folder";
}

TEST(OfflineApplications, TellThePlaceOfBrokenYaml)
{
    const auto files = render::memoryTree({{"apps/a.yaml", application("a", "https://h/r", "a") + "  bad: [\n"}});
    EXPECT_TRUE(problems(applicationsIn(*files, {})).contains("(at apps/a.yaml:7:1)"))
        << problems(applicationsIn(*files, {}));
}

TEST(OfflineApplications, AreNotLookedForInTemplatesOfCharts)
{
    const std::string templated =
        "{{- range .Values.apps }}\n---\n" + application("{{ .name }}", "https://h/r", "a") + "{{- end }}\n";
    const auto files =
        render::memoryTree({{"root/Chart.yaml", "apiVersion: v2\nname: root\nversion: 1.0.0\n"},
                            {"root/templates/apps.yaml", templated},
                            {"root/templates/quoted/app.yaml", application("'{{ .name }}'", "https://h/r", "a")},
                            {"root/templates/plain.yaml", application("plain", "https://h/r", "a")},
                            {"a/a.yaml", kMap}});
    const OfflineApps found = applicationsIn(*files, {});
    EXPECT_EQ(names(found), (Names{"plain"}));
    EXPECT_EQ(problems(found), "");
    const auto broken = render::memoryTree({{"templates/apps.yaml", templated}, {"a/a.yaml", kMap}});
    EXPECT_NE(problems(applicationsIn(*broken, {})), "") << "no chart stands there";
}

TEST(OfflineApplications, AtPathsAreFolders)
{
    const auto files = render::memoryTree({{"a/a.yaml", kMap}});
    const OfflineApps found = applicationsAt(*files, {"a/", "a/a.yaml", "none"});
    EXPECT_EQ(names(found), (Names{"a"}));
    EXPECT_EQ(problems(found), "a/a.yaml: it is no folder\n");
}

TEST(OfflineChange, TellsObjectsWithGeneratedNamesApart)
{
    const auto jobs = [](const std::string &first, const std::string &second) {
        std::string text;
        for (const std::string &image : {first, second})
            text +=
                "---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: job-}\nspec: {image: " + image + "}\n";
        return render::memoryTree({{"a/a.yaml", text}});
    };
    const auto before = jobs("a", "b");
    const auto after = jobs("c", "b");
    const OfflineApps old = applicationsIn(*before, {});
    const OfflineApps now = applicationsIn(*after, {});
    const std::vector<AppPair> pairs = pairsOf(old, now);
    ASSERT_EQ(pairs.size(), 1U);
    const std::optional<AppChange> change = changeOf(pairs.front(), *before, *after);
    ASSERT_TRUE(change);
    EXPECT_TRUE(change->warnings.empty());
    ASSERT_EQ(change->resources.size(), 1U);
    EXPECT_EQ(change->resources.front().key.name, "job-");
    EXPECT_EQ(change->resources.front().change, ChangeKind::Changed);
    const auto more = jobs("a", "d");
    const OfflineApps third = applicationsIn(*more, {});
    const std::optional<AppChange> second = changeOf(pairsOf(old, third).front(), *before, *more);
    ASSERT_TRUE(second && second->resources.size() == 1U);
    EXPECT_EQ(second->resources.front().key.name, "job-#2");
}

TEST(OfflineChange, IsNoneWhereWhatIsBrokenWasLeftAlone)
{
    const std::string broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\nbad: [\n";
    const auto between = [&](const std::string &first, const std::string &second, const std::string &other) {
        const auto before = render::memoryTree({{"a/a.yaml", kMap}, {"a/b.yaml", first}});
        const auto after = render::memoryTree({{"a/a.yaml", other}, {"a/b.yaml", second}});
        EXPECT_TRUE(before->entry("a")->id.empty()) << "as in a working tree";
        const OfflineApps old = applicationsAt(*before, {"a"});
        const OfflineApps now = applicationsAt(*after, {"a"});
        return changeOf(pairsOf(old, now).front(), *before, *after);
    };
    EXPECT_FALSE(between(broken, broken, kMap));
    EXPECT_FALSE(between("", "", kMap));
    const std::optional<AppChange> later = between("", broken, kMap);
    ASSERT_TRUE(later);
    EXPECT_EQ(later->change, ChangeKind::Error);
    const std::optional<AppChange> beside = between(broken, broken, std::string(kMap) + "data: {a: b}\n");
    ASSERT_TRUE(beside) << "what changed beside it cannot be told";
    EXPECT_EQ(beside->change, ChangeKind::Error);
}

/// Files with a submodule at a/sub that is not here.
class WithSubmodule final : public render::FileTree
{
public:
    WithSubmodule(std::string file, std::string commit)
        : m_files(render::memoryTree({{"a/b.yaml", std::move(file)}})), m_commit(std::move(commit))
    {
    }

    Expected<std::vector<render::FileEntry>> list(std::string_view folder) const override
    {
        Expected<std::vector<render::FileEntry>> found = m_files->list(folder);
        if (found && folder == "a")
            found->push_back(submodule());
        return found;
    }
    Expected<render::FileEntry> entry(std::string_view path) const override
    {
        if (path == "a/sub")
            return submodule();
        Expected<render::FileEntry> found = m_files->entry(path);
        if (found && found->kind == render::FileKind::Folder)
            found->id.clear(); // as in a working tree
        return found;
    }
    Expected<render::FileContent> read(std::string_view path) const override
    {
        if (path.starts_with("a/sub"))
            return failure(ErrorCode::Unsupported, "not fetched");
        return m_files->read(path);
    }

private:
    render::FileEntry submodule() const { return {.name = "sub", .kind = render::FileKind::Submodule, .id = m_commit}; }

    std::shared_ptr<const render::FileTree> m_files;
    std::string m_commit;
};

TEST(OfflineChange, IsToldWhereASubmoduleOfWhatIsBrokenIsAnother)
{
    const auto changeTo = [](const std::string &commit) {
        const std::string broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: [";
        const WithSubmodule before(broken, "1");
        const WithSubmodule after(broken, commit);
        const OfflineApps old = applicationsAt(before, {"a"});
        const OfflineApps now = applicationsAt(after, {"a"});
        return changeOf(pairsOf(old, now).front(), before, after);
    };
    EXPECT_FALSE(changeTo("1"));
    EXPECT_TRUE(changeTo("2"));
}

TEST(UnmatchedFiles, AreNoSubmodulesThatHoldApplications)
{
    const auto files = render::memoryTree({{"sub/k/a.yaml", kMap}, {"a/a.yaml", kMap}});
    const OfflineApps found = applicationsIn(*files, {});
    EXPECT_EQ(unmatchedFiles({"sub", "su", "sub2", "a/a.yaml", "b"}, found, found), (Names{"su", "sub2", "b"}));
}

} // namespace
} // namespace tiphys::offline
