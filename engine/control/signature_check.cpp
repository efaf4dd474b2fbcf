// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/signature_check.h"

namespace tiphys::control {

using object::Object;

namespace {

constexpr std::string_view kKeysName = "argocd-gpg-keys-cm";
constexpr std::string_view kCheck = "GIT/GPG: ";
const ports::ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};

Async<std::vector<std::string>> knownKeys(SignatureParts parts, CancelToken cancel)
{
    const Expected<Object> map =
        co_await parts.cluster->get({kConfigMaps, parts.controlPlaneNamespace, std::string(kKeysName)}, {}, cancel);
    std::vector<std::string> keys;
    if (!map && map.error().code() == ErrorCode::NotFound)
        co_return keys;
    if (!map)
        co_return std::unexpected(map.error());
    const object::Value data = map->value()["data"];
    for (const auto &[id, armored] : data.entries())
        keys.emplace_back(armored.stringOr());
    co_return keys;
}

} // namespace

Async<std::vector<std::string>> signatureProblemsOf(SignatureParts parts, policy::SignaturePolicy policy,
                                                    ports::RevisionRequest revision, std::string commit,
                                                    CancelToken cancel)
{
    const Expected<std::vector<std::string>> keys = co_await knownKeys(parts, cancel);
    if (!keys)
        co_return std::unexpected(keys.error().in("signatures of " + revision.repoUrl + " cannot be checked"));
    const ports::SignatureRequest request{.revision = revision,
                                          .commit = commit,
                                          .depth = policy.depth == policy::SignatureDepth::History
                                                       ? ports::SignatureDepth::History
                                                       : ports::SignatureDepth::Head,
                                          .armoredKeys = *keys};
    const Expected<std::vector<ports::RevisionSignature>> found =
        co_await parts.repositories->signatures(request, cancel);
    if (!found)
        co_return std::unexpected(found.error().in("signatures of " + revision.repoUrl + " cannot be checked"));
    if (found->empty())
        co_return failure(ErrorCode::Internal, "no signatures were looked at for " + commit);
    std::vector<policy::CheckedSignature> signatures;
    for (const ports::RevisionSignature &one : *found)
        signatures.push_back({one.revision, one.author, one.result, one.keyId, one.isTag});
    co_return policy::signatureProblems(policy, signatures);
}

std::string signatureCondition(const std::vector<std::string> &problems, const crd::ApplicationSource &source,
                               std::size_t index, std::size_t count)
{
    const std::string which = count < 2 ? ""
                              : !source.name.empty()
                                  ? "source " + source.name + ": "
                                  : "source " + std::to_string(index + 1) + " of " + std::to_string(count) + ": ";
    std::string text;
    for (const std::string &problem : problems)
        text += (text.empty() ? "" : "\n") + std::string(kCheck) + which + problem;
    return text;
}

} // namespace tiphys::control
