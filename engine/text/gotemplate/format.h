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

/// Appends \p number as strconv.FormatFloat(number, format, precision, bits) does; precision -1 is the shortest that
/// reads back. \p format is one of e E f g G b x X; \p bits 32 or 64.
void appendFloat(std::string &out, double number, char format, int precision, int bits = 64);

/// Go's strconv.Quote (`%q`), QuoteToASCII (`%+q`), and the backquoted form `%#q` where possible.
void appendQuoted(std::string &out, std::string_view text);
void appendQuotedAscii(std::string &out, std::string_view text);
/// Go's strconv.Quote of a string.
std::string goQuoted(std::string_view text);

/// Go's unicode.IsPrint (Unicode 15).
bool isPrintable(char32_t character);

} // namespace tiphys::text
