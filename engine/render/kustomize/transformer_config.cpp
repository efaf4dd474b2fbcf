// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/transformer_config.h"

#include "object/yaml.h"
#include "render/kustomize/kustomization_fields.h"
#include "render/kustomize/sort_order.h"

#include <algorithm>

namespace tiphys::render::kustomize {

std::string_view goType(const BackReferences &)
{
    return "NameBackReferences";
}
std::string_view goType(const TransformerConfig &)
{
    return "TransformerConfig";
}

template <typename Visit>
void visitFields(Visit &visit, BackReferences &references)
{
    visitGvk(visit, references.gvk, "Gvk.");
    visit("fieldSpecs", references.referrers);
}

template <typename Visit>
void visitFields(Visit &visit, TransformerConfig &config)
{
    visit("namePrefix", config.namePrefix);
    visit("nameSuffix", config.nameSuffix);
    visit("namespace", config.ns);
    visit("commonLabels", config.commonLabels);
    visit("labels", config.labels);
    visit("templateLabels", config.templateLabels);
    visit("commonAnnotations", config.commonAnnotations);
    visit("nameReference", config.nameReference);
    visit("varReference", config.varReference);
    visit("images", config.images);
    visit("replicas", config.replicas);
}

namespace {

/// The order of the original: a spec met earlier stands for the later ones its kind is selected by.
void sortByKind(FieldSpecs &specs)
{
    const auto isLess = [](const FieldSpec &left, const FieldSpec &right) { return isBefore(left.gvk, right.gvk); };
    // Making the texts to compare costs: most lists are in order already.
    if (!std::ranges::is_sorted(specs, isLess))
        std::ranges::stable_sort(specs, isLess);
}

} // namespace

void TransformerConfig::sort()
{
    for (FieldSpecs *specs : {&namePrefix, &nameSuffix, &ns, &commonAnnotations, &commonLabels, &labels,
                              &templateLabels, &varReference, &images, &replicas})
        sortByKind(*specs);
    // Names are repaired kind by kind in this order.
    std::ranges::stable_sort(nameReference, [](const BackReferences &left, const BackReferences &right) {
        return isBefore(left.gvk, right.gvk);
    });
}

Expected<TransformerConfig> TransformerConfig::parse(std::string_view text)
{
    const Expected<object::Value> value = object::parseYaml(text, {.duplicateKeys = object::DuplicateKeys::Refused});
    if (!value)
        return std::unexpected(value.error().in("error converting YAML to JSON"));
    TransformerConfig config;
    StructReader reader(Unknown::Refused, Scalars::Converted);
    reader.read(*value, config);
    if (reader.problem())
        return failure(ErrorCode::InvalidInput, "error unmarshaling JSON: while decoding JSON: " + *reader.problem());
    config.sort();
    return config;
}

Expected<void> TransformerConfig::addNameReference(const BackReferences &references)
{
    for (BackReferences &known : nameReference) {
        if (known.gvk == references.gvk)
            return mergeInto(known.referrers, references.referrers);
    }
    nameReference.push_back(references);
    return {};
}

Expected<void> TransformerConfig::merge(const TransformerConfig &other)
{
    struct Part
    {
        std::string_view name;
        FieldSpecs *into;
        const FieldSpecs *from;
    };
    const Part parts[] = {
        {"NamePrefix", &namePrefix, &other.namePrefix},
        {"NameSuffix", &nameSuffix, &other.nameSuffix},
        {"NameSpace", &ns, &other.ns},
        {"CommonAnnotations", &commonAnnotations, &other.commonAnnotations},
        {"CommonLabels", &commonLabels, &other.commonLabels},
        {"Labels", &labels, &other.labels},
        {"TemplateLabels", &templateLabels, &other.templateLabels},
        {"VarReference", &varReference, &other.varReference},
        {"Images", &images, &other.images},
        {"Replicas", &replicas, &other.replicas},
    };
    const auto context = [](std::string_view name) { return "failed to merge " + std::string(name) + " fieldSpec"; };
    for (const Part &part : parts) {
        const Expected<void> done = mergeInto(*part.into, *part.from);
        if (!done)
            return std::unexpected(done.error().in(context(part.name)));
    }
    for (const BackReferences &references : other.nameReference) {
        const Expected<void> done = addNameReference(references);
        if (!done)
            return std::unexpected(done.error().in(context("NameReference")));
    }
    sort();
    return {};
}

Expected<std::shared_ptr<const TransformerConfig>> mergedConfig(std::shared_ptr<const TransformerConfig> left,
                                                                std::shared_ptr<const TransformerConfig> right)
{
    if (!right)
        return left;
    if (right == TransformerConfig::defaults() && (!left || left == right))
        return right;
    // Into an empty one too: a spec of a kind the order has first takes the place of the spec for all kinds.
    auto merged = left ? std::make_shared<TransformerConfig>(*left) : std::make_shared<TransformerConfig>();
    const Expected<void> done = merged->merge(*right);
    if (!done)
        return std::unexpected(done.error());
    return merged;
}

} // namespace tiphys::render::kustomize
