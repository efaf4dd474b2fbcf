// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/repo_url.h"

#include <gtest/gtest.h>

namespace tiphys {
namespace {

TEST(RepoPlace, IsOneForAllWaysToARepository)
{
    for (const char *url :
         {"https://github.com/Org/Repo", "https://github.com/org/repo.git", "https://github.com/org/repo.git/",
          "https://me:pw@github.com:443/org/repo/", "git@github.com:Org/Repo.git", "git@github.com:/org/repo",
          "github.com:org/repo", "ssh://git@github.com/org/repo.git", "ssh://git@github.com:22/org/repo",
          "git+ssh://github.com/org/repo", " http://GitHub.com/org/repo\n"})
        EXPECT_EQ(repoPlace(url), "github.com/org/repo") << url;
    EXPECT_EQ(repoPlace("https://[::1]:8443/a"), "[::1]/a");
    EXPECT_EQ(repoPlace("https://host"), "host/");
    EXPECT_EQ(repoPlace("file:///srv/Git/a.git/"), "/srv/git/a");
    EXPECT_EQ(repoPlace("/srv/git/a"), "/srv/git/a");
    EXPECT_EQ(repoPlace("../a"), "../a");
    EXPECT_EQ(repoPlace(""), "");
}

TEST(RepoPlace, TellsRepositoriesApart)
{
    EXPECT_NE(repoPlace("https://github.com/org/repo"), repoPlace("https://github.com/other/repo"));
    EXPECT_NE(repoPlace("https://github.com/org/repo"), repoPlace("https://gitlab.com/org/repo"));
}

TEST(ShownUrl, HidesPasswordsAndTokens)
{
    EXPECT_EQ(shownUrl("https://me:secret@host/x"), "https://me:***@host/x");
    EXPECT_EQ(shownUrl("https://me:se:cr@et@host:8443/x"), "https://me:***@host:8443/x");
    EXPECT_EQ(shownUrl("https://ghp_0123456789abcdefghij@host/x"), "https://***@host/x");
    EXPECT_EQ(shownUrl("https://:secret@host"), "https://:***@host");
}

TEST(ShownUrl, KeepsTheRest)
{
    for (const char *url : {"https://me@host/x", "https://host:8443/a@b:c", "ssh://git@host:22/x", "git@host:a/b.git",
                            "/srv/a@b", "file:///x", "https://", ""})
        EXPECT_EQ(shownUrl(url), url);
}

} // namespace
} // namespace tiphys
