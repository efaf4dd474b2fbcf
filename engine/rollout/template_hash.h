// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"
#include "object/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::rollout {

/// A pod template as the controller's libraries see it: fields they do not know are gone, quantities are canonical,
/// and what does not fit a type is dropped.
struct PodTemplate
{
    object::Value value = object::Value::map({}); ///< normalised
    std::uint32_t hashState = 0;                  ///< FNV-1a over its JSON
    std::string plainHash;                        ///< hash() without a collision count, "" if it was not read
    bool isMisfit = false;                        ///< something in it did not fit its type and was dropped

    /// Label rollouts-pod-template-hash for this template.
    /// Source: argo-rollouts utils/hash/hash.go (ComputePodTemplateHash)@v1.9.1, k8s.io/api@v0.34.1
    std::string hash(std::optional<int> collisionCount = std::nullopt) const;
    crd::TextMap labels() const;
    /// True if it has neither labels nor annotations nor containers: what workloadRef wants.
    bool isEmpty() const;
};

/// \p value (a PodTemplateSpec) normalised and hashed.
PodTemplate readPodTemplate(const object::Value &value);

/// The JSON over which the hash of \p normalised runs.
std::string hashedJson(const object::Value &normalised);

/// \p text (digits) in the alphabet that has no vowels.
/// Source: k8s.io/apimachinery/pkg/util/rand (SafeEncodeString)@v0.34.1
std::string safeEncoded(std::string_view text);

/// FNV-1a of 32 bits over \p bytes, going on from \p state.
std::uint32_t fnv1a(std::string_view bytes, std::uint32_t state = 2166136261u);

/// True if ReplicaSet template \p live is what \p desired becomes in the cluster: defaults filled in, hash label and
/// spec.serviceAccount left aside.
/// Source: argo-rollouts utils/replicaset/replicaset.go (PodTemplateEqualIgnoreHash)@v1.9.1
bool isSameTemplate(const object::Value &live, const object::Value &desired);

} // namespace tiphys::rollout
