// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/controllers.h"

#include "crd/timestamp.h"
#include "demo/pod_life.h"
#include "object/json.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr ports::WallTime kAgain = 200; ///< how soon an unfinished pod is looked at again
constexpr std::int64_t kGrace = 1000;   ///< how long a pod takes to end

std::int64_t ageOf(std::string_view time, ports::WallTime now, double speed)
{
    const auto moment = crd::timestampOf(time);
    return moment ? static_cast<std::int64_t>(static_cast<double>(now - moment->seconds * 1000) * speed) : 0;
}

} // namespace

void Controllers::step()
{
    if (m_store->revision() == m_seenRevision && m_store->now() < m_due && !m_analyses.hasNews())
        return;
    m_seenRevision = m_store->revision();
    m_due = m_store->now() + 3'600'000;
    stepDeployments();
    for (const auto again : {m_rollouts.step(), m_experiments.step(), m_analyses.step()})
        m_due = std::min(m_due, again.value_or(m_due));
    stepReplicaSets();
    stepStatefulSets();
    stepDaemonSets();
    stepJobs();
    stepPods();
    stepServices();
    bindClaims();
    m_store->collectGarbage();
    finishNamespaces();
}

void Controllers::settle()
{
    do
        step();
    while (m_store->revision() != m_seenRevision || m_analyses.hasNews());
}

Controllers::Objects Controllers::all(std::string_view group, std::string_view kind) const
{
    Objects objects;
    for (const auto &[place, object] : m_store->objectsOf({std::string(group), std::string(kind)}))
        objects.push_back(object);
    return objects;
}

Controllers::Objects Controllers::owned(std::string_view group, std::string_view kind, const Object &owner) const
{
    Objects objects;
    const auto &candidates = m_store->objectsOf({std::string(group), std::string(kind)});
    const std::string ns(owner.ns());
    for (auto each = candidates.lower_bound({ns, ""}); each != candidates.end() && each->first.first == ns; ++each) {
        for (const object::OwnerReference &reference : each->second.ownerReferences()) {
            if (reference.isController && reference.uid == owner.uid())
                objects.push_back(each->second);
        }
    }
    return objects;
}

void Controllers::make(const Object &object)
{
    const Resource *resource = m_store->catalog().byKind(object.groupKind());
    (void)m_store->create(*resource, object.ns(), object, {.fieldManager = "kube-controller-manager"});
}

void Controllers::drop(const Object &object)
{
    const Resource *resource = m_store->catalog().byKind(object.groupKind());
    (void)m_store->remove(*resource, {std::string(object.ns()), std::string(object.name())});
}

void Controllers::setStatus(const Object &object, const Value &status)
{
    if (object.value()["status"] == status)
        return;
    const Resource *resource = m_store->catalog().byKind(object.groupKind());
    const Place place{std::string(object.ns()), std::string(object.name())};
    const Object current = m_store->find(object.groupKind(), place);
    if (!current.isNull())
        (void)m_store->update(*resource, place, withStatus(current, status), "status",
                              {.fieldManager = "kube-controller-manager"});
}

void Controllers::setReplicas(const Object &set, std::int64_t replicas)
{
    if (set.path({"spec", "replicas"}).intOr(1) == replicas)
        return;
    const Resource *resource = m_store->catalog().byKind(set.groupKind());
    (void)m_store->patch(*resource, {std::string(set.ns()), std::string(set.name())}, PatchKind::Merge,
                         Value::map({{"spec", Value::map({{"replicas", replicas}})}}), "",
                         {.fieldManager = "kube-controller-manager"});
}

void Controllers::report(const Object &about, std::string_view type, std::string_view reason, std::string message)
{
    const std::string time = m_store->timeText();
    Value involved = Value::map({{"apiVersion", about.apiVersion()},
                                 {"kind", about.kind()},
                                 {"name", about.name()},
                                 {"namespace", about.ns()},
                                 {"uid", about.uid()}});
    make(Object(
        Value::map({{"apiVersion", "v1"},
                    {"kind", "Event"},
                    {"metadata", Value::map({{"name", std::string(about.name()) + "." + m_store->names().suffix(16)},
                                             {"namespace", about.ns()}})},
                    {"involvedObject", involved},
                    {"type", type},
                    {"reason", reason},
                    {"message", message},
                    {"count", 1},
                    {"firstTimestamp", time},
                    {"lastTimestamp", time},
                    {"source", Value::map({{"component", "demo"}})}})));
}

Value Controllers::condition(const Object &object, std::string_view type, bool isTrue, std::string_view reason,
                             std::string_view message) const
{
    const std::string time = m_store->timeText();
    Value made = Value::map({{"type", type},
                             {"status", isTrue ? "True" : "False"},
                             {"lastUpdateTime", time},
                             {"lastTransitionTime", time},
                             {"reason", reason},
                             {"message", message}});
    const Value conditions = object.path({"status", "conditions"});
    for (const Value &old : conditions.items()) {
        if (old["type"] != made["type"])
            continue;
        if (old["status"] == made["status"])
            made = made.with("lastTransitionTime", old["lastTransitionTime"]);
        if (old["status"] == made["status"] && old["reason"] == made["reason"] && old["message"] == made["message"])
            return old;
    }
    return made;
}

Object Controllers::podFor(const Object &owner, const std::string &name, const std::string &hashLabel) const
{
    Value metadata = owner.path({"spec", "template", "metadata"});
    if (!metadata.isMap())
        metadata = Value::map({});
    const bool isPrefix = name.ends_with('-');
    metadata = metadata.with(isPrefix ? "generateName" : "name", name)
                   .with("namespace", owner.ns())
                   .with("ownerReferences", Value::list({Value::map({{"apiVersion", owner.apiVersion()},
                                                                     {"kind", owner.kind()},
                                                                     {"name", owner.name()},
                                                                     {"uid", owner.uid()},
                                                                     {"controller", true},
                                                                     {"blockOwnerDeletion", true}})}));
    if (!hashLabel.empty())
        metadata = metadata.withPath({"labels", hashLabel},
                                     RandomNames::hashOf(object::toJson(owner.path({"spec", "template"}))));
    return Object(Value::map({{"apiVersion", "v1"},
                              {"kind", "Pod"},
                              {"metadata", metadata},
                              {"spec", owner.path({"spec", "template", "spec"})}}));
}

void Controllers::stepPods()
{
    const Resource &pods = *m_store->catalog().byPlural("", "pods");
    const Objects nodes = all("", "Node");
    for (const Object &pod : all("", "Pod")) {
        const Place place{std::string(pod.ns()), std::string(pod.name())};
        if (pod.isBeingDeleted()) {
            if (ageOf(pod.path({"metadata", "deletionTimestamp"}).stringOr(), m_store->now(), m_speed) >= kGrace)
                m_store->purge(pod.groupKind(), place);
            else
                m_due = std::min(m_due, m_store->now() + kAgain);
            continue;
        }
        const PodState state = podStateAt(pod, ageOf(pod.creationTimestamp(), m_store->now(), m_speed));
        if (!state.isFinal)
            m_due = std::min(m_due, m_store->now() + kAgain);
        const bool isPending = pod.annotation("tiphys.dev/pod") == "pending";
        if (pod.path({"spec", "nodeName"}).isEmpty() && !isPending && !nodes.empty()) {
            const Object &node = nodes[Value(pod.uid()).hash() % nodes.size()];
            (void)m_store->patch(pods, place, PatchKind::Merge,
                                 Value::map({{"spec", Value::map({{"nodeName", node.name()}})}}), "",
                                 {.fieldManager = "kube-scheduler"});
            report(pod, "Normal", "Scheduled",
                   "Successfully assigned " + place.first + "/" + place.second + " to " + std::string(node.name()));
        }
        const Value before = pod.value()["status"];
        setStatus(pod, state.status);
        const std::string_view phase = state.status["phase"].stringOr();
        if (before["phase"] != state.status["phase"] && phase == "Running")
            report(pod, "Normal", "Started", "Started container");
        const auto waitingOf = [](const Value &status) {
            return std::string(status["containerStatuses"].at(0)["state"]["waiting"]["reason"].stringOr());
        };
        const std::string waiting = waitingOf(state.status);
        if (waiting != waitingOf(before) && waiting != "ContainerCreating" && !waiting.empty())
            report(pod, "Warning", waiting == "CrashLoopBackOff" ? "BackOff" : "Failed",
                   std::string(state.status["containerStatuses"].at(0)["state"]["waiting"]["message"].stringOr()));
    }
}

void Controllers::stepServices()
{
    for (const Object &service : all("", "Service")) {
        const Value selector = service.path({"spec", "selector"});
        if (selector.isEmpty())
            continue;
        const Selector wanted = Selector::ofLabelSelector(Value::map({{"matchLabels", selector}}));
        std::vector<Value> endpoints;
        for (const Object &pod : all("", "Pod")) {
            if (pod.ns() != service.ns() || !wanted.matches(pod) || pod.path({"status", "podIP"}).isEmpty())
                continue;
            endpoints.push_back(Value::map(
                {{"addresses", Value::list({pod.path({"status", "podIP"})})},
                 {"conditions", Value::map({{"ready", isPodReady(pod)}})},
                 {"nodeName", pod.path({"spec", "nodeName"})},
                 {"targetRef",
                  Value::map({{"kind", "Pod"}, {"namespace", pod.ns()}, {"name", pod.name()}, {"uid", pod.uid()}})}}));
        }
        const Objects slices = owned("discovery.k8s.io", "EndpointSlice", service);
        std::vector<Value> ports;
        const Value declared = service.path({"spec", "ports"});
        for (const Value &port : declared.items())
            ports.push_back(Value::map({{"name", port["name"].stringOr()},
                                        {"port", port["targetPort"].isInteger() ? port["targetPort"] : port["port"]},
                                        {"protocol", port["protocol"].stringOr("TCP")}}));
        const Value content = Value::list(endpoints);
        // A Service that waits for its slices to go gets no new one.
        if (slices.empty() && service.isBeingDeleted())
            continue;
        if (slices.empty()) {
            Value metadata = podFor(service, std::string(service.name()) + "-", "").value()["metadata"];
            metadata = metadata.with("labels", Value::map({{"kubernetes.io/service-name", service.name()}}));
            make(Object(Value::map({{"apiVersion", "discovery.k8s.io/v1"},
                                    {"kind", "EndpointSlice"},
                                    {"metadata", metadata},
                                    {"addressType", "IPv4"},
                                    {"endpoints", content},
                                    {"ports", Value::list(ports)}})));
        } else if (slices.front().value()["endpoints"] != content) {
            const Resource &resource = *m_store->catalog().byPlural("discovery.k8s.io", "endpointslices");
            (void)m_store->patch(resource, {std::string(service.ns()), std::string(slices.front().name())},
                                 PatchKind::Merge, Value::map({{"endpoints", content}}), "",
                                 {.fieldManager = "kube-controller-manager"});
        }
        if (service.path({"spec", "type"}).stringOr() == "LoadBalancer"
            && service.path({"status", "loadBalancer", "ingress"}).isEmpty())
            setStatus(service,
                      Value::map({{"loadBalancer",
                                   Value::map({{"ingress", Value::list({Value::map({{"ip", "203.0.113.10"}})})}})}}));
    }
    for (const Object &ingress : all("networking.k8s.io", "Ingress")) {
        if (ingress.path({"status", "loadBalancer", "ingress"}).isEmpty())
            setStatus(ingress,
                      Value::map({{"loadBalancer",
                                   Value::map({{"ingress", Value::list({Value::map({{"ip", "203.0.113.20"}})})}})}}));
    }
}

void Controllers::bindClaims()
{
    for (const Object &claim : all("", "PersistentVolumeClaim")) {
        if (claim.path({"status", "phase"}).stringOr() != "Bound")
            setStatus(claim, Value::map({{"phase", "Bound"},
                                         {"accessModes", claim.path({"spec", "accessModes"})},
                                         {"capacity", claim.path({"spec", "resources", "requests"})}}));
    }
}

void Controllers::finishNamespaces()
{
    for (const Object &ns : all("", "Namespace")) {
        if (!ns.isBeingDeleted())
            continue;
        bool isEmpty = true;
        for (const Resource *resource : m_store->catalog().all()) {
            const Answer<Page> content =
                resource->isNamespaced ? m_store->list(*resource, ns.name()) : Answer<Page>(Page{});
            for (const Object &object : content->objects) {
                isEmpty = false;
                if (!object.isBeingDeleted())
                    drop(object);
            }
        }
        if (isEmpty && ns.finalizers().empty())
            m_store->purge(ns.groupKind(), {"", std::string(ns.name())});
    }
}

} // namespace tiphys::demo
