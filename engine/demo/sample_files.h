// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::demo {

/// How an application of the sample is shown.
enum class Scene {
    Healthy,
    Drifted,    ///< OutOfSync: replicas and image changed by hand
    Missing,    ///< nothing of it is in the cluster
    Running,    ///< in the middle of a sync with hooks and waves
    FailedSync, ///< its last operation failed: the cluster refused the change of the last commit
    Updating,   ///< a Rollout in the middle of an update
};

/// One application of the sample: what it is, and the files that Git has for it.
struct SampleApplication
{
    std::string name;
    std::string project;
    std::string ns;
    std::string repository; ///< "shop" or "platform"
    std::string path;       ///< folder in it
    Scene scene = Scene::Healthy;
    bool isAutomated = false;
    std::int64_t ageSeconds = 172'800;        ///< how long ago it was deployed
    std::map<std::string, std::string> files; ///< by name in the folder
    std::string olderTag = "0.1.0";           ///< of the images of the commit before
    std::string sourceType = "Directory";     ///< what renders the files
    std::string parameters = {};              ///< of the source, YAML: "helm: {…}"
    std::string text = {}, olderText = {};    ///< what else the last commit changed: text, and what stood there before
    std::map<std::string, std::string> rendered =
        {}; ///< what the files become; empty where they are manifests themselves

    /// Manifests of what runs in the cluster.
    const std::map<std::string, std::string> &manifests() const { return rendered.empty() ? files : rendered; }
};

/// The applications of the sample. Their health follows from their manifests: an image that cannot be pulled, a pod that
/// finds no node, a container that crashes, a paused deployment. \p address is where the cluster's metrics are.
std::vector<SampleApplication> sampleApplications(const std::string &address);

} // namespace tiphys::demo
