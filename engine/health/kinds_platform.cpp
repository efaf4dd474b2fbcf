// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <algorithm>

// Operators of platforms: Humio, Keycloak, Ansible, Karmada, NMState, SAP, IAM, DNS-SD.
namespace tiphys::health::kinds {

namespace {

constexpr State kHumio[] = {{"Exists", HealthCode::Healthy, "Component state: Exists."},
                            {"NotFound", HealthCode::Missing, "Component state: NotFound."},
                            {"ConfigError", HealthCode::Degraded, "Component state: ConfigError."},
                            {"Unknown", HealthCode::Unknown, "Component state: Unknown."}};

constexpr State kHumioCluster[] = {
    {"Running", HealthCode::Healthy, "Cluster is in a healthy running state"},
    {"Restarting", HealthCode::Progressing, "Cluster pods are being restarted"},
    {"Upgrading", HealthCode::Progressing, "Cluster pods are being upgraded"},
    {"ConfigError", HealthCode::Degraded, "User-provided cluster specification resulted in a configuration error"},
    {"Pending", HealthCode::Progressing, "Cluster is waiting on resources to be provisioned"},
    {"Unknown", HealthCode::Unknown, "Component state: Unknown."}};

Health humioCluster(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing(status["message"]);
    const Field word = status["state"];
    const Field message = status["message"];
    for (const State &state : kHumioCluster) {
        if (word == state.word)
            return verdict(state.health, message.exists() ? Term(message) : Term(state.message));
    }
    return progressing("Update in progress");
}

/// Longer lists are sorted by a stable sort of another kind: the order of equal times may differ.
constexpr std::size_t kInsertionLimit = 12;

/// Conditions by their last transition, those without last.
std::vector<Field> byTransition(const Field &conditions)
{
    Evaluation &evaluation = conditions.evaluation();
    std::vector<Field> sorted;
    if (!conditions.isTable())
        evaluation.fail("bad argument #1 to sort (table expected, got " + std::string(text(conditions.kind())) + ")");
    if (conditions.value().isList()) {
        for (const auto &[key, condition] : conditions.items())
            sorted.push_back(condition);
    }
    const auto isEarlier = [&](const Field &a, const Field &b) {
        const Field first = a["lastTransitionTime"];
        if (first.isNil())
            return false;
        const Field second = b["lastTransitionTime"];
        return second.isNil() || isLess(evaluation, first, second);
    };
    if (sorted.size() > kInsertionLimit) {
        std::ranges::stable_sort(sorted, isEarlier);
        return sorted;
    }
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        for (std::size_t j = i; j > 0 && isEarlier(sorted[j], sorted[j - 1]); --j)
            std::swap(sorted[j], sorted[j - 1]);
    }
    return sorted;
}

Health keycloak(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Waiting for Keycloak status conditions to exist");
    std::vector<Field> sorted = byTransition(conditions);
    for (const Field &condition : sorted) {
        if (condition["type"] == "Ready" && condition["status"] == "True")
            return healthy("");
        if (condition["type"] == "HasErrors" && condition["status"] == "True")
            return degraded(concat(object.evaluation(), {"Has Errors: ", condition["message"]}));
    }
    return progressing("");
}

Health ansibleJob(const Field &object)
{
    const auto isOneOf = [](const Field &field, std::initializer_list<std::string_view> words) {
        return std::ranges::any_of(words, [&](std::string_view word) { return field == word; });
    };
    const Field status = object["status"];
    if (status.exists() && status["ansibleJobResult"].exists()) {
        const Field result = status["ansibleJobResult"];
        const Field word = result["status"];
        const auto message = [&] { return concat(object.evaluation(), {word, " job - ", result["url"]}); };
        if (word == "successful")
            return healthy(message());
        if (isOneOf(word, {"failed", "error", "canceled"}))
            return degraded(message());
        if (isOneOf(word, {"new", "pending", "waiting", "running"}))
            return progressing(message());
    }
    return progressing("Waiting for AnsibleJob");
}

Health karmadaBinding(const Field &object)
{
    constexpr std::string_view kInsufficient = "Current resource status is insufficient";
    const Field status = object["status"];
    if (status.isNil())
        return progressing(kInsufficient);
    const Field clusters = object["spec"]["clusters"];
    if (clusters.isNil() || clusters.length() == 0)
        return progressing(kInsufficient);
    const Field aggregated = status["aggregatedStatus"];
    if (aggregated.isNil() || clusters.length() != aggregated.length())
        return progressing(kInsufficient);
    for (const auto &[key, one] : aggregated.items()) {
        const Field health = one["health"];
        if (health == "Unhealthy" || (health == "Unknown" && !one["applied"].is(true)))
            return degraded("Current resource status is unhealthy");
    }
    return healthy();
}

Health nmstatePolicy(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (!(condition["status"] == "True"))
                continue;
            const Field text = condition["message"];
            std::string joined;
            Term message = condition["reason"];
            if (text.exists() && !(text == "")) {
                joined = concat(object.evaluation(), {message, ": ", text});
                message = joined;
            }
            const Field type = condition["type"];
            if (type == "Available")
                return healthy(message);
            if (type == "Degraded")
                return degraded(message);
            if (type == "Progressing")
                return progressing(message);
            if (type == "Ignored")
                return suspended(message);
        }
    }
    return progressing("Waiting for policy to be applied");
}

Health serviceDiscovery(const Field &object)
{
    Field adopted(object::View(), &object.evaluation());
    Field advertised = adopted;
    Field discovered = adopted;
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            const Field type = condition["type"];
            if (type == "Adopted")
                adopted = condition;
            else if (type == "Advertised")
                advertised = condition;
            else if (type == "Discoverable")
                discovered = condition;
        }
    }
    const auto member = [](const Field &condition, std::string_view key) {
        return condition.exists() ? condition[key] : condition;
    };
    if (member(adopted, "status") == "False")
        return degraded(member(adopted, "message"));
    const Field reason = member(advertised, "reason");
    if (reason == "AdvertiseError" || reason == "UnadvertiseError")
        return degraded(member(advertised, "message"));
    if (member(discovered, "reason") == "DiscoveryError")
        return unknown(member(discovered, "message"));
    const Field message = member(discovered, "message");
    return member(discovered, "status") == "True" ? healthy(message) : progressing(message);
}

Health sapService(const Field &object)
{
    if (object["metadata"]["deletionTimestamp"].isTruthy())
        return progressing("Resource is being deleted");
    const Field conditions = conditionsBelow(object);
    if (!conditions.isTable())
        return progressing("Waiting for status");
    for (const auto &[key, condition] : conditions.items()) {
        const Field observed = condition["observedGeneration"];
        const Field generation = object["metadata"]["generation"];
        if (observed.isTruthy() && generation.isTruthy() && !(observed == generation))
            return progressing("Waiting for spec update to be observed");
        const Field type = condition["type"];
        const Field status = condition["status"];
        if ((type == "Succeeded" && status == "False") || (type == "Failed" && status == "True"))
            return degraded(condition["message"].orElse(""));
    }
    return healthy("Ready to use");
}

Health iamRole(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    if (status.exists()) {
        const Term name = status["roleName"].orElse("<none>");
        const Term arn = status["roleARN"].orElse("<none>");
        const Term id = status["roleID"].orElse("<none>");
        const Field state = status["state"];
        if (state == "Ready")
            return healthy(concat(evaluation, {"Role '", name, "' exists with ARN '", arn, "' and ID '", id, "'."}));
        if (state == "Error" || state == "RolesMaxLimitReached" || state == "PolicyNotAllowed"
            || state == "RoleNameNotAvailable") {
            std::string message = "Failed to reconcile the Iamrole ";
            const Field retries = status["retryCount"];
            if (retries.exists() && isLess(evaluation, 0, retries))
                message = concat(evaluation, {message, "(retry ", retries, ") "});
            message = concat(evaluation, {message, "for role '", name, "' with ARN '", arn, "' and ID '", id, "'."});
            if (status["errorDescription"].exists())
                message = concat(evaluation, {message, " Reconciliation error was: ", status["errorDescription"]});
            return degraded(message);
        }
    }
    return progressing("Waiting for Iamrole to be reconciled");
}

constexpr std::string_view kKarmadaWords =
    "No clusters, or not as many statuses as clusters, is **Progressing**; a status Unhealthy, or Unknown and not "
    "applied, **Degraded**; else **Healthy**.";
constexpr std::string_view kSapWords =
    "Being deleted or a condition of another generation is **Progressing**; `Succeeded=False` or `Failed=True` "
    "**Degraded** (its message); other conditions **Healthy**; none **Progressing**.";

constexpr KindRule kRules[] = {
    {"core.humio.com", "HumioAction", StateRule{"state", kHumio, "Update in progress"}},
    {"core.humio.com", "HumioAlert", StateRule{"state", kHumio, "Update in progress"}},
    {"core.humio.com", "HumioIngestToken", StateRule{"state", kHumio, "Update in progress"}},
    {"core.humio.com", "HumioParser", StateRule{"state", kHumio, "Update in progress"}},
    {"core.humio.com", "HumioRepository", StateRule{"state", kHumio, "Update in progress"}},
    {"core.humio.com", "HumioView", StateRule{"state", kHumio, "Update in progress"}},
    {"core.humio.com", "HumioCluster",
     OwnRule{humioCluster,
             "`status.state`: `Running` is **Healthy**; `Restarting`, `Upgrading`, `Pending` **Progressing**; "
             "`ConfigError` **Degraded**; `Unknown` **Unknown** (`status.message`, else a sentence); else "
             "**Progressing**. Without `status` the check fails."}},
    {"k8s.keycloak.org", "Keycloak",
     OwnRule{keycloak,
             "The earliest of `Ready=True` (**Healthy**) and `HasErrors=True` (**Degraded**) by its last transition; "
             "none **Progressing**."}},
    {"tower.ansible.com", "AnsibleJob",
     OwnRule{
         ansibleJob,
         "`status.ansibleJobResult.status`: `successful` is **Healthy**; `failed`, `error`, `canceled` **Degraded**; "
         "else **Progressing** (word and address)."}},
    {"work.karmada.io", "ClusterResourceBinding", OwnRule{karmadaBinding, kKarmadaWords}},
    {"work.karmada.io", "ResourceBinding", OwnRule{karmadaBinding, kKarmadaWords}},
    {"nmstate.io", "NodeNetworkConfigurationPolicy",
     OwnRule{nmstatePolicy,
             "The first condition that is True: `Available` is **Healthy**, `Degraded` **Degraded**, `Progressing` "
             "**Progressing**, `Ignored` **Suspended** (reason and message); none **Progressing**."}},
    {"proclaim.dogmatiq.io", "DNSSDServiceInstance",
     OwnRule{serviceDiscovery,
             "`Adopted=False` is **Degraded**; `Advertised` with reason `AdvertiseError` or `UnadvertiseError` "
             "**Degraded**; `Discoverable` with reason `DiscoveryError` **Unknown**, True **Healthy**; else "
             "**Progressing**."}},
    {"services.cloud.sap.com", "ServiceBinding", OwnRule{sapService, kSapWords}},
    {"services.cloud.sap.com", "ServiceInstance", OwnRule{sapService, kSapWords}},
    {"iammanager.keikoproj.io", "Iamrole",
     OwnRule{iamRole, "`status.state`: `Ready` is **Healthy**; `Error`, `RolesMaxLimitReached`, `PolicyNotAllowed`, "
                      "`RoleNameNotAvailable` **Degraded**; else **Progressing**."}},
};

} // namespace

std::span<const KindRule> platformRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
