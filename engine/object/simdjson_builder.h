// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/builder.h"

#include <simdjson.h>

namespace tiphys::object::detail {

/// Copies \p element with all below it into the open place of \p builder. For sources only: it brings simdjson in.
/// simdjson's depth limit (1,024) bounds the recursion.
void addSimdjson(simdjson::dom::element element, Builder &builder);

} // namespace tiphys::object::detail
