// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/secret_mask.h"
#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::compare;
using object::Object;

namespace {

TEST(SecretMask, HidesValuesAndKeepsWhichAreEqual)
{
    const Object target(
        object::parseJson(
            R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"one","b":"two"}})")
            .value());
    const Object live(object::parseJson(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","annotations":
        {"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"b\":\"c2VjcmV0\"}}"}},
        "data":{"a":"b25l","b":"c2VjcmV0"}})")
                          .value());
    const MaskedPair masked = maskedSecrets(target, live, {});
    EXPECT_EQ(object::toJson(masked.target.path({"data"})), R"({"a":"++++++++","b":"++++++++"})");
    EXPECT_EQ(object::toJson(masked.live.path({"data"})), R"({"a":"++++++++","b":"++++++++++++"})");
    const std::string all = object::toJson(masked.live.value()) + object::toJson(masked.target.value());
    EXPECT_EQ(all.find("c2VjcmV0"), std::string::npos);
    EXPECT_EQ(all.find("b25l"), std::string::npos);
}

TEST(SecretMask, HidesAnAnnotationThatCannotBeRead)
{
    const Object live(object::parseJson(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","annotations":
        {"kubectl.kubernetes.io/last-applied-configuration":"{broken c2VjcmV0"}},"data":{}})")
                          .value());
    EXPECT_EQ(maskedSecrets(Object(), live, {}).live.annotation("kubectl.kubernetes.io/last-applied-configuration"),
              "++++++++");
}

TEST(SecretMask, HidesWhatASecretCannotHold)
{
    const Object target(
        object::parseJson(
            R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":"hunter2","data":["hunter3"]})")
            .value());
    const Object live(object::parseJson(R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","annotations":
        {"kubectl.kubernetes.io/last-applied-configuration":"{\"stringData\":{\"p\":\"hunter4\"},\"data\":\"hunter5\"}"}},"stringData":"hunter6"})")
                          .value());

    const MaskedPair masked = maskedSecrets(target, live, {});

    const std::string all = object::toJson(masked.live.value()) + object::toJson(masked.target.value());
    EXPECT_EQ(all.find("hunter"), std::string::npos) << all;
    EXPECT_NE(masked.target.path({"stringData"}), masked.live.path({"stringData"}));
}

} // namespace
