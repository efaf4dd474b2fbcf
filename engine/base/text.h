// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tiphys {

/// Parts of \p text between \p separator, empty ones included ("a,,b" gives 3; "" gives 1 empty part).
std::vector<std::string_view> split(std::string_view text, char separator);
/// \p parts with \p separator between them.
std::string join(const std::vector<std::string> &parts, std::string_view separator);
/// \p text without white space (as Go's strings.TrimSpace for ASCII) at both ends.
std::string_view trimmed(std::string_view text);
/// ASCII letters in lower case, everything else as it is.
std::string asciiLower(std::string_view text);
/// \p text in single quotes, for messages: 'name'.
std::string quoted(std::string_view text);

} // namespace tiphys
