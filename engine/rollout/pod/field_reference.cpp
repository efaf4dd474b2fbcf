// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/field_reference.h"

#include "base/text.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/quantities.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::string_view kKnownPaths[] = {
    "metadata.annotations", "metadata.labels",    "metadata.name",      "metadata.namespace",      "metadata.uid",
    "spec.nodeName",        "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.hostIP",
    "status.hostIPs",       "status.phase",       "status.podIP",       "status.podIPs",
};
constexpr std::string_view kResources[] = {
    "limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
    "requests.cpu", "requests.ephemeral-storage", "requests.memory",
};

/// "metadata.labels['a']" as "metadata.labels" and "a".
std::optional<std::pair<std::string_view, std::string_view>> subscripted(std::string_view path)
{
    const std::size_t open = path.find("['");
    if (!path.ends_with("']") || open == std::string_view::npos || open == 0 || open + 4 > path.size())
        return std::nullopt;
    return std::pair(path.substr(0, open), path.substr(open + 2, path.size() - open - 4));
}

bool isMapOfMetadata(std::string_view path)
{
    return path == "metadata.annotations" || path == "metadata.labels";
}

void checkPlainPath(std::string_view path, ReferenceUse use, const FieldPath &field, Findings &findings)
{
    const auto check = [&](std::initializer_list<std::string_view> supported) {
        // Plain text in Go, not a named type; no such path holds what JSON would escape.
        if (!std::ranges::contains(supported, path))
            findings.notSupported(field, path, supported);
    };
    if (use == ReferenceUse::Volume)
        check({"metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"});
    else
        check({"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
               "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"});
}

bool isHugePages(std::string_view resource)
{
    return resource.starts_with("requests.hugepages-") || resource.starts_with("limits.hugepages-");
}

void checkDivisor(std::string_view resource, const Value &divisor, const FieldPath &path, Findings &findings)
{
    const std::optional<schema::Quantity> quantity = quantityOf(divisor);
    if (!quantity || quantity->isZero())
        return;
    const std::string text = quantity->text();
    const bool isUnit =
        std::ranges::contains(std::initializer_list<std::string_view>{"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki",
                                                                      "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"},
                              std::string_view(text));
    const auto refuse = [&](const std::string &detail) {
        findings.invalid(path.child("divisor"), Value(resource), "only divisor's values " + detail);
    };
    const std::string units = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the ";
    if (resource.ends_with(".cpu")) {
        if (text != "1m" && text != "1")
            refuse("1m and 1 are supported with the cpu resource");
    } else if (resource == "limits.memory" || resource == "requests.memory") {
        if (!isUnit)
            refuse(units + "memory resource");
    } else if (resource == "limits.ephemeral-storage" || resource == "requests.ephemeral-storage") {
        if (!isUnit)
            refuse(units + "local ephemeral storage resource");
    } else if (isHugePages(resource) && !isUnit) {
        refuse(units + "hugepages resource");
    }
}

} // namespace

void checkFieldReference(const Value &reference, ReferenceUse use, const FieldPath &path, Findings &findings)
{
    const FieldPath field = path.child("fieldPath");
    const std::string_view version = textIn(reference, "apiVersion");
    std::string_view text = textIn(reference, "fieldPath");
    if (text.empty()) {
        findings.required(field);
        return;
    }
    const auto refuse = [&](const std::string &detail) {
        findings.invalid(field, Value(text), "error converting fieldPath: " + detail);
    };
    if (!version.empty() && version != "v1") {
        refuse("unsupported pod version: " + std::string(version));
        return;
    }
    if (const auto parts = subscripted(text)) {
        const auto &[map, key] = *parts;
        const std::string name = map == "metadata.labels" ? std::string(key) : asciiLower(key);
        if (isMapOfMetadata(map))
            findings.each(path, name, qualifiedNameProblems(name));
        else
            refuse("field label does not support subscript: " + std::string(text));
        return;
    }
    if (text == "spec.host")
        text = "spec.nodeName";
    else if (!std::ranges::contains(kKnownPaths, text)) {
        refuse("field label not supported: " + std::string(text));
        return;
    }
    checkPlainPath(text, use, field, findings);
}

void checkResourceReference(const Value &reference, ReferenceUse use, const FieldPath &path, Findings &findings)
{
    const std::string_view resource = textIn(reference, "resource");
    if (use == ReferenceUse::Volume && textIn(reference, "containerName").empty())
        findings.required(path.child("containerName"));
    else if (resource.empty())
        findings.required(path.child("resource"));
    else if (!std::ranges::contains(kResources, resource) && !isHugePages(resource))
        findings.notSupported(path.child("resource"), resource,
                              {"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
                               "requests.ephemeral-storage", "requests.memory"});
    checkDivisor(resource, reference["divisor"], path, findings);
}

} // namespace tiphys::rollout
