// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "sync/pass_input.h"
#include "sync/write.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::sync {

/// How an Application is deleted: its resources with it, or alone.
enum class Cascade : std::uint8_t { Foreground, Background, None };
/// The merge patch of finalizers that goes before the DELETE; nothing if they are right already.
/// Source: argo-cd server/application/application.go (Delete)@v3.5.1
std::optional<object::Value> deletionPatch(const crd::Application &app, Cascade cascade);

/// Does \p app wait for its reconciler before it can go.
bool hasDeletionWork(const crd::Application &app);

/// What one look at an Application that is being deleted needs.
struct DeletionInput
{
    crd::Application app;
    bool isDestinationKnown = true;
    std::vector<object::Object> live;    ///< of the app, without owner, and permitted by the project
    std::vector<object::Object> targets; ///< rendered, with tracking marks; only read while hooks are to run
    std::string targetsError = {};       ///< why \c targets are not known, "" if they are
    std::set<object::ObjectKey>
        taken; ///< keys where anything stands, whoever made it; those of \c live need not be there
    std::function<Expected<std::optional<crd::HealthStatus>>(const object::Object &live)> health;
};

/// What to do now; look again afterwards, and whenever an object of the app changes.
struct DeletionStep
{
    std::vector<Write> writes;          ///< all at the same time; a failure is a DeletionError condition
    std::optional<object::Value> patch; ///< merge patch of the finalizers that are left
    std::string waitsFor;               ///< in words, "" if nothing is waited for
    std::string error;                  ///< message of the condition DeletionError, "" for none
    std::string failurePrefix;          ///< of that message where a write fails
    bool isComplete = false;            ///< nothing is left to do
};

/// The object of \p app that its deletion waits for a confirmation of, as its status tells; nothing where it waits for none.
std::optional<object::ObjectKey> unconfirmedDeletion(const crd::Application &app);

/// What \p app waits for a person to confirm, in words: its deletion, or what its sync prunes; "" for nothing.
std::string awaitedConfirmation(const crd::Application &app);

/// The next step of the deletion: PreDelete hooks, resources from the highest wave down, PostDelete hooks, cleanup.
/// It is told by the finalizers and the live objects alone; hooks that are not known are not passed over. A hook that was not seen but turns out to be there when it is
/// made (WriteResult::isAlreadyThere) is no failure; unlike in the original it is waited for, not taken as done. One that
/// somebody else made is neither made nor waited for.
/// Source: argo-cd controller/appcontroller.go (finalizeApplicationDeletion), controller/hook.go@v3.5.1
DeletionStep deletionStep(const DeletionInput &input);

/// The finalizers that hooks among \p targets demand, as a merge patch; nothing if \p app has them.
std::optional<object::Value> hookFinalizerPatch(const crd::Application &app,
                                                const std::vector<object::Object> &targets);

} // namespace tiphys::sync
