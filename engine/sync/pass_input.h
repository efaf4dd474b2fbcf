// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/operation.h"
#include "crd/status.h"
#include "object/object.h"
#include "sync/settings.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::sync {

/// A target object and what the cluster has for it; one of them may be null. Hooks that live are pairs without target.
struct Pair
{
    object::Object target;
    object::Object live;
    bool isModified = true;       ///< as the comparison found; only looked at where both are there
    bool isSelfReferenced = true; ///< false: the tracking id of live names another object
};

/// What a comparison with the revisions of the operation gave.
struct Compared
{
    std::vector<Pair> pairs;
    std::vector<object::Object> hooks; ///< rendered hooks, without those of deletion alone
    std::string revision;              ///< concrete; "" for several sources
};

/// How the API serves a kind.
struct ServedKind
{
    bool isNamespaced = true;
    std::string resource; ///< plural name ("deployments"); only used in messages
};

/// The world outside of the comparison, as pure questions.
struct World
{
    /// How \p gvk is served. Errors: NotFound with the message of kindNotServed; others as they came.
    std::function<Expected<ServedKind>(const object::Gvk &gvk)> kind;
    /// Why the project forbids to sync \p key, nothing if it does not.
    std::function<std::optional<std::string>(const object::ObjectKey &key, ServedKind kind)> violation;
    /// Health of a live object; nothing if its kind has none.
    std::function<Expected<std::optional<crd::HealthStatus>>(const object::Object &live)> health;
};

/// NotFound in the words of Kubernetes' discovery; \p isVersionServed: the group version is there, the kind is not.
Error kindNotServed(const object::Gvk &gvk, bool isVersionServed);

/// Everything that one pass of a sync looks at.
struct PassInput
{
    crd::Operation operation;                                 ///< status.operationState.operation
    crd::OperationPhase phase = crd::OperationPhase::Running; ///< Terminating stops the hooks
    std::string startedAt;                                    ///< RFC 3339, of the operation
    std::vector<crd::ResourceResult> results;                 ///< status.operationState.syncResult.resources
    std::string destinationNamespace;
    std::optional<crd::ManagedNamespaceMetadata> managedNamespaceMetadata; ///< of spec.syncPolicy
    bool isPruneApproved = false; ///< deletion-approved is not before startedAt
    std::string migrationManager = "kubectl-client-side-apply";
    /// Record that a hook is about to be made before it is made, and how it ended before it may vanish, so that a
    /// pass that was cut off is resumed without making it twice or missing it. Off, the writes to the Application
    /// are exactly the controller's.
    bool recordsHooksFirst = true;
    Compared compared;
    World world;
};

} // namespace tiphys::sync
