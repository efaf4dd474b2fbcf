// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/pod_check.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/pod/container_check.h"
#include "rollout/pod/label_check.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/resource_check.h"
#include "rollout/pod/scheduling_check.h"
#include "rollout/pod/security_check.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::string_view kMirror = "kubernetes.io/config.mirror";
constexpr std::string_view kTolerations = "scheduler.alpha.kubernetes.io/tolerations";
constexpr std::size_t kMostServers = 3;
constexpr std::size_t kMostSearches = 32;
constexpr std::size_t kMostSearchBytes = 2048;
constexpr std::size_t kMostHostname = 64;

void checkPodAnnotations(const Value &annotations, const Value &spec, const FieldPath &path, Findings &findings)
{
    if (const Value mirror = annotations[kMirror]; mirror.isString() && textIn(spec, "nodeName").empty())
        findings.invalid(path.key(kMirror), mirror, "must set spec.nodeName if mirror pod annotation is set");
    if (const std::string_view text = textIn(annotations, kTolerations); !text.empty()) {
        const Expected<Value> tolerations = object::parseJson(text);
        if (!tolerations)
            findings.invalid(path, Value(kTolerations), tolerations.error().message());
        else
            checkTolerations(*tolerations, path.child(kTolerations), findings);
    }
    checkProfileAnnotations(annotations, spec, path, findings);
}

void checkSearches(const Value &searches, const FieldPath &path, Findings &findings)
{
    if (searches.size() > kMostSearches)
        findings.invalid(path, searches, "must not have more than 32 search paths");
    std::size_t bytes = searches.size() == 0 ? 0 : searches.size() - 1;
    for (const Value &search : searches.items())
        bytes += search.stringOr().size();
    if (bytes > kMostSearchBytes)
        findings.invalid(path, searches,
                         "must not have more than 2048 characters (including spaces) in the search list");
    eachItem(searches, path, [&](const Value &search, const FieldPath &searchPath) {
        std::string_view domain = search.stringOr();
        if (domain.ends_with('.'))
            domain.remove_suffix(1);
        findings.each(searchPath, domain, dnsSubdomainProblems(domain));
    });
}

void checkDns(const Value &spec, const FieldPath &path, Findings &findings)
{
    const Value config = spec["dnsConfig"];
    const FieldPath configPath = path.child("dnsConfig");
    const FieldPath serversPath = configPath.child("nameservers");
    const Value servers = config["nameservers"];
    if (textIn(spec, "dnsPolicy") == "None" && !isSet(config)) {
        findings.required(configPath, "must provide `dnsConfig` when `dnsPolicy` is None");
        return;
    }
    if (textIn(spec, "dnsPolicy") == "None" && servers.size() == 0) {
        findings.required(serversPath, "must provide at least one DNS nameserver when `dnsPolicy` is None");
        return;
    }
    if (servers.size() > kMostServers)
        findings.invalid(serversPath, servers, "must not have more than 3 nameservers");
    eachItem(servers, serversPath, [&](const Value &server, const FieldPath &serverPath) {
        findings.each(serverPath, server.stringOr(), addressProblems(server.stringOr()));
    });
    checkSearches(config["searches"], configPath.child("searches"), findings);
    eachItem(config["options"], configPath.child("options"), [&](const Value &option, const FieldPath &optionPath) {
        if (textIn(option, "name").empty())
            findings.required(optionPath, "must not be empty");
    });
}

void checkGates(const Value &spec, const FieldPath &path, Findings &findings)
{
    eachItem(spec["readinessGates"], path.child("readinessGates"), [&](const Value &gate, const FieldPath &gatePath) {
        const std::string_view type = textIn(gate, "conditionType");
        findings.each(gatePath.child("conditionType"), type, qualifiedNameProblems(type));
    });
    std::set<std::string> seen;
    eachItem(spec["schedulingGates"], path.child("schedulingGates"), [&](const Value &gate, const FieldPath &gatePath) {
        const std::string name(textIn(gate, "name"));
        findings.each(gatePath, name, qualifiedNameProblems(name));
        if (!seen.insert(name).second)
            findings.duplicate(gatePath, name);
    });
}

void checkHostnameOverride(const Value &spec, const FieldPath &path, Findings &findings)
{
    const Value name = spec["hostnameOverride"];
    if (!isSet(name))
        return;
    const FieldPath namePath = path.child("hostnameOverride");
    if (spec["setHostnameAsFQDN"].boolOr(false))
        findings.forbidden(namePath, "may not be specified when setHostnameAsFQDN is true");
    if (name.stringOr().size() > kMostHostname)
        findings.tooLong(namePath, kMostHostname);
    findings.each(namePath, name.stringOr(), dnsSubdomainProblems(name.stringOr()));
}

/// Names that are right if they are given.
void checkNames(const Value &spec, std::initializer_list<const char *> keys, Problems (*problemsOf)(std::string_view),
                const FieldPath &path, Findings &findings)
{
    for (const char *key : keys) {
        if (const std::string_view name = textIn(spec, key); !name.empty())
            findings.each(path.child(key), name, problemsOf(name));
    }
}

void checkHostAliases(const Value &aliases, const FieldPath &path, Findings &findings)
{
    eachItem(aliases, path, [&](const Value &alias, const FieldPath &aliasPath) {
        const std::string_view address = textIn(alias, "ip");
        findings.each(aliasPath.child("ip"), address, addressProblems(address));
        eachItem(alias["hostnames"], aliasPath.child("hostnames"), [&](const Value &name, const FieldPath &namePath) {
            findings.each(namePath, name.stringOr(), dnsSubdomainProblems(name.stringOr()));
        });
    });
}

void checkPolicies(const Value &spec, const FieldPath &path, Findings &findings)
{
    if (!textIn(spec, "restartPolicy").empty())
        findings.oneOf(path.child("restartPolicy"), spec["restartPolicy"], {"Always", "OnFailure", "Never"});
    if (!textIn(spec, "dnsPolicy").empty())
        findings.oneOf(path.child("dnsPolicy"), spec["dnsPolicy"],
                       {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
}

void checkDeadline(const Value &spec, const FieldPath &path, Findings &findings)
{
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (const std::optional<std::int64_t> deadline = numberIn(spec, "activeDeadlineSeconds"))
        findings.inRange(path.child("activeDeadlineSeconds"), *deadline, 1, kMost);
}

void checkPlacement(const Value &spec, const FieldPath &path, Findings &findings)
{
    checkTolerations(spec["tolerations"], path.child("tolerations"), findings);
    checkHostAliases(spec["hostAliases"], path.child("hostAliases"), findings);
    checkNames(spec, {"priorityClassName"}, dnsSubdomainProblems, path, findings);
    if (const Value name = spec["runtimeClassName"]; isSet(name))
        findings.each(path.child("runtimeClassName"), name.stringOr(), dnsSubdomainProblems(name.stringOr()));
    if (const Value policy = spec["preemptionPolicy"]; isSet(policy)) {
        if (policy.stringOr().empty())
            findings.required(path.child("preemptionPolicy"));
        else
            findings.oneOf(path.child("preemptionPolicy"), policy, {"PreemptLowerPriority", "Never"});
    }
    checkOverhead(spec["overhead"], path.child("overhead"), findings);
}

void checkPodSpec(const Value &spec, const FieldPath &path, Findings &findings)
{
    PodFacts pod{.spec = spec, .volumes = checkVolumes(spec["volumes"], path.child("volumes"), findings), .claims = {}};
    pod.gracePeriodSeconds = spec["terminationGracePeriodSeconds"].intOr(pod.gracePeriodSeconds);
    const Value claims = spec["resourceClaims"];
    for (const Value &claim : claims.items()) {
        if (const std::string_view name = textIn(claim, "name"); !name.empty())
            pod.claims.emplace(name);
    }
    checkResourceClaims(claims, path.child("resourceClaims"), findings);
    checkContainers(pod, path, findings);
    checkPolicies(spec, path, findings);
    checkLabels(spec["nodeSelector"], path.child("nodeSelector"), findings);
    checkPodSecurity(spec["securityContext"], path.child("securityContext"), findings);
    checkAffinity(spec["affinity"], path.child("affinity"), findings);
    checkDns(spec, path, findings);
    checkGates(spec, path, findings);
    checkTopologySpread(spec["topologySpreadConstraints"], path.child("topologySpreadConstraints"), findings);
    checkHostProcesses(spec, path, findings);
    checkHostnameOverride(spec, path, findings);
    checkNames(spec, {"serviceAccountName", "nodeName"}, dnsSubdomainProblems, path, findings);
    checkDeadline(spec, path, findings);
    checkNames(spec, {"hostname", "subdomain"}, dnsLabelProblems, path, findings);
    checkPlacement(spec, path, findings);
    checkSystem(spec, path, findings);
    checkFileVolumes(spec, path, findings);
}

} // namespace

void checkPodTemplate(const Value &podTemplate, const FieldPath &path, Findings &findings)
{
    const Value metadata = podTemplate["metadata"];
    const Value annotations = metadata["annotations"];
    const Value spec = podTemplate["spec"];
    const FieldPath annotationsPath = path.child("annotations");
    const FieldPath specPath = path.child("spec");
    checkLabels(metadata["labels"], path.child("labels"), findings);
    checkAnnotations(annotations, annotationsPath, findings);
    checkPodAnnotations(annotations, spec, annotationsPath, findings);
    checkPodSpec(spec, specPath, findings);
    checkProfilesMatch(annotations, spec, specPath, findings);
    if (spec["ephemeralContainers"].size() > 0)
        findings.forbidden(specPath.child("ephemeralContainers"), "ephemeral containers not allowed in pod template");
}

} // namespace tiphys::rollout
