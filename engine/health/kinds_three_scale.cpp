// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

constexpr HealthCode kGood = HealthCode::Healthy;
constexpr HealthCode kBad = HealthCode::Degraded;
constexpr MessageOf kText = MessageOf::Text;
constexpr MessageOf kOr = MessageOf::MessageOrText;

constexpr Clause kActiveDoc[] = {
    {"Ready", "True", "", kGood, kText, "3scale ActiveDoc is ready"},
    {"Invalid", "True", "", kBad, kOr, "3scale ActiveDoc configuration is invalid"},
    {"Orphan", "True", "", kBad, kOr, "3scale ActiveDoc references non-existing resources"},
    {"Failed", "True", "", kBad, kOr, "3scale ActiveDoc synchronization failed"}};
constexpr Clause kApplicationAuth[] = {{"Ready", "True", "", kGood, kText, "3scale ApplicationAuth is ready"},
                                       {"Failed", "True", "", kBad, kOr, "3scale ApplicationAuth failed"}};
constexpr Clause kBackend[] = {{"Synced", "True", "", kGood, kText, "3scale Backend is synced"},
                               {"Invalid", "True", "", kBad, kOr, "3scale Backend configuration is invalid"},
                               {"Failed", "True", "", kBad, kOr, "3scale Backend synchronization failed"}};
constexpr Clause kPolicyDefinition[] = {
    {"Ready", "True", "", kGood, kText, "3scale CustomPolicyDefinition is ready"},
    {"Invalid", "True", "", kBad, kOr, "3scale CustomPolicyDefinition configuration is invalid"},
    {"Failed", "True", "", kBad, kOr, "3scale CustomPolicyDefinition synchronization failed"}};
constexpr Clause kDeveloperAccount[] = {
    {"Ready", "True", "", kGood, kText, "3scale DeveloperAccount is ready"},
    {"Invalid", "True", "", kBad, kOr, "3scale DeveloperAccount configuration is invalid"},
    {"Failed", "True", "", kBad, kOr, "3scale DeveloperAccount synchronization failed"},
    {"Waiting", "True", "", HealthCode::Suspended, kOr, "3scale DeveloperAccount is waiting for approval"}};
constexpr Clause kOpenApi[] = {{"Ready", "True", "", kGood, kText, "3scale OpenAPI is ready"},
                               {"Invalid", "True", "", kBad, kOr, "3scale OpenAPI configuration is invalid"},
                               {"Failed", "True", "", kBad, kOr, "3scale OpenAPI reconciliation failed"}};
constexpr Clause kProduct[] = {{"Synced", "True", "", kGood, kText, "3scale Product is synced"},
                               {"Invalid", "True", "", kBad, kOr, "3scale Product configuration is invalid"},
                               {"Orphan", "True", "", kBad, kOr, "3scale Product references non-existing resources"},
                               {"Failed", "True", "", kBad, kOr, "3scale Product synchronization failed"}};
constexpr Clause kProxyConfigPromote[] = {
    {"Ready", "True", "", kGood, kText, "3scale ProxyConfigPromote is ready"},
    {"In-progress", "True", "", HealthCode::Progressing, kOr, "3scale ProxyConfigPromote is in progress"},
    {"Failed", "True", "", kBad, kOr, "3cale ProxyConfigPromote failed"}};
constexpr Clause kDeveloperUser[] = {
    {"Ready", "True", "", kGood, kText, "3scale DeveloperUser is ready"},
    {"Invalid", "True", "", kBad, kOr, "3scale DeveloperUser configuration is invalid"},
    {"Orphan", "True", "", kBad, kOr, "3scale DeveloperUser references non-existing resources"},
    {"Failed", "True", "", kBad, kOr, "3scale DeveloperUser synchronization failed"}};

/// A rule that looks at the status of a condition first.
constexpr ConditionRule statusFirst(std::span<const Clause> clauses, std::string_view otherwise)
{
    return {clauses, otherwise, HealthCode::Progressing, "status"};
}

constexpr ConditionRule kDeveloperUserConditions =
    statusFirst(kDeveloperUser, "Waiting for 3scale DeveloperUser status...");

bool isPositive(const Field &field)
{
    return field.kind() == Kind::Number && field.value().numberOrZero() > 0;
}

Health threeScaleManager(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field deployments = status["deployments"];
        if (deployments.exists()) {
            const bool isReady = deployments["ready"].exists();
            const bool isStarting = deployments["starting"].exists();
            const bool isStopped = deployments["stopped"].exists();
            if (isReady && !isStarting && !isStopped)
                return healthy("3scale APIManager is available");
        }
        const Field conditions = status["conditions"];
        if (conditions.exists()) {
            for (const auto &[key, condition] : conditions.items()) {
                if (!(condition["type"] == "Available"))
                    continue;
                if (condition["status"] == "True")
                    return healthy("3scale APIManager is available");
                const Field reason = condition["reason"];
                if (reason.exists() && !(reason == ""))
                    return degraded(concat(object.evaluation(), {"3scale APIManager is degraded: ", reason}));
            }
        }
    }
    return progressing("Waiting for 3scale APIManager status...");
}

Health threeScaleApplication(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        if (status["state"] == "suspended")
            return suspended("3scale Application is suspended");
        const bool hasId = isPositive(status["adminId"]);
        const Field conditions = status["conditions"];
        if (conditions.exists()) {
            for (const auto &[key, condition] : conditions.items()) {
                if (!(condition["type"] == "Ready"))
                    continue;
                if (condition["status"] == "True")
                    return healthy("3scale Application is ready");
                if (!hasId)
                    return degraded(condition["message"].orElse("3scale Application is not ready"));
            }
        }
    }
    return progressing("Waiting for 3scale Application status...");
}

Health threeScaleUser(const Field &object)
{
    const Field status = object["status"];
    if (status.exists() && status["developerUserState"] == "suspended")
        return suspended("3scale Developer user is waiting for admin approval");
    return conditionVerdict(kDeveloperUserConditions, object);
}

Health threeScaleTenant(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const bool hasIds = isPositive(status["tenantId"]) && isPositive(status["adminId"]);
        const Field conditions = status["conditions"];
        if (conditions.exists()) {
            bool isReady = false;
            for (const auto &[key, condition] : conditions.items()) {
                if (condition["type"] == "Ready" && condition["status"] == "True") {
                    isReady = true;
                    break;
                }
            }
            if (isReady && hasIds)
                return healthy("3scale Tenant is ready");
            for (const auto &[key, condition] : conditions.items()) {
                if (condition["type"] == "Ready" && !(condition["status"] == "True"))
                    return degraded(condition["message"].orElse("3scale Tenant is degraded"));
            }
        }
    }
    return progressing("Waiting for 3scale Tenant status...");
}

constexpr KindRule kRules[] = {
    {"apps.3scale.net", "APIManager",
     OwnRule{threeScaleManager,
             "`status.deployments` with ready ones and none starting or stopped is **Healthy**; `Available` True "
             "**Healthy**, not True with a reason **Degraded**; else **Progressing**."}},
    {"capabilities.3scale.net", "ActiveDoc", ConditionRule{kActiveDoc, "Waiting for 3scale ActiveDoc status..."}},
    {"capabilities.3scale.net", "Application",
     OwnRule{threeScaleApplication,
             "`status.state` suspended is **Suspended**; `Ready` True **Healthy**, not True without an `adminId` "
             "**Degraded**; else **Progressing**."}},
    {"capabilities.3scale.net", "ApplicationAuth",
     statusFirst(kApplicationAuth, "Waiting for 3scale ApplicationAuth status...")},
    {"capabilities.3scale.net", "Backend", statusFirst(kBackend, "Waiting for 3scale Backend status...")},
    {"capabilities.3scale.net", "CustomPolicyDefinition",
     ConditionRule{kPolicyDefinition, "Waiting for 3scale CustomPolicyDefinition status..."}},
    {"capabilities.3scale.net", "DeveloperAccount",
     statusFirst(kDeveloperAccount, "Waiting for 3scale DeveloperAccount status...")},
    {"capabilities.3scale.net", "DeveloperUser",
     OwnRule{
         threeScaleUser,
         "`status.developerUserState` suspended is **Suspended**; conditions that are True: `Ready` is **Healthy**, "
         "`Invalid`, `Orphan`, `Failed` **Degraded** (its message); else **Progressing**."}},
    {"capabilities.3scale.net", "OpenAPI", statusFirst(kOpenApi, "Waiting for 3scale OpenAPI status...")},
    {"capabilities.3scale.net", "Product", statusFirst(kProduct, "Waiting for 3scale Product status...")},
    {"capabilities.3scale.net", "ProxyConfigPromote",
     statusFirst(kProxyConfigPromote, "Waiting for 3scale ProxyConfigPromote status...")},
    {"capabilities.3scale.net", "Tenant",
     OwnRule{threeScaleTenant,
             "`Ready=True` with a `tenantId` and an `adminId` is **Healthy**; a `Ready` that is not True **Degraded** "
             "(its message); else **Progressing**."}},
};

} // namespace

std::span<const KindRule> threeScaleRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
