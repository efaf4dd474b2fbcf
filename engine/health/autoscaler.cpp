// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/checks.h"
#include "health/typed.h"
#include "object/json.h"

#include <algorithm>
#include <array>

namespace tiphys::health {

namespace {

using crd::FieldReader;

constexpr std::string_view kConditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";

struct Cause
{
    std::string_view type;
    std::string_view reason;
};

constexpr std::array<Cause, 8> kDegraded{{{"AbleToScale", "FailedGetScale"},
                                          {"AbleToScale", "FailedUpdateScale"},
                                          {"ScalingActive", "FailedGetResourceMetric"},
                                          {"ScalingActive", "FailedGetObjectMetric"},
                                          {"ScalingActive", "FailedGetPodsMetric"},
                                          {"ScalingActive", "FailedGetExternalMetric"},
                                          {"ScalingActive", "FailedComputeMetricsReplicas"},
                                          {"ScalingActive", "InvalidSelector"}}};

bool isDegrading(const StatusCondition &condition)
{
    return std::ranges::any_of(kDegraded, [&](const Cause &cause) {
        return cause.type == condition.type && cause.reason == condition.reason;
    });
}

bool isHealthy(const StatusCondition &condition)
{
    return (condition.type == "AbleToScale" || condition.type == "ScalingLimited") && condition.status == "True";
}

Health healthFrom(const std::vector<StatusCondition> &conditions)
{
    const auto bad = std::ranges::find_if(conditions, isDegrading);
    if (bad != conditions.end())
        return degraded(bad->message);
    const auto good = std::ranges::find_if(conditions, isHealthy);
    if (good != conditions.end())
        return healthy(good->message);
    return progressing("Waiting to Autoscale");
}

Health versionTwo(const FieldReader &object)
{
    return healthFrom(conditionsOf(object.objectOrEmpty("status")));
}

Expected<Health> versionOne(const object::Object &object)
{
    const std::optional<std::string_view> annotation = object.annotation(kConditionsAnnotation);
    if (!annotation)
        return progressing("Waiting to Autoscale");
    const Expected<object::Value> conditions = object::parseJson(*annotation);
    if (!conditions)
        return failure(ErrorCode::InvalidInput,
                       "failed to convert conditions annotation to typed: " + conditions.error().text());
    const Expected<Health> health =
        crd::readDocument(object::Value::map({{"conditions", *conditions}}), {},
                          [](const FieldReader &reader) { return healthFrom(conditionsOf(reader)); });
    if (!health)
        return failure(ErrorCode::InvalidInput,
                       "failed to convert conditions annotation to typed: " + health.error().text());
    return health;
}

} // namespace

Expected<Health> autoscalerHealth(const object::Object &object)
{
    if (object.version() == "v1")
        return versionOne(object);
    if (object.version() == "v2")
        return checkTyped("HPA", object, versionTwo);
    return unsupportedVersion("HPA", object);
}

} // namespace tiphys::health
