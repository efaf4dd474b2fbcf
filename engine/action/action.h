// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/timestamp.h"
#include "object/object.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::action {

/// A value that an action asks for.
struct Parameter
{
    std::string name;
    std::string defaultText; ///< what a form shows at first

    bool operator==(const Parameter &) const = default;
};

/// What can be done to one object beside changing its manifest.
struct ResourceAction
{
    std::string name;
    std::string displayName; ///< "" where the name is the title
    std::string iconClass;   ///< classes of an icon font
    bool isDisabled = false; ///< makes no sense now; running it is not refused
    std::vector<Parameter> parameters;

    /// displayName, or the name.
    const std::string &title() const { return displayName.empty() ? name : displayName; }
    bool operator==(const ResourceAction &) const = default;
};

enum class Operation {
    Patch, ///< the object that the action ran on, as it should be
    Create,
};

/// One object that an action changes or makes.
struct ImpactedResource
{
    Operation operation = Operation::Patch;
    object::Object object;

    bool operator==(const ImpactedResource &) const = default;
};

/// Values of parameters by name.
using Arguments = std::vector<std::pair<std::string, std::string>>;

struct RunOptions
{
    crd::Timestamp now; ///< for annotations and names that tell the time
    Arguments arguments;
};

/// "create" or "patch".
std::string_view operationName(Operation operation);

} // namespace tiphys::action
