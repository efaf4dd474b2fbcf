// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/diff.h"

#include "base/text.h"

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kSyncOptionsAnnotation = "argocd.argoproj.io/sync-options";
constexpr std::string_view kServerSideApply = "ServerSideApply=true";

Object withRules(const Object &object, const DiffOptions &options)
{
    static const IgnoreRules kNoRules;
    return (options.rules ? *options.rules : kNoRules).applied(object);
}

Object normalized(const Object &object, const DiffOptions &options)
{
    const Object kind = normalizedKind(object, options.roles);
    // Ignored fields must reach a server-side dry run: they are taken out of its answer later.
    return options.mode == DiffMode::ServerSide ? kind : withRules(kind, options);
}

Object prepared(const Object *object, const DiffOptions &options)
{
    return object ? normalized(remarshalled(*object), options) : Object();
}

DiffResult oneSided(const Object &target, const Object &live)
{
    return {.isModified = live.isNull(), .normalizedLive = live, .predictedLive = target};
}

Expected<DiffResult> patchDiff(const Object &target, const Object &live, const DiffOptions &options)
{
    const Expected<Object> applied = lastAppliedOf(live);
    if (applied && !applied->isNull()) {
        if (Expected<DiffResult> result = threeWayDiff(normalized(*applied, options), target, live))
            return result;
    }
    return threeWayDiff(target, target, live);
}

} // namespace

DiffMode diffModeOf(bool isServerSideDiff, bool applicationAppliesServerSide, const Object *target)
{
    if (isServerSideDiff)
        return DiffMode::ServerSide;
    if (applicationAppliesServerSide)
        return DiffMode::StructuredMerge;
    if (target) {
        for (const std::string_view part : split(target->annotation(kSyncOptionsAnnotation).value_or(""), ',')) {
            if (trimmed(part) == kServerSideApply)
                return DiffMode::StructuredMerge;
        }
    }
    return DiffMode::ThreeWay;
}

Object dryRunTarget(const Object &target, const DiffOptions &options)
{
    return normalizedKind(remarshalled(target), options.roles);
}

Expected<DiffResult> diffOf(const Object *target, const Object *live, const DiffOptions &options)
{
    if (!target && !live)
        return failure(ErrorCode::InvalidInput, "both live and target are null objects");
    const Object wanted = prepared(target, options);
    const Object current = prepared(live, options);
    if (!target || !live)
        return oneSided(wanted, current);
    switch (options.mode) {
    case DiffMode::ThreeWay: return patchDiff(wanted, current, options);
    case DiffMode::StructuredMerge:
    case DiffMode::ServerSide: break;
    }
    return failure(ErrorCode::Unsupported, "this comparison is not supported");
}

Expected<std::vector<DiffResult>> diffAll(const std::vector<Pair> &pairs, const DiffOptions &options)
{
    std::vector<DiffResult> results;
    results.reserve(pairs.size());
    for (const Pair &pair : pairs) {
        const Object *target = pair.target.isNull() ? nullptr : &pair.target;
        const Object *live = pair.live.isNull() ? nullptr : &pair.live;
        DiffOptions own = options;
        if (own.mode == DiffMode::ThreeWay)
            own.mode = diffModeOf(false, false, target);
        Expected<DiffResult> result = diffOf(target, live, own);
        if (!result)
            return std::unexpected(result.error().in("diff of " + (target ? *target : pair.live).key().text()));
        results.push_back(std::move(*result));
    }
    return results;
}

} // namespace tiphys::compare
