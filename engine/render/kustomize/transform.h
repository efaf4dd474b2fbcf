// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/kustomize/kustomization.h"
#include "render/kustomize/resource.h"
#include "render/kustomize/transformer_config.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::render::kustomize {

/// One step of a build: changes the resources it is given.
using Transform = std::function<Expected<void>(ResourceList &)>;

/// Field specs with their paths in parts, made once for many resources.
class PreparedSpecs
{
public:
    explicit PreparedSpecs(const FieldSpecs &specs);

    /// Calls \p action at every field of \p resource that one of the specs leads to.
    /// Source: kustomize api/filters/fsslice/fsslice.go@v5.8.1
    Expected<void> visit(Resource &resource, Creation creation, const NodeAction &action) const;

    struct Prepared
    {
        FieldSpec spec;
        std::vector<std::string> path;
    };
    const std::vector<Prepared> &all() const { return m_specs; }

private:
    std::vector<Prepared> m_specs;
};
using PreparedSpecsPtr = std::shared_ptr<const PreparedSpecs>;
/// \p specs prepared; once and for all for those of the built-in configuration.
PreparedSpecsPtr preparedSpecs(const FieldSpecs &specs);

/// Labels or annotations set at the specs' fields.
/// Source: kustomize api/filters/labels/labels.go, annotations/annotations.go@v5.8.1
Transform textsTransform(const StringMap &texts, const FieldSpecs &specs);

enum class Affix { Prefix, Suffix };
/// Source: kustomize api/internal/builtins/{Prefix,Suffix}Transformer.go@v5.8.1
Transform affixTransform(Affix affix, const std::string &text, const FieldSpecs &specs);

/// What a namespace transformer is told.
struct NamespaceArgs
{
    std::string ns;
    PreparedSpecsPtr specs;
    bool setsUnsetOnly = false;
    std::string subjects = "defaultOnly"; ///< defaultOnly, allServiceAccounts, none
};
/// Sets the namespace of one resource. Source: kustomize api/filters/namespace/namespace.go@v5.8.1
Expected<void> applyNamespace(const NamespaceArgs &args, Resource &resource);
/// Source: kustomize api/internal/builtins/NamespaceTransformer.go@v5.8.1
Transform namespaceTransform(const NamespaceArgs &args);

/// Source: kustomize api/internal/builtins/ImageTagTransformer.go, api/filters/imagetag@v5.8.1
Expected<Transform> imageTransform(const Image &image, const FieldSpecs &specs);

/// Source: kustomize api/internal/builtins/ReplicaCountTransformer.go@v5.8.1
Transform replicaTransform(const Replica &replica, const FieldSpecs &specs);

/// Names of generated resources get the hash of their content.
/// Source: kustomize api/internal/builtins/HashTransformer.go@v5.8.1
Transform hashTransform();

/// References follow the names that changed.
/// Source: kustomize api/internal/accumulator/namereferencetransformer.go, api/filters/nameref@v5.8.1
Transform nameReferenceTransform(std::shared_ptr<const TransformerConfig> config);

/// The resources that \p selector fits, by their original or current id.
/// Source: kustomize api/resmap/reswrangler.go (Select)@v5.8.1
Expected<std::vector<ResourcePtr>> selected(const ResourceList &resources, const Selector &selector);

} // namespace tiphys::render::kustomize
