// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/mount_check.h"

#include "rollout/pod/path_check.h"

#include <algorithm>
#include <map>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

/// Where things stand, by their names; of equal names the last.
using Places = std::map<std::string, std::string, std::less<>>;

Places placesOf(const Value &list, const char *key)
{
    Places places;
    for (const Value &item : list.items())
        places.insert_or_assign(std::string(textIn(item, "name")), std::string(textIn(item, key)));
    return places;
}

bool hasPlace(const Places &places, std::string_view place)
{
    return std::ranges::any_of(places, [place](const auto &entry) { return entry.second == place; });
}

void checkPropagation(const Value &mount, bool isPrivileged, const FieldPath &path, Findings &findings)
{
    const Value propagation = mount["mountPropagation"];
    findings.oneOf(path, propagation, {"Bidirectional", "HostToContainer", "None"});
    if (propagation.stringOr() == "Bidirectional" && !isPrivileged)
        findings.forbidden(path, "Bidirectional mount propagation is available only to privileged containers");
}

void checkReadOnly(const Value &mount, const FieldPath &path, Findings &findings)
{
    const Value mode = mount["recursiveReadOnly"];
    findings.oneOf(path, mode, {"Disabled", "Enabled", "IfPossible"});
    if (mode.stringOr() != "Enabled" && mode.stringOr() != "IfPossible")
        return;
    if (!mount["readOnly"].boolOr(false))
        findings.forbidden(path, "may only be specified when readOnly is true");
    if (isSet(mount["mountPropagation"]) && textIn(mount, "mountPropagation") != "None")
        findings.forbidden(path, "may only be specified when mountPropagation is None or not specified");
}

void checkSubPaths(const Value &mount, const FieldPath &listPath, const FieldPath &path, Findings &findings)
{
    const std::string_view plain = textIn(mount, "subPath");
    const std::string_view expression = textIn(mount, "subPathExpr");
    if (!plain.empty())
        checkDescending(plain, listPath.child("subPath"), findings);
    if (expression.empty())
        return;
    if (!plain.empty())
        findings.invalid(path.child("subPathExpr"), Value(expression),
                         "subPathExpr and subPath are mutually exclusive");
    checkDescending(expression, listPath.child("subPathExpr"), findings);
}

void checkMount(const Value &mount, const Places &devices, const FieldPath &path, Findings &findings)
{
    const std::string_view name = textIn(mount, "name");
    const std::string_view place = textIn(mount, "mountPath");
    if (devices.contains(name))
        findings.invalid(path.child("name"), Value(name), "must not already exist in volumeDevices");
    if (hasPlace(devices, place))
        findings.invalid(path.child("mountPath"), Value(place), "must not already exist as a path in volumeDevices");
}

void checkDevices(const Value &container, const Volumes &volumes, const FieldPath &path, Findings &findings)
{
    const Places mounts = placesOf(container["volumeMounts"], "mountPath");
    std::set<std::string, std::less<>> names;
    std::set<std::string, std::less<>> places;
    eachItem(container["volumeDevices"], path, [&](const Value &device, const FieldPath &devicePath) {
        const std::string_view name = textIn(device, "name");
        const std::string_view place = textIn(device, "devicePath");
        const FieldPath namePath = devicePath.child("name");
        const FieldPath placePath = devicePath.child("devicePath");
        const auto volume = volumes.find(name);
        if (name.empty())
            findings.required(namePath);
        if (names.contains(name))
            findings.invalid(namePath, Value(name), "must be unique");
        if (volume == volumes.end())
            findings.notFound(namePath, name);
        else if (!isSet(volume->second["persistentVolumeClaim"]) && !isSet(volume->second["ephemeral"]))
            findings.invalid(namePath, Value(name),
                             "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
        if (place.empty())
            findings.required(placePath);
        if (places.contains(place))
            findings.invalid(placePath, Value(place), "must be unique");
        if (hasBackstep(place))
            findings.invalid(placePath, Value(place), "can not contain backsteps ('..')");
        else
            places.emplace(place);
        if (mounts.contains(name))
            findings.invalid(namePath, Value(name), "must not already exist in volumeMounts");
        if (hasPlace(mounts, place))
            findings.invalid(placePath, Value(place), "must not already exist as a path in volumeMounts");
        if (!name.empty())
            names.emplace(name);
    });
}

} // namespace

void checkMounts(const Value &container, const Volumes &volumes, Privileges privileges, const FieldPath &path,
                 Findings &findings)
{
    const Places devices = placesOf(container["volumeDevices"], "devicePath");
    const bool isPrivileged =
        privileges == Privileges::Counted && container.path({"securityContext", "privileged"}).boolOr(false);
    std::set<std::string, std::less<>> places;
    const FieldPath listPath = path.child("volumeMounts");
    eachItem(container["volumeMounts"], listPath, [&](const Value &mount, const FieldPath &mountPath) {
        const std::string_view name = textIn(mount, "name");
        const std::string_view place = textIn(mount, "mountPath");
        if (name.empty())
            findings.required(mountPath.child("name"));
        if (!volumes.contains(name))
            findings.notFound(mountPath.child("name"), name);
        if (place.empty())
            findings.required(mountPath.child("mountPath"));
        if (!places.emplace(place).second)
            findings.invalid(mountPath.child("mountPath"), Value(place), "must be unique");
        checkMount(mount, devices, mountPath, findings);
        checkSubPaths(mount, listPath, mountPath, findings);
        checkPropagation(mount, isPrivileged, listPath.child("mountPropagation"), findings);
        checkReadOnly(mount, listPath.child("recursiveReadOnly"), findings);
    });
    checkDevices(container, volumes, path.child("volumeDevices"), findings);
}

} // namespace tiphys::rollout
