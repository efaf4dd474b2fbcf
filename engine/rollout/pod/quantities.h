// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "schema/quantity.h"

#include <optional>

/// Private to the folder.
namespace tiphys::rollout {

/// The amount that \p value (a text or a number) means; nothing if it is absent or no amount.
std::optional<schema::Quantity> quantityOf(const object::Value &value);

} // namespace tiphys::rollout
