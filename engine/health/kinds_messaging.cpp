// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

// Kafka and RabbitMQ.
namespace tiphys::health::kinds {

namespace {

constexpr Clause kStrimzi[] = {{"NotReady", "True", "", HealthCode::Degraded},
                               {"Ready", "True", "", HealthCode::Healthy, MessageOf::Text, ""}};
constexpr Clause kStrimziKafka[] = {
    {"NotReady", "True", "", HealthCode::Degraded, MessageOf::Message, {}, 0, "Creating"},
    {"Ready", "True", "", HealthCode::Healthy, MessageOf::Text, ""}};

constexpr State kConnect[] = {{"RUNNING", HealthCode::Healthy, "Connect running"},
                              {"PROVISIONING", HealthCode::Progressing, "Connect provisioning"}};
constexpr State kControlCenter[] = {{"RUNNING", HealthCode::Healthy, "ControlCenter running"},
                                    {"PROVISIONING", HealthCode::Progressing, "ControlCenter provisioning"}};
constexpr State kKafka[] = {{"RUNNING", HealthCode::Healthy, "Kafka running"},
                            {"PROVISIONING", HealthCode::Progressing, "Kafka provisioning"}};
constexpr State kKsqlDb[] = {{"RUNNING", HealthCode::Healthy, "KsqlDB running"},
                             {"PROVISIONING", HealthCode::Progressing, "KsqlDB provisioning"}};
constexpr State kSchemaRegistry[] = {{"RUNNING", HealthCode::Healthy, "SchemaRegistry running"},
                                     {"PROVISIONING", HealthCode::Progressing, "SchemaRegistry provisioning"}};
constexpr State kZookeeper[] = {{"RUNNING", HealthCode::Healthy, "Zookeeper running"},
                                {"PROVISIONING", HealthCode::Progressing, "Zookeeper provisioning"}};

Health confluentConnector(const Field &object)
{
    const Field status = object["status"];
    const Field state = status.exists() ? status["state"] : status;
    if (state.exists()) {
        const Field failures = status["failedTasksCount"];
        if (state == "CREATED" && status["connectorState"] == "RUNNING" && failures.isNil())
            return healthy("Connector running");
        if (state == "ERROR") {
            const Field conditions = status["conditions"];
            if (conditions.isTruthy() && conditions.length() > 0)
                return degraded(conditions.item(1)["message"]);
            return degraded("No conditions available");
        }
        if (failures.exists() && isLess(object.evaluation(), 0, failures))
            return degraded("Connector has failed tasks");
    }
    return progressing("Waiting for Kafka Connector");
}

Health banzaiKafkaCluster(const Field &object)
{
    constexpr std::string_view kWaiting = "Waiting for KafkaCluster";
    const Field status = object["status"];
    if (status.isNil())
        return progressing(kWaiting);
    const Field state = status["state"];
    if (state == "ClusterRollingUpgrading")
        return progressing("Kafka Cluster is Rolling Upgrading.");
    if (status["brokersState"].isNil())
        return progressing(kWaiting);
    bool areAllInSync = true;
    for (const auto &[key, broker] : status["brokersState"].each()) {
        bool isInSync = false;
        if (broker["configurationState"] == "ConfigInSync") {
            const Field action = broker["gracefulActionState"]["cruiseControlState"];
            isInSync = action == "GracefulUpscaleSucceeded" || action == "GracefulDownscaleSucceeded";
        }
        areAllInSync = areAllInSync && isInSync;
    }
    if (!areAllInSync)
        return degraded("Broker Config is out of Sync or CruiseControlState is not Ready");
    const Field topic = status["cruiseControlTopicStatus"];
    if (topic == "CruiseControlTopicReady" && state == "ClusterRunning")
        return healthy("Kafka Brokers, CruiseControl and cluster are in Healthy State.");
    if ((topic == "CruiseControlTopicNotReady" || topic.isNil()) && state == "ClusterReconciling")
        return progressing("Kafka Cluster is Reconciling.");
    return progressing(kWaiting);
}

Health rabbitmqCluster(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Waiting for RabbitMQ Operator");
    Field available({}, &object.evaluation());
    Field replicas = available;
    for (const auto &[key, condition] : conditions.items()) {
        const Field type = condition["type"];
        if (type == "ReconcileSuccess" && condition["status"] == "False")
            return degraded(condition["message"]);
        if (type == "ClusterAvailable")
            available = condition["status"];
        if (type == "AllReplicasReady")
            replicas = condition["status"];
    }
    if (available == "Unknown" || replicas == "Unknown")
        return progressing("Waiting for RabbitMQ cluster readiness (conditions unknown)");
    if (available == "False")
        return progressing("Waiting for RabbitMQ cluster formation");
    if (replicas == "False")
        return progressing("Waiting for RabbitMQ instances ready");
    if (available == "True" && replicas == "True")
        return healthy("RabbitMQ cluster ready");
    return progressing("Waiting for RabbitMQ Operator");
}

/// The clauses of a RabbitMQ object that messages call \p NAME.
#define TIPHYS_RABBIT(NAME)                                                                                            \
    {{"Ready", "True", "SuccessfulCreateOrUpdate", HealthCode::Healthy, MessageOf::Text, "RabbitMQ " NAME " ready"},   \
     {"Ready", "False", "FailedCreateOrUpdate", HealthCode::Degraded, MessageOf::Text,                                 \
      "RabbitMQ " NAME " failed to be created or updated"}}
constexpr Clause kBinding[] = TIPHYS_RABBIT("binding");
constexpr Clause kExchange[] = TIPHYS_RABBIT("exchange");
constexpr Clause kPermission[] = TIPHYS_RABBIT("permission");
constexpr Clause kPolicy[] = TIPHYS_RABBIT("policy");
constexpr Clause kQueue[] = TIPHYS_RABBIT("queue");
constexpr Clause kShovel[] = TIPHYS_RABBIT("shovel");
constexpr Clause kUser[] = TIPHYS_RABBIT("user");
constexpr Clause kVhost[] = TIPHYS_RABBIT("vhost");
#undef TIPHYS_RABBIT

constexpr KindRule kRules[] = {
    {"kafka.strimzi.io", "Kafka", ConditionRule{kStrimziKafka, "Waiting for Kafka Cluster"}},
    {"kafka.strimzi.io", "KafkaBridge", ConditionRule{kStrimzi, "Waiting for KafkaBridge"}},
    {"kafka.strimzi.io", "KafkaConnect", ConditionRule{kStrimzi, "Waiting for Kafka Connect"}},
    {"kafka.strimzi.io", "KafkaConnector", ConditionRule{kStrimzi, "Waiting for KafkaConnector"}},
    {"kafka.strimzi.io", "KafkaTopic", ConditionRule{kStrimzi, "Waiting for Kafka Topic"}},
    {"kafka.strimzi.io", "KafkaUser", ConditionRule{kStrimzi, "Waiting for Kafka User"}},
    {"platform.confluent.io", "Connect", StateRule{"phase", kConnect, "Waiting for Connect"}},
    {"platform.confluent.io", "ControlCenter", StateRule{"phase", kControlCenter, "Waiting for ControlCenter"}},
    {"platform.confluent.io", "Kafka", StateRule{"phase", kKafka, "Waiting for Kafka"}},
    {"platform.confluent.io", "KsqlDB", StateRule{"phase", kKsqlDb, "Waiting for KsqlDB"}},
    {"platform.confluent.io", "SchemaRegistry", StateRule{"phase", kSchemaRegistry, "Waiting for SchemaRegistry"}},
    {"platform.confluent.io", "Zookeeper", StateRule{"phase", kZookeeper, "Waiting for Zookeeper"}},
    {"platform.confluent.io", "Connector",
     OwnRule{confluentConnector,
             "`status.state` `CREATED`, connector `RUNNING` and no failed tasks is **Healthy**; `ERROR` **Degraded** "
             "(message of the first condition); failed tasks **Degraded**; else **Progressing**."}},
    {"kafka.banzaicloud.io", "KafkaCluster",
     OwnRule{
         banzaiKafkaCluster,
         "A rolling upgrade is **Progressing**; a broker out of sync **Degraded**; all in sync, the topic ready and "
         "`ClusterRunning` **Healthy**; else **Progressing**."}},
    {"rabbitmq.com", "RabbitmqCluster",
     OwnRule{rabbitmqCluster,
             "`ReconcileSuccess=False` is **Degraded**; `ClusterAvailable` or `AllReplicasReady` Unknown or False "
             "**Progressing**; both True **Healthy**; else **Progressing**."}},
    {"rabbitmq.com", "Binding", ConditionRule{kBinding, "RabbitMQ binding status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "Exchange", ConditionRule{kExchange, "RabbitMQ exchange status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "Permission",
     ConditionRule{kPermission, "RabbitMQ permission status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "Policy", ConditionRule{kPolicy, "RabbitMQ policy status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "Queue", ConditionRule{kQueue, "RabbitMQ queue status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "Shovel", ConditionRule{kShovel, "RabbitMQ shovel status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "User", ConditionRule{kUser, "RabbitMQ user status is unknown", HealthCode::Unknown}},
    {"rabbitmq.com", "Vhost", ConditionRule{kVhost, "RabbitMQ vhost status is unknown", HealthCode::Unknown}},
};

} // namespace

std::span<const KindRule> messagingRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
