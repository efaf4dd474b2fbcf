// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/app_observer.h"
#include "control/source_change.h"
#include "service/source_parameters.h"

/// Parameters of an Application's sources as front ends edit them.
namespace tiphys::control {

/// The forms of all sources of \p app as it is stored.
std::vector<service::SourceForm> sourceFormsOf(const crd::Application &app);

/// What \p request writes, the Application read now. Errors: Conflict where the source is no longer the one that was seen,
/// InvalidInput for a field.
Async<SourceChange> plannedSourceEdit(ports::ClusterPtr cluster, service::SourceEditRequest request,
                                      CancelToken cancel);

/// The spec before and after \p change, line by line; no lines where nothing changes.
service::ResourceDiff storedDiffOf(const SourceChange &change);

/// Which desired objects \p before and \p after do not have in common, sorted by key; values of Secrets are masked.
std::vector<service::ResourceDiff> renderedDiffs(const Evaluation &before, const Evaluation &after,
                                                 const std::vector<std::string> &maskedAnnotations);

/// The values of the chart in \p folder under the names that parameters have: "image.tag", "hosts[0]"; a dot in a key is
/// "\.". At most 5,000 of them. Errors: NotFound for a folder without a chart; those of its values.yaml.
/// Source: argo-cd util/helm/helm.go (flatVals)@v3.5.1
Expected<std::vector<std::pair<std::string, std::string>>> chartDefaultsIn(const render::FileTree &files,
                                                                           const std::string &folder);

} // namespace tiphys::control
