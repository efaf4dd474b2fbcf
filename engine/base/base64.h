// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace tiphys {

/// \p bytes in standard base64 with padding, without line breaks.
std::string base64Of(std::string_view bytes);

/// Bytes of \p text in standard base64 with padding, line breaks ignored.
/// Errors: InvalidInput "illegal base64 data at input byte 4".
/// Source: golang src/encoding/base64/base64.go (StdEncoding.DecodeString)@go1.26
Expected<std::string> decodedBase64(std::string_view text);

} // namespace tiphys
