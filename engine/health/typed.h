// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"
#include "health/health.h"

#include <string_view>

namespace tiphys::health {

/// One entry of `status.conditions`.
struct StatusCondition
{
    std::string type;
    std::string status;
    std::string reason;
    std::string message;
};

/// The conditions below \p status.
std::vector<StatusCondition> conditionsOf(const crd::FieldReader &status);
/// The first condition of \p type; null if there is none.
const StatusCondition *findCondition(const std::vector<StatusCondition> &conditions, std::string_view type);

/// "group/version, Kind=Kind", as messages name kinds.
std::string gvkText(const object::Gvk &gvk);
/// The error of a check that does not know the apiVersion of \p object; \p kind as messages name it.
std::unexpected<Error> unsupportedVersion(std::string_view kind, const object::Object &object);

inline Health healthy(std::string message = {})
{
    return {HealthCode::Healthy, std::move(message), false, false};
}
inline Health progressing(std::string message = {})
{
    return {HealthCode::Progressing, std::move(message), false, false};
}
inline Health degraded(std::string message = {})
{
    return {HealthCode::Degraded, std::move(message), false, false};
}
inline Health suspended(std::string message = {})
{
    return {HealthCode::Suspended, std::move(message), false, false};
}
inline Health unknown(std::string message = {})
{
    return {HealthCode::Unknown, std::move(message), false, false};
}

/// Runs \p check on a reader of \p object; a field of a wrong type fails as the conversion to a typed \p kind.
template <typename Check>
Expected<Health> checkTyped(std::string_view kind, const object::Object &object, Check check)
{
    Expected<Health> health = crd::readDocument(object.value(), {}, check);
    if (!health)
        return failure(ErrorCode::InvalidInput,
                       "failed to convert unstructured " + std::string(kind) + " to typed: " + health.error().text());
    return health;
}

} // namespace tiphys::health
