// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "tree/node.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::tree {

/// What a pod asks for, by resource name, in thousandths of the unit (millicores, milli-bytes).
using MilliAmounts = std::map<std::string, std::int64_t>;

/// What a tree shows about a pod.
struct PodDetails
{
    std::vector<InfoItem> info;      ///< Status Reason, Node, Containers, Restart Count, cpu, memory
    std::vector<std::string> images; ///< of init and app containers, each once, sorted
    std::string nodeName;
    std::string phase;
    MilliAmounts requests;

    /// Succeeded or Failed: its requests are free again.
    bool isTerminal() const { return phase == "Succeeded" || phase == "Failed"; }
};

/// The details of \p pod; nothing if a field that matters has a wrong type.
/// Source: argo-cd controller/cache/info.go (populatePodInfo)@v3.5.1
std::optional<PodDetails> podDetailsOf(const object::Object &pod);

/// What the whole pod asks for: containers and sidecars together, or the greediest init container, plus overhead;
/// requests of the pod itself stand for cpu and memory. Of spec and status the larger amount counts.
/// Source: k8s.io/component-helpers/resource/helpers.go (PodRequests)@v0.36.1
MilliAmounts podRequests(const object::Value &pod);

/// A quantity ("500m", "1Gi", "2e3") in thousandths, rounded up; nothing if it is none. Saturates at the ends.
std::optional<std::int64_t> milliAmountOf(std::string_view quantity);

} // namespace tiphys::tree
