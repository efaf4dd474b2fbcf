// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/conditions.h"

#include "crd/names.h"

#include <algorithm>
#include <tuple>

namespace tiphys::compare {

using crd::Condition;

std::vector<Condition> updatedConditions(const std::vector<Condition> &stored, const std::vector<Condition> &fresh,
                                         const std::vector<std::string_view> &evaluatedTypes, crd::Timestamp now)
{
    std::vector<Condition> result;
    const auto withTime = [&](Condition condition) {
        if (condition.lastTransitionTime.empty())
            condition.lastTransitionTime = now.text();
        return condition;
    };
    for (const Condition &condition : stored) {
        if (std::ranges::find(evaluatedTypes, condition.type) == evaluatedTypes.end())
            result.push_back(withTime(condition));
    }
    for (const Condition &condition : fresh) {
        const auto known = std::ranges::find(stored, condition.type, &Condition::type);
        const bool isSame = known != stored.end() && known->message == condition.message;
        result.push_back(isSame ? *known : withTime(condition));
    }
    std::ranges::sort(result, {}, [](const Condition &condition) {
        return condition.type + "/" + condition.message + "/" + condition.lastTransitionTime;
    });
    return result;
}

std::vector<std::string_view> comparisonConditionTypes()
{
    return {crd::kComparisonError, crd::kSharedResourceWarning, crd::kRepeatedResourceWarning,
            crd::kExcludedResourceWarning};
}

std::vector<std::string_view> specConditionTypes()
{
    return {crd::kInvalidSpecError, crd::kUnknownError};
}

} // namespace tiphys::compare
