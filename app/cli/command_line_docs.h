// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tiphys::cli {

/// The completion script of a shell ("bash", "zsh", "fish"), or the manual page ("man"), made from the commands
/// themselves so that they cannot disagree.
std::string documentationOf(const CLI::App &root, const std::string &kind);

} // namespace tiphys::cli
