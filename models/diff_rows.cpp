// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/diff_rows.h"

#include <algorithm>

namespace tiphys::models {

using service::DiffLine;
using service::LineKind;

namespace {

void addSame(std::vector<DiffRow> &rows, int line, DiffLayout layout)
{
    rows.push_back({line, layout == DiffLayout::SideBySide ? line : -1, -1, 0, false});
}

/// Unchanged lines from \p begin to \p end, the middle folded.
void addRun(std::vector<DiffRow> &rows, int begin, int end, int total, DiffLayout layout,
            const std::set<int> &openFolds)
{
    const int head = begin == 0 ? begin : std::min(end, begin + kDiffContext);
    const int tail = end == total ? end : std::max(head, end - kDiffContext);
    const bool isWhole = begin == 0 && end == total;
    if (isWhole || tail - head < 2 || openFolds.contains(head)) {
        for (int line = begin; line < end; ++line)
            addSame(rows, line, layout);
        return;
    }
    for (int line = begin; line < head; ++line)
        addSame(rows, line, layout);
    rows.push_back({-1, -1, head, tail - head, false});
    for (int line = tail; line < end; ++line)
        addSame(rows, line, layout);
}

void addChange(std::vector<DiffRow> &rows, const std::vector<DiffLine> &lines, int begin, int end, DiffLayout layout)
{
    if (layout == DiffLayout::Unified) {
        for (int line = begin; line < end; ++line)
            rows.push_back({line, -1, -1, 0, true});
        return;
    }
    std::vector<int> live;
    std::vector<int> desired;
    for (int line = begin; line < end; ++line)
        (lines[static_cast<std::size_t>(line)].kind == LineKind::Live ? live : desired).push_back(line);
    for (std::size_t i = 0; i < std::max(live.size(), desired.size()); ++i)
        rows.push_back({i < live.size() ? live[i] : -1, i < desired.size() ? desired[i] : -1, -1, 0, true});
}

} // namespace

std::vector<DiffRow> diffRows(const std::vector<DiffLine> &lines, DiffLayout layout, const std::set<int> &openFolds)
{
    std::vector<DiffRow> rows;
    const int total = static_cast<int>(lines.size());
    for (int begin = 0; begin < total;) {
        const bool isSame = lines[static_cast<std::size_t>(begin)].kind == LineKind::Same;
        int end = begin;
        while (end < total && (lines[static_cast<std::size_t>(end)].kind == LineKind::Same) == isSame)
            ++end;
        if (isSame)
            addRun(rows, begin, end, total, layout, openFolds);
        else
            addChange(rows, lines, begin, end, layout);
        begin = end;
    }
    return rows;
}

std::vector<int> changeStarts(const std::vector<DiffRow> &rows)
{
    std::vector<int> starts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].isChange && (i == 0 || !rows[i - 1].isChange))
            starts.push_back(static_cast<int>(i));
    }
    return starts;
}

} // namespace tiphys::models
