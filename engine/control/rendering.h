// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/app_comparison.h"
#include "compare/tracking.h"
#include "control/render_cache.h"
#include "crd/application.h"
#include "ports/discovery.h"
#include "render/file_tree.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::control {

/// One source of an application with its files at the resolved revision, or why there are none.
struct SourceFiles
{
    crd::ApplicationSource source;
    std::string revision; ///< resolved; the requested one while it could not be
    std::shared_ptr<const render::FileTree> files;
    std::optional<Error> error;
    std::vector<std::string> signatureProblems = {}; ///< what the project demands and is not so
};

/// What all sources of an application are rendered with.
struct RenderSettings
{
    std::string kubeVersion;                             ///< of the destination, "" while it is not known
    std::string kustomizeBuildOptions;                   ///< of argocd-cm
    std::shared_ptr<const render::RemoteContent> remote; ///< what was fetched; null: nothing
    text::SprigWorldPtr world;                           ///< null: no clock, no chance
    script::JsonnetEngine *jsonnet = nullptr; ///< null: Jsonnet files are Unsupported; called from pool threads
    render::PluginHost *plugins =
        nullptr; ///< null: config management plugins are Unsupported; called from pool threads
    render::ExternalTools *tools =
        nullptr; ///< helm and kustomize of this machine; null: nobody chose them; called from pool threads
};

/// What rendering an application reads.
struct RenderInput
{
    const crd::Application &app;
    std::string instance; ///< Application::instanceName
    const std::vector<SourceFiles> &sources;
    bool hasMultipleSources = false;
    const std::vector<std::string> &manifests; ///< local manifests as JSON texts instead of the sources
    std::string manifestsProblem = {};         ///< why local manifests may not be used; "" if they may
    ports::DiscoveryPtr discovery;             ///< of the destination; null while it is not reached
    compare::TrackingSettings tracking;
    RenderSettings settings = {};
    bool rendersAnew = false; ///< what the cache has does not count
};

/// The targets of an application before they are compared: rendered, with tracking marks. Immutable.
struct Rendering
{
    compare::RenderedTargets targets;
    std::optional<Error> error; ///< why there are none; Unsupported has its own words
    std::vector<std::string> warnings;
    std::vector<render::RemoteNeed> needs; ///< what has to be fetched before everything can be rendered
};

/// Renders all sources in their order; the first that fails ends it.
///
/// \param cache  what was rendered before; null renders everything
Rendering renderingOf(const RenderInput &input, RenderCache *cache = nullptr);

} // namespace tiphys::control
