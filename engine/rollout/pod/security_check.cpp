// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/security_check.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/path_check.h"
#include "rollout/pod/windows_user.h"

#include <algorithm>
#include <limits>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::int64_t kMostId = std::numeric_limits<std::int32_t>::max();

void checkId(const Value &id, const FieldPath &path, Findings &findings)
{
    if (const std::optional<std::int64_t> number = id.asInt())
        findings.inRange(path, *number, 0, kMostId);
}

void checkSeccomp(const Value &profile, const FieldPath &path, Findings &findings)
{
    if (!isSet(profile))
        return;
    const std::string_view type = textIn(profile, "type");
    if (type.empty())
        findings.required(path.child("type"), "type is required when seccompProfile is set");
    else
        findings.oneOf(path.child("type"), profile["type"], {"Localhost", "RuntimeDefault", "Unconfined"});
    const Value local = profile["localhostProfile"];
    const FieldPath localPath = path.child("localhostProfile");
    if (type == "Localhost" && !isSet(local))
        findings.required(localPath, "must be set when seccomp type is Localhost");
    else if (type == "Localhost")
        checkDescending(local.stringOr(), localPath, findings);
    else if (isSet(local))
        findings.invalid(localPath, Value::map({{"Type", Value(type)}, {"LocalhostProfile", local}}),
                         "can only be set when seccomp type is Localhost");
}

void checkLocalAppArmor(const Value &local, const FieldPath &path, Findings &findings)
{
    constexpr std::size_t kMost = 4095;
    const std::string_view name = local.stringOr();
    if (!isSet(local) || name.empty())
        findings.required(path, "must be set when AppArmor type is Localhost");
    else if (trimmed(name) != name)
        findings.invalid(path, local, "must not be padded with whitespace");
    if (name.size() > kMost)
        findings.tooLong(path, kMost);
}

void checkAppArmor(const Value &profile, const FieldPath &path, Findings &findings)
{
    if (!isSet(profile))
        return;
    const std::string_view type = textIn(profile, "type");
    const Value local = profile["localhostProfile"];
    const FieldPath localPath = path.child("localhostProfile");
    if (type == "Localhost")
        checkLocalAppArmor(local, localPath, findings);
    else if (type.empty())
        findings.required(path.child("type"), "type is required when appArmorProfile is set");
    else if (type != "RuntimeDefault" && type != "Unconfined")
        findings.notSupported(path.child("type"), type, {"Localhost", "RuntimeDefault", "Unconfined"});
    else if (isSet(local))
        findings.invalid(localPath, local, "can only be set when AppArmor type is Localhost");
}

/// Members of \p map under the names of Go's fields; texts that are absent are empty.
Value renamed(const Value &map, std::initializer_list<std::pair<const char *, const char *>> names, bool areTexts)
{
    if (!isSet(map))
        return {};
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[name, key] : names)
        members.emplace_back(name, areTexts ? Value(textIn(map, key)) : map[key]);
    return Value::map(members);
}

/// A container's security context as Go prints the type that is checked.
Value shown(const Value &context)
{
    const auto profile = [&](const char *key) {
        const Value given = context[key];
        return isSet(given) ? Value::map({{"Type", Value(textIn(given, "type"))},
                                          {"LocalhostProfile", given["localhostProfile"]}})
                            : Value();
    };
    return Value::map({
        {"Capabilities", renamed(context["capabilities"], {{"Add", "add"}, {"Drop", "drop"}}, false)},
        {"Privileged", context["privileged"]},
        {"SELinuxOptions", renamed(context["seLinuxOptions"],
                                   {{"User", "user"}, {"Role", "role"}, {"Type", "type"}, {"Level", "level"}}, true)},
        {"WindowsOptions", renamed(context["windowsOptions"],
                                   {{"GMSACredentialSpecName", "gmsaCredentialSpecName"},
                                    {"GMSACredentialSpec", "gmsaCredentialSpec"},
                                    {"RunAsUserName", "runAsUserName"},
                                    {"HostProcess", "hostProcess"}},
                                   false)},
        {"RunAsUser", context["runAsUser"]},
        {"RunAsGroup", context["runAsGroup"]},
        {"RunAsNonRoot", context["runAsNonRoot"]},
        {"ReadOnlyRootFilesystem", context["readOnlyRootFilesystem"]},
        {"AllowPrivilegeEscalation", context["allowPrivilegeEscalation"]},
        {"ProcMount", context["procMount"]},
        {"SeccompProfile", profile("seccompProfile")},
        {"AppArmorProfile", profile("appArmorProfile")},
    });
}

void checkEscalation(const Value &context, const FieldPath &path, Findings &findings)
{
    if (context["allowPrivilegeEscalation"].boolOr(true))
        return;
    if (context["privileged"].boolOr(false))
        findings.invalid(path, shown(context),
                         "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    const Value added = context.path({"capabilities", "add"});
    for (const Value &capability : added.items()) {
        if (capability.stringOr() == "CAP_SYS_ADMIN")
            findings.invalid(path, shown(context),
                             "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
}

void checkSysctls(const Value &sysctls, const FieldPath &path, Findings &findings)
{
    std::set<std::string> names;
    eachItem(sysctls, path, [&](const Value &sysctl, const FieldPath &itemPath) {
        const std::string name(textIn(sysctl, "name"));
        const FieldPath namePath = itemPath.child("name");
        if (name.empty())
            findings.required(namePath);
        else if (!isSysctlName(name))
            findings.invalid(namePath, Value(name),
                             "must have at most 253 characters and match regex "
                             "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
        else if (names.contains(name))
            findings.duplicate(namePath, name);
        names.insert(name);
    });
}

} // namespace

void checkContainerSecurity(const Value &given, Privileges privileges, const FieldPath &path, Findings &findings)
{
    if (!isSet(given))
        return;
    const bool isPrivileged = given["privileged"].boolOr(false);
    const Value context = isPrivileged && privileges == Privileges::Ignored ? given.without("privileged") : given;
    if (context["privileged"].boolOr(false))
        findings.forbidden(path.child("privileged"), "disallowed by cluster policy");
    checkId(context["runAsUser"], path.child("runAsUser"), findings);
    checkId(context["runAsGroup"], path.child("runAsGroup"), findings);
    const Value mount = context["procMount"];
    findings.oneOf(path.child("procMount"), mount, {"Default", "Unmasked"});
    // Users of the host are not looked at: what a pod says of them is lost on the way.
    if (mount.stringOr() == "Unmasked")
        findings.invalid(path.child("procMount"), mount, "`hostUsers` must be false to use `Unmasked`");
    checkSeccomp(context["seccompProfile"], path.child("seccompProfile"), findings);
    checkEscalation(context, path, findings);
    checkWindowsOptions(context["windowsOptions"], path.child("windowsOptions"), findings);
    checkAppArmor(context["appArmorProfile"], path.child("appArmorProfile"), findings);
}

void checkPodSecurity(const Value &context, const FieldPath &path, Findings &findings)
{
    if (!isSet(context))
        return;
    for (const char *key : {"fsGroup", "runAsUser", "runAsGroup"})
        checkId(context[key], path.child(key), findings);
    eachItem(context["supplementalGroups"], path.child("supplementalGroups"),
             [&](const Value &group, const FieldPath &groupPath) { checkId(group, groupPath, findings); });
    checkSysctls(context["sysctls"], path.child("sysctls"), findings);
    findings.oneOf(path.child("fsGroupChangePolicy"), context["fsGroupChangePolicy"], {"Always", "OnRootMismatch"});
    checkSeccomp(context["seccompProfile"], path.child("seccompProfile"), findings);
    checkWindowsOptions(context["windowsOptions"], path.child("windowsOptions"), findings);
    checkAppArmor(context["appArmorProfile"], path.child("appArmorProfile"), findings);
    findings.oneOf(path.child("supplementalGroupsPolicy"), context["supplementalGroupsPolicy"], {"Merge", "Strict"});
    findings.oneOf(path.child("seLinuxChangePolicy"), context["seLinuxChangePolicy"], {"MountOption", "Recursive"});
}

} // namespace tiphys::rollout
