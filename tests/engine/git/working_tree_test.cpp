// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/folder_tree.h"
#include "git/repository.h"

#include "engine/git/git_fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

namespace tiphys::git {

namespace {

using render::FileEntry;
using render::FileTree;

std::shared_ptr<const FileTree> workingTreeOf(const Repository &repository)
{
    const auto tree = repository.tree(*repository.resolve("."));
    if (!tree)
        throw std::runtime_error(tree.error().text());
    return *tree;
}

std::vector<std::string> namesIn(const FileTree &tree, const std::string &folder)
{
    std::vector<std::string> names;
    const auto listed = tree.list(folder).value();
    for (const FileEntry &entry : listed)
        names.push_back(entry.name);
    return names;
}

} // namespace

TEST(WorkingTree, HoldsTrackedAndUntrackedFilesButNotIgnoredOnes)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write(".gitignore", "*.log\nbuild/\n");
    fixture.write("kept.log", "tracked although ignored");
    fixture.write("build/kept.yaml", "tracked although ignored");
    fixture.git("add -f kept.log build/kept.yaml");
    fixture.commit("first");
    fixture.write("new.yaml", "untracked");
    fixture.write("new.log", "ignored");
    fixture.write("build/out.bin", "ignored");
    fixture.write("cache/.gitignore", "*\n");
    fixture.write("cache/x", "ignored by its own file");
    const std::shared_ptr<const FileTree> tree = workingTreeOf(*Repository::open(fixture.path()));
    EXPECT_EQ(namesIn(*tree, ""), (std::vector<std::string>{".gitignore", "build", "cache", "kept.log", "new.yaml"}));
    EXPECT_EQ(namesIn(*tree, "build"), std::vector<std::string>{"kept.yaml"});
    EXPECT_EQ(namesIn(*tree, "cache"), std::vector<std::string>{});
    EXPECT_EQ(tree->read("new.yaml")->text, "untracked");
    EXPECT_EQ(tree->read("new.log").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(tree->read(".git/config").error().code(), ErrorCode::NotFound);
}

TEST(WorkingTree, GivesTheIdsThatACommitWouldMake)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("same.yaml", "same");
    fixture.write("changed.yaml", "old");
    std::filesystem::create_symlink("same.yaml", fixture.path() + "/link");
    fixture.commit("first");
    fixture.write("changed.yaml", "new");
    fixture.write("added.yaml", "added");
    const std::shared_ptr<const FileTree> tree = workingTreeOf(*Repository::open(fixture.path()));
    for (const std::string name : {"same.yaml", "changed.yaml", "added.yaml"})
        EXPECT_EQ(tree->entry(name)->id, fixture.git("hash-object " + name)) << name;
    EXPECT_EQ(tree->entry("link")->id, fixture.git("rev-parse HEAD:link"));
    EXPECT_EQ(tree->read("link")->text, "same.yaml");
    EXPECT_EQ(tree->read("changed.yaml")->text, "new");
}

TEST(WorkingTree, ListsAFileThatIsTooLargeToBeRead)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("small.yaml", "a: 1");
    fixture.commit("first");
    fixture.write("dump", std::string(101, 'd'));
    ASSERT_TRUE(Repository::open(fixture.path()));
    const auto tree = workingTree(fixture.path(), std::make_shared<ObjectStore>(fixture.path(), 100), "");
    ASSERT_TRUE(tree) << tree.error().text();
    EXPECT_EQ(namesIn(**tree, ""), (std::vector<std::string>{"dump", "small.yaml"}));
    EXPECT_EQ((*tree)->entry("dump")->id, fixture.git("hash-object dump"));
    EXPECT_EQ((*tree)->read("dump").error().code(), ErrorCode::LimitExceeded);
}

TEST(WorkingTree, TakesTheIdFromTheIndexOnlyWhereTheFileIsUnchanged)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a.yaml", "one");
    fixture.git("add -A");
    fixture.git("commit -q -m first");
    // Same size, old time: only the time of the inode change tells.
    fixture.git("--version > /dev/null; touch -d '2001-01-01' a.yaml && git update-index --refresh && touch .git/index "
                "-d '2031-01-01'");
    fixture.git("--version > /dev/null; printf two > b && touch -d '2001-01-01' b && mv b a.yaml");
    const std::shared_ptr<const FileTree> tree = workingTreeOf(*Repository::open(fixture.path()));
    EXPECT_EQ(tree->entry("a.yaml")->id, fixture.git("hash-object a.yaml"));
}

TEST(WorkingTree, StoresLineEndingsAsACommitWould)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write(".gitattributes", "*.yaml text eol=crlf\n");
    fixture.write("a.yaml", "a: 1\r\nb: 2\r\n");
    fixture.commit("first");
    fixture.write("b.yaml", "c: 3\r\n");
    const std::shared_ptr<const FileTree> tree = workingTreeOf(*Repository::open(fixture.path()));
    EXPECT_EQ(tree->read("a.yaml")->text, "a: 1\nb: 2\n");
    EXPECT_EQ(tree->entry("a.yaml")->id, fixture.git("rev-parse HEAD:a.yaml"));
    EXPECT_EQ(tree->read("b.yaml")->text, "c: 3\n");
}

TEST(WorkingTree, IsComparedWithCommitsAsGitDoes)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write(".gitignore", "*.log\n");
    fixture.write("same", "1");
    fixture.write("changed", "1");
    fixture.write("gone", "1");
    fixture.commit("first");
    fixture.write("changed", "2");
    fixture.write("deep/new", "1");
    fixture.write("ignored.log", "1");
    std::filesystem::remove(fixture.path() + "/gone");
    const Repository repository = *Repository::open(fixture.path());
    const Revision head = *repository.resolve("HEAD");
    const Revision work = *repository.resolve(".");
    const std::vector<ChangedFile> there = {
        {"changed", "", ChangeKind::Modified}, {"deep/new", "", ChangeKind::Added}, {"gone", "", ChangeKind::Removed}};
    EXPECT_EQ(*repository.changedFiles(head, work), there);
    const std::vector<ChangedFile> back = {
        {"changed", "", ChangeKind::Modified}, {"deep/new", "", ChangeKind::Removed}, {"gone", "", ChangeKind::Added}};
    EXPECT_EQ(*repository.changedFiles(work, head), back);
    EXPECT_EQ(repository.mergeBase(head, work)->commit, head.commit);
}

TEST(WorkingTree, DoesNotFollowLinksOnTheWay)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a/x", "1");
    std::filesystem::create_symlink("/etc", fixture.path() + "/out");
    std::filesystem::create_symlink("a", fixture.path() + "/in");
    const std::shared_ptr<const FileTree> tree = workingTreeOf(*Repository::open(fixture.path()));
    EXPECT_EQ(tree->read("out/hostname").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(tree->list("out").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(tree->read("out").error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(*resolvedPath(*tree, "in/x"), "a/x");
}

TEST(WorkingTree, ShowsSubmodulesAsFolders)
{
    const TemporaryFolder folder;
    const GitFixture inner(folder / "inner");
    inner.write("x", "1");
    inner.commit("inner");
    const GitFixture fixture(folder / "app");
    fixture.git("submodule --quiet add ../inner sub");
    fixture.commit("with submodule");
    const std::shared_ptr<const FileTree> tree = workingTreeOf(*Repository::open(fixture.path()));
    EXPECT_EQ(namesIn(*tree, "sub"), std::vector<std::string>{"x"});
    EXPECT_EQ(tree->read("sub/x")->text, "1");
}

TEST(FolderTree, IsReadWithoutARepository)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "plain");
    fixture.write("a/x.log", "1");
    fixture.write(".gitignore", "*.log\n");
    std::filesystem::remove_all(fixture.path() + "/.git");
    const auto tree = folderTree(fixture.path());
    ASSERT_TRUE(tree);
    EXPECT_EQ(namesIn(**tree, ""), (std::vector<std::string>{".gitignore", "a"}));
    EXPECT_EQ((*tree)->read("a/x.log")->text, "1");
    EXPECT_EQ((*tree)->entry("a/x.log")->id, "");
    EXPECT_EQ(folderTree(folder / "gone").error().text(), "no folder '" + (folder / "gone") + "'");
}

} // namespace tiphys::git
