// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/strict/go_type.h"

#include "base/text.h"
#include "rollout/strict/own_types.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace tiphys::rollout {

namespace {

constexpr std::string_view kCore = "io.k8s.api.core.v1.";
constexpr std::string_view kMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.";

/// A member of one of the own structs, as it is written.
struct OwnField
{
    std::string_view name;
    std::string_view type;
    std::string_view embedded;
};
using OwnStructs = std::map<std::string_view, std::vector<OwnField>>;

OwnStructs parsedStructs()
{
    OwnStructs structs;
    std::vector<std::pair<std::string_view, std::string_view>> embeddings;
    for (const std::string_view line : kOwnTypes) {
        const std::vector<std::string_view> words = split(line, ' ');
        std::vector<OwnField> &fields = structs[words.front()];
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::size_t colon = words[i].find(':');
            if (colon == std::string_view::npos)
                embeddings.emplace_back(words.front(), words[i].substr(1));
            else
                fields.push_back(
                    {.name = words[i].substr(0, colon), .type = words[i].substr(colon + 1), .embedded = {}});
        }
    }
    for (const auto &[outer, inner] : embeddings) {
        for (OwnField field : structs[inner]) {
            field.embedded = inner;
            structs[outer].push_back(field);
        }
    }
    return structs;
}

const OwnStructs &ownStructs()
{
    static const OwnStructs structs = parsedStructs();
    return structs;
}

/// The type that \p text writes.
GoType written(std::string_view text)
{
    using Kind = GoType::Kind;
    static const std::map<std::string_view, std::pair<Kind, const char *>> kScalars = {
        {"string", {Kind::String, "string"}},
        {"bool", {Kind::Bool, "bool"}},
        {"int32", {Kind::Int32, "int32"}},
        {"int64", {Kind::Int64, "int64"}},
        {"IntOrString", {Kind::IntOrString, "intstr.IntOrString"}},
        {"RawMessage", {Kind::Any, "json.RawMessage"}},
        {"Time", {Kind::Time, "v1.Time"}},
    };
    if (const auto scalar = kScalars.find(text); scalar != kScalars.end())
        return {.kind = scalar->second.first, .name = scalar->second.second, .builtIn = nullptr, .own = {}};
    if (text.starts_with('~')) {
        text.remove_prefix(1);
        return {.kind = Kind::String,
                .name = (text.contains('.') ? "" : "v1alpha1.") + std::string(text),
                .builtIn = nullptr,
                .own = {}};
    }
    if (text.starts_with("[]") || text.starts_with("<>")) {
        const std::string_view item = text.substr(2);
        const bool isList = text.starts_with('[');
        return {.kind = isList ? Kind::List : Kind::Map,
                .name = (isList ? "[]" : "map[string]") + written(item).name,
                .builtIn = nullptr,
                .own = item};
    }
    if (text == "PodTemplateSpec")
        return builtInType(std::string(kCore) + "PodTemplateSpec");
    if (text == "ObjectMeta" || text == "LabelSelector")
        return builtInType(std::string(kMeta) + std::string(text));
    return {.kind = Kind::Struct, .name = "v1alpha1." + std::string(text), .builtIn = nullptr, .own = text};
}

/// "v1.PodSpec" of "io.k8s.api.core.v1.PodSpec".
std::string goName(std::string_view modelName)
{
    const std::size_t last = modelName.rfind('.');
    const std::size_t before = modelName.rfind('.', last - 1);
    return std::string(modelName.substr(before + 1));
}

GoType goTypeOf(const schema::Type &type)
{
    using Kind = GoType::Kind;
    const auto scalar = [](Kind kind, const char *name) {
        return GoType{.kind = kind, .name = name, .builtIn = nullptr, .own = {}};
    };
    switch (type.kind()) {
    case schema::Kind::Bool: return scalar(Kind::Bool, "bool");
    case schema::Kind::Int32: return scalar(Kind::Int32, "int32");
    case schema::Kind::Int64: return scalar(Kind::Int64, "int64");
    case schema::Kind::Float: return scalar(Kind::Float, "float64");
    case schema::Kind::String: return scalar(Kind::String, "string");
    case schema::Kind::Quantity: return scalar(Kind::Quantity, "resource.Quantity");
    case schema::Kind::IntOrString: return scalar(Kind::IntOrString, "intstr.IntOrString");
    case schema::Kind::Time: return scalar(Kind::Time, "v1.Time");
    case schema::Kind::List:
        return {.kind = Kind::List, .name = "[]" + goTypeOf(*type.element()).name, .builtIn = &type, .own = {}};
    case schema::Kind::Map:
        return {.kind = Kind::Map,
                .name = type.element()->kind() == schema::Kind::Quantity
                            ? "v1.ResourceList"
                            : "map[string]" + goTypeOf(*type.element()).name,
                .builtIn = &type,
                .own = {}};
    case schema::Kind::Struct: return {.kind = Kind::Struct, .name = goName(type.name()), .builtIn = &type, .own = {}};
    case schema::Kind::Bytes:
    case schema::Kind::MicroTime:
    case schema::Kind::Duration:
    case schema::Kind::Any: break;
    }
    return {};
}

using Names = std::map<std::pair<std::string_view, std::string_view>, std::string_view>;

/// Texts of named types: struct, member, type.
/// Source: k8s.io/api/core/v1/types.go@v0.34.1
const Names &namedTexts()
{
    static const Names names = {
        {{"AppArmorProfile", "type"}, "AppArmorProfileType"},
        {{"AzureDiskVolumeSource", "cachingMode"}, "AzureDataDiskCachingMode"},
        {{"AzureDiskVolumeSource", "kind"}, "AzureDataDiskKind"},
        {{"Capabilities", "add"}, "Capability"},
        {{"Capabilities", "drop"}, "Capability"},
        {{"Container", "imagePullPolicy"}, "PullPolicy"},
        {{"Container", "restartPolicy"}, "ContainerRestartPolicy"},
        {{"Container", "terminationMessagePolicy"}, "TerminationMessagePolicy"},
        {{"ContainerPort", "protocol"}, "Protocol"},
        {{"ContainerResizePolicy", "resourceName"}, "ResourceName"},
        {{"ContainerResizePolicy", "restartPolicy"}, "ResourceResizeRestartPolicy"},
        {{"ContainerRestartRule", "action"}, "ContainerRestartRuleAction"},
        {{"ContainerRestartRuleOnExitCodes", "operator"}, "ContainerRestartRuleOnExitCodesOperator"},
        {{"EmptyDirVolumeSource", "medium"}, "StorageMedium"},
        {{"EphemeralContainer", "imagePullPolicy"}, "PullPolicy"},
        {{"EphemeralContainer", "restartPolicy"}, "ContainerRestartPolicy"},
        {{"EphemeralContainer", "terminationMessagePolicy"}, "TerminationMessagePolicy"},
        {{"HTTPGetAction", "scheme"}, "URIScheme"},
        {{"HTTPIngressPath", "pathType"}, "PathType"},
        {{"HostPathVolumeSource", "type"}, "HostPathType"},
        {{"ImageVolumeSource", "pullPolicy"}, "PullPolicy"},
        {{"LabelSelectorRequirement", "operator"}, "LabelSelectorOperator"},
        {{"Lifecycle", "stopSignal"}, "Signal"},
        {{"NodeSelectorRequirement", "operator"}, "NodeSelectorOperator"},
        {{"PersistentVolumeClaimSpec", "accessModes"}, "PersistentVolumeAccessMode"},
        {{"PersistentVolumeClaimSpec", "volumeMode"}, "PersistentVolumeMode"},
        {{"PodOS", "name"}, "OSName"},
        {{"PodReadinessGate", "conditionType"}, "PodConditionType"},
        {{"PodSecurityContext", "fsGroupChangePolicy"}, "PodFSGroupChangePolicy"},
        {{"PodSecurityContext", "seLinuxChangePolicy"}, "PodSELinuxChangePolicy"},
        {{"PodSecurityContext", "supplementalGroupsPolicy"}, "SupplementalGroupsPolicy"},
        {{"PodSpec", "dnsPolicy"}, "DNSPolicy"},
        {{"PodSpec", "preemptionPolicy"}, "PreemptionPolicy"},
        {{"PodSpec", "restartPolicy"}, "RestartPolicy"},
        {{"SeccompProfile", "type"}, "SeccompProfileType"},
        {{"SecurityContext", "procMount"}, "ProcMountType"},
        {{"ServicePort", "protocol"}, "Protocol"},
        {{"ServiceSpec", "externalTrafficPolicy"}, "ServiceExternalTrafficPolicy"},
        {{"ServiceSpec", "internalTrafficPolicy"}, "ServiceInternalTrafficPolicy"},
        {{"ServiceSpec", "ipFamilies"}, "IPFamily"},
        {{"ServiceSpec", "ipFamilyPolicy"}, "IPFamilyPolicy"},
        {{"ServiceSpec", "sessionAffinity"}, "ServiceAffinity"},
        {{"ServiceSpec", "type"}, "ServiceType"},
        {{"Toleration", "effect"}, "TaintEffect"},
        {{"Toleration", "operator"}, "TolerationOperator"},
        {{"TopologySpreadConstraint", "nodeAffinityPolicy"}, "NodeInclusionPolicy"},
        {{"TopologySpreadConstraint", "nodeTaintsPolicy"}, "NodeInclusionPolicy"},
        {{"TopologySpreadConstraint", "whenUnsatisfiable"}, "UnsatisfiableConstraintAction"},
        {{"VolumeMount", "mountPropagation"}, "MountPropagationMode"},
        {{"VolumeMount", "recursiveReadOnly"}, "RecursiveReadOnlyMode"},
    };
    return names;
}

/// Structs that other structs have within: outer, inner.
constexpr std::pair<std::string_view, std::string_view> kEmbeddings[] = {
    {"ConfigMapEnvSource", "LocalObjectReference"},     {"ConfigMapKeySelector", "LocalObjectReference"},
    {"ConfigMapProjection", "LocalObjectReference"},    {"ConfigMapVolumeSource", "LocalObjectReference"},
    {"EphemeralContainer", "EphemeralContainerCommon"}, {"Probe", "ProbeHandler"},
    {"SecretEnvSource", "LocalObjectReference"},        {"SecretKeySelector", "LocalObjectReference"},
    {"SecretProjection", "LocalObjectReference"},       {"Volume", "VolumeSource"},
};

/// Members that the version of Kubernetes that Rollouts are read with does not have yet.
constexpr std::pair<std::string_view, std::string_view> kLaterMembers[] = {
    {"PodCertificateProjection", "userAnnotations"},
    {"PodSpec", "schedulingGroup"},
    {"PodSpec", "workloadRef"},
};

/// Members of outer structs that are not those of an embedded one.
bool isOuterMember(std::string_view outer, std::string_view member)
{
    constexpr std::pair<std::string_view, std::string_view> kOuter[] = {{"EphemeralContainer", "targetContainerName"},
                                                                        {"Volume", "name"}};
    return std::ranges::contains(kOuter, std::pair(outer, member));
}

/// Whether \p member of the struct \p outer belongs to \p inner.
bool isEmbedded(std::string_view outer, std::string_view inner, std::string_view member)
{
    if (inner == "LocalObjectReference")
        return member == "name";
    if (inner == "ProbeHandler")
        return member == "exec" || member == "httpGet" || member == "tcpSocket" || member == "grpc";
    return !isOuterMember(outer, member);
}

std::string_view plainName(const schema::Type &type)
{
    const std::string_view name = type.name();
    return name.substr(name.rfind('.') + 1);
}

std::optional<GoField> builtInField(const schema::Type &type, std::string_view key)
{
    const schema::Field *found = type.field(key);
    const std::string_view outer = plainName(type);
    if (!found || std::ranges::contains(kLaterMembers, std::pair(outer, found->name())))
        return std::nullopt;
    GoField field{.name = found->name(), .type = goTypeOf(found->type()), .embedded = {}, .embeddedType = {}};
    if (const auto named = namedTexts().find({outer, found->name()}); named != namedTexts().end())
        field.type.name = (field.type.kind == GoType::Kind::List ? "[]v1." : "v1.") + std::string(named->second);
    for (const auto &[struct_, inner] : kEmbeddings) {
        if (struct_ != outer || !isEmbedded(outer, inner, found->name()))
            continue;
        field.embedded = inner;
        // Only what it holds is looked at, under the name of its own.
        field.embeddedType =
            GoType{.kind = GoType::Kind::Struct, .name = "v1." + std::string(inner), .builtIn = &type, .own = inner};
    }
    return field;
}

} // namespace

GoType rolloutType()
{
    return written("Rollout");
}

GoType builtInType(std::string_view modelName)
{
    const schema::Type *type = schema::typeNamed(modelName);
    return type ? goTypeOf(*type) : GoType();
}

GoType elementOf(const GoType &type)
{
    if (!type.builtIn)
        return written(type.own);
    GoType element = goTypeOf(*type.builtIn->element());
    // The items of a list of named texts are named, too.
    if (element.kind == GoType::Kind::String && type.name.starts_with("[]"))
        element.name = type.name.substr(2);
    return element;
}

std::optional<GoField> fieldOf(const GoType &type, std::string_view key)
{
    if (type.builtIn) {
        std::optional<GoField> field = builtInField(*type.builtIn, key);
        // A struct within a struct: only its own members, of their own types.
        if (field && !type.own.empty()) {
            if (field->embedded != type.own)
                return std::nullopt;
            field->embedded = {};
            field->embeddedType.reset();
        }
        return field;
    }
    const std::vector<OwnField> &fields = ownStructs().at(type.own);
    auto found = std::ranges::find(fields, key, &OwnField::name);
    if (found == fields.end())
        found = std::ranges::find_if(
            fields, [lower = asciiLower(key)](const OwnField &field) { return asciiLower(field.name) == lower; });
    if (found == fields.end())
        return std::nullopt;
    GoField field{.name = found->name, .type = written(found->type), .embedded = found->embedded, .embeddedType = {}};
    if (!found->embedded.empty())
        field.embeddedType = written(found->embedded);
    return field;
}

} // namespace tiphys::rollout
