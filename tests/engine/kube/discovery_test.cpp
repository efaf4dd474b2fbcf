// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kube/fixture.h"

#include <QTest>

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;

namespace {

class DiscoveryOnHttp : public OnHttpServer
{
};

} // namespace

TEST_F(DiscoveryOnHttp, FallsBackToLegacyDiscovery)
{
    const ports::ClusterPtr api = cluster([](const SeenRequest &request, const Responder &responder) {
        if (request.path == "/api")
            responder.answer(200, R"({"kind":"APIVersions","versions":["v1"]})");
        else if (request.path == "/apis")
            responder.answer(
                200,
                R"({"kind":"APIGroupList","groups":[{"versions":[{"groupVersion":"apps/v1"}],"preferredVersion":{"groupVersion":"apps/v1"}},)"
                R"({"versions":[{"groupVersion":"broken/v1"}],"preferredVersion":{"groupVersion":"broken/v1"}}]})");
        else if (request.path == "/apis/broken/v1")
            responder.answer(503, status(503, "ServiceUnavailable", "the server is currently unable"));
        else if (request.path == "/apis/apps/v1")
            responder.answer(
                200,
                R"({"resources":[{"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["list"]}]})");
        else
            responder.answer(200, R"({"resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]}]})");
    });
    const Expected<ports::DiscoveryPtr> discovery = async::waitFor(api->discovery({}));
    ASSERT_TRUE(discovery) << discovery.error().text();
    EXPECT_NE((*discovery)->findByName("deployments.apps"), nullptr);
    EXPECT_NE((*discovery)->findByName("pods"), nullptr);
    ASSERT_EQ((*discovery)->failedGroups().size(), 1u);
    EXPECT_EQ((*discovery)->failedGroups()[0].groupVersion, "broken/v1");
    const std::size_t asked = m_server->seen().size();
    ASSERT_TRUE(async::waitFor(api->discovery({})));
    EXPECT_EQ(m_server->seen().size(), asked) << "the second answer is a kept one";
}

TEST_F(DiscoveryOnHttp, KeepsNoDiscoveryThatWasCancelled)
{
    std::vector<Responder> slow;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &request, const Responder &responder) {
        if (request.path == "/api")
            responder.answer(200, R"({"kind":"APIVersions","versions":["v1"]})");
        else if (request.path == "/apis")
            responder.answer(200, R"({"kind":"APIGroupList","groups":[]})");
        else if (slow.empty())
            slow.push_back(responder);
        else
            responder.answer(200, R"({"resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]}]})");
    });
    CancelSource source;
    Async<ports::DiscoveryPtr> first = api->discovery(source.token());
    ASSERT_TRUE(QTest::qWaitFor([&] { return slow.size() == 1; }));
    source.cancel();
    EXPECT_EQ(async::waitFor(std::move(first)).error().code(), ErrorCode::Cancelled);
    const Expected<ports::DiscoveryPtr> second = async::waitFor(api->discovery({}));
    ASSERT_TRUE(second) << second.error().text();
    EXPECT_NE((*second)->findByName("pods"), nullptr);
    EXPECT_TRUE((*second)->failedGroups().empty());
}

TEST_F(DiscoveryOnHttp, TransfersAnOpenApiDocumentOnlyWhenItChanged)
{
    std::string hash = "A1";
    bool hasIndex = true;
    std::vector<std::string> asked;
    const ports::ClusterPtr api = cluster([&](const SeenRequest &request, const Responder &responder) {
        constexpr const char *kAggregatedType = R"({"kind":"APIGroupDiscoveryList","items":[]})";
        if (request.path == "/api" || request.path == "/apis") {
            responder.answer(200, kAggregatedType,
                             "Content-Type: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList\r\n");
            return;
        }
        asked.push_back(request.path);
        if (request.path == "/openapi/v3" && hasIndex)
            responder.answer(
                200, R"({"paths":{"apis/example.com/v1":{"serverRelativeURL":"/openapi/v3/apis/example.com/v1?hash=)"
                         + hash + R"("},"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1"}}})");
        else if (request.path == "/openapi/v3")
            responder.answer(403, status(403, "Forbidden", "no"));
        else
            responder.answer(200, "document " + hash);
    });
    ASSERT_TRUE(async::waitFor(api->refreshDiscovery({})));
    EXPECT_EQ(async::waitFor(api->openApi("example.com/v1", {})), "document A1");
    EXPECT_EQ(async::waitFor(api->openApi("v1", {})), "document A1") << "one without a hash is asked as it is";
    EXPECT_EQ(asked, (std::vector<std::string>{"/openapi/v3", "/openapi/v3/apis/example.com/v1?hash=A1",
                                               "/openapi/v3/api/v1"}));

    asked.clear();
    ASSERT_TRUE(async::waitFor(api->refreshDiscovery({})));
    EXPECT_EQ(async::waitFor(api->openApi("example.com/v1", {})), "document A1");
    EXPECT_EQ(asked, std::vector<std::string>{"/openapi/v3"});

    asked.clear();
    hash = "B2";
    ASSERT_TRUE(async::waitFor(api->refreshDiscovery({})));
    EXPECT_EQ(async::waitFor(api->openApi("example.com/v1", {})), "document B2");
    EXPECT_EQ(asked, (std::vector<std::string>{"/openapi/v3", "/openapi/v3/apis/example.com/v1?hash=B2"}));

    hasIndex = false;
    ASSERT_TRUE(async::waitFor(api->refreshDiscovery({})));
    EXPECT_EQ(async::waitFor(api->openApi("example.com/v1", {})), "document B2") << "without an index as before";
    EXPECT_EQ(asked.back(), "/openapi/v3/apis/example.com/v1");
}
