// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"
#include "object/value.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::rollout {

/// Labels and annotations that are put on pods, runs or experiments.
struct PodMetadata
{
    crd::TextMap labels;
    crd::TextMap annotations;

    /// Compact JSON with sorted keys, empty maps left out: what the ephemeral-metadata annotation holds.
    object::Value value() const;
    bool operator==(const PodMetadata &) const = default;
};

/// A template by name: of the namespace, or of the cluster.
struct TemplateReference
{
    std::string name;
    bool isClusterScoped = false;
    bool operator==(const TemplateReference &) const = default;
};

/// An argument as a Rollout or an experiment step gives it.
struct AnalysisArgument
{
    std::string name;
    std::string value;
    bool hasValueFrom = false;
    std::string podTemplateHashValue; ///< "Stable", "Latest" or ""
    std::string fieldPath;            ///< of valueFrom.fieldRef
    bool hasFieldRef = false;
};

/// Rule that names metrics by a regular expression.
struct MeasurementRetention
{
    std::string metricName;
    int limit = 0;
    bool operator==(const MeasurementRetention &) const = default;
};

/// `analysis` of a step, `prePromotionAnalysis`, … of a Rollout.
struct AnalysisReference
{
    std::vector<TemplateReference> templates;
    std::vector<AnalysisArgument> arguments;
    std::vector<std::string> dryRun; ///< metric names, regular expressions
    std::vector<MeasurementRetention> measurementRetention;
    std::optional<PodMetadata> metadata; ///< analysisRunMetadata
    std::optional<int> startingStep;     ///< background analysis of a canary only
};

PodMetadata readPodMetadata(const crd::FieldReader &reader);
TemplateReference readTemplateReference(const crd::FieldReader &reader);
AnalysisArgument readAnalysisArgument(const crd::FieldReader &reader);
MeasurementRetention readMeasurementRetention(const crd::FieldReader &reader);
AnalysisReference readAnalysisReference(const crd::FieldReader &reader);

} // namespace tiphys::rollout
