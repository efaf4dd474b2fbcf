// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Changes of an Application's sources, stored as Argo CD stores them.
namespace tiphys::crd {

/// What `argocd app set` can say of one source. Nothing, "", false and an empty list leave a field as it is.
struct SourceEdit
{
    std::optional<std::string> repoUrl;
    std::optional<std::string> path;
    std::optional<std::string> chart;
    std::optional<std::string> targetRevision;
    std::optional<std::string> tagPrefix;
    std::optional<std::string> ref;
    std::vector<std::string> parameters; ///< "name=value", of a source that Helm renders
    // Helm
    std::vector<std::string> valueFiles; ///< all of them: they replace what was there
    std::string values;                  ///< YAML text
    std::string releaseName;
    std::string helmVersion;
    std::string helmNamespace;
    std::string helmKubeVersion;
    std::vector<std::string> helmApiVersions;
    std::vector<std::string> helmSets;       ///< "name=value"
    std::vector<std::string> helmSetStrings; ///< "name=value", always text
    std::vector<std::string> helmSetFiles;   ///< "name=path"
    bool ignoresMissingValueFiles = false;
    bool passesCredentials = false;
    bool skipsCrds = false;
    bool skipsSchemaValidation = false;
    bool skipsTests = false;
    // Kustomize
    std::string namePrefix;
    std::string nameSuffix;
    std::string kustomizeNamespace;
    std::string kustomizeVersion;
    std::string kustomizeKubeVersion;
    std::vector<std::string> kustomizeApiVersions;
    std::vector<std::string> images;            ///< "[old=]new[:tag][@digest]"
    std::vector<std::string> replicas;          ///< "name=count"
    std::vector<std::string> commonLabels;      ///< "name=value": all of them
    std::vector<std::string> commonAnnotations; ///< "name=value": all of them
    bool labelsWithoutSelector = false;
    bool labelsTemplates = false;
    bool forcesCommonLabels = false;
    bool forcesCommonAnnotations = false;
    bool ignoresMissingComponents = false;
    // directory
    std::optional<bool> recurses;
    std::optional<std::string> include;
    std::optional<std::string> exclude;
    std::vector<std::string> tlaStrings; ///< "name=value"
    std::vector<std::string> tlaCodes;
    std::vector<std::string> extVarStrings;
    std::vector<std::string> extVarCodes;
    std::vector<std::string> jsonnetLibraries;
    // plugin
    std::optional<std::string> plugin;
    std::vector<std::string> pluginEnvironment; ///< "name=value"

    bool isEmpty() const { return *this == SourceEdit{}; }
    bool operator==(const SourceEdit &) const = default;
};

/// What `argocd app unset` can take away.
struct SourceRemoval
{
    std::vector<std::string> parameters;
    std::vector<std::string> valueFiles;
    bool values = false;
    bool ignoresMissingValueFiles = false;
    bool passesCredentials = false;
    bool namePrefix = false;
    bool nameSuffix = false;
    bool kustomizeVersion = false;
    bool kustomizeNamespace = false;
    std::vector<std::string> images;
    std::vector<std::string> replicas;
    bool ignoresMissingComponents = false;
    std::vector<std::string> pluginEnvironment;
    bool ref = false;

    bool isEmpty() const { return *this == SourceRemoval{}; }
    bool operator==(const SourceRemoval &) const = default;
};

/// \p source with \p edit, as it is stored in \p place (storedAfterChange). \p statusType: `status.sourceType` of the
/// Application, which tells what renders a source that does not say so itself.
/// Errors: InvalidInput for an item of a wrong form, and for two tools at once.
/// Source: argo-cd cmd/util/app.go (ConstructSource, SetParameterOverrides)@v3.5.1
Expected<ApplicationSource> edited(ApplicationSource source, const SourceEdit &edit, std::string_view statusType = {},
                                   SourcePlace place = SourcePlace::Single);

/// \p source without what \p removal names, as it is stored in \p place; what is not there is no error.
/// Source: argo-cd cmd/argocd/commands/app.go (unset)@v3.5.1
ApplicationSource without(ApplicationSource source, const SourceRemoval &removal,
                          SourcePlace place = SourcePlace::Single);

/// Sets the values of \p helm from YAML text, "" for none. Errors: InvalidInput where it is no map or text.
/// Source: argo-cd pkg/apis/application/v1alpha1/values.go (SetValuesString)@v3.5.1
Expected<void> setValues(HelmSource &helm, const std::string &yaml);

/// A replica count from "name=count". Errors: InvalidInput where the count is no number.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (NewKustomizeReplica)@v3.5.1
Expected<KustomizeReplica> replicaOf(const std::string &text);

/// The tools that \p source names by its blocks. Errors: InvalidInput if there are several.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (ApplicationSource.ExplicitType)@v3.5.1
Expected<std::string> explicitType(const ApplicationSource &source);

/// Which source of an Application: 0 for the only one, else its place in `spec.sources`, from 1.
/// Errors: NotFound where there is none there, InvalidInput for a place of a single source or none of several.
Expected<ApplicationSource> sourceAt(const ApplicationSpec &spec, int position);

/// Where the sources of \p spec stand.
SourcePlace sourcePlaceOf(const ApplicationSpec &spec);

/// JSON Patch that puts \p edited in the place of the source at \p position if this is still as \p spec has it; an empty
/// list if nothing changes. Errors: as sourceAt; Unsupported for a hydrated source.
Expected<object::Value> sourcePatch(const ApplicationSpec &spec, int position, const ApplicationSource &edited);

/// JSON Patch that puts \p added behind the sources of \p app, if these are still as they were read.
/// Errors: InvalidInput where it has no `spec.sources`.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationAddSourceCommand)@v3.5.1, whose parameters go to the source before
Expected<object::Value> sourceAdditionPatch(const Application &app, const ApplicationSource &added);

/// JSON Patch that takes the source at \p position, from 1, away, if the sources are still as they were read.
/// Errors: InvalidInput where there are not several, or none there.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationRemoveSourceCommand)@v3.5.1
Expected<object::Value> sourceRemovalPatch(const Application &app, int position);

} // namespace tiphys::crd
