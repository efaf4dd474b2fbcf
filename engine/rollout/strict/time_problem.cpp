// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/strict/time_problem.h"

#include "object/json.h"

#include <algorithm>
#include <array>
#include <optional>

namespace tiphys::rollout {

namespace {

constexpr std::string_view kLayout = "2006-01-02T15:04:05Z07:00";

std::string shown(std::string_view text)
{
    return object::toJson(object::Value(text));
}

bool isDigitAt(std::string_view text, std::size_t index)
{
    return index < text.size() && text[index] >= '0' && text[index] <= '9';
}

/// A date and a time are read from left to right; the first part that does not fit ends it.
class TimeReader
{
public:
    explicit TimeReader(std::string_view text) : m_text(text), m_rest(text) {}

    std::string problem()
    {
        readDate();
        readClock();
        if (m_problem.empty())
            readZone();
        if (m_problem.empty() && !m_rest.empty())
            m_problem = "parsing time " + shown(m_text) + ": extra text: " + shown(m_rest);
        if (m_problem.empty() && (m_day < 1 || m_day > daysOfMonth()))
            outOfRange("day");
        return m_problem;
    }

private:
    void mismatch(std::string_view rest, std::string_view element)
    {
        m_problem = "parsing time " + shown(m_text) + " as " + shown(kLayout) + ": cannot parse " + shown(rest) + " as "
                    + shown(element);
    }
    void outOfRange(const char *what) { m_problem = "parsing time " + shown(m_text) + ": " + what + " out of range"; }

    void literal(char c)
    {
        if (!m_problem.empty())
            return;
        if (!m_rest.starts_with(c))
            mismatch(m_rest, std::string_view(&c, 1));
        else
            m_rest.remove_prefix(1);
    }
    /// Two digits, or one where \p mayBeShort.
    std::optional<int> number(std::string_view element, bool mayBeShort)
    {
        if (!m_problem.empty())
            return std::nullopt;
        const bool hasTwo = isDigitAt(m_rest, 0) && isDigitAt(m_rest, 1);
        if (!hasTwo && !(mayBeShort && isDigitAt(m_rest, 0))) {
            mismatch(m_rest, element);
            return std::nullopt;
        }
        int result = m_rest[0] - '0';
        if (hasTwo)
            result = result * 10 + (m_rest[1] - '0');
        m_rest.remove_prefix(hasTwo ? 2 : 1);
        return result;
    }
    void bounded(std::string_view element, int most, bool mayBeShort, const char *what)
    {
        const std::optional<int> read = number(element, mayBeShort);
        if (read && *read > most)
            outOfRange(what);
    }
    void readDate()
    {
        if (!std::ranges::all_of(std::array{0, 1, 2, 3}, [this](std::size_t i) { return isDigitAt(m_rest, i); })) {
            mismatch(m_rest, "2006");
            return;
        }
        for (int i = 0; i < 4; ++i)
            m_year = m_year * 10 + (m_rest[static_cast<std::size_t>(i)] - '0');
        m_rest.remove_prefix(4);
        literal('-');
        if (const std::optional<int> month = number("01", false)) {
            m_month = *month;
            if (m_month < 1 || m_month > 12)
                outOfRange("month");
        }
        literal('-');
        m_day = number("02", false).value_or(0);
    }
    void readClock()
    {
        literal('T');
        bounded("15", 23, true, "hour");
        literal(':');
        bounded("04", 59, false, "minute");
        literal(':');
        bounded("05", 59, false, "second");
        if (!m_problem.empty() || m_rest.size() < 2 || (m_rest[0] != '.' && m_rest[0] != ',') || !isDigitAt(m_rest, 1))
            return;
        std::size_t end = 1;
        while (isDigitAt(m_rest, end))
            ++end;
        m_rest.remove_prefix(end);
    }
    void readZone()
    {
        if (m_rest.starts_with('Z')) {
            m_rest.remove_prefix(1);
            return;
        }
        const bool isShaped = m_rest.size() >= 6 && (m_rest[0] == '+' || m_rest[0] == '-') && m_rest[3] == ':'
                              && isDigitAt(m_rest, 1) && isDigitAt(m_rest, 2) && isDigitAt(m_rest, 4)
                              && isDigitAt(m_rest, 5);
        if (!isShaped) {
            mismatch(m_rest, "Z07:00");
            return;
        }
        const int hours = (m_rest[1] - '0') * 10 + (m_rest[2] - '0');
        const int minutes = (m_rest[4] - '0') * 10 + (m_rest[5] - '0');
        if (hours > 24)
            outOfRange("time zone offset hour");
        else if (minutes > 60)
            outOfRange("time zone offset minute");
        m_rest.remove_prefix(6);
    }
    int daysOfMonth() const
    {
        constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        const bool isLeap = m_year % 4 == 0 && (m_year % 100 != 0 || m_year % 400 == 0);
        return m_month == 2 && isLeap ? 29 : kDays[static_cast<std::size_t>(m_month - 1)];
    }

    std::string_view m_text;
    std::string_view m_rest;
    std::string m_problem;
    int m_year = 0;
    int m_month = 1;
    int m_day = 0;
};

} // namespace

std::string timeProblem(std::string_view text)
{
    return TimeReader(text).problem();
}

} // namespace tiphys::rollout
