// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/source_integrity.h"

#include "base/glob.h"
#include "base/text.h"

#include <algorithm>
#include <set>

namespace tiphys::policy {

using object::Value;

namespace {

constexpr std::size_t kMostProblems = 10;
constexpr std::size_t kShortKey = 16;
constexpr std::size_t kFingerprint = 40;

/// The id of a key given by it or by its fingerprint; "" for anything else, which matches no signature.
std::string keyIdOf(std::string_view key)
{
    if (key.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        return {};
    if (key.size() == kFingerprint)
        return std::string(key.substr(kFingerprint - kShortKey));
    return key.size() == kShortKey ? std::string(key) : std::string();
}

bool coversRepository(const Value &policy, std::string_view repoUrl)
{
    bool isIncluded = false;
    const Value repos = policy["repos"];
    for (const Value &repo : repos.items()) {
        const Value field = repo["url"];
        const std::string_view pattern = field.stringOr();
        if (pattern.starts_with('!') && globMatches(pattern.substr(1), repoUrl))
            return false;
        isIncluded = isIncluded || (!pattern.starts_with('!') && globMatches(pattern, repoUrl));
    }
    return isIncluded;
}

Expected<std::optional<SignaturePolicy>> demandOf(const Value &gpg)
{
    const std::string mode(gpg["mode"].stringOr());
    if (gpg.isNull() || mode == "none")
        return std::nullopt;
    if (mode != "head" && mode != "strict")
        return failure(ErrorCode::InvalidInput,
                       "unknown GPG mode \"" + mode + "\" configured for GIT source integrity");
    SignaturePolicy policy{.depth = mode == "strict" ? SignatureDepth::History : SignatureDepth::Head, .keys = {}};
    const Value keys = gpg["keys"];
    for (const Value &key : keys.items())
        policy.keys.push_back(keyIdOf(key.stringOr()));
    return policy;
}

std::string problemOf(const SignaturePolicy &policy, const CheckedSignature &signature)
{
    const bool isGood = signature.result == "signed";
    const bool isAllowed = !signature.keyId.empty() && std::ranges::contains(policy.keys, signature.keyId);
    if (isGood && isAllowed)
        return {};
    return "Failed verifying revision " + signature.revision + " by " + quoted(signature.author) + ": "
           + (isGood ? "signed with unallowed key" : signature.result) + " (key_id=" + signature.keyId + ')';
}

} // namespace

Expected<std::optional<SignaturePolicy>> signaturePolicyOf(const crd::ProjectSpec &spec, std::string_view repoUrl)
{
    const Value git = spec.sourceIntegrity["git"];
    if (git.isNull() && !spec.signatureKeys.empty()) {
        SignaturePolicy policy;
        for (const std::string &key : spec.signatureKeys)
            policy.keys.push_back(keyIdOf(key));
        return policy;
    }
    std::vector<Value> matching;
    const Value policies = git["policies"];
    for (const Value &policy : policies.items()) {
        if (coversRepository(policy, repoUrl))
            matching.push_back(policy);
    }
    if (matching.size() > 1)
        return failure(ErrorCode::InvalidInput,
                       "multiple (" + std::to_string(matching.size())
                           + ") git source integrity policies found for repo URL: " + std::string(repoUrl));
    if (matching.empty())
        return std::nullopt;
    return demandOf(matching.front()["gpg"]);
}

std::vector<std::string> signatureProblems(const SignaturePolicy &policy,
                                           const std::vector<CheckedSignature> &signatures)
{
    std::vector<std::string> problems;
    std::set<std::string> reported;
    for (const CheckedSignature &signature : signatures) {
        std::string problem = problemOf(policy, signature);
        if (problem.empty())
            continue;
        const bool isOfKey = !signature.keyId.empty() && !signature.isTag;
        if (isOfKey && !reported.insert(signature.keyId).second)
            continue;
        problems.push_back(std::move(problem));
        if (problems.size() == kMostProblems)
            break;
    }
    return problems;
}

} // namespace tiphys::policy
