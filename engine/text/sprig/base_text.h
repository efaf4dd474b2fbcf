// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// Standard base32 with padding; base64 is tiphys::base64Of.
std::string base32Text(std::string_view bytes);
/// The bytes of a text; line feeds and carriage returns in it are skipped.
/// Errors: "illegal base64 data at input byte 4".
/// Source: golang src/encoding/base64/base64.go, src/encoding/base32/base32.go (DecodeString)@go1.26
TemplateExpected<std::string> base64Bytes(std::string_view text);
TemplateExpected<std::string> base32Bytes(std::string_view text);

} // namespace tiphys::text::sprig
