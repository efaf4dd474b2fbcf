// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/origin.h"
#include "render/kustomize/plain_bases.h"
#include "render/kustomize/plugin.h"
#include "render/kustomize/resource.h"
#include "render/kustomize/transformer_config.h"
#include "render/kustomize/vars.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::render::kustomize {

/// What a build has so far: resources, the field specs that go with them, and vars.
/// Source: kustomize api/internal/accumulator/resaccumulator.go@v5.8.1
struct Accumulation
{
    ResourceList resources;
    std::shared_ptr<const TransformerConfig> config;
    VarSet vars;

    Expected<void> merge(const Accumulation &other);
};

/// What all kustomizations of one build share.
struct Build
{
    BuildContext context;
    std::vector<std::string> warnings;
    int kustomizations = 0; ///< read so far
    PlainBases plainBases;
    std::vector<std::string> plainRoots; ///< of the kustomizations read so far that only list resources
    std::optional<Error> schemaProblem;  ///< of the chosen document: of weight once it is needed

    /// What is wrong with the chosen document, if anything needed one since it was chosen.
    Expected<void> schemaNeeded() const
    {
        if (schemaProblem && (context.hasMerged || context.hasMetUnknownKind))
            return std::unexpected(*schemaProblem);
        return {};
    }
};

/// One kustomization file, ready to be carried out.
/// Source: kustomize api/internal/target/kusttarget.go@v5.8.1
class Target
{
public:
    /// Reads the file in the loader's folder.
    /// Errors: NotFound "unable to find one of …"; InvalidInput for files that are none.
    static Expected<Target> read(const Loader &loader, Build &build);

    Kustomization &file() { return m_file; }
    void setOrigin(const std::optional<Origin> &origin) { m_origin = origin; }

    /// Chooses the schema of the build by the file's `openapi`, unless one was chosen before.
    Expected<void> chooseSchema() const;
    /// Carries out the file upon \p into: its resources, generators, components, transformers, validators and vars.
    Expected<void> accumulate(Accumulation &into);

private:
    Target(const Loader &loader, Build &build) : m_loader(loader), m_build(&build) {}

    Expected<void> addResources(Accumulation &into, const std::vector<std::string> &paths);
    Expected<void> addResource(Accumulation &into, const std::string &path);
    Expected<void> addFile(Accumulation &into, const std::string &path);
    Expected<void> addComponents(Accumulation &into);
    Expected<void> addFolder(Accumulation &into, const Loader &loader, const std::string &path, bool isComponent);
    Expected<void> addBase(Accumulation &into, const Loader &loader, const std::string &path);
    Expected<void> mergeConfigs(Accumulation &into);

    Expected<void> generate(Accumulation &into);
    Expected<std::vector<GeneratorStep>> generators();
    Expected<std::vector<ResourcePtr>> pluginConfigurations(const std::vector<std::string> &entries);

    Expected<void> transform(Accumulation &into);
    Expected<std::vector<TransformStep>> transformers(const TransformerConfig &config);
    Expected<void> addPatches(std::vector<TransformStep> &steps);
    void addNames(std::vector<TransformStep> &steps, const TransformerConfig &config);
    Expected<void> addLabels(std::vector<TransformStep> &steps, const TransformerConfig &config);
    Expected<void> addLateSteps(std::vector<TransformStep> &steps, const TransformerConfig &config);
    void add(std::vector<TransformStep> &steps, std::string_view kind, Transform transform) const;
    Expected<void> validate(Accumulation &into);

    /// The origin of what a built-in plugin makes or changes here.
    std::optional<Origin> builtInOrigin(std::string_view kind) const;

    Loader m_loader;
    Build *m_build;
    Kustomization m_file;
    std::string m_fileName;
    std::optional<Origin> m_origin;
    std::string m_helmNamespace; ///< inherited from the kustomizations above
};

} // namespace tiphys::render::kustomize
