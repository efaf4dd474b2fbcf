// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hook.h"

#include "base/text.h"
#include "crd/hook.h"
#include "crd/names.h"
#include "crd/options.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tiphys::sync {

namespace {

using PolicyWord = std::pair<std::string_view, DeletePolicy>;
constexpr std::array<PolicyWord, 3> kArgoPolicies{{{"HookSucceeded", DeletePolicy::HookSucceeded},
                                                   {"HookFailed", DeletePolicy::HookFailed},
                                                   {"BeforeHookCreation", DeletePolicy::BeforeHookCreation}}};
constexpr std::array<PolicyWord, 3> kHelmPolicies{{{"hook-succeeded", DeletePolicy::HookSucceeded},
                                                   {"hook-failed", DeletePolicy::HookFailed},
                                                   {"before-hook-creation", DeletePolicy::BeforeHookCreation}}};

void addPolicies(std::vector<DeletePolicy> &policies, const object::Object &object, std::string_view annotation,
                 const std::array<PolicyWord, 3> &words)
{
    for (const std::string &item : crd::annotationItems(object, annotation)) {
        for (const auto &[word, policy] : words) {
            if (word == item)
                policies.push_back(policy);
        }
    }
}

object::Object withFinalizers(const object::Object &object, const std::vector<std::string> &finalizers)
{
    if (finalizers.empty())
        return object::Object(object.value().withoutPath({"metadata", "finalizers"}));
    const std::vector<object::Value> values(finalizers.begin(), finalizers.end());
    return object::Object(object.value().withPath({"metadata", "finalizers"}, object::Value::list(values)));
}

} // namespace

std::string_view text(Phase phase)
{
    switch (phase) {
    case Phase::PreSync: return "PreSync";
    case Phase::Sync: return "Sync";
    case Phase::PostSync: return "PostSync";
    case Phase::SyncFail: return "SyncFail";
    }
    return {};
}

std::vector<Phase> phasesOf(const object::Object &object)
{
    if (crd::isSkipped(object))
        return {};
    if (!crd::isHook(object))
        return {Phase::Sync};
    const std::vector<crd::HookType> types = crd::hookTypesOf(object);
    std::vector<Phase> phases;
    constexpr std::array<std::pair<crd::HookType, Phase>, 4> kPhases{{{crd::HookType::PreSync, Phase::PreSync},
                                                                      {crd::HookType::Sync, Phase::Sync},
                                                                      {crd::HookType::PostSync, Phase::PostSync},
                                                                      {crd::HookType::SyncFail, Phase::SyncFail}}};
    for (const auto &[type, phase] : kPhases) {
        if (std::ranges::find(types, type) != types.end())
            phases.push_back(phase);
    }
    return phases;
}

std::vector<DeletePolicy> deletePoliciesOf(const object::Object &object)
{
    std::vector<DeletePolicy> policies;
    addPolicies(policies, object, crd::kHookDeletePolicyAnnotation, kArgoPolicies);
    addPolicies(policies, object, crd::kHelmHookDeletePolicyAnnotation, kHelmPolicies);
    if (policies.empty())
        policies.push_back(DeletePolicy::BeforeHookCreation);
    return policies;
}

bool hasDeletePolicy(const object::Object &object, DeletePolicy policy)
{
    return std::ranges::contains(deletePoliciesOf(object), policy);
}

std::string generatedNameOf(const object::Object &hook, Phase phase, const HookNaming &naming)
{
    const std::string_view revision = naming.revision.size() >= 8 ? naming.revision.substr(0, 7) : naming.revision;
    const std::string suffix =
        std::string(revision) + '-' + std::string(text(phase)) + '-' + std::to_string(naming.startedAt.seconds);
    return std::string(hook.generateName()) + asciiLower(suffix);
}

object::Object hookTargetOf(const object::Object &hook, Phase phase, const HookNaming &naming)
{
    object::Object target = hook;
    if (hook.name().empty())
        target = object::Object(target.value().withPath({"metadata", "name"}, generatedNameOf(hook, phase, naming)));
    if (target.hasFinalizer(crd::kHookFinalizer))
        return target;
    std::vector<std::string> finalizers = target.finalizers();
    finalizers.emplace_back(crd::kHookFinalizer);
    return withFinalizers(target, finalizers);
}

object::Object withoutHookFinalizer(const object::Object &object)
{
    std::vector<std::string> finalizers = object.finalizers();
    const auto found = std::ranges::find(finalizers, crd::kHookFinalizer);
    if (found == finalizers.end())
        return object;
    finalizers.erase(found);
    return withFinalizers(object, finalizers);
}

} // namespace tiphys::sync
