// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/value.h"

#include <span>
#include <string>
#include <string_view>

namespace tiphys::text {

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
