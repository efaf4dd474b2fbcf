// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/kustomize/field_spec.h"

#include <memory>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

/// A kind and the fields that hold names of its objects.
/// Source: kustomize api/internal/plugins/builtinconfig/namebackreferences.go@v5.8.1
struct BackReferences
{
    Gvk gvk;
    FieldSpecs referrers;
};

/// Which fields each transformer changes.
/// Source: kustomize api/internal/plugins/builtinconfig/transformerconfig.go@v5.8.1
struct TransformerConfig
{
    FieldSpecs namePrefix;
    FieldSpecs nameSuffix;
    FieldSpecs ns;
    FieldSpecs commonLabels;
    FieldSpecs labels;
    FieldSpecs templateLabels;
    FieldSpecs commonAnnotations;
    std::vector<BackReferences> nameReference;
    FieldSpecs varReference;
    FieldSpecs images;
    FieldSpecs replicas;

    /// What kustomize does without configuration.
    /// Source: kustomize api/internal/konfig/builtinpluginconsts@v5.8.1
    static std::shared_ptr<const TransformerConfig> defaults();
    /// A configuration file. Errors: InvalidInput for unknown fields and wrong types.
    static Expected<TransformerConfig> parse(std::string_view text);

    /// Adds what is not there yet and sorts. Errors: InvalidInput "conflicting fieldspecs".
    Expected<void> merge(const TransformerConfig &other);
    Expected<void> addNameReference(const BackReferences &references);
    /// Brings the specs into the order of their kinds, which decides what a merge takes for known.
    void sort();
};

/// \p left with \p right; the same object where only the defaults are merged. Null is empty.
Expected<std::shared_ptr<const TransformerConfig>> mergedConfig(std::shared_ptr<const TransformerConfig> left,
                                                                std::shared_ptr<const TransformerConfig> right);

} // namespace tiphys::render::kustomize
