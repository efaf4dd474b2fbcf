// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"
#include "object/object.h"
#include "sync/settings.h"

#include <cstdint>
#include <string>

namespace tiphys::sync {

/// What is to be done with one object. Each act takes one or more calls to the API: nextCall (exchange.h) names
/// them one after the other.
enum class Act : std::uint8_t {
    Look,                ///< read it
    Apply,               ///< client-side or server-side apply, create, replace or update: see ApplyMode
    Prune,               ///< delete it because Git has it no longer
    DeleteHook,          ///< delete a hook: before it is made again, or at the end
    RemoveHookFinalizer, ///< let a hook be deleted
};
std::string_view text(Act act);

/// How an object is applied.
enum class ApplyMode : std::uint8_t {
    ClientSide, ///< three-way patch against the last-applied annotation
    ServerSide, ///< apply patch, conflicts are taken over
    Create,     ///< Replace=true without a live object
    Replace,    ///< Replace=true: PUT, or delete and create when forced
    Update,     ///< Replace=true for CRDs and Namespaces: PUT, never deleted
};

/// One act on one object, decided by a pass. The order of a batch does not matter.
struct Write
{
    Act act = Act::Look;
    object::Gvk gvk;
    std::string ns; ///< to be ignored for kinds that the server knows as cluster-scoped
    std::string name;
    object::Object target; ///< of Apply
    object::Object live;   ///< as it was seen; null if it was not
    ApplyMode mode = ApplyMode::ClientSide;
    bool isDryRun = false; ///< nothing may be changed: client-side dry run
    bool forces = false;   ///< delete and create what cannot be changed
    bool validates = true; ///< against the server's schema, where the server takes no validation parameter
    Propagation propagation = Propagation::Foreground;
    /// Manager of client-side applies whose fields move to the server-side one first, "" for none.
    std::string migrationManager;
    std::string resource; ///< plural name, for messages; "" if it is not known

    /// "apps/Deployment/shop/web".
    std::string place() const;
};

/// What became of a write.
struct WriteResult
{
    /// The words of the sync result ("deployment.apps/web configured"), or why it failed.
    std::string message;
    bool isFailed = false;
    bool isNotFound = false;     ///< failed because the object is not there
    bool isAlreadyThere = false; ///< failed because an object of that name is there, when it was to be made
    object::Object object;       ///< as the server has it now, where that is known

    static WriteResult done(std::string message, object::Object object = {});
    static WriteResult failed(const Error &error);
    static WriteResult failed(std::string message);

    bool operator==(const WriteResult &) const = default;
};

} // namespace tiphys::sync
