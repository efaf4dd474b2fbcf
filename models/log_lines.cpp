// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_lines.h"

namespace tiphys::models {

namespace {

std::size_t bytesOf(const service::LogLine &line)
{
    return sizeof(service::LogLine) + line.time.size() + line.text.size();
}

} // namespace

std::size_t LogLines::append(const std::vector<service::LogLine> &lines)
{
    std::size_t gone = 0;
    for (const service::LogLine &line : lines) {
        m_bytes += bytesOf(line);
        m_lines.push_back(line);
        while (m_lines.size() > static_cast<std::size_t>(service::kMostLogLines) || m_bytes > kMostBytes) {
            m_bytes -= bytesOf(m_lines.front());
            m_lines.pop_front();
            ++gone;
        }
    }
    return gone;
}

void LogLines::clear()
{
    m_lines.clear();
    m_bytes = 0;
}

} // namespace tiphys::models
