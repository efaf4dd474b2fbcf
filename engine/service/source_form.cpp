// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/source_form.h"

#include <algorithm>
#include <array>

namespace tiphys::service {

namespace {

constexpr std::array<std::string_view, 11> kSwitches{
    "helm.skipCrds", "helm.skipTests", "helm.skipSchemaValidation", "helm.ignoreMissingValueFiles", "helm.passCredentials",
    "kustomize.ignoreMissingComponents", "kustomize.forceCommonLabels", "kustomize.forceCommonAnnotations",
    "kustomize.commonAnnotationsEnvsubst", "kustomize.labelWithoutSelector", "kustomize.labelIncludeTemplates"};

constexpr std::array<std::string_view, 18> kLines{
    "helm.parameters", "helm.parameters (forceString)", "helm.valueFiles", "helm.values", "helm.fileParameters", "helm.apiVersions",
    "kustomize.images", "kustomize.replicas", "kustomize.commonLabels", "kustomize.commonAnnotations", "kustomize.components",
    "kustomize.apiVersions", "directory.jsonnet.libs", "directory.jsonnet.extVars", "directory.jsonnet.extVars (code)",
    "directory.jsonnet.tlas", "directory.jsonnet.tlas (code)", "plugin.env"};

} // namespace

bool isSourceForm(const OfferedAction &offered)
{
    return offered.name.starts_with(kSourceActionPrefix);
}

SourceFieldShape sourceFieldShape(std::string_view name)
{
    if (name == "directory.recurse" || std::ranges::find(kSwitches, name) != kSwitches.end())
        return SourceFieldShape::Switch;
    if (name == "plugin.parameters" || std::ranges::find(kLines, name) != kLines.end())
        return SourceFieldShape::Lines;
    return SourceFieldShape::Line;
}

} // namespace tiphys::service
