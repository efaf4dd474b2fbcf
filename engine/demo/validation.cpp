// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/validation.h"

#include "demo/selector.h"
#include "object/json.h"

#include <algorithm>
#include <array>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

bool isLowerAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isDnsLabel(std::string_view text)
{
    return !text.empty() && text.size() <= 63 && isLowerAlphanumeric(text.front()) && isLowerAlphanumeric(text.back())
           && std::ranges::all_of(text, [](char c) { return isLowerAlphanumeric(c) || c == '-'; });
}

bool isDnsSubdomain(std::string_view text)
{
    if (text.empty() || text.size() > 253)
        return false;
    for (std::size_t start = 0;;) {
        const std::size_t dot = std::min(text.find('.', start), text.size());
        const std::string_view part = text.substr(start, dot - start);
        if (part.empty() || !isLowerAlphanumeric(part.front()) || !isLowerAlphanumeric(part.back())
            || !std::ranges::all_of(part, [](char c) { return isLowerAlphanumeric(c) || c == '-'; }))
            return false;
        if (dot == text.size())
            return true;
        start = dot + 1;
    }
}

bool isLabelValue(std::string_view text)
{
    const auto isEnd = [](char c) { return isLowerAlphanumeric(c) || (c >= 'A' && c <= 'Z'); };
    return text.size() <= 63
           && (text.empty() || (isEnd(text.front()) && isEnd(text.back()) && std::ranges::all_of(text, [&](char c) {
                                    return isEnd(c) || c == '-' || c == '_' || c == '.';
                                })));
}

Cause invalidValue(std::string field, const Value &value, std::string_view why)
{
    return {"FieldValueInvalid", "Invalid value: " + object::toJson(value) + ": " + std::string(why), std::move(field)};
}

Cause required(std::string field, std::string_view why = "")
{
    return {"FieldValueRequired", why.empty() ? "Required value" : "Required value: " + std::string(why),
            std::move(field)};
}

void checkName(const Resource &resource, const Object &object, std::vector<Cause> &problems)
{
    const std::string_view name = object.name();
    if (resource.group == "rbac.authorization.k8s.io") {
        if (name == "." || name == ".." || name.find_first_of("/%") != std::string_view::npos)
            problems.push_back(invalidValue("metadata.name", name, "may not contain '/' or '%'"));
        return;
    }
    if (resource.kind == "Namespace" || resource.kind == "Service") {
        if (!isDnsLabel(name))
            problems.push_back(invalidValue(
                "metadata.name", name,
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
                "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"));
        return;
    }
    if (!isDnsSubdomain(name))
        problems.push_back(invalidValue(
            "metadata.name", name,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"));
}

void checkLabels(const Value &labels, const std::string &field, std::vector<Cause> &problems)
{
    for (const auto &[key, value] : labels.entries()) {
        if (!isLabelValue(value.stringOr()))
            problems.push_back(invalidValue(
                field, value,
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                "must start and end with an alphanumeric character"));
    }
}

void checkContainers(const Value &podSpec, const std::string &field, std::vector<Cause> &problems)
{
    const Value containers = podSpec["containers"];
    if (containers.isEmpty())
        problems.push_back(required(field + ".containers"));
    for (std::size_t i = 0; i < containers.size(); ++i) {
        const std::string place = field + ".containers[" + std::to_string(i) + "]";
        if (containers.at(i)["name"].stringOr().empty())
            problems.push_back(required(place + ".name"));
        if (containers.at(i)["image"].stringOr().empty())
            problems.push_back(required(place + ".image"));
    }
}

bool hasTemplate(const Resource &resource)
{
    return resource.group == "apps" && resource.kind != "ControllerRevision";
}

void checkWorkload(const Object &object, std::vector<Cause> &problems)
{
    const Value spec = object.value()["spec"];
    if (spec["replicas"].intOr(0) < 0)
        problems.push_back(invalidValue("spec.replicas", spec["replicas"], "must be greater than or equal to 0"));
    if (spec["selector"].isNull()) {
        problems.push_back(required("spec.selector"));
    } else {
        const Object pod{Value::map({{"metadata", spec.path({"template", "metadata"})}})};
        if (!Selector::ofLabelSelector(spec["selector"]).matches(pod))
            problems.push_back(invalidValue("spec.template.metadata.labels",
                                            spec.path({"template", "metadata", "labels"}),
                                            "`selector` does not match template `labels`"));
    }
    checkContainers(spec.path({"template", "spec"}), "spec.template.spec", problems);
}

void checkImmutable(const Object &before, const Object &after, std::initializer_list<std::string_view> path,
                    std::string field, std::vector<Cause> &problems)
{
    if (before.value().path(path) != after.value().path(path))
        problems.push_back(invalidValue(std::move(field), after.value().path(path), "field is immutable"));
}

void checkChange(const Resource &resource, const Object &before, const Object &after, std::vector<Cause> &problems)
{
    if (hasTemplate(resource))
        checkImmutable(before, after, {"spec", "selector"}, "spec.selector", problems);
    if (resource.kind == "Job" && resource.group == "batch") {
        checkImmutable(before, after, {"spec", "selector"}, "spec.selector", problems);
        checkImmutable(before, after, {"spec", "template"}, "spec.template", problems);
    }
    if (resource.kind == "StatefulSet") {
        for (const std::string_view field : {"serviceName", "volumeClaimTemplates", "podManagementPolicy"}) {
            if (before.path({"spec", field}) != after.path({"spec", field})) {
                problems.push_back(
                    {"FieldValueForbidden",
                     "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                     "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                     "'minReadySeconds' are forbidden",
                     "spec"});
                break;
            }
        }
    }
    if (resource.kind == "Service" && resource.group.empty() && !before.path({"spec", "clusterIP"}).isEmpty()
        && before.path({"spec", "type"}) == after.path({"spec", "type"})
        && before.path({"spec", "clusterIP"}) != after.path({"spec", "clusterIP"}))
        problems.push_back(invalidValue("spec.clusterIPs[0]", Value::list({after.path({"spec", "clusterIP"})}),
                                        "may not change once set"));
    if ((resource.kind == "ConfigMap" || resource.kind == "Secret") && before.path({"immutable"}).boolOr(false)
        && (before.path({"data"}) != after.path({"data"}) || !after.path({"immutable"}).boolOr(false)))
        problems.push_back({"FieldValueForbidden", "Forbidden: field is immutable when `immutable` is set", "data"});
    if (resource.kind.ends_with("RoleBinding"))
        checkImmutable(before, after, {"roleRef"}, "roleRef", problems);
}

} // namespace

std::vector<Cause> problemsOf(const Resource &resource, const Object &before, const Object &object)
{
    std::vector<Cause> problems;
    checkName(resource, object, problems);
    checkLabels(object.path({"metadata", "labels"}), "metadata.labels", problems);
    if (hasTemplate(resource))
        checkWorkload(object, problems);
    if (resource.kind == "Job" && resource.group == "batch")
        checkContainers(object.path({"spec", "template", "spec"}), "spec.template.spec", problems);
    if (resource.kind == "Pod")
        checkContainers(object.path({"spec"}), "spec", problems);
    if (!before.isNull())
        checkChange(resource, before, object, problems);
    return problems;
}

} // namespace tiphys::demo
