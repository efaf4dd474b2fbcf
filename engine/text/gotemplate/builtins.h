// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace tiphys::text::detail {

/// Go's eq and lt: the other comparisons are made of them. The error is Go's text.
/// Source: golang src/text/template/funcs.go (eq, lt)@go1.26
std::expected<bool, std::string> isEqualToAny(const TemplateValue &first, std::span<const TemplateValue> others);
std::expected<bool, std::string> isLess(const TemplateValue &left, const TemplateValue &right);

/// Go's index: map members, list items and bytes of strings, step by step.
CallResult indexed(Arguments arguments);
/// Go's slice of strings and lists. \p interfaces has bit i set if argument i is held in an interface: Go does not
/// look into those that are indexes.
CallResult sliced(Arguments arguments, std::uint64_t interfaces = 0);

/// Go's HTMLEscapeString, JSEscapeString, url.QueryEscape.
std::string htmlEscaped(std::string_view text);
std::string jsEscaped(std::string_view text);
std::string queryEscaped(std::string_view text);

/// Go's `call`: the function value \p arguments[0] with the others. \p name is how the template writes it.
CallResult calledValue(std::string_view name, Arguments arguments, CallContext &context);

} // namespace tiphys::text::detail
