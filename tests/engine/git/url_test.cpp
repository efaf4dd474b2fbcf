// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/submodule.h"
#include "git/url.h"

#include <gtest/gtest.h>

namespace tiphys::git {

TEST(ParsedUrl, ReadsEachForm)
{
    const RepositoryUrl scp = parsedUrl("git@host:org/app.git");
    EXPECT_EQ(scp.kind, UrlKind::Ssh);
    EXPECT_EQ(scp.user, "git");
    EXPECT_EQ(scp.host, "host");
    EXPECT_EQ(scp.path, "org/app.git");
    const RepositoryUrl ssh = parsedUrl("ssh://git@[::1]:2222/srv/a%20b.git");
    EXPECT_EQ(ssh.kind, UrlKind::Ssh);
    EXPECT_EQ(ssh.host, "::1");
    EXPECT_EQ(ssh.port, "2222");
    EXPECT_EQ(ssh.path, "/srv/a b.git");
    const RepositoryUrl https = parsedUrl("https://me:secret@host:8443/x");
    EXPECT_EQ(https.kind, UrlKind::Http);
    EXPECT_EQ(https.user, "me");
    EXPECT_EQ(https.port, "8443");
    EXPECT_EQ(parsedUrl("file:///srv/a%20b").path, "/srv/a b");
    EXPECT_EQ(parsedUrl("/srv/x:y").kind, UrlKind::Local);
}

TEST(SubmodulesIn, ReadsTheDeclarations)
{
    const std::vector<Submodule> found = submodulesIn(R"([submodule "libs/base"]
	path = libs/base
	url = ../base.git # beside us
[core]
	path = no
[submodule "second"]
	path = "deep folder/"
	URL = https://host/x
[submodule "without path"]
	url = y
)");
    const std::vector<Submodule> expected = {{"libs/base", "libs/base", "../base.git", ""},
                                             {"second", "deep folder", "https://host/x", ""}};
    EXPECT_EQ(found, expected);
}

TEST(SubmoduleUrl, IsTakenFromTheParent)
{
    EXPECT_EQ(submoduleUrl("https://host/org/app.git", "../base.git"), "https://host/org/base.git");
    EXPECT_EQ(submoduleUrl("git@host:app", "../base"), "git@host:base");
    EXPECT_EQ(submoduleUrl("https://host/app", "./sub"), "https://host/app/sub");
    EXPECT_EQ(submoduleUrl("https://host/app", "https://other/x"), "https://other/x");
}

} // namespace tiphys::git
