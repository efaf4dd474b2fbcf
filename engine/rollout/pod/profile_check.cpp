// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/name_rules.h"
#include "rollout/pod/path_check.h"
#include "rollout/pod/security_check.h"

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::string_view kPodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
constexpr std::string_view kContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
constexpr std::string_view kContainerAppArmor = "container.apparmor.security.beta.kubernetes.io/";
constexpr std::string_view kLocalhost = "localhost/";

bool isDefaultSeccomp(std::string_view profile)
{
    return profile == "runtime/default" || profile == "docker/default";
}

void checkSeccompName(std::string_view profile, const FieldPath &path, Findings &findings)
{
    if (isDefaultSeccomp(profile) || profile == "unconfined")
        return;
    if (profile.starts_with(kLocalhost))
        checkDescending(profile.substr(kLocalhost.size()), path, findings);
    else
        findings.invalid(path, Value(profile), "must be a valid seccomp profile");
}

bool hasContainer(const Value &spec, std::string_view name)
{
    bool isFound = false;
    const FieldPath root("");
    eachContainer(spec, root, [&](const Value &container, const FieldPath &) {
        isFound = isFound || textIn(container, "name") == name;
    });
    return isFound;
}

void checkAppArmorName(std::string_view container, std::string_view profile, const Value &spec, const FieldPath &path,
                       Findings &findings)
{
    if (!hasContainer(spec, container))
        findings.invalid(path, Value(container), "container not found");
    const bool isKnown =
        profile.empty() || profile == "runtime/default" || profile == "unconfined" || profile.starts_with(kLocalhost);
    if (!isKnown)
        findings.invalid(path, Value(profile), "invalid AppArmor profile name: \"" + std::string(profile) + "\"");
}

/// The local profile that an annotation names, nothing if it names none.
std::optional<std::string_view> localProfile(std::string_view annotation)
{
    if (!annotation.starts_with(kLocalhost))
        return std::nullopt;
    return annotation.substr(kLocalhost.size());
}

/// Whether \p annotation says what \p profile says; \p word names the kind of profile.
void checkMatch(std::string_view annotation, const Value &profile, bool isDefault, const std::string &word,
                const FieldPath &path, Findings &findings)
{
    const std::string_view type = textIn(profile, "type");
    const auto local = localProfile(annotation);
    const bool isTypeWrong = (type == "Unconfined" && annotation != "unconfined")
                             || (type == "RuntimeDefault" && !isDefault) || (type == "Localhost" && !local);
    if (isTypeWrong)
        findings.forbidden(path.child("type"), word + " type in annotation and field must match");
    else if (type == "Localhost"
             && (!isSet(profile["localhostProfile"]) || *local != textIn(profile, "localhostProfile")))
        findings.forbidden(path.child("localhostProfile"), word + " profile in annotation and field must match");
}

void checkSeccompMatch(const Value &annotation, const Value &profile, const FieldPath &path, Findings &findings)
{
    if (annotation.isString() && isSet(profile))
        checkMatch(annotation.stringOr(), profile, isDefaultSeccomp(annotation.stringOr()), "seccomp", path, findings);
}

} // namespace

void checkProfileAnnotations(const Value &annotations, const Value &spec, const FieldPath &path, Findings &findings)
{
    if (const Value profile = annotations[kPodSeccomp]; profile.isString())
        checkSeccompName(profile.stringOr(), path.child(kPodSeccomp), findings);
    for (const auto &[key, profile] : annotations.sortedEntries()) {
        if (key.starts_with(kContainerSeccomp))
            checkSeccompName(profile.stringOr(), path.child(key), findings);
    }
    for (const auto &[key, profile] : annotations.sortedEntries()) {
        if (key.starts_with(kContainerAppArmor))
            checkAppArmorName(key.substr(kContainerAppArmor.size()), profile.stringOr(), spec, path.key(key), findings);
    }
}

void checkProfilesMatch(const Value &annotations, const Value &spec, const FieldPath &path, Findings &findings)
{
    if (annotations.size() == 0)
        return;
    const Value podContext = spec["securityContext"];
    checkSeccompMatch(annotations[kPodSeccomp], podContext["seccompProfile"],
                      path.child("securityContext.seccompProfile"), findings);
    eachContainer(spec, path, [&](const Value &container, const FieldPath &containerPath) {
        const std::string key = std::string(kContainerSeccomp) + std::string(textIn(container, "name"));
        checkSeccompMatch(annotations[key], container.path({"securityContext", "seccompProfile"}),
                          containerPath.child("securityContext.seccompProfile"), findings);
    });
    if (textIn(spec["os"], "name") == "windows")
        return;
    eachContainer(spec, path, [&](const Value &container, const FieldPath &containerPath) {
        const Value own = container.path({"securityContext", "appArmorProfile"});
        const Value profile = isSet(own) ? own : podContext["appArmorProfile"];
        const std::string key = std::string(kContainerAppArmor) + std::string(textIn(container, "name"));
        const Value annotation = annotations[key];
        if (annotation.isString() && isSet(profile))
            checkMatch(annotation.stringOr(), profile, annotation.stringOr() == "runtime/default", "apparmor",
                       containerPath.child("securityContext.appArmorProfile"), findings);
    });
}

} // namespace tiphys::rollout
