// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <map>
#include <set>
#include <vector>

namespace tiphys::models {

enum class DiffLayout { SideBySide, Unified };

/// One row of the diff view. Numbers are indexes into ResourceDiff::lines, -1: nothing on that side.
struct DiffRow
{
    int left = -1;
    int right = -1;     ///< side by side only; in the unified layout everything is in left
    int foldStart = -1; ///< first of the unchanged lines that this row hides
    int foldCount = 0;
    bool isChange = false;

    bool operator==(const DiffRow &) const = default;
};

/// How many unchanged lines stay around a change.
inline constexpr int kDiffContext = 3;

/// The rows of \p lines. Runs of unchanged lines that are longer than the context fold, but for those that start at
/// a line in \p openFolds.
std::vector<DiffRow> diffRows(const std::vector<service::DiffLine> &lines, DiffLayout layout,
                              const std::set<int> &openFolds);
/// The first row of each change, for "next difference".
std::vector<int> changeStarts(const std::vector<DiffRow> &rows);

} // namespace tiphys::models
