// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

namespace tiphys::render {

/// True if \p schema certainly has the form that the schema of schemas of its \p draft (4, 6, 7, 2019, 2020) asks for, as
/// nearly all of them do: one look at each keyword, a hundredth of what checkSchemaForm takes. False tells nothing.
bool isPlainSchema(const object::Value &schema, int draft);

} // namespace tiphys::render
