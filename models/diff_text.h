// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/diff_rows.h"

#include <QString>

namespace tiphys::models {

/// The two texts of a difference: live and desired, or before and after.
enum class DiffSide { Left, Right };

/// All that stands on \p side, one line each, with a line break at the end; "" where there is nothing.
QString sideText(const std::vector<service::DiffLine> &lines, DiffSide side);

/// What a person picked from the rows of a difference.
struct PickedRows
{
    int first = -1;                 ///< -1: nothing
    int last = -1;                  ///< is part of it
    DiffSide side = DiffSide::Left; ///< where the rows have two sides

    bool isEmpty() const { return first < 0; }
    bool contains(int row) const { return !isEmpty() && row >= first && row <= last; }
    bool operator==(const PickedRows &) const = default;
};

/// The lines that \p picked stands for, without signs. What a picked fold hides is part of it; rows that are empty on
/// the side are not.
QString pickedText(const std::vector<service::DiffLine> &lines, const std::vector<DiffRow> &rows, DiffLayout layout,
                   const PickedRows &picked);

/// The row that shows the line with index \p line, or the fold that hides it; -1 for none.
int rowOfLine(const std::vector<DiffRow> &rows, int line);

/// Hunks of a unified patch: up to three unchanged lines around each change.
QString hunksOf(const std::vector<service::DiffLine> &lines);
/// A unified patch of one text that is called \p path before and after it.
QString patchOf(const std::vector<service::DiffLine> &lines, const QString &path, service::ChangeKind change);

/// A place where the text that is looked for stands.
struct DiffMatch
{
    int line = 0;  ///< index of the line
    int start = 0; ///< in UTF-16 units of its text
    int length = 0;

    bool operator==(const DiffMatch &) const = default;
};

/// Where \p text stands in \p lines, whatever its case, in the order of \p rows: from above, left before right. Folded
/// lines are looked through too; a line that stands on both sides counts once. Nothing for "".
std::vector<DiffMatch> diffMatches(const std::vector<service::DiffLine> &lines, const std::vector<DiffRow> &rows,
                                   const QString &text);

} // namespace tiphys::models
