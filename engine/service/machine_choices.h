// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"
#include "service/ticket.h"

#include <string>
#include <vector>

namespace tiphys::service {

/// Why a context is the one by which the objects of a destination are reached.
enum class ContextOrigin {
    Chosen,      ///< somebody chose it for the address
    SameAddress, ///< its own address is that of the destination
    Registered,  ///< there is none: the engine of this desktop goes by what the instance registers
    None,        ///< there is none
};

/// A destination outside of the cluster of its applications, or an address that a context was chosen for.
struct DestinationContext
{
    std::string server;                ///< API address; "" for a name that stands for none
    std::vector<std::string> names;    ///< what instances and applications call it
    std::vector<std::string> contexts; ///< that are in force now; several where instances have contexts of their own
    ContextOrigin origin = ContextOrigin::None;
    std::string chosen; ///< "" if nobody chose one; it is in force only while it is ticked
    int applicationCount = 0;
    std::string problem; ///< why it has no address, or cannot be reached, one English sentence; "" if no more is known

    bool operator==(const DestinationContext &) const = default;
};

/// helm or kustomize of this machine, or a plugin.
struct ToolProgram
{
    std::string name;
    std::string path;    ///< "" where PATH has none
    std::string version; ///< as it tells it: "v4.2.4"
    std::string problem; ///< why it cannot be used, "" if it can

    bool operator==(const ToolProgram &) const = default;
};

/// Which applications of clusters programs of this machine render.
struct ToolChoices
{
    std::vector<ToolProgram> programs;
    std::vector<ToolProgram> plugins; ///< config management plugins and their files; without versions
    std::vector<std::string> names;   ///< of applications, or patterns; "*" is all of them
    bool areForced = false;           ///< the environment of this program chooses them for all
    std::string file;                 ///< where the names are kept
    std::string problem;              ///< why that cannot be read, "" if it can

    bool operator==(const ToolChoices &) const = default;
};

/// Whether programs of this machine render an application, and why.
struct ToolUse
{
    std::vector<ToolProgram> programs; ///< as in ToolChoices
    std::vector<std::string>
        chosenBy;           ///< names and patterns that the application matches; empty: this program renders it
    bool areForced = false; ///< as in ToolChoices
    std::string problem;    ///< why the choice cannot be read or changed, "" if it can

    bool areUsed() const { return areForced || !chosenBy.empty(); }
    bool operator==(const ToolUse &) const = default;
};

/// What a person chose for this machine, whatever the cluster. Functions return at once; see Service.
class MachineChoices
{
public:
    virtual ~MachineChoices() = default;

    /// By server, those without an address last. Service::chooseContext changes them.
    virtual Ticket<std::vector<DestinationContext>> destinationContexts() = 0;
    /// Asks the programs for their versions.
    virtual Ticket<ToolChoices> toolChoices() = 0;
    /// Asks them too.
    virtual Ticket<ToolUse> toolUse(const std::string &application) = 0;
    /// From now on helm and kustomize of this machine render the applications that \p name matches, or no longer do.
    /// Remembered. Errors: InvalidInput for what is no name, and for a file that cannot be read.
    virtual Ticket<Done> chooseTools(const std::string &name, bool areUsed) = 0;
    /// From now on the plugin of this full name does not run, until somebody allows it again; what it rendered is not shown any
    /// more. Errors: NotFound where there is none, Denied where that cannot be kept.
    virtual Ticket<Done> withdrawPlugin(const std::string &name) = 0;
};

} // namespace tiphys::service
