// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <algorithm>

// Flux: counts of conditions that say success and progress.
namespace tiphys::health::kinds {

namespace {

struct FluxKind
{
    bool canSuspend = true;
    /// The status of Ready that counts as progress.
    std::string_view notReady = "Unknown";
    /// Reasons of Reconciling that count as progress; none: any.
    std::span<const std::string_view> reconciling = {};
    /// Conditions that count as success when True, besides Ready.
    std::span<const std::string_view> alsoSucceeded = {};
    int needed = 1;
    /// Two that count as progress are Progressing; where they count as failures, Degraded.
    HealthCode bothMean = HealthCode::Progressing;
    bool hasArtifact = false;
};

Health flux(const FluxKind &kind, const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    if (kind.canSuspend && object["spec"]["suspend"].is(true))
        return suspended(concat(evaluation, {object["kind"], " is suspended"}));
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Status unknown");
    int inProgress = 0;
    int succeeded = 0;
    Term message = "";
    std::string joined;
    for (const auto &[key, condition] : conditions.items()) {
        const Field type = condition["type"];
        const bool isTrue = condition["status"] == "True";
        const Field reason = condition["reason"];
        if (type == "Ready") {
            succeeded += isTrue ? 1 : 0;
            inProgress += condition["status"] == kind.notReady ? 1 : 0;
            message = reason;
        } else if (type == "Reconciling" && isTrue) {
            const bool counts =
                kind.reconciling.empty()
                || std::ranges::any_of(kind.reconciling, [&](std::string_view word) { return reason == word; });
            inProgress += counts ? 1 : 0;
        } else if (kind.hasArtifact && type == "ArtifactOutdated" && isTrue) {
            joined = concat(evaluation, {message, " ", reason});
            message = joined;
        } else if (isTrue
                   && std::ranges::any_of(kind.alsoSucceeded, [&](std::string_view word) { return type == word; })) {
            ++succeeded;
        }
    }
    if (inProgress == 2)
        return verdict(kind.bothMean, message);
    return succeeded == kind.needed ? healthy(message) : degraded(message);
}

constexpr std::string_view kPolicyReasons[] = {"NewGeneration", "AccessingRepository", "ApplyingPolicy"};
constexpr std::string_view kRepositoryReasons[] = {"NewGeneration", "Scanning"};
constexpr std::string_view kReleaseTypes[] = {"Released", "TestSuccess"};
constexpr std::string_view kArtifactTypes[] = {"ArtifactInStorage"};

constexpr FluxKind kPlain{};
constexpr FluxKind kImagePolicy{false, "False", kPolicyReasons};
constexpr FluxKind kImageRepository{true, "False", kRepositoryReasons};
constexpr FluxKind kReceiver{true, "False", {}, {}, 1, HealthCode::Degraded};
constexpr FluxKind kRelease{true, "Unknown", {}, kReleaseTypes, 2};
constexpr FluxKind kSource{true, "Unknown", {}, kArtifactTypes, 2, HealthCode::Progressing, true};

Health source(const Field &object)
{
    return flux(kSource, object);
}

Health helmRepository(const Field &object)
{
    if (!object["spec"]["suspend"].is(true) && object["spec"]["type"] == "oci")
        return healthy("Helm repositories of type 'oci' do not contain any information in the status.");
    return source(object);
}

constexpr std::string_view kPlainWords =
    "`spec.suspend` is **Suspended**; no conditions **Progressing**; `Ready=Unknown` and `Reconciling=True` together "
    "**Progressing**; `Ready=True` **Healthy**; else **Degraded** (reason of Ready).";
constexpr std::string_view kSourceWords =
    "As Kustomization, but **Healthy** needs `ArtifactInStorage=True` as well as `Ready=True`; the reason of "
    "`ArtifactOutdated=True` is added to the message.";

constexpr KindRule kRules[] = {
    {"image.toolkit.fluxcd.io", "ImageUpdateAutomation",
     OwnRule{[](const Field &object) { return flux(kPlain, object); }, kPlainWords}},
    {"kustomize.toolkit.fluxcd.io", "Kustomization",
     OwnRule{[](const Field &object) { return flux(kPlain, object); }, kPlainWords}},
    {"image.toolkit.fluxcd.io", "ImagePolicy",
     OwnRule{[](const Field &object) { return flux(kImagePolicy, object); },
             "No conditions **Progressing**; `Ready=False` and `Reconciling=True` with reason `NewGeneration`, "
             "`AccessingRepository` or `ApplyingPolicy` together **Progressing**; `Ready=True` **Healthy**; else "
             "**Degraded** (reason of Ready)."}},
    {"image.toolkit.fluxcd.io", "ImageRepository",
     OwnRule{
         [](const Field &object) { return flux(kImageRepository, object); },
         "`spec.suspend` is **Suspended**; no conditions **Progressing**; `Ready=False` and `Reconciling=True` with "
         "reason `NewGeneration` or `Scanning` together **Progressing**; `Ready=True` **Healthy**; else "
         "**Degraded** (reason of Ready)."}},
    {"notification.toolkit.fluxcd.io", "Receiver",
     OwnRule{[](const Field &object) { return flux(kReceiver, object); },
             "`spec.suspend` is **Suspended**; no conditions **Progressing**; `Ready=False` and `Reconciling=True` "
             "together **Degraded**; `Ready=True` **Healthy**; else **Degraded** (reason of Ready)."}},
    {"helm.toolkit.fluxcd.io", "HelmRelease",
     OwnRule{[](const Field &object) { return flux(kRelease, object); },
             "As Kustomization, but **Healthy** needs exactly two of `Ready`, `Released`, `TestSuccess` True."}},
    {"source.toolkit.fluxcd.io", "Bucket", OwnRule{source, kSourceWords}},
    {"source.toolkit.fluxcd.io", "GitRepository", OwnRule{source, kSourceWords}},
    {"source.toolkit.fluxcd.io", "HelmChart", OwnRule{source, kSourceWords}},
    {"source.toolkit.fluxcd.io", "OCIRepository", OwnRule{source, kSourceWords}},
    {"source.toolkit.fluxcd.io", "HelmRepository",
     OwnRule{helmRepository, "As GitRepository, but one of `spec.type` `oci` is **Healthy** at once."}},
};

} // namespace

std::span<const KindRule> fluxRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
