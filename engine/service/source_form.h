// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"

#include <string_view>

/// Parameters of an Application's sources travel as an action of the Application: its parameters are the fields, its
/// arguments their new texts, and the preview shows what is stored.
namespace tiphys::service {

/// Actions with this prefix change a source; its place follows: 0 is the only one, else it counts from 1.
inline constexpr std::string_view kSourceActionPrefix = "source-parameters/";

/// True for an action that changes a source: its fields may be empty.
bool isSourceForm(const OfferedAction &offered);

/// How a field of a source is edited.
enum class SourceFieldShape { Line, Switch, Lines };

/// The shape of the field \p name ("helm.valueFiles" takes an item a line). One line for those not known.
SourceFieldShape sourceFieldShape(std::string_view name);

} // namespace tiphys::service
