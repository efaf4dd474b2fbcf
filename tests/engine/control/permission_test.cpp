// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/permission.h"

#include <gtest/gtest.h>

namespace tiphys::control {

namespace {

const ports::CacheKey kEverywhere{.type = {"argoproj.io", "v1alpha1", "appprojects", "AppProject", true},
                                  .ns = {},
                                  .labelSelector = {},
                                  .fieldSelector = {},
                                  .detail = ports::Detail::Full};

ports::CacheSnapshot snapshotIn(ports::CacheState state, std::optional<Error> error = {})
{
    ports::CacheSnapshot snapshot;
    snapshot.state = state;
    snapshot.error = std::move(error);
    return snapshot;
}

} // namespace

TEST(Obstacle, IsNoClusterThatMayBeListedButNotWatched)
{
    service::ClusterState state;
    state.context = "prod";
    state.level = service::Level::Normal;
    state.reachability = service::Reachability::Stale;
    EXPECT_EQ(obstacleOf(state), "prod does not answer");
    state.isWatchRefused = true;
    EXPECT_EQ(obstacleOf(state), "");
}

TEST(UnseenObjects, AreNoneInAListOfAll)
{
    EXPECT_FALSE(unseenIn(kEverywhere, snapshotIn(ports::CacheState::Live), "argocd"));
    EXPECT_FALSE(unseenIn(kEverywhere, snapshotIn(ports::CacheState::Stale), "argocd"));
    EXPECT_FALSE(unseenIn(kEverywhere,
                          snapshotIn(ports::CacheState::Failed, Error(ErrorCode::NotFound, "no such kind")), "argocd"));
}

TEST(UnseenObjects, AreNamedWithVerbResourceAndScope)
{
    const std::optional<Error> all =
        unseenIn(kEverywhere, snapshotIn(ports::CacheState::Denied, Error(ErrorCode::Denied, "forbidden")), "argocd");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->code(), ErrorCode::Denied);
    EXPECT_EQ(all->message(), "you may not list appprojects.argoproj.io in all namespaces: forbidden");

    ports::CacheKey own = kEverywhere;
    own.ns = "argocd";
    EXPECT_EQ(unseenIn(own, snapshotIn(ports::CacheState::Denied), "argocd")->message(),
              "you may not list appprojects.argoproj.io in namespace argocd");
}

TEST(UnseenObjects, AreThoseOfNamespacesThatNobodyLooksInto)
{
    ports::CacheSnapshot split = snapshotIn(ports::CacheState::Live);
    split.limitedTo = {"closed", "shop"};
    split.deniedNamespaces = {"closed"};
    EXPECT_FALSE(unseenIn(kEverywhere, split, "shop"));
    EXPECT_EQ(unseenIn(kEverywhere, split, "closed")->message(),
              "you may not list appprojects.argoproj.io in namespace closed");
    EXPECT_EQ(unseenIn(kEverywhere, split, "argocd")->message(),
              "you may not list appprojects.argoproj.io in all namespaces, and namespace argocd is not among those "
              "that are looked into");
    split.limitedTo.push_back("young");
    split.unlistedNamespaces = {"young"};
    EXPECT_EQ(unseenIn(kEverywhere, split, "young")->code(), ErrorCode::Unavailable);
}

TEST(UnseenObjects, MayComeLater)
{
    EXPECT_EQ(unseenIn(kEverywhere, snapshotIn(ports::CacheState::Listing), "argocd")->code(), ErrorCode::Unavailable);
    EXPECT_EQ(
        unseenIn(kEverywhere, snapshotIn(ports::CacheState::Failed, Error(ErrorCode::Timeout, "too late")), "argocd")
            ->message(),
        "appprojects.argoproj.io cannot be listed: too late");
}

} // namespace tiphys::control
