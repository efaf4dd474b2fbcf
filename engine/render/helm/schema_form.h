// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

namespace tiphys::render {

/// Whether \p schema has the form that the schema of schemas of its \p draft (4, 6, 7, 2019, 2020) asks for: the right
/// type behind each keyword, lists that are not empty, addresses without fragments. Formats are not looked at.
/// Errors: InvalidInput, with the places.
Expected<void> checkSchemaForm(const object::Value &schema, int draft);

} // namespace tiphys::render
