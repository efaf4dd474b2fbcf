// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "ports/discovery.h"

#include <string>
#include <vector>

namespace tiphys::kube {

/// What one or more discovery documents say, in order.
struct DiscoveredGroups
{
    std::vector<ports::ApiResource> resources;
    std::vector<ports::FailedGroup> failed;
};

/// Adds an APIGroupDiscoveryList (aggregated discovery, v2): stale versions count as failed.
/// Source: client-go discovery/aggregated_discovery.go@v0.36.1
void readAggregated(const object::Value &document, DiscoveredGroups &into);
/// Adds the APIResourceList of \p groupVersion ("apps/v1").
void readResourceList(const object::Value &document, const std::string &groupVersion, DiscoveredGroups &into);
/// All "group/version" of an APIGroupList, the preferred one of each group first.
std::vector<std::string> groupVersionsOf(const object::Value &apiGroupList);

} // namespace tiphys::kube
