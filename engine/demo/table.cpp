// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/table.h"

#include "base/text.h"
#include "crd/timestamp.h"
#include "object/json.h"

#include <functional>
#include <map>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

struct Column
{
    std::string name;
    std::string type = "string";
    int priority = 0;
    std::function<Value(const Object &, ports::WallTime)> cell;
};
using Columns = std::vector<Column>;

std::string countText(const Object &object, std::initializer_list<std::string_view> path)
{
    return std::to_string(object.path(path).intOr(0));
}

Column field(std::string name, std::vector<std::string_view> path, int priority = 0)
{
    return {std::move(name), "string", priority, [path](const Object &object, ports::WallTime) -> Value {
                Value value = object.value();
                for (const std::string_view step : path)
                    value = value[step];
                return value.isString() || value.isNumber() || value.isBool() ? value : Value("");
            }};
}

Column count(std::string name, std::vector<std::string_view> path)
{
    return {std::move(name), "integer", 0, [path](const Object &object, ports::WallTime) -> Value {
                Value value = object.value();
                for (const std::string_view step : path)
                    value = value[step];
                return value.intOr(0);
            }};
}

Column size(std::string name, std::string_view member)
{
    return {std::move(name), "integer", 0, [member](const Object &object, ports::WallTime) -> Value {
                return static_cast<std::int64_t>(object.path({member}).size());
            }};
}

Column age()
{
    return {"Age", "string", 0, [](const Object &object, ports::WallTime now) -> Value {
                return ageText(object.creationTimestamp(), now);
            }};
}

Column ready(std::vector<std::string_view> wanted)
{
    return {"Ready", "string", 0, [wanted](const Object &object, ports::WallTime) -> Value {
                Value want = object.value();
                for (const std::string_view step : wanted)
                    want = want[step];
                return countText(object, {"status", "readyReplicas"}) + "/" + std::to_string(want.intOr(0));
            }};
}

std::string podReady(const Object &pod)
{
    int readyCount = 0;
    const Value statuses = pod.path({"status", "containerStatuses"});
    for (const Value &status : statuses.items())
        readyCount += status["ready"].boolOr(false);
    return std::to_string(readyCount) + "/" + std::to_string(pod.path({"spec", "containers"}).size());
}

std::string podStatus(const Object &pod)
{
    if (pod.isBeingDeleted())
        return "Terminating";
    std::string reason(pod.path({"status", "reason"}).stringOr(pod.path({"status", "phase"}).stringOr()));
    const Value statuses = pod.path({"status", "containerStatuses"});
    for (const Value &status : statuses.items()) {
        for (const std::string_view state : {"waiting", "terminated"}) {
            const Value why = status["state"][state]["reason"];
            if (!why.isEmpty())
                reason = why.stringOr();
        }
    }
    return reason;
}

std::int64_t podRestarts(const Object &pod)
{
    std::int64_t restarts = 0;
    const Value statuses = pod.path({"status", "containerStatuses"});
    for (const Value &status : statuses.items())
        restarts += status["restartCount"].intOr(0);
    return restarts;
}

std::string jobStatus(const Object &job)
{
    const Value conditions = job.path({"status", "conditions"});
    std::string text = job.path({"spec", "suspend"}).boolOr(false) ? "Suspended" : "Running";
    for (const Value &condition : conditions.items()) {
        if (condition["status"].stringOr() == "True"
            && (condition["type"].stringOr() == "Complete" || condition["type"].stringOr() == "Failed"))
            text = condition["type"].stringOr();
    }
    return text;
}

std::string servicePorts(const Object &service)
{
    std::vector<std::string> texts;
    const Value ports = service.path({"spec", "ports"});
    for (const Value &port : ports.items())
        texts.push_back(std::to_string(port["port"].intOr(0)) + "/" + std::string(port["protocol"].stringOr("TCP")));
    return texts.empty() ? "<none>" : join(texts, ",");
}

std::string ingressHosts(const Object &ingress)
{
    std::vector<std::string> hosts;
    const Value rules = ingress.path({"spec", "rules"});
    for (const Value &rule : rules.items())
        hosts.emplace_back(rule["host"].stringOr("*"));
    return hosts.empty() ? "*" : join(hosts, ",");
}

std::string nodeStatus(const Object &node)
{
    const Value conditions = node.path({"status", "conditions"});
    for (const Value &condition : conditions.items()) {
        if (condition["type"].stringOr() == "Ready")
            return condition["status"].stringOr() == "True" ? "Ready" : "NotReady";
    }
    return "Unknown";
}

Column text(std::string name, std::string (*of)(const Object &), int priority = 0)
{
    return {std::move(name), "string", priority,
            [of](const Object &object, ports::WallTime) -> Value { return of(object); }};
}

std::string containerTexts(const Object &object, std::string_view member)
{
    std::vector<std::string> texts;
    const Value containers = object.path({"spec", "template", "spec", "containers"});
    for (const Value &container : containers.items())
        texts.emplace_back(container[member].stringOr());
    return join(texts, ",");
}

std::string containerNames(const Object &object)
{
    return containerTexts(object, "name");
}

std::string containerImages(const Object &object)
{
    return containerTexts(object, "image");
}

std::string eventObject(const Object &event)
{
    return asciiLower(event.path({"involvedObject", "kind"}).stringOr()) + "/"
           + std::string(event.path({"involvedObject", "name"}).stringOr());
}

std::string completions(const Object &job)
{
    return countText(job, {"status", "succeeded"}) + "/" + std::to_string(job.path({"spec", "completions"}).intOr(1));
}

std::string externalAddress(const Object &service)
{
    return service.path({"spec", "type"}).stringOr() == "LoadBalancer" ? "<pending>" : "<none>";
}

Columns middleColumns(const Resource &resource)
{
    static const std::map<std::string_view, Columns> kColumns = {
        {"Pod",
         {text("Ready", podReady),
          text("Status", podStatus),
          {"Restarts", "string", 0, [](const Object &pod, ports::WallTime) -> Value { return podRestarts(pod); }},
          age(),
          field("IP", {"status", "podIP"}, 1),
          field("Node", {"spec", "nodeName"}, 1)}},
        {"Deployment",
         {ready({"spec", "replicas"}), count("Up-to-date", {"status", "updatedReplicas"}),
          count("Available", {"status", "availableReplicas"}), age(), text("Containers", containerNames, 1),
          text("Images", containerImages, 1)}},
        {"ReplicaSet",
         {count("Desired", {"spec", "replicas"}), count("Current", {"status", "replicas"}),
          count("Ready", {"status", "readyReplicas"}), age(), text("Containers", containerNames, 1),
          text("Images", containerImages, 1)}},
        {"StatefulSet",
         {ready({"spec", "replicas"}), age(), text("Containers", containerNames, 1),
          text("Images", containerImages, 1)}},
        {"DaemonSet",
         {count("Desired", {"status", "desiredNumberScheduled"}),
          count("Current", {"status", "currentNumberScheduled"}), count("Ready", {"status", "numberReady"}),
          count("Up-to-date", {"status", "updatedNumberScheduled"}), count("Available", {"status", "numberAvailable"}),
          age()}},
        {"Job", {text("Status", jobStatus), text("Completions", completions), age()}},
        {"CronJob", {field("Schedule", {"spec", "schedule"}), field("Suspend", {"spec", "suspend"}), age()}},
        {"Service",
         {field("Type", {"spec", "type"}), field("Cluster-IP", {"spec", "clusterIP"}),
          text("External-IP", externalAddress), text("Port(s)", servicePorts), age()}},
        {"Ingress", {field("Class", {"spec", "ingressClassName"}), text("Hosts", ingressHosts), age()}},
        {"ConfigMap", {size("Data", "data"), age()}},
        {"Secret", {field("Type", {"type"}), size("Data", "data"), age()}},
        {"Namespace", {field("Status", {"status", "phase"}), age()}},
        {"Node", {text("Status", nodeStatus), age(), field("Version", {"status", "nodeInfo", "kubeletVersion"})}},
        {"PersistentVolumeClaim",
         {field("Status", {"status", "phase"}), field("Volume", {"spec", "volumeName"}),
          field("StorageClass", {"spec", "storageClassName"}), age()}},
        {"Event",
         {field("Type", {"type"}), field("Reason", {"reason"}), text("Object", eventObject), age(),
          field("Message", {"message"})}},
        {"CustomResourceDefinition", {field("Created At", {"metadata", "creationTimestamp"})}},
    };
    const auto found = kColumns.find(resource.kind);
    return found == kColumns.end() || resource.isCustom ? Columns{age()} : found->second;
}

/// The value at a simple JSON path: ".status.sync.status".
Value atJsonPath(const Value &root, std::string_view path)
{
    Value value = root;
    for (const std::string_view step : split(path, '.')) {
        if (!step.empty())
            value = value[step];
    }
    return value;
}

Columns customColumns(const Value &definitions)
{
    Columns columns;
    for (const Value &each : definitions.items()) {
        const std::string path(each["jsonPath"].stringOr());
        const bool isDate = each["type"].stringOr() == "date";
        columns.push_back({std::string(each["name"].stringOr()), isDate ? "date" : "string",
                           static_cast<int>(each["priority"].intOr(0)),
                           [path, isDate](const Object &object, ports::WallTime now) -> Value {
                               const Value value = atJsonPath(object.value(), path);
                               return isDate ? Value(ageText(value.stringOr(), now)) : value;
                           }});
    }
    return columns;
}

Columns columnsOf(const Resource &resource)
{
    Columns columns = {field("Name", {"metadata", "name"})};
    Columns rest = resource.isCustom && !resource.printerColumns.isEmpty() ? customColumns(resource.printerColumns)
                                                                           : middleColumns(resource);
    columns.insert(columns.end(), rest.begin(), rest.end());
    return columns;
}

} // namespace

std::string ageText(std::string_view rfc3339, ports::WallTime now)
{
    const auto moment = crd::timestampOf(rfc3339);
    if (!moment)
        return "<unknown>";
    const std::int64_t seconds = std::max<std::int64_t>(0, now / 1000 - moment->seconds);
    const std::int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    const auto both = [](std::int64_t big, char bigUnit, std::int64_t small, char smallUnit) {
        std::string text = std::to_string(big) + bigUnit;
        return small == 0 ? text : text + std::to_string(small) + smallUnit;
    };
    if (seconds < 120)
        return std::to_string(seconds) + "s";
    if (minutes < 10)
        return both(minutes, 'm', seconds % 60, 's');
    if (hours < 3)
        return std::to_string(minutes) + "m";
    if (hours < 8)
        return both(hours, 'h', minutes % 60, 'm');
    if (hours < 48)
        return std::to_string(hours) + "h";
    if (days < 8)
        return both(days, 'd', hours % 24, 'h');
    return std::to_string(days) + "d";
}

Value partialMetadataOf(const Object &object)
{
    return Value::map({{"kind", "PartialObjectMetadata"},
                       {"apiVersion", "meta.k8s.io/v1"},
                       {"metadata", object.value()["metadata"]}});
}

Value tableOf(const Resource &resource, const std::vector<Object> &objects, ports::WallTime now,
              const Value &listMetadata)
{
    const Columns columns = columnsOf(resource);
    std::vector<Value> definitions;
    for (const Column &column : columns) {
        definitions.push_back(Value::map({{"name", column.name},
                                          {"type", column.type},
                                          {"format", column.name == "Name" ? "name" : ""},
                                          {"description", column.name},
                                          {"priority", column.priority}}));
    }
    std::vector<Value> rows;
    for (const Object &object : objects) {
        std::vector<Value> cells;
        for (const Column &column : columns)
            cells.push_back(column.cell(object, now));
        rows.push_back(Value::map({{"cells", Value::list(cells)}, {"object", partialMetadataOf(object)}}));
    }
    return Value::map({{"kind", "Table"},
                       {"apiVersion", "meta.k8s.io/v1"},
                       {"metadata", listMetadata},
                       {"columnDefinitions", Value::list(definitions)},
                       {"rows", Value::list(rows)}});
}

} // namespace tiphys::demo
