// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string_view>

namespace tiphys::object::detail {

/// parseJson without simdjson: accepts what Go accepts (lone surrogates, invalid UTF-8, integers of any size) and
/// says where and why a text is refused, in Go's words.
Expected<Value> readJson(std::string_view text);

} // namespace tiphys::object::detail
