// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/ignore_rules.h"
#include "compare/normalize.h"
#include "compare/three_way.h"
#include "object/object.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::compare {

/// Which algorithm compares an object.
enum class DiffMode {
    ThreeWay,        ///< as client-side apply would patch
    StructuredMerge, ///< as server-side apply would merge, computed here
    ServerSide,      ///< by the result of a server-side dry run
};

struct DiffOptions
{
    DiffMode mode = DiffMode::ThreeWay;
    const IgnoreRules *rules = nullptr; ///< none ignores nothing but still canonicalises Rollout pod templates
    AggregatedRoles roles = AggregatedRoles::Compared;
    std::string fieldManager = "argocd-controller";
    /// OpenAPI schemas of custom resources, by GVK; a kind without one is merged as its values show.
    const std::map<object::Gvk, object::Value> *customSchemas = nullptr;
    object::Object dryRun;                 ///< of ServerSide: what the API server answered
    bool includesMutationWebhooks = false; ///< of ServerSide: count what admission webhooks changed
};

/// The mode for one object: ServerSide if the application asks for it, else StructuredMerge if the application's
/// sync options or \p target's annotation contain `ServerSideApply=true`, else ThreeWay.
/// \p applicationAppliesServerSide  the application's sync options contain `ServerSideApply=true`
DiffMode diffModeOf(bool isServerSideDiff, bool applicationAppliesServerSide, const object::Object *target);

/// What has to be sent as dry run before a ServerSide comparison: \p target as far as it is normalised for that.
/// Errors: InvalidInput for managed fields of \p live that cannot be read.
Expected<object::Object> dryRunTarget(const object::Object &target, const object::Object &live,
                                      const DiffOptions &options);

/// Compares one object. Live alone is not modified, \p target alone is; both null is an error.
/// Errors: InvalidInput where the objects cannot be merged; the whole application's comparison fails then.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (Diff)@v3.5.1
Expected<DiffResult> diffOf(const object::Object *target, const object::Object *live, const DiffOptions &options);

/// A target and the live object that it belongs to; a null object stands for none.
struct Pair
{
    object::Object target;
    object::Object live;
};

/// Compares all pairs with the same options, each in its own mode where its annotation asks for structured merge.
/// For ServerSide call diffOf with the dry run of each.
/// Errors: the first of any pair, "failed to calculate diff: …".
Expected<std::vector<DiffResult>> diffAll(const std::vector<Pair> &pairs, const DiffOptions &options);

} // namespace tiphys::compare
