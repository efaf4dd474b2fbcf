// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"
#include "object/object.h"
#include "sync/settings.h"

#include <cstdint>
#include <optional>
#include <string>

namespace tiphys::sync {

/// Field manager of Argo CD's applies, client-side and server-side.
inline constexpr std::string_view kApplyManager = "argocd-controller";

enum class Verb : std::uint8_t { Get, Create, Replace, Patch, Delete };
enum class PatchKind : std::uint8_t { Json, Merge, StrategicMerge, Apply };

/// One request to the API server.
struct Call
{
    Verb verb = Verb::Get;
    object::Gvk gvk;
    std::string ns; ///< to be ignored for kinds that the server knows as cluster-scoped
    std::string name;
    object::Value body; ///< of Create, Replace and Patch
    PatchKind patch = PatchKind::Merge;
    std::string fieldManager;               ///< "" for the name of Argo CD's program: crd::kControllerFieldManager
    bool takesConflicts = false;            ///< force=true of server-side apply
    bool isServerDryRun = false;            ///< dryRun=All
    std::optional<Propagation> propagation; ///< of Delete
    std::string uid;                        ///< of Delete: only if the object still has it; "" for any
    std::int64_t delayMilliseconds = 0;     ///< to wait before it is sent

    bool isRead() const { return verb == Verb::Get; }
};

/// The server's answer: the object (null after a deletion), or the error. Conflict is 409 with reason Conflict or
/// AlreadyExists, InvalidInput with reason "Invalid" is 422.
using Reply = Expected<object::Object>;

} // namespace tiphys::sync
