// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/container_check.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/pod/environment_check.h"
#include "rollout/pod/mount_check.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/probe_check.h"
#include "rollout/pod/resource_check.h"
#include "rollout/pod/security_check.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

using Names = std::set<std::string, std::less<>>;

constexpr std::int64_t kMostPort = 65535;

void checkPorts(const Value &ports, const FieldPath &path, Findings &findings)
{
    Names names;
    eachItem(ports, path, [&](const Value &port, const FieldPath &portPath) {
        const std::string_view name = textIn(port, "name");
        const Problems problems = name.empty() ? Problems() : portNameProblems(name);
        findings.each(portPath.child("name"), name, problems);
        if (!name.empty() && problems.empty() && !names.emplace(name).second)
            findings.duplicate(portPath.child("name"), name);
        const std::int64_t number = port["containerPort"].intOr(0);
        if (number == 0)
            findings.required(portPath.child("containerPort"));
        else
            findings.inRange(portPath.child("containerPort"), number, 1, kMostPort);
        if (const std::int64_t host = port["hostPort"].intOr(0); host != 0)
            findings.inRange(portPath.child("hostPort"), host, 1, kMostPort);
        if (!textIn(port, "protocol").empty())
            findings.oneOf(portPath.child("protocol"), port["protocol"], {"SCTP", "TCP", "UDP"});
    });
}

void checkResizePolicies(const Value &policies, const Value &podRestart, const FieldPath &path, Findings &findings)
{
    Names names;
    eachItem(policies, path, [&](const Value &policy, const FieldPath &itemPath) {
        const std::string_view resource = textIn(policy, "resourceName");
        const std::string_view restart = textIn(policy, "restartPolicy");
        if (!names.emplace(resource).second)
            findings.duplicate(itemPath, resource);
        if (resource.empty())
            findings.required(path);
        else
            findings.oneOf(path, policy["resourceName"], {"cpu", "memory"});
        if (restart.empty())
            findings.required(path);
        else
            findings.oneOf(path, policy["restartPolicy"], {"NotRequired", "RestartContainer"});
        if (podRestart.stringOr() == "Never" && restart != "NotRequired")
            findings.invalid(path, Value(restart), "must be 'NotRequired' when `restartPolicy` is 'Never'");
    });
}

/// A policy that is set and not empty, else its default holds.
void checkPolicy(const Value &container, const char *key, std::initializer_list<std::string_view> words,
                 const FieldPath &path, Findings &findings)
{
    if (!textIn(container, key).empty())
        findings.oneOf(path.child(key), container[key], words);
}

/// What all kinds of containers have.
void checkContainer(const Value &container, const PodFacts &pod, Privileges privileges, const FieldPath &path,
                    Findings &findings)
{
    const std::string_view name = textIn(container, "name");
    if (name.empty())
        findings.required(path.child("name"));
    else
        findings.each(path.child("name"), name, dnsLabelProblems(name));
    if (textIn(container, "image").empty())
        findings.required(path.child("image"));
    checkPolicy(container, "terminationMessagePolicy", {"File", "FallbackToLogsOnError"}, path, findings);
    checkPorts(container["ports"], path.child("ports"), findings);
    checkEnvironment(container, path, findings);
    checkMounts(container, pod.volumes, privileges, path, findings);
    checkPolicy(container, "imagePullPolicy", {"Always", "IfNotPresent", "Never"}, path, findings);
    checkResources(container["resources"], pod.claims, path.child("resources"), findings);
    checkResizePolicies(container["resizePolicy"], pod.spec["restartPolicy"], path.child("resizePolicy"), findings);
    checkContainerSecurity(container["securityContext"], privileges, path.child("securityContext"), findings);
}

/// Ports of the host that containers take twice.
class HostPorts
{
public:
    void check(const Value &container, const FieldPath &path, Findings &findings)
    {
        const FieldPath portsPath = path.child("ports");
        eachItem(container["ports"], portsPath, [&](const Value &port, const FieldPath &portPath) {
            const std::int64_t number = port["hostPort"].intOr(0);
            if (number == 0)
                return;
            const std::string_view protocol = textIn(port, "protocol");
            const std::string taken = std::string(protocol.empty() ? "TCP" : protocol) + "/"
                                      + std::string(textIn(port, "hostIP")) + "/" + std::to_string(number);
            if (!m_taken.insert(taken).second)
                findings.duplicate(portPath.child("hostPort"), taken);
        });
    }

private:
    std::set<std::string> m_taken;
};

void checkRegular(const PodFacts &pod, const FieldPath &path, Findings &findings)
{
    const Value containers = pod.spec["containers"];
    if (containers.size() == 0)
        findings.required(path);
    Names names;
    eachItem(containers, path, [&](const Value &container, const FieldPath &itemPath) {
        checkContainer(container, pod, Privileges::Ignored, itemPath, findings);
        if (!names.emplace(textIn(container, "name")).second)
            findings.duplicate(itemPath.child("name"), textIn(container, "name"));
        checkLifecycle(container["lifecycle"], pod.gracePeriodSeconds, pod.spec["os"], itemPath.child("lifecycle"),
                       findings);
        checkProbes(container, pod.gracePeriodSeconds, itemPath, findings);
        if (isSet(container["restartPolicy"]))
            findings.forbidden(itemPath.child("restartPolicy"), "may not be set for non-init containers");
    });
    HostPorts ports;
    eachItem(containers, path,
             [&](const Value &container, const FieldPath &itemPath) { ports.check(container, itemPath, findings); });
}

/// Hooks and probes of a container that initialises, which only one that keeps running may have.
void checkWatched(const Value &container, const PodFacts &pod, const FieldPath &path, Findings &findings)
{
    if (container["restartPolicy"].stringOr() == "Always") {
        checkLifecycle(container["lifecycle"], pod.gracePeriodSeconds, pod.spec["os"], path.child("lifecycle"),
                       findings);
        checkProbes(container, pod.gracePeriodSeconds, path, findings);
        return;
    }
    for (const char *key : {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}) {
        if (isSet(container[key]))
            findings.forbidden(path.child(key), "may not be set for init containers without restartPolicy=Always");
    }
}

void refuseResizePolicies(const Value &policies, const FieldPath &path, Findings &findings)
{
    if (policies.size() == 0)
        return;
    std::vector<Value> shown;
    for (const Value &policy : policies.items())
        shown.push_back(Value::map({{"ResourceName", Value(textIn(policy, "resourceName"))},
                                    {"RestartPolicy", Value(textIn(policy, "restartPolicy"))}}));
    findings.invalid(path, Value::list(shown), "must not be set for init containers");
}

Names namesOf(const Value &containers)
{
    Names names;
    for (const Value &container : containers.items())
        names.emplace(textIn(container, "name"));
    return names;
}

void checkInitial(const PodFacts &pod, const FieldPath &path, Findings &findings)
{
    Names names = namesOf(pod.spec["containers"]);
    eachItem(pod.spec["initContainers"], path, [&](const Value &container, const FieldPath &itemPath) {
        const std::string_view name = textIn(container, "name");
        checkContainer(container, pod, Privileges::Ignored, itemPath, findings);
        findings.oneOf(itemPath.child("restartPolicy"), container["restartPolicy"], {"Always"});
        if (names.contains(name))
            findings.duplicate(itemPath.child("name"), name);
        else if (!name.empty())
            names.emplace(name);
        // Each is looked at by itself, as if it were the first.
        HostPorts().check(container, path.at(0), findings);
        checkWatched(container, pod, itemPath, findings);
        refuseResizePolicies(container["resizePolicy"], itemPath.child("resizePolicy"), findings);
    });
}

void forbidInEphemeral(const Value &container, const FieldPath &path, Findings &findings)
{
    constexpr const char *kDetail = "cannot be set for an Ephemeral Container";
    const auto isGiven = [](const Value &value) { return isSet(value) && !value.isEmpty(); };
    if (isGiven(container["ports"]))
        findings.forbidden(path.child("ports"), kDetail);
    if (isGiven(container["resources"]))
        findings.forbidden(path.child("resources"), kDetail);
    if (isGiven(container["resizePolicy"]))
        findings.forbidden(path.child("resizePolicy"), kDetail);
    for (const char *key : {"restartPolicy"}) {
        if (isSet(container[key]))
            findings.forbidden(path.child(key), kDetail);
    }
    if (isGiven(container["restartPolicyRules"]))
        findings.forbidden(path.child("restartPolicyRules"), kDetail);
    for (const char *key : {"livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}) {
        if (isSet(container[key]))
            findings.forbidden(path.child(key), kDetail);
    }
    eachItem(container["volumeMounts"], path.child("volumeMounts"),
             [&](const Value &mount, const FieldPath &mountPath) {
                 for (const char *key : {"subPath", "subPathExpr"}) {
                     if (!textIn(mount, key).empty())
                         findings.forbidden(mountPath.child(key), kDetail);
                 }
             });
}

void checkEphemeral(const PodFacts &pod, const FieldPath &path, Findings &findings)
{
    Names others = namesOf(pod.spec["containers"]);
    others.merge(namesOf(pod.spec["initContainers"]));
    Names names = others;
    eachItem(pod.spec["ephemeralContainers"], path, [&](const Value &container, const FieldPath &itemPath) {
        const std::string_view image = textIn(container, "image");
        checkContainer(container, pod, Privileges::Counted, itemPath, findings);
        if (trimmed(image).size() != image.size())
            findings.invalid(itemPath.child("image"), Value(image), "must not have leading or trailing whitespace");
        if (!names.emplace(textIn(container, "name")).second)
            findings.duplicate(itemPath.child("name"), textIn(container, "name"));
        const std::string_view target = textIn(container, "targetContainerName");
        if (!target.empty() && !others.contains(target))
            findings.notFound(itemPath.child("targetContainerName"), target);
        forbidInEphemeral(container, itemPath, findings);
    });
}

} // namespace

void checkContainers(const PodFacts &pod, const FieldPath &path, Findings &findings)
{
    checkRegular(pod, path.child("containers"), findings);
    checkInitial(pod, path.child("initContainers"), findings);
    checkEphemeral(pod, path.child("ephemeralContainers"), findings);
}

void checkFileVolumes(const Value &spec, const FieldPath &path, Findings &findings)
{
    const Value volumes = spec["volumes"];
    const auto volumeOf = [&volumes](std::string_view name) {
        std::optional<Value> found;
        for (const Value &volume : volumes.items()) {
            if (textIn(volume, "name") == name)
                found = volume;
        }
        return found;
    };
    eachContainer(spec, path, [&](const Value &container, const FieldPath &containerPath) {
        eachItem(container["env"], containerPath.child("env"), [&](const Value &variable, const FieldPath &itemPath) {
            const Value reference = variable.path({"valueFrom", "fileKeyRef"});
            if (!isSet(reference))
                return;
            const std::string_view name = textIn(reference, "volumeName");
            const FieldPath namePath = itemPath.child("valueFrom.fileKeyRef.volumeName");
            const std::optional<Value> volume = volumeOf(name);
            if (!volume)
                findings.notFound(namePath, name);
            else if (!isEmptyDirectory(*volume))
                findings.invalid(namePath, Value(name), "referenced volume must be of type emptyDir");
        });
    });
}

} // namespace tiphys::rollout
