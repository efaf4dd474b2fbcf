// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/three_way.h"

#include "compare/defaults.h"
#include "compare/json_merge.h"
#include "compare/strategic_merge.h"
#include "object/json.h"
#include "schema/schema.h"

#include <algorithm>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

/// Live objects have a namespace that targets often leave out, and empty annotations mean none.
Draft withoutNamespace(const Object &object)
{
    Draft draft(object.value());
    Draft *metadata = draft.find("metadata");
    if (!metadata || !metadata->isMap())
        return draft;
    metadata->erase("namespace");
    const Draft *annotations = metadata->find("annotations");
    if (annotations && (annotations->isNull() || (annotations->isMap() && annotations->members().empty())))
        metadata->erase("annotations");
    return draft;
}

/// The API server fills claim templates with defaults that cannot be told here: only what was applied counts.
Draft withoutTemplateDefaults(const Draft &original, Draft live)
{
    const Draft *spec = original.find("spec");
    const Draft *applied = spec ? spec->find("volumeClaimTemplates") : nullptr;
    Draft *liveSpec = live.find("spec");
    Draft *templates = liveSpec ? liveSpec->find("volumeClaimTemplates") : nullptr;
    if (applied && applied->isList() && templates && templates->isList())
        *templates = restrictedTo(*applied, *templates);
    return live;
}

bool hasClaimTemplates(const object::Gvk &gvk)
{
    return gvk.kind == "StatefulSet" && (gvk.group == "apps" || gvk.group == "extensions");
}

Expected<DiffResult> strategicDiff(const Draft &original, const Draft &target, const Object &live,
                                   const schema::Type &type, bool hidesTemplateDefaults)
{
    const Draft current(live.value());
    const Expected<Draft> patch = strategicThreeWayPatch(
        original, target, hidesTemplateDefaults ? withoutTemplateDefaults(original, current) : current, type);
    if (!patch)
        return std::unexpected(patch.error());
    const Expected<Draft> merged = strategicallyMerged(current, *patch, type);
    if (!merged)
        return std::unexpected(merged.error());
    const Expected<Value> predicted = withDefaults(merged->toValue(), type);
    if (!predicted)
        return std::unexpected(predicted.error());
    const Expected<Value> defaulted = withDefaults(live.value(), type);
    if (!defaulted)
        return std::unexpected(defaulted.error());
    return diffResult(*defaulted, *predicted);
}

} // namespace

Expected<Object> lastAppliedOf(const Object &live)
{
    const std::optional<std::string_view> text = live.annotation(kLastAppliedAnnotation);
    const Value annotations = live.path({"metadata", "annotations"});
    // Go reads annotations as a whole: one that is no text hides all others.
    const bool areTexts =
        std::ranges::all_of(annotations.entries(), [](const auto &entry) { return entry.second.isString(); });
    if (!text || !areTexts)
        return Object();
    Expected<Value> value = object::parseJson(*text);
    if (!value)
        return std::unexpected(value.error().in("last-applied annotation of " + live.key().text()));
    if (!value->isMap())
        return failure(ErrorCode::InvalidInput, "last-applied annotation of " + live.key().text() + " is no map");
    if (Object(*value).kind().empty())
        return failure(ErrorCode::InvalidInput, "last-applied annotation of " + live.key().text() + " has no kind");
    return Object(*value);
}

DiffResult diffResult(const Value &live, const Value &predicted)
{
    // Numbers such as 1 and 1.0 differ as values, but not in print.
    const bool isSame = live == predicted || object::toJson(live) == object::toJson(predicted);
    return {!isSame, Object(live), Object(predicted)};
}

Expected<DiffResult> threeWayDiff(const Object &original, const Object &target, const Object &live)
{
    const Draft applied = withoutNamespace(original);
    const Draft wanted = withoutNamespace(target);
    const object::Gvk gvk = original.gvk();
    if (const schema::Type *type = schema::typeOf(gvk))
        return strategicDiff(applied, wanted, live, *type, hasClaimTemplates(gvk));
    const Draft current(live.value());
    const Draft patch = jsonThreeWayPatch(applied, wanted, restrictedTo(applied, current));
    return diffResult(live.value(), jsonMerged(current, patch).toValue());
}

} // namespace tiphys::compare
