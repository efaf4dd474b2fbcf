// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/decode.h"
#include "kube/discovery_reader.h"
#include "kube/exchange.h"
#include "kube/resource_path.h"
#include "kube/status_error.h"
#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::kube;

namespace {

const ports::ResourceType kPods{"", "v1", "pods", "Pod", true};
const ports::ResourceType kDeployments{"apps", "v1", "deployments", "Deployment", true};

struct StatusCase
{
    std::string name;
    int http;
    std::string body;
    Effect effect;
    ErrorCode code;
};

class StatusError : public testing::TestWithParam<StatusCase>
{
};

std::string statusBody(const std::string &reason, const std::string &message)
{
    return R"({"kind":"Status","reason":")" + reason + R"(","message":")" + message + R"("})";
}

} // namespace

TEST(ResourcePath, AddressesCollectionsAndObjects)
{
    EXPECT_EQ(collectionPath(kPods, ""), "/api/v1/pods");
    EXPECT_EQ(collectionPath(kDeployments, "shop"), "/apis/apps/v1/namespaces/shop/deployments");
    EXPECT_EQ(objectPath({kDeployments, "shop", "a b/../c"}, "scale"),
              "/apis/apps/v1/namespaces/shop/deployments/a%20b%2F..%2Fc/scale");
    EXPECT_EQ(queryText({{"labelSelector", "a in (b,c)"}, {"x", ""}}), "?labelSelector=a%20in%20%28b%2Cc%29&x=");
}

TEST(ResourcePath, WritesDeleteOptions)
{
    EXPECT_EQ(
        deleteBody({.propagation = ports::Propagation::Foreground,
                    .gracePeriodSeconds = 0,
                    .uid = "u",
                    .resourceVersion = "7",
                    .dryRun = ports::DryRun::All}),
        R"({"apiVersion":"v1","dryRun":["All"],"gracePeriodSeconds":0,"kind":"DeleteOptions","preconditions":{"resourceVersion":"7","uid":"u"},)"
        R"("propagationPolicy":"Foreground"})");
}

TEST_P(StatusError, HasTheCodeThatSaysWhatToDo)
{
    const StatusCase &row = GetParam();
    const Error error = statusError(row.http, object::parseJson(row.body).value_or(object::Value()), row.body,
                                    "patch pods 'a'", row.effect);
    EXPECT_EQ(error.code(), row.code) << error.text();
}

INSTANTIATE_TEST_SUITE_P(
    Status, StatusError,
    testing::Values(StatusCase{"Unauthorized", 401, "", Effect::Read, ErrorCode::Unauthorized},
                    StatusCase{"Forbidden", 403, statusBody("Forbidden", "no"), Effect::Write, ErrorCode::Denied},
                    StatusCase{"NotFound", 404, statusBody("NotFound", "x"), Effect::Read, ErrorCode::NotFound},
                    StatusCase{"Exists", 409, statusBody("AlreadyExists", "x"), Effect::Write, ErrorCode::Conflict},
                    StatusCase{"Gone", 410, statusBody("Gone", "x"), Effect::Read, ErrorCode::Expired},
                    StatusCase{"Expired", 500, statusBody("Expired", "x"), Effect::Read, ErrorCode::Expired},
                    StatusCase{"Invalid", 422, statusBody("Invalid", "x"), Effect::Write, ErrorCode::InvalidInput},
                    StatusCase{"Throttled", 429, "", Effect::Write, ErrorCode::Unavailable},
                    StatusCase{"Webhook", 500, statusBody("InternalError", "failed calling webhook x"), Effect::Write,
                               ErrorCode::Unavailable},
                    StatusCase{"Store", 500, statusBody("InternalError", "etcdserver: request timed out"),
                               Effect::Write, ErrorCode::Unknown},
                    StatusCase{"StoreRead", 500, statusBody("InternalError", "etcdserver: request timed out"),
                               Effect::Read, ErrorCode::Unavailable},
                    StatusCase{"GatewayWrite", 504, "", Effect::Write, ErrorCode::Unknown},
                    StatusCase{"GatewayRead", 504, "", Effect::Read, ErrorCode::Timeout}),
    [](const auto &row) { return row.param.name; });

TEST(Status, KeepsMessageAndReason)
{
    const object::Value body = object::parseJson(statusBody("AlreadyExists", "pods \\\"a\\\" already exists")).value();
    const Error error = statusError(409, body, "", "create pods 'a'", Effect::Write);
    EXPECT_EQ(error.message(), "pods \"a\" already exists");
    EXPECT_EQ(error.reason(), "AlreadyExists");
}

TEST(Status, ARefusalNamesTheAct)
{
    EXPECT_EQ(statusError(403, {}, "", "list pods in all namespaces", Effect::Read).message(),
              "list pods in all namespaces: the server answered 403");
    EXPECT_EQ(statusError(403, object::parseJson(statusBody("Forbidden", "no way")).value(), "",
                          "list pods in all namespaces", Effect::Read)
                  .message(),
              "list pods in all namespaces is forbidden: no way");
}

TEST(Warnings, AreReadFromTheirHeader)
{
    EXPECT_EQ(warningTexts(R"(299 - "first \"quoted\"", 299 - "second")"),
              (std::vector<std::string>{"first \"quoted\"", "second"}));
    EXPECT_TRUE(warningTexts("299 - none").empty());
}

TEST(Decode, FillsInKindAndDropsManagedFields)
{
    const Expected<ListPage> page = decodeList(
        R"({"metadata":{"resourceVersion":"5","continue":"t","remainingItemCount":3},"items":[{"metadata":{"name":"a","managedFields":[{}]}}]})",
        {.type = kPods, .managedFields = ports::ManagedFields::Dropped});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->resourceVersion, "5");
    EXPECT_EQ(page->continueToken, "t");
    EXPECT_EQ(page->remaining, 3u);
    EXPECT_EQ(object::toJson(page->items.at(0).value()), R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}})");
}

TEST(Decode, GivesMetadataItsOwnKind)
{
    const Expected<ListPage> page = decodeList(
        R"({"items":[{"apiVersion":"meta.k8s.io/v1","kind":"PartialObjectMetadata","metadata":{"name":"a"}}]})",
        {.type = kDeployments, .detail = ports::Detail::Metadata});
    EXPECT_EQ(page->items.at(0).gvk(), kDeployments.gvk());
}

TEST(Decode, RefusesWhatIsNoList)
{
    EXPECT_FALSE(decodeList("[]", {.type = kPods}));
    EXPECT_FALSE(decodeList("{", {.type = kPods}));
    EXPECT_TRUE(decodeList(R"({"items":null})", {.type = kPods}));
}

TEST(Decode, EndsAWatchAtItsError)
{
    const WatchPart part =
        decodeWatch("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}}\n\n"
                    "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\","
                    "\"message\":\"old\"}}\n",
                    {.type = kPods});
    ASSERT_EQ(part.events.size(), 1u);
    EXPECT_EQ(part.events[0].type, ports::WatchEventType::Added);
    ASSERT_TRUE(part.error);
    EXPECT_EQ(part.error->code(), ErrorCode::Expired);
    const WatchPart odd = decodeWatch("{\"type\":\"MODIFIED\",\"object\":null}\n", {.type = kPods});
    EXPECT_TRUE(odd.events.empty()) << "no object without a name";
    EXPECT_TRUE(odd.error);
}

TEST(DiscoveryReader, ReadsAggregatedGroupsAndStaleVersions)
{
    DiscoveredGroups found;
    readAggregated(
        object::parseJson(
            R"({"items":[{"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[
        {"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment",
         "verbs":["get","list"],"shortNames":["deploy"],"subresources":[{"subresource":"scale"}]}]}]},
        {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]})")
            .value(),
        found);
    ASSERT_EQ(found.resources.size(), 1u);
    EXPECT_EQ(found.resources[0].type, kDeployments);
    EXPECT_TRUE(found.resources[0].hasSubresource("scale"));
    ASSERT_EQ(found.failed.size(), 1u);
    EXPECT_EQ(found.failed[0].groupVersion, "metrics.k8s.io/v1beta1");
}

TEST(DiscoveryReader, ReadsLegacyLists)
{
    EXPECT_EQ(
        groupVersionsOf(object::parseJson(R"({"groups":[{"versions":[{"groupVersion":"a/v1"},{"groupVersion":"a/v2"}],
        "preferredVersion":{"groupVersion":"a/v2"}}]})")
                            .value()),
        (std::vector<std::string>{"a/v2", "a/v1"}));
    DiscoveredGroups found;
    readResourceList(object::parseJson(R"({"resources":[{"name":"deployments/scale","kind":"Scale"},
        {"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["get"]}]})")
                         .value(),
                     "apps/v1", found);
    ASSERT_EQ(found.resources.size(), 1u);
    EXPECT_EQ(found.resources[0].type, kDeployments);
    EXPECT_EQ(found.resources[0].subresources, std::vector<std::string>{"scale"});
}
