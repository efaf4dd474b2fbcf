// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <algorithm>

namespace tiphys::health::kinds {

namespace {

Health zalandoPostgres(const Field &object)
{
    const Field status = object["status"];
    const Field word = status.exists() ? status["PostgresClusterStatus"] : status;
    if (word.isNil())
        return progressing("Waiting for postgres cluster status...");
    if (word == "Running")
        return healthy(word);
    return word == "Creating" || word == "Updating" ? progressing(word) : degraded(word);
}

Health clickHouse(std::string_view name, const Field &object)
{
    const std::string product(name);
    const Field status = object["status"];
    const Field word = status.exists() ? status["status"] : status;
    if (word.isNil())
        return progressing(product + " status not yet available");
    if (word == "Completed")
        return healthy(product + " installation completed successfully");
    if (word == "InProgress")
        return progressing(product + " installation in progress");
    return degraded(concat(object.evaluation(), {product + " status: ", word}));
}

Health cassandraCluster(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || status["racks"].isNil())
        return progressing("Waiting for Cassandra Cluster");
    for (const auto &[key, rack] : status["racks"].each()) {
        const Field members = rack["members"];
        const Field ready = rack["readyMembers"];
        if (members.exists() && ready.exists() && !(members == ready))
            return progressing("Waiting for Cassandra Cluster");
    }
    return healthy();
}

/// The first Ready condition decides; \p reconciling says whether it is on its way.
Health atlas(const Field &object, bool (*reconciling)(const Field &ready))
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (!(condition["type"] == "Ready"))
                continue;
            if (condition["status"] == "True")
                return healthy(condition["reason"]);
            return reconciling(condition) ? progressing(condition["reason"]) : degraded(condition["reason"]);
        }
    }
    return progressing("Waiting for Atlas Operator");
}

Health atlasMigration(const Field &object)
{
    return atlas(object, [](const Field &ready) { return ready["reason"] == "Reconciling"; });
}

Health atlasSchema(const Field &object)
{
    return atlas(object, [](const Field &ready) {
        return ready["message"] == "Reconciling" || ready["message"] == "GettingDevDB";
    });
}

constexpr std::string_view kNoStatusInfo = "No status info available";

Health mariadbBackup(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing(kNoStatusInfo);
    std::string message;
    for (const auto &[key, condition] : conditions.items()) {
        const Field reason = condition["reason"];
        message = concat(object.evaluation(), {reason, " ", condition["message"]});
        if (condition["status"] == "False")
            return reason == "CronJobScheduled" && condition["message"] == "Failed" ? degraded(message)
                                                                                    : progressing(message);
    }
    return healthy(message);
}

Health mariadbObject(const Field &object)
{
    Term message = kNoStatusInfo;
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing(message);
    for (const auto &[key, condition] : conditions.items()) {
        message = condition["message"];
        if (condition["type"] == "Ready")
            return condition["status"] == "True" ? healthy(message) : degraded(message);
    }
    return progressing(message);
}

Health mariadbServer(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing(kNoStatusInfo);
    Term message;
    for (const auto &[key, condition] : conditions.items()) {
        message = condition["message"];
        if (condition["status"] == "False")
            return condition["reason"] == "Failed" ? degraded(message) : progressing(message);
    }
    return healthy(message);
}

Health mariadbSqlJob(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    std::string message(kNoStatusInfo);
    if (conditions.isNil())
        return progressing(message);
    for (const auto &[key, condition] : conditions.items()) {
        const Field reason = condition["reason"];
        message = concat(object.evaluation(), {reason, " ", condition["message"]});
        const bool isTrue = condition["status"] == "True";
        if (reason == "JobComplete" && isTrue)
            return healthy(message);
        if (reason == "JobFailed" && isTrue)
            return degraded(message);
    }
    return progressing(message);
}

Health minioTenant(const Field &object)
{
    constexpr std::string_view kDegraded[] = {
        "Statefulset not controlled by operator", "Another MinIO Tenant already exists in the namespace",
        "Tenant credentials are not set properly", "Different versions across MinIO Pools",
        "Pool Decommissioning Not Allowed"};
    const Field status = object["status"];
    const Field state = status.exists() ? status["currentState"] : status;
    if (state.isNil())
        return progressing(kNoStatusInfo);
    if (state == "Initialized")
        return healthy(state);
    if (!receiverOf(state, "find"))
        return noStatus();
    const bool isBad = std::ranges::any_of(kDegraded, [&](std::string_view word) { return state == word; });
    return isBad ? degraded(state) : progressing(state);
}

constexpr std::pair<std::string_view, HealthCode> kCnpgPhases[] = {
    {"Cluster in healthy state", HealthCode::Healthy},
    {"Setting up primary", HealthCode::Progressing},
    {"Creating a new replica", HealthCode::Progressing},
    {"Upgrading cluster", HealthCode::Progressing},
    {"Waiting for the instances to become active", HealthCode::Progressing},
    {"Promoting to primary cluster", HealthCode::Progressing},
    {"Switchover in progress", HealthCode::Degraded},
    {"Failing over", HealthCode::Degraded},
    {"Upgrading Postgres major version", HealthCode::Degraded},
    {"Cluster upgrade delayed", HealthCode::Degraded},
    {"Waiting for user action", HealthCode::Degraded},
    {"Primary instance is being restarted in-place", HealthCode::Degraded},
    {"Primary instance is being restarted without a switchover", HealthCode::Degraded},
    {"Cluster cannot execute instance online upgrade due to missing architecture binary", HealthCode::Degraded},
    {"Online upgrade in progress", HealthCode::Degraded},
    {"Applying configuration", HealthCode::Degraded},
    {"Unable to create required cluster objects", HealthCode::Suspended},
    {"Cluster cannot proceed to reconciliation due to an unknown plugin being required", HealthCode::Suspended},
    {"Cluster has incomplete or invalid image catalog", HealthCode::Suspended},
    {"Cluster is unrecoverable and needs manual intervention", HealthCode::Suspended}};

Health cnpgCluster(const Field &object)
{
    const Field metadata = object["metadata"];
    if (metadata.isTruthy() && metadata["annotations"].isTruthy()
        && metadata["annotations"]["cnpg.io/reconciliationLoop"] == "disabled")
        return suspended("Cluster reconciliation is suspended");
    const Field status = object["status"];
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing(status["phaseReason"]);
    for (const auto &[key, condition] : conditions.each()) {
        if (condition["type"] == "cnpg.io/hibernation")
            return condition["status"] == "True" ? suspended(condition["message"]) : degraded(condition["message"]);
    }
    const Field phase = status["phase"];
    const auto known = std::ranges::find_if(kCnpgPhases, [&](const auto &row) { return phase == row.first; });
    return verdict(known == std::end(kCnpgPhases) ? HealthCode::Unknown : known->second, status["phaseReason"]);
}

Health perconaMongo(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return unknown("Cluster status is unknown");
    const Field state = status["state"];
    const std::string message =
        concat(object.evaluation(), {status["ready"], "/", status["size"], " node(s) are ready"});
    if (state == "initializing" || state == "stopping")
        return progressing(message);
    if (state == "ready")
        return healthy(message);
    if (state == "error")
        return degraded(message);
    return state == "paused" ? suspended(message) : unknown(message);
}

Health perconaXtra(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    if (status.exists()) {
        const Field state = status["state"];
        const Field ready = status["ready"];
        const Field size = status["size"];
        if (state == "initializing")
            return progressing(concat(evaluation, {ready, "/", size, " node(s) are ready"}));
        if (state == "ready")
            return healthy(concat(evaluation, {ready, "/", size, " node(s) are ready"}));
        if (state == "paused")
            return unknown("Cluster is paused");
        if (state == "stopping")
            return degraded(concat(evaluation, {"Cluster is stopping (", ready, "/", size, " node(s) are ready)"}));
        if (state == "error") {
            std::vector<Term> messages;
            const Field list = status["message"];
            if (!list.isTable())
                evaluation.fail("bad argument #1 to concat (table expected, got " + std::string(text(list.kind()))
                                + ")");
            for (const auto &[key, message] : list.items())
                messages.emplace_back(message);
            return degraded("Cluster is on error: " + join(evaluation, messages, ", "));
        }
    }
    return unknown("Cluster status is unknown. Ensure your ArgoCD is current and then check for/file a bug report: "
                   "https://github.com/argoproj/argo-cd/issues");
}

Health solrCloud(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || status["solrNodes"].isNil())
        return progressing("Waiting for solr to exist");
    for (const auto &[key, node] : status["solrNodes"].items()) {
        if (!node["ready"].isTruthy())
            return progressing("Not all replicas are ready");
    }
    return healthy("Solr is ready");
}

Health zookeeperCluster(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field ready = status["readyReplicas"];
        if (!(ready == 0) && ready == status["replicas"])
            return healthy("All ZK Nodes have joined the ensemble");
    }
    return progressing("Waiting for ZK Nodes to join the ensemble");
}

constexpr std::string_view kClickHouseWords =
    "`status.status`: `Completed` is **Healthy**, `InProgress` or none **Progressing**, else **Degraded** (naming it).";
constexpr std::string_view kMariaObjectWords =
    "The first `Ready` is **Healthy** if True, else **Degraded** (its message); none is **Progressing**.";
constexpr std::string_view kMariaServerWords = "The first condition False is **Degraded** with reason `Failed`, else "
                                               "**Progressing**; none is **Healthy** (message "
                                               "of the last condition); no conditions **Progressing**.";

constexpr KindRule kRules[] = {
    {"acid.zalan.do", "postgresql",
     OwnRule{
         zalandoPostgres,
         "`status.PostgresClusterStatus`: `Running` is **Healthy**, `Creating`, `Updating` or none **Progressing**, "
         "else **Degraded** (the word)."}},
    {"clickhouse.altinity.com", "ClickHouseInstallation",
     OwnRule{[](const Field &object) { return clickHouse("ClickHouse", object); }, kClickHouseWords}},
    {"clickhouse-keeper.altinity.com", "ClickHouseKeeperInstallation",
     OwnRule{[](const Field &object) { return clickHouse("ClickHouseKeeper", object); }, kClickHouseWords}},
    {"cassandra.rook.io", "Cluster",
     OwnRule{cassandraCluster,
             "Every rack with as many `readyMembers` as `members` is **Healthy**, else **Progressing**."}},
    {"db.atlasgo.io", "AtlasMigration",
     OwnRule{atlasMigration,
             "The first `Ready`: True is **Healthy**, reason `Reconciling` **Progressing**, else **Degraded** (its "
             "reason); none is **Progressing**."}},
    {"db.atlasgo.io", "AtlasSchema",
     OwnRule{atlasSchema,
             "The first `Ready`: True is **Healthy**, message `Reconciling` or `GettingDevDB` **Progressing**, else "
             "**Degraded** (its reason); none is **Progressing**."}},
    {"k8s.mariadb.com", "Backup",
     OwnRule{mariadbBackup,
             "The first condition False is **Degraded** with reason `CronJobScheduled` and message `Failed`, else "
             "**Progressing**; none is **Healthy** (reason and message); no conditions **Progressing**."}},
    {"k8s.mariadb.com", "Database", OwnRule{mariadbObject, kMariaObjectWords}},
    {"k8s.mariadb.com", "Grant", OwnRule{mariadbObject, kMariaObjectWords}},
    {"k8s.mariadb.com", "User", OwnRule{mariadbObject, kMariaObjectWords}},
    {"k8s.mariadb.com", "MariaDB", OwnRule{mariadbServer, kMariaServerWords}},
    {"mariadb.mmontes.io", "MariaDB", OwnRule{mariadbServer, kMariaServerWords}},
    {"k8s.mariadb.com", "SqlJob",
     OwnRule{mariadbSqlJob,
             "Reason `JobComplete` and True is **Healthy**, `JobFailed` and True **Degraded**, else **Progressing** "
             "(reason and message)."}},
    {"minio.min.io", "Tenant",
     OwnRule{minioTenant,
             "`status.currentState`: `Initialized` is **Healthy**; five known errors are **Degraded**; else "
             "**Progressing** (the state)."}},
    {"postgresql.cnpg.io", "Cluster",
     OwnRule{
         cnpgCluster,
         "Annotation `cnpg.io/reconciliationLoop: disabled` is **Suspended**; a hibernation condition is "
         "**Suspended** if True, else **Degraded**; then by `status.phase`: 20 known phases, others **Unknown**; no "
         "conditions **Progressing** (`status.phaseReason`)."}},
    {"psmdb.percona.com", "PerconaServerMongoDB",
     OwnRule{perconaMongo,
             "`status.state`: `ready` is **Healthy**, `initializing` and `stopping` **Progressing**, `error` "
             "**Degraded**, `paused` **Suspended**, else **Unknown** (ready nodes)."}},
    {"pxc.percona.com", "PerconaXtraDBCluster",
     OwnRule{perconaXtra,
             "`status.state`: `ready` is **Healthy**, `initializing` **Progressing**, `paused` **Unknown**, `stopping` "
             "and `error` **Degraded**, else **Unknown**."}},
    {"solr.apache.org", "SolrCloud",
     OwnRule{solrCloud, "Every `status.solrNodes` ready is **Healthy**, else **Progressing**."}},
    {"zookeeper.pravega.io", "ZookeeperCluster",
     OwnRule{zookeeperCluster,
             "`readyReplicas` that is not 0 and equals `replicas` is **Healthy**, else **Progressing**."}},
};

} // namespace

std::span<const KindRule> databaseRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
