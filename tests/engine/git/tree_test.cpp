// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/object_store.h"
#include "git/repository.h"

#include "engine/git/git_fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace tiphys::git {

namespace {

using render::FileEntry;
using render::FileKind;
using render::FileTree;

std::shared_ptr<const FileTree> treeOf(const Repository &repository, const std::string &revision)
{
    const Expected<Revision> resolved = repository.resolve(revision);
    const auto tree = resolved ? repository.tree(*resolved) : std::unexpected(resolved.error());
    if (!tree)
        throw std::runtime_error(tree.error().text());
    return *tree;
}

/// Every file as "<id> <path>", in the order of the tree.
void walk(const FileTree &tree, const std::string &folder, std::vector<std::string> &lines)
{
    const auto listed = tree.list(folder).value();
    for (const FileEntry &entry : listed) {
        const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
        if (entry.kind == FileKind::Folder)
            walk(tree, path, lines);
        else
            lines.push_back(entry.id + " " + path);
    }
}

} // namespace

TEST(CommitTree, ListsAndReadsAsGitDoes)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    for (int i = 0; i < 60; ++i)
        fixture.write("d" + std::to_string(i % 5) + "/e" + std::to_string(i % 3) + "/f" + std::to_string(i),
                      std::string(i * 37, 'x') + std::to_string(i));
    fixture.write("a-b/x", "1");
    fixture.write("a.b", "2");
    fixture.write("a/x", std::string("with\0zero", 9));
    fixture.write("grüße/名前.yaml", "utf-8");
    fixture.commit("first");
    fixture.git("gc -q");
    fixture.write("d1/new", "loose");
    fixture.commit("second");

    const std::shared_ptr<const FileTree> tree = treeOf(*Repository::open(fixture.path()), "HEAD");
    std::vector<std::string> lines;
    walk(*tree, "", lines);
    std::ranges::sort(lines);
    std::vector<std::string> expected = linesOf(fixture.git("ls-tree -r --format='%(objectname) %(path)' HEAD"));
    std::ranges::sort(expected);
    ASSERT_EQ(lines, expected);
    for (const std::string &line : lines) {
        const std::string path = line.substr(41);
        EXPECT_EQ(tree->read(path)->text,
                  outputOf("git -C " + shellQuoted(fixture.path()) + " show " + shellQuoted("HEAD:" + path)))
            << path;
    }
}

TEST(CommitTree, SortsByNameNotAsGit)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a/x", "");
    fixture.write("a.b", "");
    fixture.write("a-b", "");
    fixture.commit("first");
    std::vector<std::string> names;
    const auto listed = *treeOf(*Repository::open(fixture.path()), "HEAD")->list("");
    for (const FileEntry &entry : listed)
        names.push_back(entry.name);
    EXPECT_EQ(names, (std::vector<std::string>{"a", "a-b", "a.b"}));
}

TEST(CommitTree, TellsWhatIsNotThere)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a/x", "1");
    fixture.commit("first");
    const std::shared_ptr<const FileTree> tree = treeOf(*Repository::open(fixture.path()), "HEAD");
    for (const std::string path : {"b", "a/y", "a/x/z", "b/c/d"}) {
        EXPECT_EQ(tree->entry(path).error().text(), "no file '" + path + "'");
        EXPECT_EQ(tree->read(path).error().code(), ErrorCode::NotFound);
        EXPECT_EQ(tree->list(path).error().code(), ErrorCode::NotFound);
    }
    EXPECT_EQ(tree->list("a/x").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(tree->read("a").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(tree->entry("")->kind, FileKind::Folder);
}

TEST(CommitTree, ReadsLinksAndRefusesThoseThatLeaveTheRoot)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a/x", "text");
    std::filesystem::create_symlink("a", fixture.path() + "/link");
    std::filesystem::create_symlink("../link/x", fixture.path() + "/a/back");
    std::filesystem::create_symlink("../../etc/passwd", fixture.path() + "/a/out");
    std::filesystem::create_symlink("/etc/passwd", fixture.path() + "/absolute");
    fixture.commit("first");
    const std::shared_ptr<const FileTree> tree = treeOf(*Repository::open(fixture.path()), "HEAD");
    EXPECT_EQ(tree->entry("link")->kind, FileKind::Symlink);
    EXPECT_EQ(tree->read("link")->text, "a");
    EXPECT_EQ(*resolvedPath(*tree, "link/back"), "a/x");
    EXPECT_EQ(tree->read("a/out").error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(tree->read("absolute").error().text(), "symbolic link 'absolute' leaves the root");
}

TEST(CommitTree, ReadsLfsContentWhereItIsAndNamesTheFileWhereNot)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    const std::string sha = outputOf("printf 'real content' | sha256sum").substr(0, 64);
    fixture.write("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha + "\nsize 12\n");
    fixture.commit("first");
    const std::shared_ptr<const FileTree> tree = treeOf(*Repository::open(fixture.path()), "HEAD");
    const Expected<render::FileContent> absent = tree->read("big.bin");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code(), ErrorCode::Unsupported);
    EXPECT_THAT(absent.error().text(), testing::HasSubstr("'big.bin'"));
    fixture.write(".git/lfs/objects/" + sha.substr(0, 2) + "/" + sha.substr(2, 2) + "/" + sha, "real content");
    EXPECT_EQ(tree->read("big.bin")->text, "real content");
    fixture.write("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha + "\nsize 1000000001\n");
    fixture.commit("second");
    EXPECT_EQ(treeOf(*Repository::open(fixture.path()), "HEAD")->read("big.bin").error().code(),
              ErrorCode::LimitExceeded);
}

TEST(CommitTree, TellsAPartialCloneFromAFileThatIsNotThere)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a/x", "1");
    fixture.commit("first");
    fixture.git("config uploadpack.allowFilter true");
    outputOf("git clone -q --no-checkout --filter=blob:none " + shellQuoted("file://" + fixture.path()) + " "
             + shellQuoted(folder / "part"));
    const std::shared_ptr<const FileTree> tree = treeOf(*Repository::open(folder / "part"), "HEAD");
    const Error absent = tree->read("a/x").error();
    EXPECT_EQ(absent.code(), ErrorCode::Unsupported) << "what is not here is not what does not exist";
    EXPECT_THAT(absent.text(), testing::HasSubstr("file 'a/x': object "));
    EXPECT_THAT(absent.text(), testing::HasSubstr("a partial clone"));
    EXPECT_EQ(tree->read("a/y").error().code(), ErrorCode::NotFound);
}

TEST(CommitTree, ReadsSubmodulesThatAreFetchedAndNamesThoseThatAreNot)
{
    const TemporaryFolder folder;
    const GitFixture inner(folder / "inner");
    inner.write("lib/values.yaml", "a: 1\n");
    const std::string commit = inner.commit("inner");
    const GitFixture fixture(folder / "app");
    fixture.write("own.yaml", "b: 2\n");
    fixture.git("submodule --quiet add ../inner libs/inner");
    fixture.commit("with submodule");
    fixture.git("clone -q . ../clone");

    const Repository full = *Repository::open(fixture.path());
    const std::shared_ptr<const FileTree> tree = treeOf(full, "HEAD");
    EXPECT_EQ(tree->read("libs/inner/lib/values.yaml")->text, "a: 1\n");
    EXPECT_EQ(tree->entry("libs/inner")->kind, FileKind::Folder);
    EXPECT_EQ(tree->list("libs")->at(0).kind, FileKind::Folder);
    EXPECT_EQ(tree->list("libs/inner")->at(0).name, "lib");
    EXPECT_EQ(full.submodules(*full.resolve("HEAD"))->at(0),
              (Submodule{"libs/inner", "libs/inner", "../inner", commit}));

    const Repository clone = *Repository::open(folder / "clone");
    const std::shared_ptr<const FileTree> partial = treeOf(clone, "HEAD");
    EXPECT_EQ(partial->read("own.yaml")->text, "b: 2\n");
    EXPECT_EQ(partial->entry("libs/inner")->kind, FileKind::Submodule);
    EXPECT_EQ(partial->list("libs")->at(0).kind, FileKind::Submodule);
    const Expected<render::FileContent> absent = partial->read("libs/inner/lib/values.yaml");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code(), ErrorCode::Unsupported);
    EXPECT_EQ(absent.error().text(), "submodule 'libs/inner' (../inner) is not fetched");

    const Repository innerRepository = *Repository::open(inner.path());
    const auto resolved = clone.tree(*clone.resolve("HEAD"), [&](const Submodule &submodule) {
        return innerRepository.tree(Revision{submodule.commit, submodule.commit, ""});
    });
    EXPECT_EQ((*resolved)->read("libs/inner/lib/values.yaml")->text, "a: 1\n");
}

TEST(CommitTree, MayBeReadFromSeveralThreads)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    for (int i = 0; i < 100; ++i)
        fixture.write("d" + std::to_string(i % 10) + "/f" + std::to_string(i), "content " + std::to_string(i));
    fixture.commit("first");
    fixture.git("gc -q");
    const std::shared_ptr<const FileTree> tree = treeOf(*Repository::open(fixture.path()), "HEAD");
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 100; ++i) {
                    const auto content = tree->read("d" + std::to_string(i % 10) + "/f" + std::to_string(i));
                    right += content && content->text == "content " + std::to_string(i);
                }
            });
    }
    EXPECT_EQ(right, 400);
}

TEST(CommitTree, KeepsContentAliveByItsOwner)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a", "still here");
    fixture.commit("first");
    Expected<render::FileContent> content = treeOf(*Repository::open(fixture.path()), "HEAD")->read("a");
    EXPECT_EQ(content->text, "still here");
}

TEST(ObjectStore, ABlobThatIsTooLargeIsNotRead)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("small", std::string(100, 's'));
    fixture.write("large", std::string(101, 'l'));
    fixture.commit("first");
    ASSERT_TRUE(Repository::open(fixture.path()));
    const git_oid small = idOf(fixture.git("rev-parse HEAD:small")).value();
    const git_oid large = idOf(fixture.git("rev-parse HEAD:large")).value();
    for (const bool isPacked : {false, true}) {
        if (isPacked)
            fixture.git("gc -q");
        ObjectStore store(fixture.path(), 100);
        EXPECT_TRUE(store.blob(small)) << isPacked;
        const Expected<render::FileContent> refused = store.blob(large);
        ASSERT_FALSE(refused) << isPacked;
        EXPECT_EQ(refused.error().code(), ErrorCode::LimitExceeded) << refused.error().text();
    }
}

} // namespace tiphys::git
