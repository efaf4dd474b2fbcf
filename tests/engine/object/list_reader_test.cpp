// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/list_reader.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::object;

namespace {

constexpr std::string_view kSecrets = R"({
  "kind": "SecretList", "apiVersion": "v1",
  "metadata": {"resourceVersion": "42", "continue": "next", "remainingItemCount": 7},
  "items": [
    {"metadata": {"name": "a", "managedFields": [{"manager": "kubectl"}],
                  "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "x": "y"}},
     "data": {"k": "dg=="}},
    {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "b"}}
  ]})";

TEST(ParseKubernetesList, ReadsMetadataAndItems)
{
    const Expected<ListPage> page = parseKubernetesList(kSecrets);
    ASSERT_TRUE(page) << page.error().text();
    EXPECT_EQ(page->kind, "SecretList");
    EXPECT_EQ(page->resourceVersion, "42");
    EXPECT_EQ(page->continueToken, "next");
    EXPECT_EQ(page->remainingItemCount, 7);
    ASSERT_EQ(page->items.size(), 2u);
    EXPECT_EQ(toJson(page->items[1]), R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}})");
    EXPECT_EQ(page->items[0]["kind"], Value("Secret"));
    EXPECT_EQ(page->items[0]["apiVersion"], Value("v1"));
    EXPECT_EQ(page->items[0].path({"metadata", "annotations"}).size(), 2u);
}

TEST(ParseKubernetesList, LeavesOutWhatIsNotWanted)
{
    const Expected<ListPage> page =
        parseKubernetesList(kSecrets, {.dropsManagedFields = true, .dropsSecretLastApplied = true});
    ASSERT_TRUE(page);
    EXPECT_EQ(toJson(page->items[0]["metadata"]), R"({"annotations":{"x":"y"},"name":"a"})");
}

TEST(ParseKubernetesList, KeepsLastAppliedOfOtherKinds)
{
    const Expected<ListPage> page = parseKubernetesList(
        R"({"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}}}]})",
        {.dropsSecretLastApplied = true});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->items.at(0).path({"metadata", "annotations"}).size(), 1u);
}

TEST(ParseKubernetesList, GivesEveryItemStorageOfItsOwn)
{
    std::string json = R"({"kind":"PodList","apiVersion":"v1","items":[)";
    for (int i = 0; i < 1000; ++i)
        json += std::string(i > 0 ? "," : "") + R"({"metadata":{"name":")" + std::string(200, 'n') + R"("}})";
    const Expected<ListPage> page = parseKubernetesList(json + "]}");
    ASSERT_TRUE(page);
    EXPECT_LT(page->items[500].storageBytes(), 2000u);
}

TEST(ParseKubernetesList, ReadsTextThatIsNoUnicode)
{
    const Expected<ListPage> page = parseKubernetesList(
        R"({"kind":"List","items":[{"kind":"A","apiVersion":"v1","x":"\ud83d","y":123456789012345678901234}]})");
    ASSERT_TRUE(page) << page.error().text();
    EXPECT_EQ(page->items.at(0)["x"], Value("\xEF\xBF\xBD"));
}

TEST(ParseKubernetesList, RefusesWhatIsNoList)
{
    EXPECT_FALSE(parseKubernetesList("[]"));
    EXPECT_FALSE(parseKubernetesList(R"({"items":{}})"));
    EXPECT_EQ(parseKubernetesList(R"({"items":[)").error().code(), ErrorCode::InvalidInput);
    EXPECT_TRUE(parseKubernetesList(R"({"kind":"PodList","items":null})")->items.empty());
}

} // namespace
