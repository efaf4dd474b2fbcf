// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/destination.h"
#include "object/object.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::policy {

inline constexpr std::string_view kInClusterServer = "https://kubernetes.default.svc";
inline constexpr std::string_view kInClusterName = "in-cluster";
/// The key of argocd-cm that switches it off as a destination.
inline constexpr std::string_view kInClusterSetting = "cluster.inClusterEnabled";

/// A destination cluster as its Secret describes it.
struct Cluster
{
    std::string server; ///< without "/" at its end
    std::string name;
    std::string project;                      ///< "" unless the cluster is scoped to one project
    std::vector<std::string> namespaces = {}; ///< empty: all of them

    bool operator==(const Cluster &) const = default;
};

/// A repository as its Secret describes it, without how it is reached.
struct RegisteredRepository
{
    std::string url;
    std::string project; ///< "" unless the repository is scoped to one project

    bool operator==(const RegisteredRepository &) const = default;
};

/// The repositories and clusters that an Argo CD instance knows by its labelled Secrets. No credential is in it.
struct Registry
{
    std::vector<RegisteredRepository> repositories;
    std::vector<Cluster> clusters;
    std::string unseen; ///< why the Secrets are not known; "" if they are
    /// Whether Applications may name the cluster that the instance runs in: kInClusterSetting.
    bool isInClusterEnabled = true;

    bool operator==(const Registry &) const = default;
};

/// What kInClusterSetting says in \p settings, the `data` of argocd-cm: true unless it is "false".
/// Source: argo-cd util/settings/settings.go (IsInClusterEnabled)@v3.5.1
bool inClusterEnabledOf(const object::Value &settings);

/// The label that says what a Secret describes.
inline constexpr std::string_view kSecretTypeLabel = "argocd.argoproj.io/secret-type";

/// The decoded text of key \p name of \p secret; "" where it has none.
std::string secretField(const object::Object &secret, std::string_view name);

/// What \p secrets say: those labelled "repository" or "cluster". A cluster whose `config` is no JSON is left out.
/// Source: argo-cd util/db/repository_secrets.go (secretToRepository), util/settings/cluster_informer.go (secretToCluster)@v3.5.1
Registry registryOf(const std::vector<object::Object> &secrets);

/// An API address without "/" at its end, which two writings of one address may differ by.
std::string withoutSlash(std::string_view server);

/// True for the address or the name of the cluster that an instance runs in.
bool isInCluster(const crd::Destination &destination);

/// What Argo CD tells of an API address that nobody registered. Source: argo-cd util/db/cluster.go (GetCluster)@v3.5.1
std::string unknownCluster(std::string_view server);

/// The API address that \p destination names, without "/" at its end; "" for a name that is not registered.
/// Errors, in the words of a condition: Conflict where several clusters have the name, NotFound for the address of the cluster
/// that the instance runs in where the settings switch that off; its name then stands for nothing.
/// Source: argo-cd util/argo/argo.go (GetDestinationServer, GetDestinationCluster), util/db/cluster.go
/// (GetClusterServersByName)@v3.5.1
Expected<std::string> destinationServer(const Registry &registry, const crd::Destination &destination);

/// Why \p destination stands for no cluster whatever can be reached from here, in the words of a condition; "" where it names
/// an address that may be one. Source: argo-cd util/argo/argo.go (GetDestinationCluster)@v3.5.1
std::string destinationFault(const Registry &registry, const crd::Destination &destination);

/// The cluster registered at \p server, of which "/" at its end is ignored; the cluster that the instance runs in is
/// known unless the settings switch it off. Source: argo-cd util/db/cluster.go (GetCluster)@v3.5.1
std::optional<Cluster> clusterAt(const Registry &registry, std::string_view server);

} // namespace tiphys::policy
