// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/diff_text.h"

#include "models/text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::DiffLine;
using service::LineKind;

namespace {

/// Calls \p visit with the index of each line that \p row stands for on either side, the left one first.
template <typename Visit>
void forEachLine(const DiffRow &row, Visit visit)
{
    for (int i = 0; i < row.foldCount; ++i)
        visit(row.foldStart + i);
    if (row.foldStart >= 0)
        return;
    if (row.left >= 0)
        visit(row.left);
    if (row.right >= 0 && row.right != row.left)
        visit(row.right);
}

const DiffLine &at(const std::vector<DiffLine> &lines, int line)
{
    return lines[static_cast<std::size_t>(line)];
}

} // namespace

QString sideText(const std::vector<DiffLine> &lines, DiffSide side)
{
    const LineKind other = side == DiffSide::Left ? LineKind::Desired : LineKind::Live;
    std::string all;
    for (const DiffLine &line : lines) {
        if (line.kind != other)
            all += line.text + '\n';
    }
    return text(all);
}

QString pickedText(const std::vector<DiffLine> &lines, const std::vector<DiffRow> &rows, DiffLayout layout,
                   const PickedRows &picked)
{
    if (picked.isEmpty())
        return {};
    std::string all;
    const int last = std::min(picked.last, static_cast<int>(rows.size()) - 1);
    for (int i = picked.first; i <= last; ++i) {
        const DiffRow &row = rows[static_cast<std::size_t>(i)];
        for (int fold = 0; fold < row.foldCount; ++fold)
            all += at(lines, row.foldStart + fold).text + '\n';
        const int line = layout == DiffLayout::Unified || picked.side == DiffSide::Left ? row.left : row.right;
        if (line >= 0)
            all += at(lines, line).text + '\n';
    }
    return text(all);
}

int rowOfLine(const std::vector<DiffRow> &rows, int line)
{
    if (line < 0)
        return -1;
    const auto found = std::ranges::find_if(rows, [line](const DiffRow &row) {
        return row.left == line || row.right == line
               || (row.foldStart >= 0 && line >= row.foldStart && line < row.foldStart + row.foldCount);
    });
    return found == rows.end() ? -1 : static_cast<int>(found - rows.begin());
}

QString hunksOf(const std::vector<DiffLine> &lines)
{
    constexpr int kContext = 3;
    QString hunks;
    const int total = static_cast<int>(lines.size());
    for (int i = 0; i < total;) {
        if (at(lines, i).kind == LineKind::Same) {
            ++i;
            continue;
        }
        const int begin = std::max(0, i - kContext);
        int end = i;
        for (int quiet = 0; end < total && quiet <= 2 * kContext; ++end)
            quiet = at(lines, end).kind == LineKind::Same ? quiet + 1 : 0;
        while (end > i && at(lines, end - 1).kind == LineKind::Same)
            --end;
        end = std::min(total, end + kContext);
        int left = 0;
        int right = 0;
        int leftStart = 0;
        int rightStart = 0;
        QString body;
        for (int j = begin; j < end; ++j) {
            const DiffLine &line = at(lines, j);
            left += line.kind != LineKind::Desired ? 1 : 0;
            right += line.kind != LineKind::Live ? 1 : 0;
            leftStart = leftStart == 0 ? line.left : leftStart;
            rightStart = rightStart == 0 ? line.right : rightStart;
            const QChar sign = line.kind == LineKind::Same ? u' ' : (line.kind == LineKind::Live ? u'-' : u'+');
            body += sign + text(line.text) + u'\n';
        }
        hunks += u"@@ -%1,%2 +%3,%4 @@\n"_s.arg(leftStart).arg(left).arg(rightStart).arg(right) + body;
        i = end;
    }
    return hunks;
}

QString patchOf(const std::vector<DiffLine> &lines, const QString &path, service::ChangeKind change)
{
    const QString before = change == service::ChangeKind::Added ? u"/dev/null"_s : u"a/"_s + path;
    const QString after = change == service::ChangeKind::Removed ? u"/dev/null"_s : u"b/"_s + path;
    return u"--- "_s + before + u"\n+++ "_s + after + u'\n' + hunksOf(lines);
}

std::vector<DiffMatch> diffMatches(const std::vector<DiffLine> &lines, const std::vector<DiffRow> &rows,
                                   const QString &sought)
{
    std::vector<DiffMatch> matches;
    if (sought.isEmpty())
        return matches;
    const int length = static_cast<int>(sought.size());
    for (const DiffRow &row : rows) {
        forEachLine(row, [&](int line) {
            const QString whole = text(at(lines, line).text);
            for (qsizetype start = whole.indexOf(sought, 0, Qt::CaseInsensitive); start >= 0;
                 start = whole.indexOf(sought, start + length, Qt::CaseInsensitive))
                matches.push_back({line, static_cast<int>(start), length});
        });
    }
    return matches;
}

} // namespace tiphys::models
