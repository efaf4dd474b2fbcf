// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/json_merge.h"

#include "compare/strategic_lists.h"

namespace tiphys::compare {

namespace {

enum class Nulls { Keep, Drop };

/// Only the null members of a patch, or all but them; parts that become empty vanish.
Draft filtered(const Draft &patch, Nulls nulls)
{
    Draft result = Draft::emptyMap();
    for (const auto &[key, value] : patch.members()) {
        if (value.isNull()) {
            if (nulls == Nulls::Keep)
                result.set(key, Draft());
        } else if (value.isMap() && !value.members().empty()) {
            Draft inner = filtered(value, nulls);
            if (!inner.members().empty())
                result.set(key, std::move(inner));
        } else if (nulls == Nulls::Drop) {
            result.set(key, value);
        }
    }
    return result;
}

void withoutNulls(Draft &draft)
{
    if (draft.isMap()) {
        std::erase_if(draft.members(), [](const DraftMember &member) { return member.value.isNull(); });
        for (DraftMember &member : draft.members())
            withoutNulls(member.value);
    } else if (draft.isList()) {
        for (Draft &item : draft.items())
            withoutNulls(item);
    }
}

} // namespace

Draft jsonTwoWayPatch(const Draft &original, const Draft &modified)
{
    Draft patch = Draft::emptyMap();
    for (const auto &[key, value] : modified.members()) {
        const Draft *before = original.find(key);
        if (!before || shapeOf(*before) != shapeOf(value)) {
            patch.set(key, value);
        } else if (value.isMap()) {
            Draft inner = jsonTwoWayPatch(*before, value);
            if (!inner.members().empty())
                patch.set(key, std::move(inner));
        } else if (*before != value) {
            patch.set(key, value);
        }
    }
    for (const auto &[key, value] : original.members()) {
        if (!modified.contains(key))
            patch.set(key, Draft());
    }
    return patch;
}

Draft jsonThreeWayPatch(const Draft &original, const Draft &modified, const Draft &current)
{
    const Draft changes = filtered(jsonTwoWayPatch(current, modified), Nulls::Drop);
    Draft deletions = filtered(jsonTwoWayPatch(original, modified), Nulls::Keep);
    return jsonMerged(std::move(deletions), changes);
}

Draft jsonMerged(Draft original, const Draft &patch)
{
    if (!patch.isMap()) {
        return patch;
    }
    if (!original.isMap())
        original = Draft::emptyMap();
    for (const auto &[key, value] : patch.members()) {
        Draft *present = original.find(key);
        if (value.isNull()) {
            original.erase(key);
        } else if (present && present->isMap() && value.isMap()) {
            *present = jsonMerged(std::move(*present), value);
        } else {
            Draft added = value;
            withoutNulls(added);
            original.set(key, std::move(added));
        }
    }
    return original;
}

Draft restrictedTo(const Draft &config, const Draft &live)
{
    if (config.isMap() && live.isMap()) {
        Draft result = Draft::emptyMap();
        for (const auto &[key, value] : config.members()) {
            if (const Draft *present = live.find(key))
                result.set(key, restrictedTo(value, *present));
        }
        return result;
    }
    if (config.isList() && live.isList()) {
        Draft result = live;
        const std::size_t shared = std::min(config.items().size(), live.items().size());
        for (std::size_t i = 0; i < shared; ++i)
            result.items()[i] = restrictedTo(config.items()[i], live.items()[i]);
        return result;
    }
    return live;
}

} // namespace tiphys::compare
