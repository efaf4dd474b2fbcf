// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/file_tree.h"
#include "render/kustomize/kustomization.h"
#include "render/remote_content.h"
#include "render/rendered.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// Which files a kustomization may read.
enum class LoadRestriction {
    RootOnly, ///< in or below its own folder, as without `--load-restrictor`
    None,     ///< everything in the tree: LoadRestrictionsNone
};

/// The order in which resources are printed when the file does not say.
enum class Reorder {
    Legacy, ///< as without `--reorder`
    None,   ///< as they were loaded: `--reorder none`
};

/// A chart that an entry of helmCharts wants rendered.
struct HelmInflation
{
    kustomize::HelmChart chart;             ///< after inheritance and the build's own flags
    std::string chartFolder;                ///< in the tree: where the chart stands, or is to stand
    std::string chartParent;                ///< in the tree: the folder that `helm pull --untardir` is given
    const FileTree *files = nullptr;        ///< the tree in which it stands
    std::shared_ptr<const FileTree> pulled; ///< the chart's own files if it was pulled; null: it stands in the tree
    std::vector<std::string> values;        ///< texts of the value files, in their order
};
/// Renders a chart as `helm template` does and gives its output.
using HelmInflator = std::function<Expected<std::string>(const HelmInflation &)>;

/// Flags of `kustomize build`.
struct KustomizeOptions
{
    LoadRestriction restriction = LoadRestriction::RootOnly;
    Reorder reorder = Reorder::Legacy;
    bool addsManagedByLabel = false;          ///< --enable-managedby-label
    bool enablesHelm = false;                 ///< --enable-helm
    std::string helmKubeVersion;              ///< --helm-kube-version
    std::vector<std::string> helmApiVersions; ///< --helm-api-versions
    HelmInflator helm;                        ///< null: charts are Unsupported
    const RemoteContent *remote = nullptr;    ///< null: nothing is fetched
    std::vector<RemoteNeed> *needs = nullptr; ///< where what is missing is noted
    /// Changes the file of the built folder once it is read: Argo CD's edits.
    std::function<Expected<void>(kustomize::Kustomization &)> edit;
};

/// `kustomize build` of \p folder in \p files: the objects in output order.
///
/// Errors have kustomize's words; paths in them are relative to the root of the tree. NotFound for a folder without
/// a kustomization file; Unavailable for remote content that is not here (it is also noted in options.needs, and the
/// build goes on looking for more); Unsupported for plugins that are programs.
/// Source: kustomize api/krusty/kustomizer.go@v5.8.1
Expected<Rendered> renderKustomization(const FileTree &files, std::string_view folder,
                                       const KustomizeOptions &options = {});

} // namespace tiphys::render
