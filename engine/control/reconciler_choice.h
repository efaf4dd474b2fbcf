// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "service/clusters.h"
#include "service/words.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::control {

/// Name of the Lease that keeps two local engines apart, in the control plane's namespace.
inline constexpr std::string_view kEngineLease = "tiphys-engine";
/// Field manager of everything that the local engine writes to Applications.
inline constexpr std::string_view kEngineFieldManager = "tiphys-engine";
/// Status written by somebody else within this time proves a controller.
inline constexpr service::WallTime kRecentStatus = 10 * 60 * 1000;

/// What is known about who reconciles the Applications of one instance.
struct ReconcilerEvidence
{
    /// Controller workloads in the namespaces that count (the control plane's, the Application's own), those with 0
    /// replicas too; nothing if they may not be listed.
    std::optional<std::vector<std::string>> controllerWorkloads;
    std::string unseenWhy;                   ///< what the server said to the question for workloads, "" if it answered
    service::WallTime lastForeignStatus = 0; ///< newest status written by another field manager than ours
    bool canReadManagers = true;             ///< field managers of Applications could be read
    std::string leaseHolder;                 ///< of an unexpired engine Lease, "" if there is none
    std::string ourIdentity;                 ///< how this engine signs the Lease
    bool isLocalOn = false;                  ///< the user switched the local engine on
    bool isDeclaredFree = false;             ///< the user declared that there is no controller
    /// Of an Application outside every control plane's namespace: workloads elsewhere that may look after it too.
    std::vector<std::string> controllersElsewhere;
    std::string otherPlane; ///< namespace of the control plane that an Application belongs to, where it is not ours
    std::string ourPlane;   ///< namespace of the control plane that this engine works for
};

struct ReconcilerChoice
{
    service::Reconciler reconciler = service::Reconciler::ControllerUnknown;
    std::string reason; ///< one English sentence: why it is so, and what forbids the local engine
    /// True if the local engine may be switched on (or go on).
    bool mayRunLocal = false;
};

/// Who reconciles, decided from \p evidence at \p now.
ReconcilerChoice reconcilerOf(const ReconcilerEvidence &evidence, service::WallTime now);

/// When another field manager than this engine last wrote status of \p application (metadata.managedFields), 0 if
/// never. One that wrote of its operation alone is somebody who stopped that.
service::WallTime foreignStatusTime(const object::Object &application);

/// True if this engine, and no controller, wrote status.controllerNamespace of \p application (metadata.managedFields).
bool namesItsPlaneHere(const object::Object &application);

/// The namespace of a control plane where nothing tells another one.
inline constexpr std::string_view kUsualPlane = "argocd";

/// The name, or the value of the label app.kubernetes.io/name, of an application controller's workload.
inline constexpr std::string_view kApplicationController = "argocd-application-controller";

/// True for a workload that is an Argo CD application controller.
bool isApplicationController(const object::Object &workload);

} // namespace tiphys::control
