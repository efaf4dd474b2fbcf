// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

constexpr std::string_view kNotReported = "Waiting for the status to be reported";

Health certificatePolicy(const Field &object)
{
    const Field status = object["status"];
    const Field compliant = status.exists() ? status["compliant"] : status;
    if (compliant.isNil())
        return progressing(kNotReported);
    return compliant == "Compliant" ? healthy("All certificates found comply with the policy")
                                    : degraded("At least once certificate does not comply with the policy");
}

Health configurationPolicy(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    const Field compliant = status.exists() ? status["compliant"] : status;
    if (compliant.isNil())
        return progressing(kNotReported);
    const Field evaluated = status["lastEvaluatedGeneration"];
    if (!(evaluated == object["metadata"]["generation"]))
        return progressing("Waiting for the status to be updated");
    const Field details = status["compliancyDetails"];
    if (details.isNil())
        return progressing("Waiting for compliance");
    std::string messages;
    for (const auto &[key, detail] : details.items()) {
        const Field conditions = detail["conditions"];
        if (conditions.isNil())
            continue;
        for (const auto &[place, condition] : conditions.items()) {
            const Field message = condition["message"];
            const Field type = condition["type"];
            if (message.isNil() || type.isNil())
                continue;
            const std::string text = concat(evaluation, {type, " - ", message});
            messages += (messages.empty() ? "" : "; ") + text;
        }
    }
    return compliant == "Compliant" ? healthy(messages) : degraded(messages);
}

Health operatorPolicy(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || status["conditions"].isNil())
        return progressing(kNotReported);
    const Field observed = status["observedGeneration"];
    if (observed.exists() && !(observed == object["metadata"]["generation"]))
        return progressing("Waiting for the status to be updated");
    for (const auto &[key, condition] : status["conditions"].items()) {
        if (condition["type"] == "Compliant")
            return condition["status"] == "True" ? healthy(condition["message"]) : degraded(condition["message"]);
    }
    return progressing("Waiting for the compliance condition");
}

/// Names of the entries that do not comply: "All clusters are compliant" or "NonCompliant clusters: a, b".
std::string complianceText(const Field &entries, std::string_view what, Field (*nameOf)(const Field &entry))
{
    const std::string noun(what);
    std::vector<Term> names;
    for (const auto &[key, entry] : entries.items()) {
        if (entry["compliant"] == "Compliant")
            continue;
        const Field name = nameOf(entry);
        if (name.exists())
            names.emplace_back(name);
    }
    if (names.empty())
        return "All " + noun + " are compliant";
    return "NonCompliant " + noun + ": " + join(entries.evaluation(), names, ", ");
}

Health governancePolicy(const Field &object)
{
    if (object["spec"]["disabled"].isTruthy())
        return healthy("Policy is disabled");
    const Field status = object["status"];
    if (status.isNil())
        return progressing(kNotReported);
    const Field compliant = status["compliant"];
    const Field clusters = status["status"];
    if (compliant.isNil() && clusters.isNil() && status["placement"].exists() && status["placement"].length() > 0)
        return healthy("No clusters match this policy");
    if (compliant.isNil())
        return progressing(kNotReported);
    const HealthCode code = compliant == "Compliant" ? HealthCode::Healthy : HealthCode::Degraded;
    if (clusters.exists())
        return verdict(code, complianceText(clusters, "clusters", [](const Field &one) { return one["clustername"]; }));
    if (status["details"].exists())
        return verdict(code, complianceText(status["details"], "templates",
                                            [](const Field &one) { return one["templateMeta"]["name"]; }));
    return verdict(code, {});
}

Health kyvernoPolicy(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Ready" && condition["status"] == "True" && condition["reason"] == "Succeeded"
                && condition["message"] == "Ready")
                return healthy("Policy is ready");
        }
    }
    return progressing("Waiting for Policy to be ready");
}

constexpr KindRule kRules[] = {
    {"policy.open-cluster-management.io", "CertificatePolicy",
     OwnRule{certificatePolicy,
             "`status.compliant`: `Compliant` is **Healthy**, another word **Degraded**, none **Progressing**."}},
    {"policy.open-cluster-management.io", "ConfigurationPolicy",
     OwnRule{
         configurationPolicy,
         "No `status.compliant`, an evaluation of another generation or no details are **Progressing**; `Compliant` "
         "is **Healthy**, else **Degraded** (type and message of all details)."}},
    {"policy.open-cluster-management.io", "OperatorPolicy",
     OwnRule{operatorPolicy,
             "A stale `observedGeneration` is **Progressing**; `Compliant` True is **Healthy**, else **Degraded** (its "
             "message); none **Progressing**."}},
    {"policy.open-cluster-management.io", "Policy",
     OwnRule{governancePolicy,
             "Disabled, or placed without a matching cluster, is **Healthy**; no `status.compliant` **Progressing**; "
             "`Compliant` **Healthy**, else **Degraded** (clusters or templates that do not comply)."}},
    {"kyverno.io", "Policy",
     OwnRule{kyvernoPolicy,
             "`Ready=True` with reason `Succeeded` and message `Ready` is **Healthy**, else **Progressing**."}},
};

} // namespace

std::span<const KindRule> policyRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
