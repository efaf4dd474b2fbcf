// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_filter.h"

#include "base/text.h"

namespace tiphys::cli {

bool LineFilter::shows(std::string_view line) const
{
    if (text.empty())
        return true;
    const bool isInverse = text.starts_with('!');
    const std::string_view wanted = std::string_view(text).substr(isInverse ? 1 : 0);
    const bool isThere = matchesCase ? line.contains(wanted) : asciiLower(line).contains(asciiLower(wanted));
    return isThere != isInverse;
}

} // namespace tiphys::cli
