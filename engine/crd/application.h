// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/status.h"
#include "object/object.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::crd {

/// `spec.syncPolicy.automated`; absent switches are off, except `enabled`.
struct AutomatedSync
{
    std::optional<bool> prune;
    std::optional<bool> selfHeal;
    std::optional<bool> allowEmpty;
    std::optional<bool> enabled; ///< nothing means on

    bool isEnabled() const { return enabled.value_or(true); }
    bool prunes() const { return prune.value_or(false); }
    bool selfHeals() const { return selfHeal.value_or(false); }
    bool allowsEmpty() const { return allowEmpty.value_or(false); }
    bool operator==(const AutomatedSync &) const = default;
};

/// `spec.syncPolicy`.
struct SyncPolicy
{
    std::optional<AutomatedSync> automated;
    std::vector<std::string> syncOptions;
    std::optional<RetryStrategy> retry;
    std::optional<ManagedNamespaceMetadata> managedNamespaceMetadata;

    bool isZero() const { return *this == SyncPolicy{}; }
    bool isAutomated() const { return automated && automated->isEnabled(); }
    bool operator==(const SyncPolicy &) const = default;
};

/// `spec.sourceHydrator`: dry sources rendered to a branch that is then synced.
struct SourceHydrator
{
    object::Value value;
    ApplicationSource drySource;
    std::string syncRepoUrl; ///< "": the repository of the dry source
    std::string syncBranch;
    std::string syncPath;
    std::string hydrateToBranch; ///< "": the sync branch itself

    /// The source that is compared and synced.
    ApplicationSource syncSource() const;
};

/// `spec` of an Application.
struct ApplicationSpec
{
    object::Value value;
    std::optional<ApplicationSource> source;
    std::vector<ApplicationSource> sources;
    std::optional<SourceHydrator> sourceHydrator;
    Destination destination;
    std::string project; ///< as it stands; effectiveProject() gives "default" for ""
    std::optional<SyncPolicy> syncPolicy;
    std::vector<IgnoreDifference> ignoreDifferences;
    std::vector<NamedText> info;
    std::optional<std::int64_t> revisionHistoryLimit;

    /// No hydrator and a non-empty `sources`, even of one: status then uses the plural fields.
    bool hasMultipleSources() const { return !sourceHydrator && !sources.empty(); }
    /// Hydrator's sync source, else the first of sources, else source; an empty one if there is none.
    ApplicationSource effectiveSource() const;
    /// All sources that are rendered, in their order; one for the single forms.
    std::vector<ApplicationSource> effectiveSources() const;
    std::string effectiveProject() const { return project.empty() ? "default" : project; }
    /// Entries of history that are kept: 10 by default, never negative.
    std::int64_t effectiveHistoryLimit() const;
    bool isAutomated() const { return syncPolicy && syncPolicy->isAutomated(); }
    /// True if `syncPolicy.syncOptions` holds exactly \p option ("ServerSideApply=true").
    bool hasSyncOption(std::string_view option) const;
};

/// An Application: typed fields over the object that they were read from.
struct Application
{
    object::Object object;
    ApplicationSpec spec;
    ApplicationStatus status;
    std::optional<Operation> operation;

    std::string_view name() const { return object.name(); }
    std::string_view ns() const { return object.ns(); }
    /// Name in tracking ids and labels: the name inside \p controlPlaneNamespace (or without any), else "ns_name".
    std::string instanceName(std::string_view controlPlaneNamespace) const;
    /// "ns/name", as messages and queues name it.
    std::string qualifiedName() const;
};

/// The Application in \p object. Unknown fields are ignored and kept; a field of a wrong type is InvalidInput
/// with its path ("spec.source.path: must be text, is a number"). Kind and group are not checked.
Expected<Application> applicationOf(const object::Object &object);
/// True for an object of kind Application in group argoproj.io.
bool isApplication(const object::Object &object);

/// The spec as the controller normalises and writes it back: project "default" for "", no empty syncPolicy, no
/// empty source blocks (of `sources` nothing is changed).
/// Source: argo-cd util/argo/argo.go (NormalizeApplicationSpec)@v3.5.1
object::Value normalizedSpec(const ApplicationSpec &spec);

} // namespace tiphys::crd
