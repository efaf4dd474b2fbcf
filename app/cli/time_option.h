// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace CLI {
class Option;
} // namespace CLI

namespace tiphys::cli {

/// Lets \p option, of whole seconds, take times as people write them: 90, 3s, 5m, 1h30m. Parts of a second count as one.
void takesTime(CLI::Option *option);

} // namespace tiphys::cli
