// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys::cli {

/// Which lines of a log are shown.
/// Source: argo-cd server/application/application.go (PodLogs)@v3.5.1
struct LineFilter
{
    std::string text;         ///< what a line holds; with "!" in front what it does not hold; "" shows all
    bool matchesCase = false; ///< else capital letters of ASCII are as small ones

    bool shows(std::string_view line) const;
};

} // namespace tiphys::cli
