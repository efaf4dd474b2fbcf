// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <random>
#include <string>
#include <vector>

namespace tiphys::fidelity {

/// Makes objects of all kinds that have a built-in check, with the fields that checks read at random.
class HealthObjects
{
public:
    explicit HealthObjects(unsigned seed) : m_random(seed) {}

    object::Object next()
    {
        static const std::vector<std::pair<std::string, std::string>> kinds{
            {"apps/v1", "Deployment"},
            {"apps/v1", "StatefulSet"},
            {"apps/v1", "DaemonSet"},
            {"apps/v1", "ReplicaSet"},
            {"apps/v1beta1", "Deployment"},
            {"v1", "Pod"},
            {"v1", "Pod"},
            {"v1", "Pod"},
            {"v1", "Service"},
            {"v1", "PersistentVolumeClaim"},
            {"v1", "ConfigMap"},
            {"batch/v1", "Job"},
            {"networking.k8s.io/v1", "Ingress"},
            {"autoscaling/v2", "HorizontalPodAutoscaler"},
            {"autoscaling/v1", "HorizontalPodAutoscaler"},
            {"apiregistration.k8s.io/v1", "APIService"},
            {"argoproj.io/v1alpha1", "Workflow"}};
        const auto &[apiVersion, kind] = kinds[below(kinds.size())];
        return object::Object(object::Value::map({{"apiVersion", apiVersion},
                                                  {"kind", kind},
                                                  {"metadata", metadata(kind)},
                                                  {"spec", spec(kind)},
                                                  {"status", status(kind)}}));
    }

private:
    using Value = object::Value;
    using Members = std::vector<std::pair<std::string, Value>>;

    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(m_random); }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
    std::string oneOf(const std::vector<std::string> &words) { return words[below(words.size())]; }
    Value number() { return Value(static_cast<std::int64_t>(below(4))); }
    void maybe(Members &members, const std::string &key, const Value &value, int percent = 60)
    {
        if (chance(percent))
            members.emplace_back(key, value);
    }

    Value metadata(const std::string &kind)
    {
        Members members{{"name", "web"}, {"namespace", "shop"}};
        maybe(members, "generation", number());
        if (chance(5))
            members.emplace_back("deletionTimestamp", "2024-01-01T00:00:00Z");
        if (chance(20))
            members.emplace_back("finalizers", Value::list({"argocd.argoproj.io/hook-finalizer"}));
        if (kind == "HorizontalPodAutoscaler" && chance(60))
            members.emplace_back(
                "annotations",
                Value::map({{"autoscaling.alpha.kubernetes.io/conditions",
                             oneOf({"[]", "[{\"type\":\"AbleToScale\",\"status\":\"True\",\"message\":\"m\"}]",
                                    "[{\"type\":\"ScalingActive\",\"reason\":\"InvalidSelector\"}]"})}}));
        return Value::map(members);
    }

    Value spec(const std::string &kind)
    {
        Members members;
        if (kind == "Pod") {
            maybe(members, "restartPolicy", oneOf({"Always", "OnFailure", "Never"}), 90);
            return Value::map(members);
        }
        if (kind == "Service") {
            members.emplace_back("type", oneOf({"ClusterIP", "LoadBalancer"}));
            return Value::map(members);
        }
        if (kind != "Deployment" && kind != "StatefulSet" && kind != "DaemonSet" && kind != "ReplicaSet")
            return Value::map(members);
        if (kind != "DaemonSet")
            maybe(members, "replicas", number(), 80);
        if (kind == "Deployment")
            maybe(members, "paused", Value(chance(20)));
        if (kind == "StatefulSet" || kind == "DaemonSet") {
            Members strategy{{"type", oneOf({"RollingUpdate", "OnDelete", ""})}};
            if (chance(40))
                strategy.emplace_back("rollingUpdate", chance(70) && kind == "StatefulSet"
                                                           ? Value::map({{"partition", number()}})
                                                           : Value::map({}));
            maybe(members, "updateStrategy", Value::map(strategy), 80);
        }
        return Value::map(members);
    }

    Value condition()
    {
        Members members{{"type", oneOf({"Progressing", "Available", "Ready", "ReplicaFailure", "Failed", "Complete",
                                        "Suspended", "AbleToScale", "ScalingActive", "ScalingLimited"})},
                        {"status", oneOf({"True", "False", "Unknown"})}};
        maybe(members, "reason", oneOf({"ProgressDeadlineExceeded", "FailedGetScale", "InvalidSelector", "Other"}));
        maybe(members, "message", oneOf({"first", "second \"quoted\"", ""}));
        return Value::map(members);
    }

    Value container()
    {
        Members terminated{{"exitCode", number()}};
        maybe(terminated, "reason", oneOf({"OOMKilled", "Error", "Completed"}));
        maybe(terminated, "message", oneOf({"boom", ""}), 40);
        Members waiting;
        maybe(waiting, "reason",
              oneOf({"CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff", "ContainerCreating",
                     "CreateContainerConfigError", "PodInitializing"}));
        maybe(waiting, "message", oneOf({"why", "because"}));
        Members members{{"name", oneOf({"a", "b"})}};
        switch (below(4)) {
        case 0: members.emplace_back("state", Value::map({{"waiting", Value::map(waiting)}})); break;
        case 1: members.emplace_back("state", Value::map({{"terminated", Value::map(terminated)}})); break;
        case 2: members.emplace_back("state", Value::map({{"running", Value::map({})}})); break;
        default: break;
        }
        if (chance(30))
            members.emplace_back("lastState", Value::map({{"terminated", Value::map(terminated)}}));
        return Value::map(members);
    }

    Value listOf(Value (HealthObjects::*make)())
    {
        std::vector<Value> items;
        for (std::size_t i = below(3); i > 0; --i)
            items.push_back((this->*make)());
        return Value::list(items);
    }

    Value status(const std::string &kind)
    {
        Members members;
        for (const std::string name :
             {"observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas",
              "currentReplicas", "updatedNumberScheduled", "desiredNumberScheduled", "numberAvailable"})
            maybe(members, name, number());
        // Of autoscalers the library looks at conditions one by one, argo-cd v3.5.1 at all of them: one is the same.
        const bool hasOneCondition = kind == "HorizontalPodAutoscaler";
        maybe(members, "conditions", hasOneCondition ? Value::list({condition()}) : listOf(&HealthObjects::condition),
              80);
        if (kind == "StatefulSet") {
            maybe(members, "updateRevision", oneOf({"web-1", "web-2"}));
            maybe(members, "currentRevision", oneOf({"web-1", "web-2"}));
        }
        if (kind == "Pod") {
            maybe(members, "phase", oneOf({"Pending", "Running", "Succeeded", "Failed", "Unknown"}), 90);
            maybe(members, "message", oneOf({"evicted", ""}), 40);
            maybe(members, "containerStatuses", listOf(&HealthObjects::container), 80);
            maybe(members, "initContainerStatuses", listOf(&HealthObjects::container), 40);
        } else if (kind == "PersistentVolumeClaim" || kind == "Workflow") {
            maybe(members, "phase",
                  oneOf({"Lost", "Pending", "Bound", "Running", "Succeeded", "Failed", "Error", "Odd"}));
            maybe(members, "message", "said so");
        } else if (kind == "Service" || kind == "Ingress") {
            const Value addresses =
                chance(50) ? Value::list({Value::map({{"ip", "10.0.0.1"}})}) : Value::list(std::vector<Value>{});
            maybe(members, "loadBalancer", Value::map({{"ingress", addresses}}));
        }
        return Value::map(members);
    }

    std::mt19937 m_random;
};

} // namespace tiphys::fidelity
