// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <filesystem>
#include <string_view>

namespace tiphys::store {

/// Makes \p text the content of \p file, which only this user can read, in one step: a reader sees the old content or the
/// new one. Folders that are missing are made, for this user only. Errors: Denied naming the file.
Expected<void> replacePrivateFile(const std::filesystem::path &file, std::string_view text);

} // namespace tiphys::store
