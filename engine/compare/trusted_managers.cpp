// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/trusted_managers.h"

#include "compare/structured_merge.h"

#include <algorithm>

namespace tiphys::compare {

using object::Object;
using object::Value;

Expected<void> takeTrustedFields(Object &target, Object &live, const std::vector<std::string> &managers,
                                 const Value &openApiSchema)
{
    if (managers.empty() || target.isNull() || live.isNull())
        return {};
    const MergeType type = MergeType::of(live.gvk(), openApiSchema).value_or(MergeType());
    if (!type.validate(live.value()) || !type.validate(target.value()))
        return {};
    const StructuredComparison comparison = structurallyCompared(live.value(), target.value(), type);
    const Value entries = live.path({"metadata", "managedFields"});
    for (const Value &entry : entries.items()) {
        const std::string manager(entry["manager"].stringOr());
        if (!std::ranges::contains(managers, manager))
            continue;
        const Expected<FieldSet> fields = FieldSet::parsed(entry["fieldsV1"]);
        if (!fields)
            return std::unexpected(fields.error().in("error normalizing manager " + manager));
        const FieldSet changed = fields->intersected(comparison.modified);
        if (changed.isEmpty())
            continue;
        live = Object(withoutItems(live.value(), changed, type));
        target = Object(withoutItems(target.value(), changed, type));
    }
    return {};
}

} // namespace tiphys::compare
