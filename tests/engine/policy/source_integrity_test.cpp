// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "policy/source_integrity.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::policy;

namespace {

const std::string kAda = "0123456789ABCDEF";
const std::string kBob = "FEDCBA9876543210";

crd::ProjectSpec spec(const std::string &yaml)
{
    const auto object = object::parseYaml(
        "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: team}, spec: {" + yaml + "}}");
    return crd::projectOf(object::Object(*object))->spec;
}

struct DemandCase
{
    std::string name;
    std::string spec;
    std::string repoUrl;
    std::optional<SignaturePolicy> policy;
};
class SignatureDemand : public testing::TestWithParam<DemandCase>
{
};

struct WrongCase
{
    std::string name;
    std::string spec;
    std::string message;
};
class SignatureMistake : public testing::TestWithParam<WrongCase>
{
};

const auto rowName = [](const auto &row) { return row.param.name; };
const std::string kStrictForTeam = "sourceIntegrity: {git: {policies: [{repos: [{url: 'https://git.test/team/*'}, "
                                   "{url: '!https://git.test/team/free'}], "
                                   "gpg: {mode: strict, keys: ["
                                   + kAda + "]}}]}}";

CheckedSignature commit(const std::string &revision, const std::string &result, const std::string &keyId)
{
    return {.revision = revision, .author = "Ada <ada@test>", .result = result, .keyId = keyId, .isTag = false};
}

const SignaturePolicy kPolicy{.depth = SignatureDepth::History, .keys = {kAda}};

} // namespace

TEST_P(SignatureDemand, IsThatOfTheMatchingPolicy)
{
    const auto policy = signaturePolicyOf(spec(GetParam().spec), GetParam().repoUrl);
    ASSERT_TRUE(policy) << policy.error().text();
    EXPECT_EQ(*policy, GetParam().policy);
}

INSTANTIATE_TEST_SUITE_P(
    SourceIntegrity, SignatureDemand,
    testing::Values(DemandCase{"Nothing", "", "https://git.test/a", std::nullopt},
                    DemandCase{"OlderKeys", "signatureKeys: [{keyID: " + kAda + "}]", "https://git.test/a",
                               SignaturePolicy{SignatureDepth::Head, {kAda}}},
                    DemandCase{"Strict", kStrictForTeam, "https://git.test/team/a/b",
                               SignaturePolicy{SignatureDepth::History, {kAda}}},
                    DemandCase{"Excluded", kStrictForTeam, "https://git.test/team/free", std::nullopt},
                    DemandCase{"OtherRepository", kStrictForTeam, "https://git.test/other", std::nullopt},
                    DemandCase{"NewerFormWins", "signatureKeys: [{keyID: " + kBob + "}], " + kStrictForTeam,
                               "https://git.test/other", std::nullopt},
                    DemandCase{"None", "sourceIntegrity: {git: {policies: [{repos: [{url: '*'}], gpg: {mode: none}}]}}",
                               "https://git.test/a", std::nullopt},
                    DemandCase{"Fingerprint",
                               "sourceIntegrity: {git: {policies: [{repos: [{url: '*'}], gpg: {mode: head, keys: ['"
                               "AAAAAAAAAAAAAAAAAAAAAAAA"
                                   + kBob + "', short]}}]}}",
                               "https://git.test/a", SignaturePolicy{SignatureDepth::Head, {kBob, ""}}}),
    rowName);

TEST_P(SignatureMistake, NeverSwitchesTheCheckOff)
{
    const auto policy = signaturePolicyOf(spec(GetParam().spec), "https://git.test/a");
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    SourceIntegrity, SignatureMistake,
    testing::Values(WrongCase{"Two",
                              "sourceIntegrity: {git: {policies: [{repos: [{url: '*'}], gpg: {mode: none}}, {repos: "
                              "[{url: 'https:*'}], gpg: {mode: head}}]}}",
                              "multiple (2) git source integrity policies found for repo URL: https://git.test/a"},
                    WrongCase{"Mode", "sourceIntegrity: {git: {policies: [{repos: [{url: '*'}], gpg: {mode: lax}}]}}",
                              "unknown GPG mode \"lax\" configured for GIT source integrity"}),
    rowName);

TEST(SourceIntegrity, AcceptsGoodSignaturesOfItsKeysAlone)
{
    EXPECT_TRUE(signatureProblems(kPolicy, {commit("a1", "signed", kAda)}).empty());
    EXPECT_EQ(
        signatureProblems(kPolicy, {commit("a1", "signed", kBob)}),
        (std::vector<std::string>{
            "Failed verifying revision a1 by 'Ada <ada@test>': signed with unallowed key (key_id=" + kBob + ")"}));
    EXPECT_EQ(signatureProblems(kPolicy, {commit("a1", "unsigned", "")}),
              (std::vector<std::string>{"Failed verifying revision a1 by 'Ada <ada@test>': unsigned (key_id=)"}));
    EXPECT_EQ(signatureProblems(kPolicy, {commit("a1", "bad signature", kAda)}).size(), 1U);
    EXPECT_EQ(signatureProblems({.depth = SignatureDepth::Head, .keys = {""}}, {commit("a1", "signed", "")}).size(),
              1U);
}

TEST(SourceIntegrity, TellsTenProblemsAndEachKeyOnce)
{
    std::vector<CheckedSignature> many(20, commit("a", "signed", kBob));
    EXPECT_EQ(signatureProblems(kPolicy, many).size(), 1U);
    many.front().isTag = true;
    EXPECT_EQ(signatureProblems(kPolicy, many).size(), 2U) << "a tag is signed by itself";
    many.assign(20, commit("a", "unsigned", ""));
    EXPECT_EQ(signatureProblems(kPolicy, many).size(), 10U);
}
