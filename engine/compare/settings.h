// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"
#include "object/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::compare {

/// Fields that do not count in a comparison.
struct IgnoredFields
{
    std::vector<std::string> jsonPointers;
    std::vector<std::string> jqPathExpressions;
    std::vector<std::string> managedFieldsManagers;

    bool isEmpty() const { return *this == IgnoredFields(); }
    bool operator==(const IgnoredFields &) const = default;
};

/// A field of a custom resource that is written like a built-in type.
struct KnownTypeField
{
    std::string field; ///< dotted path; lists on the way are entered
    std::string type;  ///< "core/v1/PodSpec", "core/Quantity", "meta/v1/Duration"

    bool operator==(const KnownTypeField &) const = default;
};

/// What argocd-cm says about one group and kind.
struct ResourceOverride
{
    std::string key; ///< "apps/Deployment", "ConfigMap" or "/ConfigMap" for the core group, "*/*"
    std::string healthLua;
    bool usesOpenLibraries = false;
    std::string actions; ///< YAML text
    IgnoredFields ignoreDifferences;
    IgnoredFields ignoreResourceUpdates;
    std::vector<KnownTypeField> knownTypeFields;

    /// Globs of group and kind that the key stands for.
    std::string groupGlob() const;
    std::string kindGlob() const;
    bool operator==(const ResourceOverride &) const = default;
};

/// One entry of resource.exclusions or resource.inclusions; an empty list matches everything.
struct ResourceFilterEntry
{
    std::vector<std::string> apiGroups; ///< globs
    std::vector<std::string> kinds;     ///< exact, or "*"
    std::vector<std::string> clusters;  ///< globs on the server URL

    bool operator==(const ResourceFilterEntry &) const = default;
};

/// The settings of an instance that comparing needs.
struct CompareSettings
{
    std::vector<ResourceOverride> overrides; ///< sorted by key; `/status` of ignoreResourceStatusField is in
    bool ignoresAggregatedRoles = false;
    bool ignoresDifferencesOnUpdates = true;
    bool ignoresUpdates = true;                ///< updateOverrides counts: resource.ignoreResourceUpdatesEnabled
    std::string trackingMethod = "annotation"; ///< as written; "annotation" where nothing is
    std::string instanceLabelKey = "app.kubernetes.io/instance";
    std::string installationId;
    std::vector<ResourceFilterEntry> exclusions;
    std::vector<ResourceFilterEntry> inclusions;
    std::vector<std::string> maskedAnnotations; ///< of Secrets, sorted

    /// The override of exactly this key, null if there is none.
    const ResourceOverride *overrideOf(std::string_view key) const;
    /// What decides whether a changed object is worth a refresh: ignoreResourceUpdates, ignoreDifferences unless
    /// switched off, and the server's bookkeeping fields.
    std::vector<ResourceOverride> updateOverrides() const;
    bool operator==(const CompareSettings &) const = default;
};

/// The settings in \p data, the `data` of argocd-cm (null gives the defaults).
/// Errors: InvalidInput that names the key and, for YAML, the line.
/// Source: argo-cd util/settings/settings.go@v3.5.1
Expected<CompareSettings> compareSettingsOf(const object::Value &data);

/// True if objects of this kind on this server are left out by exclusions and inclusions.
/// Source: argo-cd util/settings/resources_filter.go@v3.5.1
bool isExcluded(const CompareSettings &settings, const object::GroupKind &kind, std::string_view server);

} // namespace tiphys::compare
