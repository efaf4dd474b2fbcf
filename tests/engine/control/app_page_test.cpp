// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_page.h"

#include "engine/control/demo_session.h"

#include <algorithm>
#include <chrono>

namespace tiphys::control {
namespace {

using service::AppDetailPtr;
using service::TreeNode;

/// Git that nobody can reach.
class NoRepositories final : public ports::Repositories
{
public:
    Async<std::string> resolve(ports::RevisionRequest, ports::Consistency, CancelToken) override { co_return none(); }
    Async<std::shared_ptr<const render::FileTree>> tree(std::string, std::string, CancelToken) override
    {
        co_return none();
    }
    Async<ports::CommitFacts> commit(std::string, std::string, CancelToken) override { co_return none(); }
    Async<std::vector<ports::RevisionSignature>> signatures(ports::SignatureRequest, CancelToken) override
    {
        co_return none();
    }

private:
    static std::unexpected<Error> none() { return failure(ErrorCode::Unavailable, "no repository here"); }
};

/// A page of one application in a demo cluster.
class AppPageOnDemo : public DemoSession
{
protected:
    void SetUp() override
    {
        DemoSession::SetUp();
        make("{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: default}}");
        make("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, "
             "spec: {project: default, source: {repoURL: 'https://git/x', path: p}, destination: {server: "
             "'https://kubernetes.default.svc', namespace: default}}, "
             "status: {resources: [{version: v1, kind: ConfigMap, namespace: default, name: settings, status: Synced}, "
             "{version: v1, kind: Secret, namespace: default, name: token, status: OutOfSync}]}}");
    }
    void TearDown() override
    {
        if (page)
            ignoreError(async::waitFor(page->close()), "the test is over");
        page.reset();
        DemoSession::TearDown();
    }
    void open()
    {
        ObserverParts parts;
        parts.repositories = std::make_shared<NoRepositories>();
        parts.clock = clock;
        parts.pool = &pool;
        page = std::make_unique<AppPage>(*session, session.get(), service::AppId{"demo", "argocd", "shop"},
                                         std::move(parts),
                                         [this](AppDetailPtr detail) { published.push_back(std::move(detail)); });
        page->start();
    }
    void removeShop()
    {
        cluster->run([](demo::Store &store) {
            EXPECT_TRUE(store.remove(*store.catalog().byKind({"argoproj.io", "Application"}), {"argocd", "shop"}));
        });
    }
    /// True if what was told last is that nothing is there.
    bool isToldAbsent() const
    {
        return !published.empty() && published.back() && published.back()->manifest.empty()
               && !published.back()->treeProblem.empty();
    }
    void applicationsChanged() override
    {
        if (page)
            page->homeChanged();
    }
    void applicationChanged(const service::AppId &) override
    {
        if (page)
            page->applicationChanged();
    }
    /// What was told of the resource \p name in each tree that was not compared: "stored" or "seen".
    std::vector<std::string> told(const std::string &name) const
    {
        std::vector<std::string> words;
        for (const AppDetailPtr &detail : published) {
            if (!detail || !detail->isTreeStored)
                continue;
            const auto node = std::ranges::find(detail->tree, name, [](const TreeNode &each) { return each.key.name; });
            if (node != detail->tree.end())
                words.emplace_back(node->isStored ? "stored" : "seen");
        }
        return words;
    }

    std::vector<AppDetailPtr> published;
    std::unique_ptr<AppPage> page;
};

} // namespace

TEST_F(AppPageOnDemo, ShowsTheStoredResourcesFirstAndThenThoseWhoseListsHaveCome)
{
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "default/secrets",
                     .times = 1,
                     .milliseconds = 45000});
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    const auto opened = std::chrono::steady_clock::now();
    open();
    ASSERT_TRUE(until([&] {
        const service::Arrival arrival = published.empty() ? service::Arrival() : published.back()->arrival;
        return std::ranges::contains(told("settings"), "seen") && arrival.listed + 1 == arrival.asked;
    }));
    EXPECT_EQ(told("settings").front(), "stored");
    EXPECT_EQ(told("token").back(), "stored");
    EXPECT_EQ(published.back()->destinationContext, "demo");
    ASSERT_TRUE(published.back());
    EXPECT_TRUE(published.back()->arrival.waitsFor.contains("secrets")) << published.back()->arrival.waitsFor;
    // Not for every list that came.
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - opened);
    EXPECT_LE(published.size(), 15u + static_cast<std::size_t>(taken.count() / 250));
    // What does not come is left out of the comparison, and named; then it comes.
    ASSERT_TRUE(until([&] { return page->evaluation() != nullptr; }));
    EXPECT_TRUE(page->evaluation()->unlisted.contains("secrets")) << page->evaluation()->unlisted;
    askAgainFor({.type = {"", "v1", "secrets", "Secret", true}, .ns = "default"});
    ASSERT_TRUE(until([&] { return page->evaluation()->unlisted.empty() && published.back()->areEventsReady; }));
    EXPECT_TRUE(until([&] { return !published.back()->isTreeStored && published.back()->arrival.waitsFor.empty(); }));
}

TEST_F(AppPageOnDemo, ShowsTheApplicationBeforeAllOfThemAreListed)
{
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "v1alpha1/applications",
                     .times = 1,
                     .milliseconds = 45000});
    session->start();
    open();
    ASSERT_TRUE(until([&] { return !published.empty(); }));
    EXPECT_TRUE(session->apps().empty());
    ASSERT_TRUE(published.front());
    EXPECT_EQ(published.front()->row.id.name, "shop");
    EXPECT_EQ(published.front()->tree.size(), 2u);
    EXPECT_FALSE(published.front()->isStale);
    session->reconnect();
    ASSERT_TRUE(until([&] { return page->evaluation() != nullptr; }));
    EXPECT_EQ(session->apps().size(), 1u);
}

TEST_F(AppPageOnDemo, ShowsAnApplicationThatIsOpenedWhileTheListOfAllOfThemFails)
{
    cluster->inject({.kind = demo::Fault::Kind::ServerError,
                     .method = "GET",
                     .pathPart = "v1alpha1/applications",
                     .times = 100000});
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    ASSERT_TRUE(session->isUnlisted("argocd"));
    open();
    ASSERT_TRUE(until([&] { return !published.empty(); }));
    ASSERT_TRUE(published.front());
    EXPECT_EQ(published.front()->row.id.name, "shop");
    EXPECT_TRUE(session->apps().empty());
}

TEST_F(AppPageOnDemo, KeepsTheApplicationWhenTheListOfAllOfThemFails)
{
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "v1alpha1/applications",
                     .times = 1,
                     .milliseconds = 45000});
    session->start();
    open();
    ASSERT_TRUE(until([&] { return !published.empty() && cluster->requestCount("GET", "v1alpha1/applications") > 0; }));
    cluster->inject(
        {.kind = demo::Fault::Kind::ServerError, .method = "GET", .pathPart = "v1alpha1/applications", .times = 100});
    session->reconnect();
    ASSERT_TRUE(until([&] {
        return std::ranges::any_of(published, [](const AppDetailPtr &detail) { return detail && detail->isStale; });
    }));
    EXPECT_TRUE(until([&] { return !session->apps().empty() && published.back() && !published.back()->isStale; }));
    EXPECT_FALSE(std::ranges::contains(published, AppDetailPtr()));
}

TEST_F(AppPageOnDemo, ComparesTheRestWhereOneObjectCannotBeRead)
{
    merge({"argoproj.io", "Application", "argocd", "shop"},
          "{status: {operationState: {phase: Succeeded, message: done, startedAt: '2026-01-01T00:00:00Z', operation: "
          "{sync: {manifests: ["
          "'{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"settings\"}}', "
          "'{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"token\"}}']}}}}}");
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "default/secrets",
                     .times = 1,
                     .milliseconds = 45000});
    cluster->inject(
        {.kind = demo::Fault::Kind::ServerError, .method = "GET", .pathPart = "default/secrets/token", .times = 1000});
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    open();
    ASSERT_TRUE(until([&] { return page->evaluation() != nullptr; }));
    const EvaluationPtr evaluation = page->evaluation();
    EXPECT_FALSE(evaluation->liveError) << *evaluation->liveError;
    EXPECT_FALSE(evaluation->comparison.couldNotLoad);
    ASSERT_EQ(evaluation->unread.size(), 1u);
    EXPECT_EQ(evaluation->unread.begin()->first.name, "token");
    ASSERT_EQ(evaluation->comparison.resources.size(), 2u);
    for (const compare::ComparedResource &resource : evaluation->comparison.resources)
        EXPECT_EQ(resource.status.status == crd::SyncCode::Unknown, resource.status.name == "token")
            << resource.status.name;
    ASSERT_TRUE(until([&] { return published.back() && published.back()->isDiffReady; }));
    EXPECT_TRUE(published.back()->unseen.empty()) << published.back()->unseen;
}

TEST_F(AppPageOnDemo, ComparesAgainByOtherSettings)
{
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    open();
    ASSERT_TRUE(until([&] { return page->evaluation() && published.back() && published.back()->areEventsReady; }));
    const EvaluationPtr before = page->evaluation();
    EXPECT_NE(before->tracking.labelKey, "example.org/instance");
    merge({"", "ConfigMap", "argocd", "argocd-cm"}, "{data: {application.instanceLabelKey: example.org/instance}}");
    EXPECT_TRUE(until([&] {
        return page->evaluation() != before && page->evaluation()->tracking.labelKey == "example.org/instance";
    }));
}

TEST_F(AppPageOnDemo, SaysThatAnApplicationIsGoneAndShowsTheNextOneOfItsName)
{
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    open();
    ASSERT_TRUE(until([&] { return page->evaluation() != nullptr; }));
    removeShop();
    ASSERT_TRUE(until([&] { return isToldAbsent(); }));
    EXPECT_EQ(published.back()->treeProblem, "there is no Application 'shop' in namespace 'argocd' of demo");
    EXPECT_EQ(published.back()->row.id.name, "shop");
    EXPECT_FALSE(page->evaluation());
    make("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, "
         "spec: {project: default, source: {repoURL: 'https://git/x', path: p}, destination: {server: "
         "'https://kubernetes.default.svc', namespace: default}}}");
    EXPECT_TRUE(until([&] { return published.back() && !published.back()->manifest.empty() && page->evaluation(); }));
}

TEST_F(AppPageOnDemo, SaysThatThereIsNoSuchApplicationBeforeAllOfThemAreListed)
{
    removeShop();
    cluster->inject({.kind = demo::Fault::Kind::Delay,
                     .method = "GET",
                     .pathPart = "v1alpha1/applications",
                     .times = 1,
                     .milliseconds = 45000});
    session->start();
    open();
    ASSERT_TRUE(until([&] { return isToldAbsent() && cluster->requestCount("GET", "v1alpha1/applications") > 0; }));
    EXPECT_FALSE(session->hasAnswered());
    askAgainFor({.type = {"argoproj.io", "v1alpha1", "applications", "Application", true}});
    ASSERT_TRUE(async::waitFor(session->ready({})));
    EXPECT_TRUE(until([&] { return session->knowsAll("argocd"); }));
    EXPECT_TRUE(isToldAbsent());
}

TEST_F(AppPageOnDemo, SaysThatThereIsNoSuchApplicationWhenAllOfThemAreListed)
{
    removeShop();
    session->start();
    ASSERT_TRUE(async::waitFor(session->ready({})));
    open();
    EXPECT_TRUE(until([&] { return isToldAbsent(); }));
}

} // namespace tiphys::control
