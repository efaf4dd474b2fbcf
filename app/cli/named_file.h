// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace tiphys::cli {

/// The whole content of a file that the command line names, "-" is standard input. Where that is a terminal, standard error says
/// that \p what is waited for, how it ends, and by which \p flag a file is read instead. Errors: as store::fileContent().
Expected<std::string> namedFile(const std::string &file, std::string_view what, std::string_view flag);

} // namespace tiphys::cli
