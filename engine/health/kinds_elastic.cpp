// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

Health beat(const Field &object)
{
    const Field status = object["status"];
    if (status.exists() && (status["health"].exists() || status["expectedNodes"].exists())) {
        const Field health = status["health"];
        if (health == "red")
            return degraded("Elastic Beat status is Red");
        if (health == "green")
            return healthy("Elastic Beat status is Green");
        const Field available = status["availableNodes"];
        const Field expected = status["expectedNodes"];
        if (health == "yellow" && available.exists() && expected.exists())
            return progressing(concat(object.evaluation(), {"Elastic Beat status is deploying, there is ", available,
                                                            " instance(s) on ", expected, " expected"}));
        if (health == "yellow" || health.isNil())
            return progressing("Elastic Beat phase is progressing");
    }
    return unknown(
        "Elastic Beat status is unknown. Ensure your ArgoCD is current and then check for/file a bug report: "
        "https://github.com/argoproj/argo-cd/issues");
}

std::optional<Health> elasticsearchByPhase(const Field &phase, const Field &health)
{
    if (phase == "Ready") {
        if (health == "green")
            return healthy("Elasticsearch Cluster status is Green");
        if (health == "yellow")
            return progressing(
                "Elasticsearch Cluster status is Yellow. Check the status of indices, replicas and shards");
        if (health == "red")
            return degraded("Elasticsearch Cluster status is Red. Check the status of indices, replicas and shards");
    }
    if (phase == "ApplyingChanges")
        return progressing("Elasticsearch phase is ApplyingChanges");
    if (phase == "MigratingData")
        return progressing("Elasticsearch phase is MigratingData");
    if (phase == "Invalid")
        return degraded("Elasticsearch phase is Invalid");
    return std::nullopt;
}

Health elasticsearch(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    if (status.exists() && status["availableNodes"].exists()) {
        const Field available = status["availableNodes"];
        double wanted = 0;
        for (const auto &[key, node] : object["spec"]["nodeSets"].each())
            wanted = sum(evaluation, wanted, node["count"]);
        if (isLess(evaluation, available, wanted))
            return progressing(concat(evaluation, {"The desired amount of availableNodes is ", wanted,
                                                   " but the current amount is ", available}));
        const Field phase = status["phase"];
        const Field health = status["health"];
        if (available == wanted && phase.exists() && health.exists()) {
            if (const std::optional<Health> found = elasticsearchByPhase(phase, health))
                return *found;
        }
    }
    return unknown(
        "Elasticsearch Cluster status is unknown. Ensure your ArgoCD is current and then check for/file a bug "
        "report: https://github.com/argoproj/argo-cd/issues");
}

constexpr State kLogstash[] = {{"green", HealthCode::Healthy, "Logstash status is Green"},
                               {"yellow", HealthCode::Progressing, "Logstash status is Yellow"},
                               {"red", HealthCode::Degraded, "Logstash status is Red"}};

constexpr KindRule kRules[] = {
    {"beat.k8s.elastic.co", "Beat",
     OwnRule{beat,
             "`status.health`: `green` is **Healthy**, `yellow` or none **Progressing**, `red` **Degraded**, else "
             "**Unknown**."}},
    {"elasticsearch.k8s.elastic.co", "Elasticsearch",
     OwnRule{elasticsearch,
             "Fewer `availableNodes` than `spec.nodeSets` want is **Progressing**; as many, by phase: `Ready` with "
             "health `green` is **Healthy**, `yellow` **Progressing**, `red` **Degraded**; `ApplyingChanges` and "
             "`MigratingData` are **Progressing**, `Invalid` is **Degraded**; else **Unknown**."}},
    {"logstash.k8s.elastic.co", "Logstash", StateRule{"health", kLogstash, "Waiting for Logstash"}},
};

} // namespace

std::span<const KindRule> elasticRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
