// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/builder.h"
#include "object/value.h"
#include "object/yaml_tree.h"

#include <string>
#include <string_view>

namespace tiphys::object::detail {

/// A float of YAML on its way through JSON text: integral ones below 1e21 that fit become integers.
void addYamlNumber(Builder &builder, double number);

/// Standard base64 with padding, line breaks ignored; false if \p text is none. Bytes that are no UTF-8 become
/// U+FFFD, as Go's JSON writer makes them.
bool decodeBase64(std::string_view text, std::string &decoded);

/// A value or node as Go's %#v prints it in messages: `map[interface {}]interface {}{"a":1}`.
std::string goSyntax(const YamlNode &node);
std::string goSyntax(const Value &value);

/// A decimal number that fits uint64, in hexadecimal digits.
std::string hexText(std::string_view decimal);

} // namespace tiphys::object::detail
