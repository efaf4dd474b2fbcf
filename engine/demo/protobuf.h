// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <optional>
#include <string_view>

namespace tiphys::demo {

/// The object in a body of type application/vnd.kubernetes.protobuf, as JSON: access reviews, ConfigMaps, Secrets,
/// Namespaces, ServiceAccounts and delete options with the fields that kubectl sets; nothing for other kinds and for
/// bytes that are no such message.
std::optional<object::Value> valueOfProtobuf(std::string_view body);

} // namespace tiphys::demo
