// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"

#include "engine/git/git_fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

namespace tiphys::git {

namespace {

Repository opened(const std::string &place)
{
    Expected<Repository> repository = Repository::open(place);
    if (!repository)
        throw std::runtime_error(repository.error().text());
    return *std::move(repository);
}

std::string letterOf(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Added: return "A";
    case ChangeKind::Removed: return "D";
    case ChangeKind::Modified: return "M";
    case ChangeKind::Renamed: return "R";
    case ChangeKind::TypeChanged: return "T";
    }
    return "?";
}

std::vector<std::string> asNameStatus(const std::vector<ChangedFile> &files)
{
    std::vector<std::string> lines;
    for (const ChangedFile &file : files)
        lines.push_back(letterOf(file.kind) + "\t" + (file.oldPath.empty() ? "" : file.oldPath + "\t") + file.path);
    std::ranges::sort(lines);
    return lines;
}

/// `git diff --name-status` without the scores of renames.
std::vector<std::string> gitNameStatus(const GitFixture &fixture, const std::string &arguments)
{
    std::vector<std::string> lines = linesOf(fixture.git("diff --name-status " + arguments));
    for (std::string &line : lines)
        if (line.starts_with('R'))
            line = "R" + line.substr(line.find('\t'));
    std::ranges::sort(lines);
    return lines;
}

/// A history with branches, merges, renames, removals, links and mode changes, the same for every run.
void grow(const GitFixture &fixture, int commits)
{
    std::mt19937 random(7);
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    fixture.write("base.yaml", "kind: ConfigMap\n");
    fixture.commit("base");
    int branches = 0;
    for (int i = 0; i < commits; ++i) {
        if (pick(4) == 0) {
            fixture.git("checkout -q -b topic" + std::to_string(branches++));
        } else if (branches > 0 && pick(3) == 0) {
            const std::string other = "topic" + std::to_string(pick(branches));
            fixture.git("checkout -q main && git -C . merge -q -X ours --no-edit " + other + " || true");
        }
        for (int k = 0; k < 1 + pick(3); ++k) {
            const std::string file = "d" + std::to_string(pick(4)) + "/s" + std::to_string(pick(3)) + "/f"
                                     + std::to_string(pick(6)) + ".yaml";
            if (pick(5) == 0)
                std::filesystem::remove(fixture.path() + "/" + file);
            else
                fixture.write(file, std::string(200, static_cast<char>('a' + pick(26))) + std::to_string(i) + "\n");
        }
        fixture.commit("change " + std::to_string(i));
        if (pick(5) == 0)
            fixture.git("tag -f -a -m tag v0." + std::to_string(i) + ".0");
    }
}

} // namespace

TEST(Repository, OpensWorkTreesFoldersInThemBareOnesAndFileUrls)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "my app");
    fixture.write("charts/web/Chart.yaml", "name: web\n");
    const std::string commit = fixture.commit("first");
    fixture.git("clone -q --bare . ../bare.git");

    EXPECT_EQ(opened(folder / "my app").workFolder(), folder / "my app");
    EXPECT_EQ(opened(folder / "my app").prefix(), "");
    EXPECT_EQ(opened(folder / "my app/charts/web").prefix(), "charts/web");
    EXPECT_EQ(opened("file://" + (folder / "my%20app")).resolve("main")->commit, commit);
    EXPECT_TRUE(opened(folder / "bare.git").isBare());
    EXPECT_EQ(opened(folder / "bare.git").resolve("HEAD")->commit, commit);
    EXPECT_EQ(opened(folder / "bare.git").remoteUrls(), std::vector<std::string>{folder / "my app/."});
}

TEST(Repository, ReadsABareOneWithoutAConfiguration)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a.yaml", "a: 1\n");
    fixture.commit("first");
    fixture.git("clone -q --bare . ../mirror");
    std::filesystem::remove(folder / "mirror/config");

    const Repository repository = opened(folder / "mirror");

    EXPECT_TRUE(repository.isBare());
    EXPECT_EQ((*repository.tree(*repository.resolve("HEAD")))->read("a.yaml")->text, "a: 1\n");
}

TEST(Repository, OpensAWorktreeThatGitAdded)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a.yaml", "a: 1\n");
    fixture.commit("first");
    fixture.git("worktree add -q -b side ../side");
    const Repository repository = opened(folder / "side");
    EXPECT_EQ(repository.workFolder(), folder / "side");
    EXPECT_EQ(repository.resolve("HEAD")->ref, "refs/heads/side");
    EXPECT_EQ((*repository.tree(*repository.resolve(".")))->read("a.yaml")->text, "a: 1\n");
}

TEST(Repository, NamesWhatIsNoRepository)
{
    const TemporaryFolder folder;
    EXPECT_EQ(Repository::open(folder.path()).error().text(), "'" + folder.path() + "' is not in a Git repository");
    EXPECT_EQ(Repository::open(folder / "gone").error().code(), ErrorCode::NotFound);
}

TEST(Repository, SaysThatItHasNoCommit)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    const Expected<Revision> revision = opened(fixture.path()).resolve("HEAD");
    ASSERT_FALSE(revision);
    EXPECT_EQ(revision.error().text(), "repository '" + fixture.path() + "/.git' has no commit yet");
}

TEST(Repository, SaysThatItIsGone)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.commit("first");
    const Repository repository = opened(fixture.path());
    std::filesystem::remove_all(fixture.path());
    const Expected<Revision> revision = repository.resolve("main");
    ASSERT_FALSE(revision);
    EXPECT_EQ(revision.error().code(), ErrorCode::NotFound) << revision.error().text();
}

TEST(Repository, ResolvesAsGitDoes)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    grow(fixture, 25);
    fixture.git("tag light HEAD~3 && git tag -a -m x heavy HEAD~2 && git update-ref refs/pull/7/head HEAD~1");
    fixture.git("update-ref refs/remotes/origin/remote-only HEAD~4");
    const Repository repository = opened(fixture.path());
    const std::string head = fixture.git("rev-parse HEAD");
    for (const std::string text : {"HEAD", "main", "HEAD~5", "HEAD^", "main~2^1", "light", "heavy", "heavy^{commit}",
                                   "refs/pull/7/head", "pull/7/head", "@", "refs/tags/heavy", "origin/remote-only"}) {
        const Expected<Revision> revision = repository.resolve(text);
        ASSERT_TRUE(revision) << text << ": " << revision.error().text();
        EXPECT_EQ(revision->commit, fixture.git("rev-parse '" + text + "^{commit}'")) << text;
        EXPECT_EQ(revision->requested, text);
    }
    EXPECT_EQ(repository.resolve(head)->commit, head);
    EXPECT_EQ(repository.resolve(head.substr(0, 8))->commit, head);
    EXPECT_EQ(repository.resolve(head.substr(0, 8))->reported(), head.substr(0, 8));
    EXPECT_EQ(repository.resolve("remote-only")->commit, fixture.git("rev-parse HEAD~4"));
    EXPECT_TRUE(repository.resolve(".")->isWorkingTree());
}

TEST(Repository, ResolvesVersionRangesOverTags)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    const std::string first = fixture.commit("first");
    fixture.git("tag -a -m x v1.2.0");
    fixture.commit("second");
    fixture.git("tag v1.10.0-rc.1");
    const Expected<Revision> revision = opened(fixture.path()).resolve("^1.0");
    ASSERT_TRUE(revision);
    EXPECT_EQ(revision->commit, first);
    EXPECT_EQ(revision->ref, "refs/tags/v1.2.0");
}

TEST(Repository, RefusesWhatIsNoCommit)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a", "a");
    fixture.commit("first");
    const Repository repository = opened(fixture.path());
    EXPECT_EQ(repository.resolve(fixture.git("rev-parse HEAD:a")).error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(repository.resolve(std::string(40, '1')).error().text(),
              "commit " + std::string(40, '1') + " is not in the repository");
    EXPECT_EQ(repository.resolve("maim").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(repository.resolve("main~7").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(repository.resolve("mainx").error().text(), "unable to resolve 'mainx' to a commit SHA (similar: main)");
}

TEST(Repository, TellsObjectsThatAreCutOff)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a/x", "1");
    fixture.commit("first");
    fixture.write("a/x", "2");
    fixture.commit("second");
    fixture.git("tag -a -m t note");
    const auto cutOff = [&](const std::string &name) {
        const std::string id = fixture.git("rev-parse " + name);
        const std::string place = fixture.path() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
        outputOf("chmod u+w " + shellQuoted(place) + " && truncate -s 20 " + shellQuoted(place));
        return "object " + id + " is damaged";
    };
    const Revision first = *opened(fixture.path()).resolve("HEAD~1");
    const Revision second = *opened(fixture.path()).resolve("HEAD");
    const std::string tree = cutOff("HEAD:a");
    EXPECT_THAT(opened(fixture.path()).changedFiles(first, second).error().text(), testing::HasSubstr(tree));
    const std::string commit = cutOff("HEAD");
    for (const char *name : {"HEAD~1", "HEAD^", "main", "note"}) {
        const Expected<Revision> found = opened(fixture.path()).resolve(name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(found.error().code(), ErrorCode::InvalidInput) << name;
        EXPECT_THAT(found.error().text(), testing::HasSubstr(commit)) << name;
    }
    EXPECT_THAT(opened(fixture.path()).mergeBase(first, second).error().text(), testing::HasSubstr(commit));
}

TEST(Repository, ComparesAsGitDoes)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    grow(fixture, 25);
    std::filesystem::create_symlink("base.yaml", fixture.path() + "/link");
    fixture.commit("link");
    std::filesystem::remove(fixture.path() + "/link");
    fixture.write("link", "a file now");
    fixture.git("mv base.yaml renamed.yaml");
    fixture.commit("type change and rename");
    const Repository repository = opened(fixture.path());
    const std::vector<std::string> all = linesOf(fixture.git("rev-list --all"));
    ASSERT_GT(all.size(), 20u);
    for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
        const Revision left{all[i], all[i], ""};
        const Revision right{all[all.size() - 1 - i], all[all.size() - 1 - i], ""};
        const std::string both = left.commit + " " + right.commit;
        EXPECT_EQ(asNameStatus(*repository.changedFiles(left, right)), gitNameStatus(fixture, "--no-renames " + both));
        EXPECT_EQ(repository.mergeBase(left, right)->commit, fixture.git("merge-base " + both));
    }
    EXPECT_EQ(asNameStatus(*repository.changedFiles(*repository.resolve("HEAD~1"), *repository.resolve("HEAD"),
                                                    Renames::Detected)),
              gitNameStatus(fixture, "-M HEAD~1 HEAD"));
}

TEST(Repository, ListsRefsAsGitDoes)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    grow(fixture, 12);
    fixture.git("tag -a -m t annotated && git pack-refs --all && git tag loose");
    const Expected<std::vector<Ref>> refs = opened(fixture.path()).refs();
    ASSERT_TRUE(refs);
    std::vector<std::string> lines;
    for (const Ref &ref : *refs) {
        lines.push_back(ref.id + "\t" + ref.name);
        if (!ref.peeled.empty())
            lines.push_back(ref.peeled + "\t" + ref.name + "^{}");
    }
    EXPECT_EQ(lines, linesOf(fixture.git("ls-remote .")));
}

TEST(Repository, TellsThatUnrelatedHistoriesHaveNoBase)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.commit("first");
    fixture.git("checkout -q --orphan other");
    fixture.commit("second");
    const Repository repository = opened(fixture.path());
    const Expected<Revision> base = repository.mergeBase(*repository.resolve("main"), *repository.resolve("other"));
    ASSERT_FALSE(base);
    EXPECT_EQ(base.error().text(), "'main' and 'other' have no common ancestor");
}

TEST(Repository, SaysWhereAShallowHistoryEnds)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.commit("first");
    fixture.commit("second");
    fixture.git("clone -q --depth 1 file://" + fixture.path() + " ../shallow");
    const Repository repository = opened(folder / "shallow");
    EXPECT_TRUE(repository.isShallow());
    const Expected<Revision> parent = repository.resolve("HEAD~1");
    ASSERT_FALSE(parent);
    EXPECT_THAT(parent.error().text(), testing::HasSubstr("the history is cut off (shallow clone)"));
    const Expected<std::shared_ptr<const render::FileTree>> tree =
        repository.tree(Revision{"", fixture.git("rev-parse HEAD~1"), ""});
    ASSERT_FALSE(tree);
    EXPECT_THAT(tree.error().text(), testing::HasSubstr("shallow clone"));
}

TEST(Repository, ReadsCommitMetadata)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    const std::string first = fixture.commit("first");
    const std::string second = fixture.commit("second: subject\n\nbody of it");
    const Repository repository = opened(fixture.path());
    const Expected<CommitMetadata> metadata = repository.commit(*repository.resolve("HEAD"));
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->id, second);
    EXPECT_EQ(metadata->parents, std::vector<std::string>{first});
    EXPECT_EQ(metadata->author.text(), "Ada Author <ada@example.org>");
    EXPECT_EQ(std::to_string(metadata->author.seconds), fixture.git("log -1 --format=%at"));
    EXPECT_EQ(metadata->author.offsetMinutes, 120);
    EXPECT_EQ(metadata->subject(), "second: subject");
    EXPECT_EQ(metadata->message, "second: subject\n\nbody of it\n");
    EXPECT_EQ(metadata->signature, SignatureKind::None);
}

TEST(Repository, ShowsTheHistoryOfAFolder)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    grow(fixture, 20);
    const Repository repository = opened(fixture.path());
    const auto idsOf = [](const Expected<std::vector<CommitMetadata>> &commits) {
        std::vector<std::string> ids;
        const auto listed = commits.value();
        for (const CommitMetadata &commit : listed)
            ids.push_back(commit.id);
        std::ranges::sort(ids);
        return ids;
    };
    std::vector<std::string> expected = linesOf(fixture.git("log --format=%H HEAD"));
    std::ranges::sort(expected);
    EXPECT_EQ(idsOf(repository.history(*repository.resolve("HEAD"), {.limit = 1000})), expected);
    EXPECT_EQ(repository.history(*repository.resolve("HEAD"), {.limit = 3})->size(), 3u);
    expected = linesOf(fixture.git("log --full-history --no-merges --format=%H HEAD -- d1"));
    std::ranges::sort(expected);
    std::vector<std::string> found;
    const auto listed = *repository.history(*repository.resolve("HEAD"), {.limit = 1000, .paths = {"d1"}});
    for (const CommitMetadata &commit : listed)
        if (commit.parents.size() < 2)
            found.push_back(commit.id);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected);
}

TEST(Repository, NamesADamagedObject)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a.yaml", std::string(1000, 'x'));
    fixture.commit("first");
    const std::string blob = fixture.git("rev-parse HEAD:a.yaml");
    const std::string file = fixture.path() + "/.git/objects/" + blob.substr(0, 2) + "/" + blob.substr(2);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    const Repository repository = opened(fixture.path());
    const auto tree = repository.tree(*repository.resolve("main"));
    ASSERT_TRUE(tree);
    const Expected<render::FileContent> content = (*tree)->read("a.yaml");
    ASSERT_FALSE(content);
    EXPECT_THAT(content.error().text(), testing::HasSubstr("file 'a.yaml'"));
    EXPECT_THAT(content.error().text(), testing::HasSubstr(blob));
}

} // namespace tiphys::git
