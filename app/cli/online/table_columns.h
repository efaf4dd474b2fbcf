// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tiphys::cli {

/// A table that goes on: further rows stand in the columns of those before, wider where they need it.
class TableColumns
{
public:
    /// \p rows in columns as wide as their widest cell so far, three spaces between.
    std::string text(const std::vector<std::vector<std::string>> &rows);

private:
    std::vector<std::size_t> m_widths;
};

} // namespace tiphys::cli
