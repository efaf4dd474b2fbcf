// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/value.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// Quoting is in quote.h, numbers as text in float_text.h and number_syntax.h, classes of characters in unicode.h.
namespace tiphys::text {

/// Printing stops about here: a value that shares its parts can be longer than any memory when printed. Who prints
/// values of templates refuses texts above it.
inline constexpr std::size_t kMaxPrintedBytes = std::size_t(64) << 20;

/// Go's fmt.Sprint: a space between two operands when neither is a string; nil is "<nil>".
std::string sprint(std::span<const TemplateValue> values);
/// Go's fmt.Sprintln: spaces between all, a line feed at the end.
std::string sprintln(std::span<const TemplateValue> values);
/// Go's fmt.Sprintf with its whole verb set and its error forms (`%!d(string=x)`, `%!(EXTRA …)`).
/// Source: golang src/fmt/{print,format}.go@go1.26
std::string sprintf(std::string_view format, std::span<const TemplateValue> values);

/// Appends \p value as `%v` prints it; nil is "<nil>", error and Stringer values by their text.
void appendPlain(std::string &out, const TemplateValue &value);
std::string plainText(const TemplateValue &value);

} // namespace tiphys::text
