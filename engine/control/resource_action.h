// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/configured_actions.h"
#include "action/patch.h"
#include "async/async.h"
#include "async/cancel.h"
#include "policy/project.h"
#include "policy/role.h"
#include "ports/cluster.h"

#include <QThreadPool>

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Resource actions on a cluster: what is offered and may be done, what would be written, and the writing, each request
/// on the condition that the object is still as it was read.
/// Source: argo-cd server/application/application.go (ListResourceActions, RunResourceActionV2)@v3.5.1
namespace tiphys::control {

/// Where the object of an action lives and what decides about it.
struct ActionPlace
{
    ports::ClusterPtr cluster;
    std::shared_ptr<const compare::CompareSettings> settings; ///< argocd-cm; null: built-in actions only
    script::LuaEngine *lua = nullptr; ///< callable from pool threads; null: actions of scripts fail, saying so
    QThreadPool *pool = nullptr;
    std::optional<policy::EffectiveProject>
        project; ///< of the application; nothing: not known, nothing is refused for it
    policy::Cluster destination;
    std::string application; ///< as access rules name it: "project/name"
};

/// An action of one object.
struct ActionOffer
{
    action::ResourceAction action;
    std::string disabledReason;               ///< why it makes no sense now, "" if it does; running it is not refused
    std::string refusal;                      ///< why it would be refused: rights or project; "" if it would not
    std::vector<ports::AccessQuestion> needs; ///< rights that it takes
};

/// The actions of \p object with what stands against each: every one is worked out, and each right it takes is asked for.
/// Errors: of discovery scripts; Unavailable and the like of the cluster.
Async<std::vector<ActionOffer>> offeredActions(ActionPlace place, object::Object object, crd::Timestamp now,
                                               CancelToken cancel);

struct ActionAsk
{
    object::Gvk gvk; ///< version "": the preferred one
    std::string ns;
    std::string name;
    std::string action;
    action::RunOptions options;
};

/// One object that an action writes.
struct ActionWrite
{
    action::Operation operation = action::Operation::Patch;
    ports::ObjectRef ref;
    object::Object object;     ///< how it will be
    action::ActionPatch patch; ///< Patch only
    bool hasStatusSubresource = false;

    bool operator==(const ActionWrite &other) const
    {
        return operation == other.operation && ref == other.ref && patch.whole == other.patch.whole
               && (operation == action::Operation::Patch || object == other.object);
    }
};

/// What an action will do to an object as it is now.
struct PlannedAction
{
    ActionAsk ask;
    object::Object live;
    std::vector<ActionWrite> writes; ///< empty: nothing would change
    std::string disabledReason;      ///< as in ActionOffer
    std::string refusal;
    policy::RbacQuestion rbac;      ///< what Argo CD's own access rules would be asked
    std::vector<std::string> roles; ///< of the project that allow it
};

/// Reads the object and works the action out; nothing is written.
/// Errors: NotFound for object, kind or action; InvalidInput of the action itself.
Async<PlannedAction> plannedAction(ActionPlace place, ActionAsk ask, CancelToken cancel);

/// What the server made of it.
struct ActionOutcome
{
    std::vector<object::Object> written;
    std::vector<std::string> warnings;
};

/// Carries \p plan out; with DryRun::All the server checks everything and keeps nothing. Objects to create are checked by
/// a dry run before anything is written. Where the object changed meanwhile, the action is worked out anew and goes on
/// only if it writes the same. After a lost answer the object is read again, and the error says what became of it.
/// Errors: Denied for a plan with a refusal; Conflict where the object moved on; those of Cluster.
Async<ActionOutcome> carryOutAction(ActionPlace place, PlannedAction plan, ports::DryRun dryRun, CancelToken cancel);

/// A write as people see it: values of Secrets masked, managed fields left out.
struct ShownWrite
{
    object::Object before; ///< null for an object that is created
    object::Object after;
    object::Value patch; ///< null for an object that is created
};
ShownWrite shownWrite(const PlannedAction &plan, const ActionWrite &write,
                      const std::vector<std::string> &maskedAnnotations);

/// "patch deployments.apps 'web' in namespace 'shop'".
std::string writeText(const ActionWrite &write);

} // namespace tiphys::control
