// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::kube {

/// Bytes of \p text in standard base64 with padding, line breaks ignored; nothing if it is malformed.
/// Source: Go encoding/base64 StdEncoding
std::optional<std::string> decodedBase64(std::string_view text);
/// \p bytes in standard base64 with padding.
std::string encodedBase64(std::string_view bytes);

} // namespace tiphys::kube
