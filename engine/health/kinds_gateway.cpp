// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

/// The message of the first condition of \p type that is False, or \p fallback; nothing if there is none.
std::optional<Term> falseCondition(const Field &conditions, std::string_view type, std::string_view fallback)
{
    for (const auto &[key, condition] : conditions.items()) {
        if (condition["type"] == type && condition["status"] == "False")
            return condition["message"].orElse(fallback);
    }
    return std::nullopt;
}

/// How the conditions of one place (an object, a listener, a parent) decide.
struct RoutePlace
{
    Field conditions;
    std::string prefix;           ///< stands before messages
    std::string_view programming; ///< message of Programmed where the condition has none
};

std::optional<Health> placeVerdict(const RoutePlace &place)
{
    const auto with = [&](HealthCode code, const Term &message) {
        if (place.prefix.empty())
            return verdict(code, message);
        return verdict(code, concat(place.conditions.evaluation(), {place.prefix, message}));
    };
    const auto unresolved = falseCondition(place.conditions, "ResolvedRefs", "Failed condition: ResolvedRefs");
    const auto refused = falseCondition(place.conditions, "Accepted", "Failed condition: Accepted");
    if (unresolved)
        return with(HealthCode::Degraded, *unresolved);
    if (refused)
        return with(HealthCode::Degraded, *refused);
    for (const auto &[key, condition] : place.conditions.items()) {
        if (condition["type"] == "Programmed" && !(condition["status"] == "True"))
            return with(HealthCode::Progressing, condition["message"].orElse(place.programming));
    }
    return std::nullopt;
}

Health gateway(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for Gateway status");
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        if (const auto health = placeVerdict({conditions, "", "Gateway is still being programmed"}))
            return *health;
    }
    const Field listeners = status["listeners"];
    if (listeners.exists()) {
        for (const auto &[key, listener] : listeners.items()) {
            const Field own = listener["conditions"];
            if (own.isNil())
                continue;
            if (const auto health = placeVerdict({own, "Listener: ", "Listener is still being programmed"}))
                return *health;
        }
    }
    if (conditions.exists() || (listeners.exists() && listeners.length() > 0))
        return healthy("Gateway is healthy");
    return progressing("Waiting for Gateway status");
}

std::string parentPrefix(const Field &parent)
{
    const Field name = parent["parentRef"]["name"];
    return concat(parent.evaluation(), {"Parent ", name.orElse(""), ": "});
}

bool isParentCurrent(const Field &object, const Field &parent)
{
    const Field generation = object["metadata"]["generation"];
    if (generation.isNil())
        return true;
    const Field conditions = parent["conditions"];
    if (conditions.isNil() || conditions.length() == 0)
        return false;
    for (const auto &[key, condition] : conditions.items()) {
        const Field observed = condition["observedGeneration"];
        if (observed.exists() && !(observed == generation))
            return false;
    }
    return true;
}

/// \p current says which parents count.
Health route(const Field &object, std::string_view kind, bool (*current)(const Field &object, const Field &parent))
{
    const std::string name(kind);
    const Field status = object["status"];
    const Field parents = status.exists() ? status["parents"] : status;
    if (parents.isNil())
        return progressing("Waiting for " + name + " status");
    for (const auto &[key, parent] : parents.items()) {
        const Field conditions = parent["conditions"];
        if (conditions.isNil() || !current(object, parent))
            continue;
        // The parent is named, and must have a name to give, only where one of its conditions decides.
        if (!placeVerdict({conditions, "", "Route is still being programmed"}))
            continue;
        return *placeVerdict({conditions, parentPrefix(parent), "Route is still being programmed"});
    }
    if (parents.length() > 0) {
        for (const auto &[key, parent] : parents.items()) {
            const Field conditions = parent["conditions"];
            if (conditions.exists() && conditions.length() > 0 && current(object, parent))
                return healthy(name + " is healthy");
        }
    }
    return progressing("Waiting for " + name + " status");
}

Health gatewayClass(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (!(condition["type"] == "Accepted"))
                continue;
            const Field metadata = object["metadata"];
            const Field observed = condition["observedGeneration"];
            if (metadata.exists() && metadata["generation"].exists() && observed.exists()
                && !(observed == metadata["generation"]))
                continue;
            const Field message = condition["message"];
            if (condition["status"] == "True")
                return healthy(message.orElse("GatewayClass is accepted"));
            if (condition["status"] == "False")
                return degraded(message.orElse("GatewayClass is not accepted"));
            return progressing(message.orElse("Waiting for GatewayClass status"));
        }
    }
    return progressing("Waiting for GatewayClass status");
}

Health backendTlsPolicy(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    Health health = progressing("Waiting for BackendTLSPolicy status");
    const Field status = object["status"];
    if (status.isNil() || status["ancestors"].isNil())
        return health;
    const Field ancestors = status["ancestors"];
    const auto nameOf = [](const Field &ancestor) { return ancestor["ancestorRef"]["name"].orElse(""); };
    const Field generation = object["metadata"]["generation"];
    if (generation.exists()) {
        for (const auto &[key, ancestor] : ancestors.items()) {
            for (const auto &[place, condition] : ancestor["conditions"].items()) {
                const Field observed = condition["observedGeneration"];
                if (observed.exists() && !(observed == generation))
                    return progressing(concat(
                        evaluation, {"Waiting for Ancestor ", nameOf(ancestor), " to update BackendTLSPolicy status"}));
            }
        }
    }
    for (const auto &[key, ancestor] : ancestors.items()) {
        for (const auto &[place, condition] : ancestor["conditions"].items()) {
            const bool isAccepted = condition["type"] == "Accepted";
            if (!isAccepted && !(condition["type"] == "ResolvedRefs"))
                continue;
            if (!(condition["status"] == "True"))
                return degraded(concat(evaluation, {"Ancestor ", nameOf(ancestor), ": ", condition["message"]}));
            if (isAccepted)
                health = healthy("BackendTLSPolicy is healthy");
        }
    }
    return health;
}

std::optional<Health> soloState(const Field &status)
{
    const Field state = status["state"];
    if (state == "Accepted" || state == 1)
        return healthy("The resource has been validated");
    if (state == "Warning" || state == 3)
        return degraded(status["reason"]);
    if (state == "Pending" || state == 0)
        return suspended("The resource has not yet been validated");
    if (state == "Rejected" || state == 2)
        return degraded(status["reason"]);
    return std::nullopt;
}

Health solo(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field statuses = status["statuses"];
        if (statuses.exists()) {
            for (const auto &[key, one] : statuses.each()) {
                if (const std::optional<Health> health = soloState(one))
                    return *health;
            }
        }
        if (status["state"].exists()) {
            if (const std::optional<Health> health = soloState(status))
                return *health;
        }
    }
    return progressing("Update in progress");
}

Health contourExtension(const Field &object)
{
    const Field status = object["status"];
    if (status.isTruthy() && status["conditions"].isTruthy()) {
        for (const auto &[key, condition] : status["conditions"].items()) {
            if (!isGeneration(object, condition, "observedGeneration") || !(condition["type"] == "Valid"))
                continue;
            if (condition["status"] == "True")
                return healthy(condition["message"]);
            if (condition["status"] == "False")
                return degraded(condition["message"]);
        }
    }
    return progressing("Waiting for status");
}

Health contourProxy(const Field &object)
{
    const Field status = object["status"];
    Term message = "Waiting for status";
    if (!status.isTruthy())
        return progressing(message);
    if (status["conditions"].isTruthy()) {
        for (const auto &[key, condition] : status["conditions"].items()) {
            if (!isGeneration(object, condition, "observedGeneration"))
                continue;
            const bool isValid = condition["type"] == "Valid";
            const bool isFalse = condition["status"] == "False";
            if (isValid && condition["status"] == "True")
                return healthy(status["description"]);
            if (object["spec"]["includes"].exists() && isFalse)
                return healthy("HTTPProxy inclusions cannot be health checked");
            if (isValid && isFalse)
                return degraded(status["description"]);
        }
    } else if (status["currentStatus"].isTruthy()) {
        message = status["description"];
    }
    return progressing(message);
}

Health istioOperator(const Field &object)
{
    struct Word
    {
        std::string_view word;
        HealthCode health;
        std::string_view message;
    };
    constexpr Word kWords[] = {
        {"NONE", HealthCode::Unknown, "Component is not present."},
        {"UPDATING", HealthCode::Progressing, "Component is being updated to a different version."},
        {"RECONCILING", HealthCode::Progressing,
         "Controller has started but not yet completed reconciliation loop for the component."},
        {"HEALTHY", HealthCode::Healthy, "Component is healthy."},
        {"ERROR", HealthCode::Degraded, "Component is in an error state."}};
    const Field status = object["status"];
    if (status.exists() && status["status"].exists()) {
        int number = 0;
        for (const Word &word : kWords) {
            if (status["status"] == number++ || status["status"] == word.word)
                return verdict(word.health, word.message);
        }
    }
    return progressing("Waiting for Istio Control Plane");
}

Health managedCertificate(const Field &object)
{
    const Field status = object["status"];
    if (status.exists() && status["domainStatus"].exists()) {
        for (const auto &[key, domain] : status["domainStatus"].items()) {
            if (domain["status"] == "FailedNotVisible")
                return degraded("At least one certificate has failed to be provisioned");
        }
    }
    if (status.exists() && status["certificateStatus"] == "Active")
        return healthy("All certificates are active");
    return progressing("At least one certificate is still being provisioned");
}

constexpr std::string_view kSoloWords =
    "The first of `status.statuses`, else `status`, whose `state` is known: `Accepted` or 1 is **Healthy**, `Warning` "
    "or "
    "3 and `Rejected` or 2 are **Degraded** (the reason), `Pending` or 0 is **Suspended**; else **Progressing**.";

constexpr KindRule kRules[] = {
    {"gateway.networking.k8s.io", "Gateway",
     OwnRule{gateway,
             "Of the Gateway and then of each listener: `ResolvedRefs=False` or `Accepted=False` is **Degraded**, "
             "`Programmed` not True **Progressing**; else, with conditions or listeners, **Healthy**."}},
    {"gateway.networking.k8s.io", "GRPCRoute",
     OwnRule{[](const Field &object) {
                 return route(object, "GRPCRoute", [](const Field &, const Field &) { return true; });
             },
             "Of each parent: `ResolvedRefs=False` or `Accepted=False` is **Degraded**, `Programmed` not True "
             "**Progressing**; a parent with conditions is **Healthy**; else **Progressing**."}},
    {"gateway.networking.k8s.io", "HTTPRoute",
     OwnRule{[](const Field &object) { return route(object, "HTTPRoute", isParentCurrent); },
             "As GRPCRoute, leaving out parents whose conditions are of another generation."}},
    {"gateway.networking.k8s.io", "GatewayClass",
     OwnRule{gatewayClass,
             "`Accepted` of the current generation: True is **Healthy**, False **Degraded**, else **Progressing**."}},
    {"gateway.networking.k8s.io", "BackendTLSPolicy",
     OwnRule{backendTlsPolicy,
             "A condition of an ancestor of another generation is **Progressing**; `Accepted` or `ResolvedRefs` not "
             "True is **Degraded**; `Accepted=True` is **Healthy**; else **Progressing**."}},
    {"gateway.solo.io", "Gateway", OwnRule{solo, kSoloWords}},
    {"gateway.solo.io", "MatchableHttpGateway", OwnRule{solo, kSoloWords}},
    {"gateway.solo.io", "RouteOption", OwnRule{solo, kSoloWords}},
    {"gateway.solo.io", "RouteTable", OwnRule{solo, kSoloWords}},
    {"gateway.solo.io", "VirtualHostOption", OwnRule{solo, kSoloWords}},
    {"gateway.solo.io", "VirtualService", OwnRule{solo, kSoloWords}},
    {"gloo.solo.io", "Proxy", OwnRule{solo, kSoloWords}},
    {"gloo.solo.io", "Settings", OwnRule{solo, kSoloWords}},
    {"gloo.solo.io", "Upstream", OwnRule{solo, kSoloWords}},
    {"gloo.solo.io", "UpstreamGroup", OwnRule{solo, kSoloWords}},
    {"install.istio.io", "IstioOperator",
     OwnRule{istioOperator,
             "`status.status`: `NONE` or 0 is **Unknown**, `UPDATING` or 1 and `RECONCILING` or 2 are **Progressing**, "
             "`HEALTHY` or 3 is **Healthy**, `ERROR` or 4 **Degraded**; else **Progressing**."}},
    {"networking.gke.io", "ManagedCertificate",
     OwnRule{managedCertificate,
             "A domain in status `FailedNotVisible` is **Degraded**; `certificateStatus` `Active` is **Healthy**; else "
             "**Progressing**."}},
    {"projectcontour.io", "ExtensionService",
     OwnRule{contourExtension,
             "`Valid` of the current generation: True is **Healthy**, False **Degraded** (its message); else "
             "**Progressing**."}},
    {"projectcontour.io", "HTTPProxy",
     OwnRule{contourProxy,
             "`Valid` of the current generation: True is **Healthy**, False **Degraded** (`status.description`), but "
             "**Healthy** with `spec.includes`; else **Progressing**."}},
};

} // namespace

std::span<const KindRule> gatewayRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
