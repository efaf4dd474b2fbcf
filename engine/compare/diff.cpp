// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/diff.h"

#include "base/text.h"
#include "compare/defaults.h"
#include "compare/server_side.h"
#include "compare/structured_merge.h"
#include "compare/trusted_managers.h"
#include "schema/schema.h"
#include "schema/typed.h"

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

Object prepared(const Object &object, const DiffOptions &options)
{
    return object.isNull() ? object : normalized(remarshalled(object), options);
}

Value schemaOf(const object::Gvk &gvk, const DiffOptions &options)
{
    if (!options.customSchemas)
        return {};
    const auto found = options.customSchemas->find(gvk);
    return found == options.customSchemas->end() ? Value() : found->second;
}

Expected<void> takeTrusted(Object &target, Object &live, const DiffOptions &options)
{
    if (!options.rules || target.isNull() || live.isNull())
        return {};
    const std::vector<std::string> managers = options.rules->trustedManagers(target.key());
    return takeTrustedFields(target, live, managers, schemaOf(live.gvk(), options));
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

Expected<Value> withTypedDefaults(const Value &object)
{
    const Value plain = object.withoutPath({"metadata", "annotations", kLastAppliedAnnotation});
    const schema::Type *type = schema::typeOf(Object(plain).gvk());
    if (!type)
        return plain;
    if (const Expected<Value> typed = schema::asTyped(plain, *type, schema::UnknownFields::Drop); !typed)
        return std::unexpected(typed.error().in("error applying default values"));
    return withDefaults(plain, *type);
}

Expected<DiffResult> structuredDiff(const Object &target, const Object &live, const DiffOptions &options)
{
    const Expected<MergeType> type = MergeType::of(target.gvk(), schemaOf(target.gvk(), options));
    if (!type)
        return std::unexpected(type.error().in("error calculating structured merge diff"));
    const Expected<std::optional<Value>> applied = structurallyApplied(live, target, *type, options.fieldManager);
    if (!applied)
        return std::unexpected(applied.error().in("error calculating structured merge diff"));
    if (!*applied)
        return DiffResult{.isModified = false, .normalizedLive = live, .predictedLive = live};
    const Expected<Value> predicted = withTypedDefaults(**applied);
    if (!predicted)
        return std::unexpected(predicted.error());
    const Expected<Value> current = withTypedDefaults(live.value());
    if (!current)
        return std::unexpected(current.error());
    return diffResult(*current, *predicted);
}

Value withoutServerBookkeeping(const Object &object, const DiffOptions &options)
{
    return withRules(normalizedKind(object, options.roles), options)
        .value()
        .withoutPath({"metadata", "managedFields"})
        .withoutPath({"metadata", "resourceVersion"})
        .withoutPath({"metadata", "annotations", kLastAppliedAnnotation});
}

Expected<DiffResult> serverSideDiff(const Object &live, const DiffOptions &options)
{
    if (options.dryRun.isNull())
        return failure(ErrorCode::InvalidInput, "a server-side comparison needs the answer of the dry run");
    Object predicted = options.dryRun;
    if (!options.includesMutationWebhooks) {
        const Expected<MergeType> type = MergeType::of(predicted.gvk(), schemaOf(predicted.gvk(), options));
        Expected<Object> own =
            type ? withoutWebhookChanges(predicted, live, *type, options.fieldManager) : std::unexpected(type.error());
        if (!own)
            return std::unexpected(
                own.error().in("error calculating server side diff: serverSideDiff error: error removing non "
                               "config mutations for resource "
                               + std::string(predicted.kind()) + "/" + std::string(predicted.name())));
        predicted = std::move(*own);
    }
    return diffResult(withoutServerBookkeeping(live, options),
                      withoutServerBookkeeping(remarshalled(predicted), options));
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

Expected<Object> dryRunTarget(const Object &target, const Object &live, const DiffOptions &options)
{
    Object wanted = target;
    Object current = live;
    if (const Expected<void> taken = takeTrusted(wanted, current, options); !taken)
        return std::unexpected(taken.error());
    return normalizedKind(remarshalled(wanted), options.roles);
}

Expected<DiffResult> diffOf(const Object *target, const Object *live, const DiffOptions &options)
{
    if (!target && !live)
        return failure(ErrorCode::InvalidInput, "both live and target are null objects");
    Object wanted = target ? *target : Object();
    Object current = live ? *live : Object();
    if (const Expected<void> taken = takeTrusted(wanted, current, options); !taken)
        return std::unexpected(taken.error());
    wanted = prepared(wanted, options);
    current = prepared(current, options);
    if (!target || !live)
        return oneSided(wanted, current);
    switch (options.mode) {
    case DiffMode::ThreeWay: return patchDiff(wanted, current, options);
    case DiffMode::StructuredMerge: return structuredDiff(wanted, current, options);
    case DiffMode::ServerSide: return serverSideDiff(current, options);
    }
    return failure(ErrorCode::Internal, "unknown comparison mode");
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
            return std::unexpected(result.error().in("failed to calculate diff"));
        results.push_back(std::move(*result));
    }
    return results;
}

} // namespace tiphys::compare
