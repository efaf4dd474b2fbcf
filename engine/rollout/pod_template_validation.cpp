// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "rollout/reading.h"
#include "rollout/validation.h"

#include <algorithm>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::string_view kLabelRule =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

bool isDnsLabel(std::string_view name)
{
    const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !name.empty() && isWord(name.front()) && isWord(name.back())
           && std::ranges::all_of(name, [&](char c) { return isWord(c) || c == '-'; });
}

std::string json(const Value &value)
{
    return object::toJson(value, {.order = object::KeyOrder::Sorted, .escapesHtml = !value.isString()});
}

class TemplateCheck
{
public:
    TemplateCheck(const Value &podTemplate, const std::string &field)
        : m_spec(podTemplate["spec"]), m_field(field + ".spec")
    {
    }

    FieldErrors run();

private:
    void add(FieldError::Kind kind, const std::string &field, const Value &value, std::string detail)
    {
        m_errors.push_back({.field = field, .kind = kind, .value = json(value), .detail = std::move(detail)});
    }
    bool checkName(const Value &name, const std::string &field, std::set<std::string> &known);
    void checkVolumes();
    void checkContainers(const char *list, bool mayBeEmpty);
    void checkContainer(const Value &container, const std::string &field);
    void checkPorts(const Value &container, const std::string &field);
    void oneOf(const Value &value, const std::string &field, std::initializer_list<std::string_view> words);

    const Value m_spec;
    std::string m_field;
    FieldErrors m_errors;
    std::set<std::string> m_volumes;
    std::set<std::string> m_containers;
};

bool TemplateCheck::checkName(const Value &name, const std::string &field, std::set<std::string> &known)
{
    const std::string text(name.stringOr());
    if (text.empty()) {
        m_errors.push_back(requiredField(field, {}));
        return false;
    }
    if (text.size() > 63)
        add(FieldError::Kind::Invalid, field, name, "must be no more than 63 bytes");
    if (!isDnsLabel(text))
        add(FieldError::Kind::Invalid, field, name, std::string(kLabelRule));
    if (!known.insert(text).second) {
        add(FieldError::Kind::Duplicate, field, name, {});
        return false;
    }
    return true;
}

void TemplateCheck::checkVolumes()
{
    const Value volumes = m_spec["volumes"];
    std::size_t index = 0;
    for (const Value &volume : volumes.items()) {
        const std::string field = m_field + ".volumes[" + std::to_string(index++) + "]";
        // Without a source a volume is an emptyDir, by default.
        checkName(volume["name"], field + ".name", m_volumes);
    }
}

void TemplateCheck::oneOf(const Value &value, const std::string &field, std::initializer_list<std::string_view> words)
{
    if (value.isEmpty() || std::ranges::contains(words, value.stringOr()))
        return;
    std::string supported;
    for (const std::string_view word : words)
        supported += (supported.empty() ? "\"" : ", \"") + std::string(word) + "\"";
    add(FieldError::Kind::NotSupported, field, value, "supported values: " + supported);
}

void TemplateCheck::checkPorts(const Value &container, const std::string &field)
{
    const Value ports = container["ports"];
    std::size_t index = 0;
    for (const Value &port : ports.items()) {
        const std::string portField = field + ".ports[" + std::to_string(index++) + "]";
        const std::int64_t number = port["containerPort"].intOr(0);
        if (number == 0)
            m_errors.push_back(requiredField(portField + ".containerPort", {}));
        else if (number < 1 || number > 65535)
            add(FieldError::Kind::Invalid, portField + ".containerPort", Value(number),
                "must be between 1 and 65535, inclusive");
        oneOf(port["protocol"], portField + ".protocol", {"SCTP", "TCP", "UDP"});
    }
}

void TemplateCheck::checkContainer(const Value &container, const std::string &field)
{
    checkName(container["name"], field + ".name", m_containers);
    if (container["image"].stringOr().empty())
        m_errors.push_back(requiredField(field + ".image", {}));
    checkPorts(container, field);
    const Value mounts = container["volumeMounts"];
    std::size_t index = 0;
    for (const Value &mount : mounts.items()) {
        const std::string mountField = field + ".volumeMounts[" + std::to_string(index++) + "]";
        const std::string name(mount["name"].stringOr());
        if (name.empty())
            m_errors.push_back(requiredField(mountField + ".name", {}));
        else if (!m_volumes.contains(name))
            add(FieldError::Kind::NotFound, mountField + ".name", Value(name), {});
        if (mount["mountPath"].stringOr().empty())
            m_errors.push_back(requiredField(mountField + ".mountPath", {}));
    }
    oneOf(container["imagePullPolicy"], field + ".imagePullPolicy", {"Always", "IfNotPresent", "Never"});
    oneOf(container["terminationMessagePolicy"], field + ".terminationMessagePolicy",
          {"FallbackToLogsOnError", "File"});
}

void TemplateCheck::checkContainers(const char *list, bool mayBeEmpty)
{
    const Value containers = m_spec[list];
    const std::string field = m_field + "." + list;
    if (containers.size() == 0 && !mayBeEmpty)
        m_errors.push_back(requiredField(field, {}));
    std::size_t index = 0;
    for (const Value &container : containers.items())
        checkContainer(container, field + "[" + std::to_string(index++) + "]");
}

FieldErrors TemplateCheck::run()
{
    checkVolumes();
    checkContainers("containers", false);
    checkContainers("initContainers", true);
    oneOf(m_spec["restartPolicy"], m_field + ".restartPolicy", {"Always", "OnFailure", "Never"});
    oneOf(m_spec["dnsPolicy"], m_field + ".dnsPolicy", {"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"});
    const Value restart = m_spec["restartPolicy"];
    if (!restart.isEmpty() && restart.stringOr() != "Always")
        add(FieldError::Kind::NotSupported, m_field + ".restartPolicy", restart, "supported values: \"Always\"");
    if (m_spec.contains("activeDeadlineSeconds"))
        m_errors.push_back({.field = m_field + ".activeDeadlineSeconds",
                            .kind = FieldError::Kind::Forbidden,
                            .value = {},
                            .detail = "activeDeadlineSeconds in ReplicaSet is not Supported"});
    return std::move(m_errors);
}

} // namespace

FieldErrors podTemplateErrors(const Value &podTemplate, const LabelSelector &selector, const std::string &field)
{
    FieldErrors errors;
    const Value labels = podTemplate.path({"metadata", "labels"});
    const bool selectsAll = selector.value.isMap() && selector.matchLabels.empty()
                            && selector.value["matchExpressions"].size() == 0;
    if (!selector.value.isNull() && !selectsAll && !selector.matches(textMapOf(labels)))
        errors.push_back(invalidFieldJson(field + ".metadata.labels", labels.isNull() ? "null" : json(labels),
                                          "`selector` does not match template `labels`"));
    FieldErrors found = TemplateCheck(podTemplate, field).run();
    errors.insert(errors.end(), found.begin(), found.end());
    return errors;
}

} // namespace tiphys::rollout
