// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/table_columns.h"

#include <algorithm>

namespace tiphys::cli {

namespace {

/// Characters, not bytes.
std::size_t widthOf(const std::string &text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

std::string TableColumns::text(const std::vector<std::vector<std::string>> &rows)
{
    for (const auto &row : rows) {
        m_widths.resize(std::max(m_widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            m_widths[i] = std::max(m_widths[i], widthOf(row[i]));
    }
    std::string text;
    for (const auto &row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size())
                text += std::string(m_widths[i] - widthOf(row[i]) + 3, ' ');
        }
        text += '\n';
    }
    return text;
}

} // namespace tiphys::cli
