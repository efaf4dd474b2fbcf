// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/sync.h"
#include "service/ticket.h"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::service {

/// A value that an action asks for.
struct ActionParameter
{
    std::string name;
    std::string defaultText; ///< what a form shows at first

    bool operator==(const ActionParameter &) const = default;
};

/// What can be done to an object beside changing its manifest.
struct OfferedAction
{
    std::string name;
    std::string title; ///< what people read; the name where there is no other
    std::vector<ActionParameter> parameters;
    Permission permission; ///< why not: it makes no sense now, rights, project, level, connection

    bool operator==(const OfferedAction &other) const
    {
        return name == other.name && title == other.title && parameters == other.parameters
               && permission.isAllowed == other.permission.isAllowed && permission.reason == other.permission.reason;
    }
};

/// An action with its arguments.
struct ActionRequest
{
    AppId app;
    object::ObjectKey key;
    std::string action;
    std::vector<std::pair<std::string, std::string>> arguments;
    WallTime now = 0;    ///< the time that the action writes down; 0 is that of asking
    std::string planned; ///< from the preview: what the person saw; "" works it out anew
};

/// One object that an action writes.
struct ActionStep
{
    object::ObjectKey key;
    bool isCreated = false;
    std::string text;  ///< what is sent, as YAML: the patch, or the object; values of Secrets are masked
    ResourceDiff diff; ///< the object before and after
};

/// What an action would do to the object as it is now.
struct ActionPreview
{
    ActionRequest request; ///< to run exactly this
    std::vector<ActionStep> steps;
    std::string refusal;               ///< why it would be refused, "" if it would not
    std::vector<std::string> warnings; ///< what happens next: "self-heal of shop reverts this"
};

/// What was written.
struct ActionResult
{
    std::vector<object::ObjectKey> written;
    std::vector<std::string> warnings; ///< of the server
};

/// Resource actions on the objects of an open application. Functions return at once; see Service.
class ResourceActions
{
public:
    virtual ~ResourceActions() = default;

    virtual Ticket<std::vector<OfferedAction>> offeredActions(const AppId &app, const object::ObjectKey &key) = 0;
    /// Nothing is written. Errors: InvalidInput for arguments.
    virtual Ticket<ActionPreview> previewAction(const ActionRequest &request) = 0;
    /// Writes what the preview showed, each object on the condition that it is still so. Conflict: it changed, look again.
    virtual Ticket<ActionResult> runAction(const ActionRequest &request) = 0;
};

} // namespace tiphys::service
