// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/pod_logs.h"

#include <QString>

#include <cstddef>
#include <deque>
#include <vector>

namespace tiphys::models {

/// The last lines of a log, as many as a window keeps.
class LogLines
{
public:
    /// Lines and their times take no more bytes than this.
    static constexpr std::size_t kMostBytes = 16 * 1024 * 1024;

    /// Takes \p lines, and gives how many of the oldest ones are let go for them; of \p lines too, if they are too many.
    std::size_t append(const std::vector<service::LogLine> &lines);
    void clear();

    const std::deque<service::LogLine> &lines() const { return m_lines; }

private:
    std::deque<service::LogLine> m_lines;
    std::size_t m_bytes = 0;
};

} // namespace tiphys::models
