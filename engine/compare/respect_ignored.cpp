// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/respect_ignored.h"

#include "compare/json_merge.h"
#include "compare/strategic_merge.h"
#include "compare/trusted_managers.h"
#include "schema/schema.h"

namespace tiphys::compare {

using object::Object;

namespace {

Expected<Draft> withLiveFields(const Draft &target, const Draft &normalizedLive, const Draft &live,
                               const schema::Type *type)
{
    if (!type)
        return jsonMerged(target, jsonTwoWayPatch(normalizedLive, live));
    Expected<Draft> patch = strategicThreeWayPatch(live, live, normalizedLive, *type);
    if (!patch)
        return std::unexpected(patch.error());
    return strategicallyMerged(target, std::move(*patch), *type);
}

/// A parent that is replaced as a whole brings along fields that no rule ignores: they get their target value back.
void restoreWanted(Draft &patched, const Draft &original, const Draft &normalized, const Draft *normalizedLive)
{
    for (const auto &[key, wanted] : original.members()) {
        Draft *present = patched.find(key);
        const Draft *untouched = normalized.find(key);
        if (present && present->isMap() && wanted.isMap() && untouched && untouched->isMap()) {
            const Draft *live = normalizedLive ? normalizedLive->find(key) : nullptr;
            restoreWanted(*present, wanted, *untouched, live && live->isMap() ? live : nullptr);
        } else if (untouched && *untouched == wanted && (!present || *present != wanted)) {
            patched.set(key, wanted);
        }
    }
    std::erase_if(patched.members(), [&](const DraftMember &member) {
        return !original.contains(member.key) && normalizedLive && normalizedLive->contains(member.key);
    });
}

} // namespace

Expected<Object> targetRespectingIgnored(const Object &target, const Object &live, const IgnoreRules &rules,
                                         const object::Value &openApiSchema)
{
    if (live.isNull() || target.isNull())
        return target;
    Object normalizedTarget = target;
    Object normalizedLive = live;
    const std::vector<std::string> managers = rules.trustedManagers(target.key());
    if (const Expected<void> taken = takeTrustedFields(normalizedTarget, normalizedLive, managers, openApiSchema);
        !taken)
        return std::unexpected(taken.error());
    normalizedTarget = rules.applied(normalizedTarget);
    normalizedLive = rules.applied(normalizedLive);
    const Draft wanted(normalizedTarget.value());
    Expected<Draft> patched =
        withLiveFields(wanted, Draft(normalizedLive.value().without("status")), Draft(live.value().without("status")),
                       schema::typeOf(normalizedTarget.gvk()));
    if (!patched)
        return std::unexpected(patched.error().in("ignored fields of " + target.key().text()));
    const Draft ignoredLive(normalizedLive.value());
    restoreWanted(*patched, Draft(target.value()), wanted, &ignoredLive);
    return Object(patched->toValue());
}

} // namespace tiphys::compare
