// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/kustomization_fields.h"

#include <string>
#include <string_view>
#include <vector>

/// Configurations of kustomize's own plugins that are no entries of a kustomization file.
/// Source: kustomize api/internal/builtins@v5.8.1
namespace tiphys::render::kustomize {

struct MetadataConfig
{
    ObjectMeta metadata;
};

struct AffixConfig
{
    std::string prefix;
    std::string suffix;
    FieldSpecs specs;
};

struct NamespaceConfig
{
    ObjectMeta metadata;
    FieldSpecs specs;
    bool setsUnsetOnly = false;
    std::string subjects;
};

struct JsonPatchConfig
{
    std::optional<Selector> target;
    std::string path;
    std::string operations;
};

struct StrategicMergeConfig
{
    std::vector<std::string> paths;
    std::string patches;
};

/// The union of the transformers that are told field specs and one thing more.
struct SpecsConfig
{
    StringMap annotations;
    StringMap labels;
    Image image;
    Replica replica;
    std::vector<ReplacementField> replacements;
    FieldSpecs specs;
};

struct ValueTarget
{
    std::optional<Selector> selector;
    std::string fieldPath;
    std::int64_t filePathPosition = 0;
};
struct ValueAddConfig
{
    std::string value;
    std::vector<ValueTarget> targets;
    std::string targetFilePath;
};

struct CloudService
{
    std::string name;
    std::string ns;
};
struct CloudAccount
{
    std::string name;
    std::string projectId;
};
struct IamPolicyConfig
{
    std::string cloud;
    CloudService service;
    CloudAccount account;
};

inline std::string_view goType(const MetadataConfig &)
{
    return "ConfigMapGeneratorPlugin";
}
inline std::string_view goType(const AffixConfig &)
{
    return "PrefixTransformerPlugin";
}
inline std::string_view goType(const NamespaceConfig &)
{
    return "NamespaceTransformerPlugin";
}
inline std::string_view goType(const JsonPatchConfig &)
{
    return "PatchJson6902TransformerPlugin";
}
inline std::string_view goType(const StrategicMergeConfig &)
{
    return "PatchStrategicMergeTransformerPlugin";
}
inline std::string_view goType(const SpecsConfig &)
{
    return "TransformerPlugin";
}
inline std::string_view goType(const ValueTarget &)
{
    return "Target";
}
inline std::string_view goType(const ValueAddConfig &)
{
    return "ValueAddTransformerPlugin";
}
inline std::string_view goType(const CloudService &)
{
    return "KubernetesService";
}
inline std::string_view goType(const CloudAccount &)
{
    return "ServiceAccount";
}
inline std::string_view goType(const IamPolicyConfig &)
{
    return "IAMPolicyGeneratorPlugin";
}

template <typename Visit>
void visitFields(Visit &visit, MetadataConfig &config)
{
    visit("metadata", config.metadata);
}

template <typename Visit>
void visitFields(Visit &visit, AffixConfig &config)
{
    visit("prefix", config.prefix);
    visit("suffix", config.suffix);
    visit("fieldSpecs", config.specs);
}

template <typename Visit>
void visitFields(Visit &visit, NamespaceConfig &config)
{
    visit("metadata", config.metadata);
    visit("fieldSpecs", config.specs);
    visit("unsetOnly", config.setsUnsetOnly);
    visit("setRoleBindingSubjects", config.subjects);
}

template <typename Visit>
void visitFields(Visit &visit, JsonPatchConfig &config)
{
    visit("target", config.target);
    visit("path", config.path);
    visit("jsonOp", config.operations);
}

template <typename Visit>
void visitFields(Visit &visit, StrategicMergeConfig &config)
{
    visit("paths", config.paths);
    visit("patches", config.patches);
}

template <typename Visit>
void visitFields(Visit &visit, SpecsConfig &config)
{
    visit("annotations", config.annotations);
    visit("labels", config.labels);
    visit("imageTag", config.image);
    visit("replica", config.replica);
    visit("replacements", config.replacements);
    visit("fieldSpecs", config.specs);
}

template <typename Visit>
void visitFields(Visit &visit, ValueTarget &target)
{
    visit("selector", target.selector);
    visit("fieldPath", target.fieldPath);
    visit("filePathPosition", target.filePathPosition);
}

template <typename Visit>
void visitFields(Visit &visit, ValueAddConfig &config)
{
    visit("value", config.value);
    visit("targets", config.targets);
    visit("targetFilePath", config.targetFilePath);
}

template <typename Visit>
void visitFields(Visit &visit, CloudService &service)
{
    visit("name", service.name);
    visit("namespace", service.ns);
}

template <typename Visit>
void visitFields(Visit &visit, CloudAccount &account)
{
    visit("name", account.name);
    visit("projectId", account.projectId);
}

template <typename Visit>
void visitFields(Visit &visit, IamPolicyConfig &config)
{
    visit("cloud", config.cloud);
    visit("kubernetesService", config.service);
    visit("serviceAccount", config.account);
}

} // namespace tiphys::render::kustomize
