// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/mirror.h"

#include "engine/git/git_fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace tiphys::git {

namespace {

namespace fs = std::filesystem;

/// What the mirror holds, as `git ls-remote` prints it.
std::string refsOf(const Mirror &mirror)
{
    return outputOf("git ls-remote " + shellQuoted(mirror.path()) + " 'refs/*' HEAD");
}

std::string refsOf(const GitFixture &fixture)
{
    return outputOf("git ls-remote " + shellQuoted(fixture.path()) + " 'refs/*' HEAD");
}

std::size_t packsIn(const Mirror &mirror)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(fs::directory_iterator(mirror.path() + "/objects/pack"),
                              [](const auto &file) { return file.path().extension() == ".pack"; }));
}

void expectSound(const Mirror &mirror)
{
    EXPECT_EQ(outputOf("git -C " + shellQuoted(mirror.path())
                       + " fsck --full --strict 2>&1 | grep -v -e dangling -e '^notice' || true"),
              "");
}

void growBig(const GitFixture &fixture, int files)
{
    for (int i = 0; i < files; ++i)
        fixture.write("f" + std::to_string(i % 40) + "/x" + std::to_string(i), std::to_string(i * 7919) + "\n");
    fixture.commit("many files");
}

} // namespace

TEST(Mirror, HoldsWhatTheRemoteOffers)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("a.yaml", "a: 1\n");
    fixture.commit("first");
    fixture.git("tag -a -m x v1.0.0 && git branch side && git tag light");
    const Mirror mirror(folder / "cache", "file://" + fixture.path());
    EXPECT_EQ(mirror.repository().error().code(), ErrorCode::NotFound);
    const Expected<std::vector<Ref>> refs = mirror.fetch({});
    ASSERT_TRUE(refs) << refs.error().text();
    EXPECT_EQ(refsOf(mirror), refsOf(fixture));
    EXPECT_EQ(*refs, *mirror.repository()->refs());
    const Repository repository = *mirror.repository();
    EXPECT_EQ((*repository.tree(*repository.resolve("^1.0")))->read("a.yaml")->text, "a: 1\n");
    expectSound(mirror);
}

TEST(Mirror, FollowsNewDeletedAndForcedBranches)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.commit("first");
    fixture.commit("second");
    fixture.git("branch gone");
    const Mirror mirror(folder / "cache", fixture.path());
    ASSERT_TRUE(mirror.fetch({}));
    // A folder of refs where a ref was, a forced branch, another default branch.
    fixture.git("branch -D gone && git branch gone/deeper && git reset -q --hard HEAD~1 && git checkout -q -b trunk");
    fixture.commit("third");
    const Repository before = *mirror.repository();
    ASSERT_TRUE(mirror.fetch({}));
    EXPECT_EQ(refsOf(mirror), refsOf(fixture));
    EXPECT_EQ(before.resolve("HEAD")->ref, "refs/heads/trunk");
    expectSound(mirror);
}

TEST(Mirror, IsSharedByTheFormsOfOneUrl)
{
    EXPECT_EQ(Mirror("/c", "git@Host:Org/App.git").path(), Mirror("/c", "ssh://git@host/org/app").path());
    EXPECT_NE(Mirror("/c", "https://host/app").path(), Mirror("/c", "https://host/app2").path());
    EXPECT_EQ(Mirror("/c", "https://me:secret@host/app").path(), Mirror("/c", "https://host/app").path());
    EXPECT_NE(Mirror("/c", "/srv/App").path(), Mirror("/c", "/srv/app").path());
}

TEST(Mirror, FetchesPullRequestsOnDemand)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.commit("first");
    fixture.git("checkout -q --detach");
    const std::string proposed = fixture.commit("proposed");
    fixture.git("update-ref refs/pull/7/head HEAD && git checkout -q main");
    const Mirror mirror(folder / "cache", fixture.path());
    ASSERT_TRUE(mirror.fetch({}));
    EXPECT_FALSE(mirror.repository()->resolve("refs/pull/7/head"));
    ASSERT_TRUE(mirror.fetch({}, {.extraRefs = {"refs/pull/7/head"}}));
    EXPECT_EQ(mirror.repository()->resolve("refs/pull/7/head")->commit, proposed);
    ASSERT_TRUE(mirror.fetch({}));
    EXPECT_EQ(mirror.repository()->resolve("pull/7/head")->commit, proposed);
}

TEST(Mirror, KeepsFewPacksAfterManyFetchesAndReadersGoOn)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.write("start", "0");
    fixture.commit("start");
    const Mirror mirror(folder / "cache", fixture.path());
    ASSERT_TRUE(mirror.fetch({}));
    const Repository reader = *mirror.repository();
    const auto first = *reader.tree(*reader.resolve("main"));
    for (int i = 0; i < 20; ++i) {
        fixture.write("f" + std::to_string(i), std::to_string(i));
        fixture.commit("change");
        ASSERT_TRUE(mirror.fetch({}));
        EXPECT_EQ((*reader.tree(*reader.resolve("main")))->read("f" + std::to_string(i))->text, std::to_string(i));
    }
    EXPECT_LE(packsIn(mirror), 8u);
    EXPECT_EQ(first->read("start")->text, "0");
    EXPECT_EQ(refsOf(mirror), refsOf(fixture));
    expectSound(mirror);
}

TEST(Mirror, IsWrittenByManyProcessesAndThreadsAtOnce)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    growBig(fixture, 300);
    const Mirror mirror(folder / "cache", fixture.path());
    std::vector<pid_t> processes;
    for (int i = 0; i < 3; ++i) {
        const pid_t process = fork();
        if (process == 0)
            _exit(mirror.fetch({}) ? 0 : 1);
        processes.push_back(process);
    }
    std::atomic<int> done = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] { done += mirror.fetch({}).has_value(); });
    }
    for (const pid_t process : processes) {
        int status = -1;
        waitpid(process, &status, 0);
        done += status == 0;
    }
    EXPECT_EQ(done, 6);
    EXPECT_EQ(refsOf(mirror), refsOf(fixture));
    expectSound(mirror);
}

TEST(Mirror, StaysUsableWhenAFetchIsCancelled)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    growBig(fixture, 50);
    const Mirror mirror(folder / "cache", fixture.path());
    ASSERT_TRUE(mirror.fetch({}));
    const std::string before = refsOf(mirror);
    growBig(fixture, 800);
    std::stop_source stop;
    RemoteAccess access;
    access.cancel = stop.get_token();
    access.onProgress = [&](const FetchProgress &progress) {
        if (progress.receivedObjects > 100)
            stop.request_stop();
    };
    const Expected<std::vector<Ref>> cancelled = mirror.fetch(access);
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code(), ErrorCode::Cancelled) << cancelled.error().text();
    EXPECT_EQ(refsOf(mirror), before);
    expectSound(mirror);
    ASSERT_TRUE(mirror.fetch({}));
    EXPECT_EQ(refsOf(mirror), refsOf(fixture));
    EXPECT_EQ(packsIn(mirror), 2u);
    expectSound(mirror);
}

TEST(Mirror, TakesAwayWhatAKilledWriterLeft)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    fixture.commit("first");
    const Mirror mirror(folder / "cache", fixture.path());
    ASSERT_TRUE(mirror.fetch({}));
    std::ofstream(mirror.path() + "/objects/pack/pack_git2_half") << "half a pack";
    std::ofstream(mirror.path() + "/packed-refs.next") << "half";
    fixture.commit("second");
    ASSERT_TRUE(mirror.fetch({}));
    EXPECT_FALSE(fs::exists(mirror.path() + "/objects/pack/pack_git2_half"));
    EXPECT_EQ(refsOf(mirror), refsOf(fixture));
}

TEST(Mirror, NamesWhatCannotBeReached)
{
    const TemporaryFolder folder;
    fs::create_directories(folder / "plain");
    EXPECT_EQ(Mirror(folder / "cache", folder / "gone").fetch({}).error().code(), ErrorCode::NotFound);
    EXPECT_FALSE(Mirror(folder / "cache", folder / "plain").fetch({}));
    const Expected<std::vector<Ref>> http = remoteRefs("https://host.invalid/x", {});
    ASSERT_FALSE(http);
    EXPECT_EQ(http.error().text(), "repository 'https://host.invalid/x': no network access for HTTP has been set up");
    EXPECT_EQ(remoteRefs("ssh://-oProxyCommand=true/x", {}).error().code(), ErrorCode::InvalidInput);
}

TEST(Mirror, MirrorsAnEmptyRepository)
{
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "app");
    const Mirror mirror(folder / "cache", fixture.path());
    const Expected<std::vector<Ref>> refs = mirror.fetch({});
    ASSERT_TRUE(refs) << refs.error().text();
    EXPECT_TRUE(refs->empty());
    EXPECT_FALSE(mirror.repository()->resolve("HEAD"));
    fixture.commit("first");
    ASSERT_TRUE(mirror.fetch({}));
    EXPECT_TRUE(mirror.repository()->resolve("HEAD"));
}

} // namespace tiphys::git
