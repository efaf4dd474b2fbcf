// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace tiphys::cli {

/// "help app sync" and "app help sync" as "app sync --help", "version" as "--version" whatever stands behind it.
std::vector<std::string> withHelpAsFlag(std::vector<std::string> arguments);

/// What is wrong where \p arguments ask for the help of a command that there is not; "" where there is one.
std::string unknownHelpError(const CLI::App &root, const std::vector<std::string> &arguments);

} // namespace tiphys::cli
