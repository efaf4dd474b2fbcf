// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"
#include "render/build_environment.h"
#include "render/file_tree.h"
#include "render/remote_content.h"
#include "text/sprig/world.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::script {
class JsonnetEngine;
}

namespace tiphys::render {

class ExternalTools;
class PluginHost;
class TemplateCache;

/// What rendering depends on beside the source and its files. The default renders as for a cluster that is not known.
struct RenderContext
{
    BuildEnvironment environment;
    std::string kubeVersion;              ///< of the destination, "" if unknown
    std::vector<std::string> apiVersions; ///< "group/version" and "group/version/Kind" of the destination
    /// Files of the sources that have a `ref`, by its name ("$values/…" in valueFiles).
    std::map<std::string, std::shared_ptr<const FileTree>> references;
    text::SprigWorldPtr world;                   ///< null: no clock, no chance
    std::shared_ptr<const RemoteContent> remote; ///< what was fetched; null: nothing
    std::vector<RemoteNeed> *needs = nullptr;    ///< where what has to be fetched is noted; null: nowhere
    std::string kustomizeBuildOptions;           ///< kustomize.buildOptions of argocd-cm
    script::JsonnetEngine *jsonnet = nullptr;    ///< null: Jsonnet files are Unsupported; called from this thread
    PluginHost *plugins = nullptr; ///< config management plugins of this machine; null: none; called from this thread
    ExternalTools *tools =
        nullptr; ///< helm and kustomize of this machine; null: nobody chose them; called from this thread
    std::shared_ptr<TemplateCache> templates; ///< null: nothing is kept between renders; one thread at a time

    ForEach forEach; ///< spreads large renderings over threads; empty: everything happens in this one

    RemoteAccess remoteAccess() const { return {remote.get(), needs}; }
};

} // namespace tiphys::render
