// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_place.h"

#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::control {

std::optional<LineTime> lineTimeOf(std::string_view line)
{
    const std::string_view text = line.substr(0, line.find(' '));
    const std::optional<crd::Timestamp> time = crd::timestampOf(text);
    if (!time)
        return std::nullopt;
    LineTime found{.seconds = time->seconds, .nanoseconds = 0};
    if (const auto dot = text.find('.'); dot != std::string_view::npos) {
        std::int64_t unit = 100'000'000;
        for (std::size_t i = dot + 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, unit /= 10)
            found.nanoseconds += (text[i] - '0') * unit;
    }
    return found;
}

std::string_view withoutLineTime(std::string_view line)
{
    if (!lineTimeOf(line))
        return line;
    const auto space = line.find(' ');
    return space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
}

bool LogPlace::take(std::string_view line)
{
    const std::optional<LineTime> time = lineTimeOf(line);
    if (!time)
        return m_showsRest;
    if (m_isBehind && m_last) {
        const bool isAgain = *time < *m_last || (*time == *m_last && m_seenAgain < m_count);
        if (*time == *m_last)
            ++m_seenAgain;
        m_showsRest = !isAgain;
        if (isAgain)
            return false;
        m_isBehind = false;
    }
    m_showsRest = true;
    if (m_last && *time == *m_last) {
        ++m_count;
    } else if (!m_last || *time > *m_last) {
        m_last = time;
        m_count = 1;
    }
    return true;
}

void LogPlace::restart()
{
    m_isBehind = m_last.has_value();
    m_seenAgain = 0;
}

std::string LogPlace::since() const
{
    return m_last ? crd::Timestamp{m_last->seconds}.text() : std::string();
}

void askForRest(LogPlace &place, LogMoment asked, ports::LogOptions &options)
{
    options.tailLines.reset();
    options.sinceSeconds.reset();
    options.sinceTime = place.since();
    if (options.sinceTime.empty())
        options.sinceSeconds =
            std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now() - asked).count() + 1;
    place.restart();
}

bool hasLog(const object::Value &status)
{
    return !status.path({"state", "running"}).isNull() || !status.path({"state", "terminated"}).isNull()
           || !status.path({"lastState", "terminated"}).isNull();
}

} // namespace tiphys::control
