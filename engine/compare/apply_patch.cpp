// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/apply_patch.h"

#include "compare/json_merge.h"
#include "compare/strategic_merge.h"
#include "compare/three_way.h"
#include "object/json.h"
#include "schema/schema.h"

namespace tiphys::compare {

using object::Object;
using object::Value;

std::string lastAppliedText(const Object &target)
{
    const Value annotations = target.path({"metadata", "annotations"});
    const Value kept = annotations.isMap() ? annotations.without(kLastAppliedAnnotation) : Value::map({});
    const Value plain = target.value().withPath({"metadata", "annotations"}, kept);
    return object::toJson(plain, {.escapesHtml = true}) + "\n";
}

Object withLastApplied(const Object &target)
{
    return target.withAnnotation(kLastAppliedAnnotation, lastAppliedText(target));
}

Expected<Patch> threeWayApplyPatch(const Object &lastApplied, const Object &modified, const Object &live)
{
    const Draft original = lastApplied.isNull() ? Draft::emptyMap() : Draft(lastApplied.value());
    const Draft wanted(modified.value());
    const Draft current(live.value());
    if (const schema::Type *type = schema::typeOf(modified.gvk())) {
        const Expected<Draft> patch = strategicThreeWayPatch(original, wanted, current, *type);
        if (!patch)
            return std::unexpected(patch.error().in("patch of " + live.key().text()));
        return Patch{PatchType::StrategicMerge, patch->toValue()};
    }
    const Draft patch = jsonThreeWayPatch(original, wanted, current);
    const Draft *metadata = patch.find("metadata");
    if (patch.contains("apiVersion") || patch.contains("kind") || (metadata && metadata->contains("name")))
        return failure(ErrorCode::Conflict, "at least one of apiVersion, kind and name was changed");
    return Patch{PatchType::Merge, patch.toValue()};
}

Expected<Object> applyStrategicMergePatch(const Object &live, const Value &patch)
{
    const schema::Type *type = schema::typeOf(live.gvk());
    if (!type)
        return failure(ErrorCode::Unsupported, "strategic merge patch is not supported for " + live.gvk().text());
    const Expected<Draft> merged = strategicallyMerged(Draft(live.value()), Draft(patch), *type);
    if (!merged)
        return std::unexpected(merged.error().in("patch of " + live.key().text()));
    return Object(merged->toValue());
}

Object applyMergePatch(const Object &live, const Value &patch)
{
    return Object(jsonMerged(Draft(live.value()), Draft(patch)).toValue());
}

} // namespace tiphys::compare
