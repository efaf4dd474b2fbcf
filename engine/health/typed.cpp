// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/typed.h"

#include <algorithm>

namespace tiphys::health {

std::vector<StatusCondition> conditionsOf(const crd::FieldReader &status)
{
    return crd::readList(status, "conditions", [](const crd::FieldReader &item) {
        return StatusCondition{item.text("type"), item.text("status"), item.text("reason"), item.text("message")};
    });
}

const StatusCondition *findCondition(const std::vector<StatusCondition> &conditions, std::string_view type)
{
    const auto found = std::ranges::find(conditions, type, &StatusCondition::type);
    return found == conditions.end() ? nullptr : &*found;
}

std::string gvkText(const object::Gvk &gvk)
{
    return gvk.group + "/" + gvk.version + ", Kind=" + gvk.kind;
}

std::unexpected<Error> unsupportedVersion(std::string_view kind, const object::Object &object)
{
    return failure(ErrorCode::InvalidInput, "unsupported " + std::string(kind) + " GVK: " + gvkText(object.gvk()));
}

} // namespace tiphys::health
