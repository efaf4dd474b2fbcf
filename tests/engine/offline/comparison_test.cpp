// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/comparison.h"

#include <gtest/gtest.h>

namespace tiphys::offline {
namespace {

using TreePtr = std::shared_ptr<const render::FileTree>;

constexpr const char *kMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

/// Files of which those that stand in lfs/ are elsewhere.
class PartlyHere : public render::FileTree
{
public:
    explicit PartlyHere(TreePtr files) : m_files(std::move(files)) {}

    Expected<std::vector<render::FileEntry>> list(std::string_view folder) const override
    {
        return m_files->list(folder);
    }
    /// A file's id is its content.
    Expected<render::FileEntry> entry(std::string_view path) const override
    {
        Expected<render::FileEntry> found = m_files->entry(path);
        if (found && found->kind == render::FileKind::File)
            found->id = m_files->read(path)->text;
        return found;
    }
    Expected<render::FileContent> read(std::string_view path) const override
    {
        if (path.starts_with("lfs/"))
            return failure(ErrorCode::Unsupported, "elsewhere");
        return m_files->read(path);
    }

private:
    TreePtr m_files;
};

class TwoRevisions : public RepositoryReader
{
public:
    TwoRevisions(TreePtr a, TreePtr b) : m_a(std::move(a)), m_b(std::move(b)) {}

    Expected<FoundRevision> resolve(const std::string &text) const override
    {
        return FoundRevision{.requested = text, .commit = text, .subject = {}, .author = {}};
    }
    Expected<TreePtr> tree(const FoundRevision &revision) const override
    {
        return std::make_shared<PartlyHere>(revision.commit == "a" ? m_a : m_b);
    }
    Expected<FoundRevision> mergeBase(const FoundRevision &a, const FoundRevision & /*b*/) const override { return a; }
    Expected<std::vector<std::string>> changedFiles(const FoundRevision & /*a*/,
                                                    const FoundRevision & /*b*/) const override
    {
        return std::vector<std::string>();
    }
    std::vector<std::string> urls() const override { return {}; }
    std::string currentBranch() const override { return {}; }
    std::vector<std::string> branches() const override { return {}; }
    std::vector<std::string> tags() const override { return {}; }
    std::vector<FoundRevision> history(std::size_t /*limit*/) const override { return {}; }

private:
    TreePtr m_a;
    TreePtr m_b;
};

int problemsBetween(const std::string &before, const std::string &after, const std::vector<std::string> &appFiles = {})
{
    const TwoRevisions repository(render::memoryTree({{"a/a.yaml", kMap}, {"lfs/data.json", before}}),
                                  render::memoryTree({{"a/a.yaml", kMap}, {"lfs/data.json", after}}));
    ComparisonRequest request{.a = "a", .b = "b", .fromMergeBase = false, .paths = {}, .appFiles = appFiles};
    const Expected<Comparison> compared = compare(repository, request);
    return compared ? static_cast<int>(compared->problems.size()) : -1;
}

TEST(OfflineComparison, LeavesAloneWhatIsElsewhereAndTheSame)
{
    EXPECT_EQ(problemsBetween("pointer", "pointer"), 0);
    EXPECT_EQ(problemsBetween("pointer", "another"), 1);
    EXPECT_EQ(problemsBetween("pointer", "pointer", {"lfs/data.json"}), 1) << "somebody named it";
}

std::string applicationAt(const std::string &name, const std::string &revision)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name
           + "}\nspec:\n  source: {repoURL: 'https://h/r', path: a, targetRevision: " + revision + "}\n";
}

/// Two revisions of a repository with Applications, where one follows \p first and one \p second.
TwoRevisions repositoryWithApplications(const std::string &first, const std::string &second)
{
    const std::string apps = applicationAt("first", first) + "---\n" + applicationAt("second", second);
    return {render::memoryTree({{"a/a.yaml", kMap}, {"apps.yaml", apps}}),
            render::memoryTree(
                {{"a/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"}, {"apps.yaml", apps}})};
}

/// Applications that differ, and those that are pinned, where one follows \p first and one \p second.
std::vector<std::string> comparedAndPinned(const std::string &first, const std::string &second)
{
    const TwoRevisions repository = repositoryWithApplications(first, second);
    const Expected<Comparison> compared = compare(repository, {.a = "a", .b = "b", .paths = {}, .appFiles = {}});
    std::vector<std::string> names;
    for (const AppChange &app : compared ? compared->applications : std::vector<AppChange>())
        names.push_back(app.name);
    names.insert(names.end(), compared->pinned.begin(), compared->pinned.end());
    return names;
}

TEST(OfflineComparison, FollowsTheMainBranchWhereNoApplicationNamesTheComparedOnes)
{
    using Names = std::vector<std::string>;
    EXPECT_EQ(comparedAndPinned("main", "HEAD"), (Names{"first", "second"}));
    EXPECT_EQ(comparedAndPinned("main", "v1"), (Names{"first", "second (v1)"}));
    EXPECT_EQ(comparedAndPinned("main", "b"), (Names{"second", "first (main)"})) << "branches are environments";
}

/// How often a comparison goes over its two trees, its Applications or their pairs.
int passesOver(const std::string &first, const std::string &second)
{
    int passes = 0;
    const ForEach counted = [&passes](std::size_t count, const std::function<void(std::size_t)> &job) {
        ++passes;
        for (std::size_t i = 0; i < count; ++i)
            job(i);
    };
    const Expected<Comparison> compared =
        compare(repositoryWithApplications(first, second), {.a = "a", .b = "b", .paths = {}, .appFiles = {}}, counted);
    return compared ? passes : -1;
}

TEST(OfflineComparison, ReadsTheTreesASecondTimeOnlyForApplicationsOfTheMainBranch)
{
    EXPECT_EQ(passesOver("HEAD", "v1"), 3);
    EXPECT_EQ(passesOver("main", "v1"), 4);
    EXPECT_EQ(passesOver("main", "b"), 3) << "a compared branch is named";
}

} // namespace
} // namespace tiphys::offline
