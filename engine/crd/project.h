// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/destination.h"
#include "crd/source.h"
#include "object/object.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::crd {

/// A pattern of kinds in a project's lists: globs; an empty name matches every name.
struct KindPattern
{
    std::string group;
    std::string kind;
    std::string name;

    bool operator==(const KindPattern &) const = default;
};

/// A time in which syncs are allowed or denied: an entry of `spec.syncWindows`.
struct SyncWindow
{
    std::string kind;     ///< "allow" or "deny"
    std::string schedule; ///< cron, five fields
    std::string duration; ///< Go duration
    std::vector<std::string> applications;
    std::vector<std::string> namespaces;
    std::vector<std::string> clusters;
    bool manualSync = false;
    std::string timeZone; ///< "": UTC
    bool useAndOperator = false;
    std::string description;
    bool syncOverrun = false;

    bool operator==(const SyncWindow &) const = default;
};

/// A token of a role, as `spec.roles[].jwtTokens` lists it.
struct ProjectToken
{
    std::int64_t issuedAt = 0;  ///< seconds since 1970
    std::int64_t expiresAt = 0; ///< seconds since 1970, 0: never
    std::string id;

    bool operator==(const ProjectToken &) const = default;
};

/// `spec.roles[]`.
struct ProjectRole
{
    std::string name;
    std::string description;
    std::vector<std::string> policies;
    std::vector<std::string> groups;
    std::vector<ProjectToken> tokens;

    bool operator==(const ProjectRole &) const = default;
};

/// `spec.destinationServiceAccounts[]`.
struct DestinationServiceAccount
{
    std::string server;
    std::string ns;
    std::string defaultServiceAccount;

    bool operator==(const DestinationServiceAccount &) const = default;
};

/// `spec.orphanedResources`: its presence switches monitoring on.
struct OrphanedResources
{
    std::optional<bool> warn; ///< nothing means off
    std::vector<KindPattern> ignore;

    bool operator==(const OrphanedResources &) const = default;
};

/// `spec` of an AppProject.
struct ProjectSpec
{
    object::Value value;
    std::string description;
    std::vector<std::string> sourceRepos;
    std::vector<Destination> destinations;
    std::vector<KindPattern> clusterResourceWhitelist;
    std::vector<KindPattern> clusterResourceBlacklist;
    /// Absent allows every namespaced kind, present but empty none.
    std::optional<std::vector<KindPattern>> namespaceResourceWhitelist;
    std::vector<KindPattern> namespaceResourceBlacklist;
    std::vector<std::string> sourceNamespaces;
    bool permitOnlyProjectScopedClusters = false;
    std::vector<DestinationServiceAccount> destinationServiceAccounts;
    std::optional<OrphanedResources> orphanedResources;
    std::vector<SyncWindow> syncWindows;
    std::vector<std::string> signatureKeys; ///< key ids
    object::Value sourceIntegrity;
    std::vector<ProjectRole> roles;
};

/// An AppProject: typed fields over the object that they were read from.
struct Project
{
    object::Object object;
    ProjectSpec spec;

    std::string_view name() const { return object.name(); }
};

/// The project in \p object; errors as applicationOf.
Expected<Project> projectOf(const object::Object &object);
/// The project `default` as it is made where none exists: every repository, destination and cluster kind.
Project defaultProject(std::string_view ns);

} // namespace tiphys::crd
