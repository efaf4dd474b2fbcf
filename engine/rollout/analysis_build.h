// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/observed.h"

#include <string>
#include <string_view>
#include <vector>

/// Analysis runs from templates.
/// Source: argo-rollouts utils/analysis/{helpers,factory}.go@v1.9.1
namespace tiphys::rollout {

using Templates = std::vector<const AnalysisTemplate *>;

/// The templates that \p references name, with those that they name, each once. Errors: NotFound
/// `AnalysisTemplate 'x' not found` (ClusterAnalysisTemplate), whose reason is "nested" for one that a template names;
/// LimitExceeded for templates that name each other.
Expected<Templates> templatesOf(const std::vector<TemplateReference> &references, const Observed &observed);

/// Several templates as one.
struct FlatTemplate
{
    std::vector<Metric> metrics;
    std::vector<RunArgument> arguments;
    std::vector<std::string> dryRun;
    std::vector<MeasurementRetention> measurementRetention;
};
/// Errors: InvalidInput `two metrics have the same name 'm'` and the like.
Expected<FlatTemplate> flattened(const Templates &templates);

/// \p templates as one, with arguments and rules of who uses them. Errors: as flattened, and
/// `args.x was not resolved`.
Expected<FlatTemplate> runTemplate(const Templates &templates, const std::vector<RunArgument> &arguments,
                                   const std::vector<std::string> &dryRun,
                                   const std::vector<MeasurementRetention> &retention);

/// Values of arguments that a Rollout gives. Errors: InvalidInput for a field that does not exist.
struct RunHashes
{
    std::string latest;
    std::string stable;
};
Expected<std::vector<RunArgument>> resolvedArguments(const std::vector<AnalysisArgument> &arguments,
                                                     const RunHashes &hashes, const Rollout &rollout);
/// The same for a check: fields that do not exist are empty.
std::vector<RunArgument> checkedArguments(const std::vector<AnalysisArgument> &arguments, const Rollout &rollout);
/// True if \p path is one that the downward API has: metadata.name, metadata.labels['k'], ….
bool isDownwardPath(std::string_view path);

/// `spec` of a run of \p flat.
object::Value runSpec(const FlatTemplate &flat);
/// True if both specs measure the same.
bool isSameRunSpec(const object::Value &left, const object::Value &right);

/// \p text with `{{args.x}}`, or another \p prefix, replaced. Errors: InvalidInput `failed to resolve {{x}}`, `argument "x" was not supplied`.
/// Source: argo-rollouts utils/template/template.go (ResolveArgs)@v1.9.1
Expected<std::string> withArguments(std::string_view text, const std::vector<RunArgument> &arguments,
                                    std::string_view prefix = "args.");

} // namespace tiphys::rollout
