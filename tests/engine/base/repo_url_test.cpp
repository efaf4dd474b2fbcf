// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/repo_url.h"

#include <gtest/gtest.h>

namespace tiphys {
namespace {

TEST(ShownUrl, HidesPasswordsAndTokens)
{
    EXPECT_EQ(shownUrl("https://me:secret@host/x"), "https://me:***@host/x");
    EXPECT_EQ(shownUrl("https://me:se:cr@et@host:8443/x"), "https://me:***@host:8443/x");
    EXPECT_EQ(shownUrl("https://ghp_0123456789abcdefghij@host/x"), "https://***@host/x");
    EXPECT_EQ(shownUrl("https://:secret@host"), "https://:***@host");
}

TEST(ShownUrl, KeepsTheRest)
{
    for (const char *url : {"https://me@host/x", "https://host:8443/a@b:c", "ssh://git@host:22/x", "git@host:a/b.git", "/srv/a@b", "file:///x", "https://", ""})
        EXPECT_EQ(shownUrl(url), url);
}

} // namespace
} // namespace tiphys
