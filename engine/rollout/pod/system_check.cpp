// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/security_check.h"

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr const char *kWindows = "cannot be set for a windows pod";

void forbidWindowsOptions(const Value &context, const FieldPath &path, Findings &findings)
{
    if (isSet(context["windowsOptions"]))
        findings.forbidden(path.child("windowsOptions"), "windows options cannot be set for a linux pod");
}

void forbid(const Value &context, std::initializer_list<const char *> keys, const FieldPath &path, Findings &findings)
{
    for (const char *key : keys) {
        const Value member = context[key];
        if (isSet(member) && !(member.isList() && member.size() == 0))
            findings.forbidden(path.child(key), kWindows);
    }
}

void checkWindows(const Value &spec, const FieldPath &path, Findings &findings)
{
    forbid(spec["securityContext"],
           {"appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls",
            "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy"},
           path.child("securityContext"), findings);
    eachContainer(spec, path, [&](const Value &container, const FieldPath &containerPath) {
        Value context = container["securityContext"];
        // Privileges that are had are not looked at.
        if (context["privileged"].boolOr(false))
            context = context.without("privileged");
        forbid(context,
               {"appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem",
                "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup"},
               containerPath.child("securityContext"), findings);
    });
}

} // namespace

void checkSystem(const Value &spec, const FieldPath &path, Findings &findings)
{
    const Value system = spec["os"];
    if (!isSet(system))
        return;
    const std::string_view name = textIn(system, "name");
    const FieldPath systemPath = path.child("os");
    if (name.empty()) {
        findings.required(systemPath.child("name"));
    } else if (name == "windows") {
        checkWindows(spec, path, findings);
    } else if (name == "linux") {
        forbidWindowsOptions(spec["securityContext"], path.child("securityContext"), findings);
        eachContainer(spec, path, [&](const Value &container, const FieldPath &containerPath) {
            forbidWindowsOptions(container["securityContext"], containerPath.child("securityContext"), findings);
        });
    } else {
        findings.notSupported(systemPath, name, {"linux", "windows"});
    }
}

void checkHostProcesses(const Value &spec, const FieldPath &path, Findings &findings)
{
    const std::optional<bool> ofPod = spec.path({"securityContext", "windowsOptions", "hostProcess"}).asBool();
    std::size_t containers = 0;
    std::size_t ofHost = 0;
    eachContainer(spec, path, [&](const Value &container, const FieldPath &containerPath) {
        ++containers;
        const std::optional<bool> own = container.path({"securityContext", "windowsOptions", "hostProcess"}).asBool();
        if (ofPod && own && *ofPod != *own)
            findings.invalid(containerPath.child("securityContext.windowsOptions.hostProcess"), Value(*own),
                             std::string("pod hostProcess value must be identical if both are specified, was ")
                                 + (*ofPod ? "true" : "false"));
        ofHost += own.value_or(ofPod.value_or(false)) ? 1 : 0;
    });
    if (ofHost == 0)
        return;
    if (ofHost != containers)
        findings.invalid(
            path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers");
    // What a pod says of the host's network is lost on the way.
    findings.invalid(path.child("hostNetwork"), Value(false),
                     "hostNetwork must be true if pod contains any hostProcess containers");
    findings.forbidden(path, "hostProcess containers are disallowed by cluster policy");
}

} // namespace tiphys::rollout
