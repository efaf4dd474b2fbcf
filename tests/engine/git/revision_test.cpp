// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/revision.h"

#include <gtest/gtest.h>

namespace tiphys::git {

namespace {

std::string id(char digit)
{
    return std::string(40, digit);
}

const std::vector<Ref> kRefs = {
    {"HEAD", id('a'), "", "refs/heads/main"}, {"refs/heads/1.x", id('b'), "", ""},
    {"refs/heads/both", id('c'), "", ""},     {"refs/heads/main", id('a'), "", ""},
    {"refs/pull/7/head", id('d'), "", ""},    {"refs/tags/app-1.5.0", id('e'), "", ""},
    {"refs/tags/both", id('f'), "", ""},      {"refs/tags/v1.0.0", id('1'), id('2'), ""},
    {"refs/tags/v1.2.0", id('3'), "", ""},    {"refs/tags/v2.0.0-rc.1", id('4'), "", ""},
};

struct Case
{
    std::string name;
    std::string text;
    std::string prefix;
    std::string commit; ///< "" where resolution fails
};

class RevisionAmong : public testing::TestWithParam<Case>
{
};

} // namespace

TEST_P(RevisionAmong, FollowsArgoCd)
{
    const Expected<Revision> revision = revisionAmong(kRefs, GetParam().text, GetParam().prefix);
    ASSERT_EQ(revision.has_value(), !GetParam().commit.empty())
        << (revision ? revision->commit : revision.error().text());
    if (revision) {
        EXPECT_EQ(revision->commit, GetParam().commit);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Git, RevisionAmong,
    testing::Values(Case{"EmptyIsHead", "", "", id('a')}, Case{"Head", "HEAD", "", id('a')},
                    Case{"Branch", "main", "", id('a')}, Case{"FullRef", "refs/heads/both", "", id('c')},
                    Case{"TagBeforeBranch", "both", "", id('f')}, Case{"AnnotatedTagIsPeeled", "v1.0.0", "", id('2')},
                    Case{"PullRequest", "refs/pull/7/head", "", id('d')},
                    Case{"PullRequestShort", "pull/7/head", "", id('d')}, Case{"Caret", "^1.0.0", "", id('3')},
                    Case{"WildcardHidesABranch", "1.x", "", id('3')}, Case{"StarIsTheHighestRelease", "*", "", id('3')},
                    Case{"PrereleaseWhereNamed", ">=2.0.0-0", "", id('4')}, Case{"NoTagInRange", ">=3", "", ""},
                    Case{"PinnedVersionIsNoConstraint", "1.2.0", "", ""},
                    Case{"PrefixOfTags", "^1.0.0", "app-", id('e')}, Case{"PrefixAndPin", "1.5.0", "app-", id('e')},
                    Case{"PrefixAndBranch", "main", "app-", id('a')}, Case{"FullId", id('9'), "", id('9')},
                    Case{"ShortId", "9999999", "", "9999999"}, Case{"TooShortAnId", "999999", "", ""},
                    Case{"Unknown", "nothing", "", ""}),
    [](const auto &row) { return row.param.name; });

TEST(RevisionAmong, SuggestsSimilarNames)
{
    const Expected<Revision> revision = revisionAmong(kRefs, "mian");
    ASSERT_FALSE(revision);
    EXPECT_EQ(revision.error().code(), ErrorCode::NotFound);
    EXPECT_EQ(revision.error().text(), "unable to resolve 'mian' to a commit SHA");
    EXPECT_EQ(revisionAmong(kRefs, "mainn").error().text(),
              "unable to resolve 'mainn' to a commit SHA (similar: main)");
    EXPECT_EQ(revisionAmong(kRefs, "v1.3.0-").error().text(),
              "unable to resolve 'v1.3.0-' to a commit SHA (similar: v1.0.0, v1.2.0)");
}

TEST(Revision, ReportsAnAbbreviatedIdAsItWasAskedFor)
{
    EXPECT_EQ((Revision{"99999999", id('9'), ""}.reported()), "99999999");
    EXPECT_EQ((Revision{"main", id('9'), "refs/heads/main"}.reported()), id('9'));
    EXPECT_EQ((Revision{"abcdef0", id('9'), "refs/heads/abcdef0"}.reported()), id('9'));
}

} // namespace tiphys::git
