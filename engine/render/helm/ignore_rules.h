// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// Which files of a chart's folder do not belong to the chart: .helmignore.
/// Source: helm pkg/ignore/rules.go@v4.2.4
class IgnoreRules
{
public:
    /// The rules of \p text and those that every chart has. Errors: InvalidInput for "**" and broken patterns.
    static Expected<IgnoreRules> parse(std::string_view text);

    /// True if \p path (relative to the chart) is left out; a folder is left out with all below it.
    bool ignores(std::string_view path, bool isFolder) const;

private:
    struct Rule
    {
        std::string pattern;
        bool isNegated = false;
        bool isForFolders = false;
        bool isForNames = false; ///< no slash inside: only the last part of the path counts
    };

    Expected<void> add(std::string_view line);

    std::vector<Rule> m_rules;
};

} // namespace tiphys::render
