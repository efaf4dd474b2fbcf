// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace CLI {
class App;
} // namespace CLI

namespace tiphys::cli {

/// Puts examples into the help of the commands below \p root that are defined and whose own words show none.
void addExamples(CLI::App &root);

} // namespace tiphys::cli
