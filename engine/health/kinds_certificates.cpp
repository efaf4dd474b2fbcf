// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

// Certificates, secrets and what keeps them: rules by the Ready condition.
namespace tiphys::health::kinds {

namespace {

constexpr Clause kReady[] = {{"Ready", "False", "", HealthCode::Degraded}, {"Ready", "True", "", HealthCode::Healthy}};

constexpr Clause kIssuing[] = {{"Issuing", "True", "", HealthCode::Progressing},
                               {"Ready", "False", "", HealthCode::Degraded, MessageOf::Message, {}, 1},
                               {"Ready", "True", "", HealthCode::Healthy, MessageOf::Message, {}, 1}};

constexpr Clause kNodeClass[] = {{"Ready", "False", "", HealthCode::Degraded},
                                 {"Ready", "True", "", HealthCode::Healthy, MessageOf::Text, "EC2NodeClass is ready"}};

Health clusterExternalSecret(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        const Field last = conditions.item(conditions.length());
        const Field type = last["type"];
        if (type == "Ready" && last["status"] == "True")
            return healthy(last["message"]);
        if ((type == "PartiallyReady" || type == "NotReady") && last["status"] == "True")
            return degraded(last["message"]);
    }
    return progressing("Waiting for ClusterExternalSecret");
}

Health kubernetesClientSecret(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for ExternalSecret.");
    const Field word = status["status"];
    if (word == "SUCCESS")
        return healthy("Fetched ExternalSecret.");
    const std::optional<std::string_view> text = receiverOf(word, "find");
    if (!text || !text->starts_with("ERROR"))
        return progressing("Waiting for ExternalSecret.");
    std::string message(*text);
    constexpr std::string_view kMark = "ERROR, ";
    for (std::size_t at = message.find(kMark); at != std::string::npos; at = message.find(kMark, at))
        message.erase(at, kMark.size());
    return degraded(message);
}

Health nodeClaim(const Field &object)
{
    const Field status = object["status"];
    const Field generation = object["metadata"]["generation"];
    if (generation.exists() && status.exists() && status["observedGeneration"].exists()
        && !(generation == status["observedGeneration"]))
        return progressing("Waiting for NodeClaim spec to be reconciled");
    if (status.exists() && status["conditions"].exists()) {
        const Field conditions = status["conditions"];
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Disrupting" && condition["status"] == "True")
                return suspended(condition["message"]);
        }
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == "Ready" && condition["status"] == "True")
                return healthy(condition["message"]);
            if (condition["type"] == "Ready" && condition["status"] == "False")
                return degraded(condition["message"]);
        }
        constexpr std::pair<std::string_view, std::string_view> kStages[] = {
            {"Initialized", "Node initialized, waiting for Ready"},
            {"Registered", "Node registered, waiting for initialization"},
            {"Launched", "Node launched, waiting for registration"}};
        for (const auto &[type, message] : kStages) {
            for (const auto &[key, condition] : conditions.items()) {
                if (condition["type"] == type && condition["status"] == "True")
                    return progressing(message);
            }
        }
    }
    return progressing("Waiting for NodeClaim to be launched");
}

constexpr KindRule kRules[] = {
    {"cert-manager.io", "Certificate", ConditionRule{kIssuing, "Waiting for certificate"}},
    {"cert-manager.io", "ClusterIssuer", ConditionRule{kReady, "Initializing ClusterIssuer"}},
    {"cert-manager.io", "Issuer", ConditionRule{kReady, "Initializing issuer"}},
    {"certmanager.k8s.io", "Issuer", ConditionRule{kReady, "Initializing issuer"}},
    {"certmanager.k8s.io", "Certificate", ConditionRule{kReady, "Waiting for certificate"}},
    {"camel.apache.org", "Integration", ConditionRule{kReady, "Waiting for Integration"}},
    {"external-secrets.io", "ClusterExternalSecret",
     OwnRule{clusterExternalSecret,
             "By the last condition, if it is True: `Ready` is **Healthy**, `PartiallyReady` or `NotReady` is "
             "**Degraded** (its message); else **Progressing** (\"Waiting for ClusterExternalSecret\"). An empty list "
             "of conditions fails."}},
    {"external-secrets.io", "ClusterSecretStore", ConditionRule{kReady, "Waiting for ClusterSecretStore"}},
    {"external-secrets.io", "ExternalSecret", ConditionRule{kReady, "Waiting for ExternalSecret"}},
    {"external-secrets.io", "PushSecret", ConditionRule{kReady, "Waiting for PushSecret"}},
    {"external-secrets.io", "SecretStore", ConditionRule{kReady, "Waiting for SecretStore"}},
    {"kubernetes-client.io", "ExternalSecret",
     OwnRule{kubernetesClientSecret,
             "`status.status`: `SUCCESS` is **Healthy**; what begins with `ERROR` is **Degraded** (the text without "
             "\"ERROR, \"); else **Progressing** (\"Waiting for ExternalSecret.\")."}},
    {"onepassword.com", "OnePasswordItem", ConditionRule{kReady, "Waiting for controller to report status"}},
    {"karpenter.k8s.aws", "EC2NodeClass", ConditionRule{kNodeClass, "Waiting for EC2NodeClass to be ready"}},
    {"karpenter.sh", "NodePool", ConditionRule{kReady, "Waiting for NodePool to be ready"}},
    {"karpenter.sh", "NodeClaim",
     OwnRule{nodeClaim,
             "A stale `status.observedGeneration` is **Progressing**; `Disrupting=True` is **Suspended**; then "
             "`Ready=True` is **Healthy** and `Ready=False` **Degraded** (its message); else **Progressing** with the "
             "furthest of `Initialized`, `Registered`, `Launched`."}},
};

} // namespace

std::span<const KindRule> certificateRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
