// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/duration.h"

#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace tiphys::crd {

namespace {

constexpr std::uint64_t kMost = std::uint64_t{1} << 63;

struct Unit
{
    std::string_view name;
    std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"\xC2\xB5s", 1'000},
                                      {"\xCE\xBCs", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// One "12.5h" of a duration: digits, fraction, unit.
class PartReader
{
public:
    explicit PartReader(std::string_view text) : m_rest(text) {}

    bool isDone() const { return m_rest.empty(); }
    /// Nanoseconds of the next part; a message without the quoted text on failure.
    std::optional<std::uint64_t> next(std::string &problem)
    {
        const std::optional<std::uint64_t> whole = leadingInteger();
        const bool hasWhole = m_digits > 0;
        double fraction = 0;
        bool hasFraction = false;
        if (!m_rest.empty() && m_rest.front() == '.') {
            m_rest.remove_prefix(1);
            fraction = leadingFraction(hasFraction);
        }
        if (!whole || (!hasWhole && !hasFraction)) {
            problem = "invalid duration ";
            return std::nullopt;
        }
        return withUnit(*whole, fraction, problem);
    }

private:
    std::optional<std::uint64_t> leadingInteger()
    {
        std::uint64_t value = 0;
        m_digits = 0;
        while (!m_rest.empty() && isDigit(m_rest.front())) {
            if (value > kMost / 10)
                return std::nullopt;
            value = value * 10 + static_cast<std::uint64_t>(m_rest.front() - '0');
            if (value > kMost)
                return std::nullopt;
            m_rest.remove_prefix(1);
            ++m_digits;
        }
        return value;
    }

    double leadingFraction(bool &hasDigits)
    {
        std::uint64_t value = 0;
        double scale = 1;
        bool overflows = false;
        for (; !m_rest.empty() && isDigit(m_rest.front()); m_rest.remove_prefix(1)) {
            hasDigits = true;
            overflows = overflows || value > (kMost - 1) / 10;
            if (overflows)
                continue;
            value = value * 10 + static_cast<std::uint64_t>(m_rest.front() - '0');
            scale *= 10;
        }
        return static_cast<double>(value) / scale;
    }

    std::optional<std::uint64_t> withUnit(std::uint64_t whole, double fraction, std::string &problem)
    {
        std::size_t length = 0;
        while (length < m_rest.size() && m_rest[length] != '.' && !isDigit(m_rest[length]))
            ++length;
        const std::string_view name = m_rest.substr(0, length);
        m_rest.remove_prefix(length);
        if (name.empty()) {
            problem = "missing unit in duration ";
            return std::nullopt;
        }
        for (const Unit &unit : kUnits) {
            if (unit.name == name)
                return scaled(whole, fraction, unit.nanoseconds, problem);
        }
        problem = "unknown unit \"" + std::string(name) + "\" in duration ";
        return std::nullopt;
    }

    static std::optional<std::uint64_t> scaled(std::uint64_t whole, double fraction, std::uint64_t unit,
                                               std::string &problem)
    {
        problem = "invalid duration ";
        if (whole > kMost / unit)
            return std::nullopt;
        const std::uint64_t value = whole * unit + static_cast<std::uint64_t>(fraction * static_cast<double>(unit));
        if (value > kMost)
            return std::nullopt;
        return value;
    }

    std::string_view m_rest;
    std::size_t m_digits = 0;
};

/// \p value in units of \p unit with up to \p places decimals, trailing zeros cut.
std::string decimal(std::uint64_t value, std::uint64_t unit, int places)
{
    std::string text = std::to_string(value / unit);
    std::uint64_t rest = value % unit;
    if (rest == 0)
        return text;
    std::string digits = std::to_string(rest);
    digits.insert(0, static_cast<std::size_t>(places) - digits.size(), '0');
    while (digits.back() == '0')
        digits.pop_back();
    return text + "." + digits;
}

} // namespace

std::string Duration::text() const
{
    if (nanoseconds == 0)
        return "0s";
    const std::string sign = nanoseconds < 0 ? "-" : "";
    const std::uint64_t value =
        nanoseconds < 0 ? ~static_cast<std::uint64_t>(nanoseconds) + 1 : static_cast<std::uint64_t>(nanoseconds);
    if (value < 1'000)
        return sign + std::to_string(value) + "ns";
    if (value < 1'000'000)
        return sign + decimal(value, 1'000, 3) + "\xC2\xB5s";
    if (value < 1'000'000'000)
        return sign + decimal(value, 1'000'000, 6) + "ms";
    constexpr std::uint64_t minute = 60'000'000'000;
    const std::uint64_t minutes = value / minute;
    std::string text = decimal(value % minute, 1'000'000'000, 9) + "s";
    if (minutes > 0)
        text = std::to_string(minutes % 60) + "m" + text;
    if (minutes >= 60)
        text = std::to_string(minutes / 60) + "h" + text;
    return sign + text;
}

Expected<Duration> goDurationOf(std::string_view text)
{
    const auto fail = [&](const std::string &problem) {
        return failure(ErrorCode::InvalidInput, "time: " + problem + "\"" + std::string(text) + "\"");
    };
    std::string_view rest = text;
    const bool isNegative = rest.starts_with('-');
    if (isNegative || rest.starts_with('+'))
        rest.remove_prefix(1);
    if (rest == "0")
        return Duration{};
    if (rest.empty())
        return fail("invalid duration ");
    std::uint64_t sum = 0;
    PartReader parts(rest);
    while (!parts.isDone()) {
        std::string problem;
        const std::optional<std::uint64_t> part = parts.next(problem);
        if (!part)
            return fail(problem);
        sum += *part;
        if (sum > kMost)
            return fail("invalid duration ");
    }
    if (isNegative)
        return Duration{static_cast<std::int64_t>(~sum + 1)};
    if (sum > kMost - 1)
        return fail("invalid duration ");
    return Duration{static_cast<std::int64_t>(sum)};
}

Expected<Duration> durationOf(std::string_view text)
{
    std::int64_t seconds = 0;
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
    if (error == std::errc() && end == digits.data() + digits.size() && seconds <= most && seconds >= -most)
        return Duration::ofSeconds(seconds);
    const Expected<Duration> duration = goDurationOf(text);
    if (!duration)
        return failure(ErrorCode::InvalidInput, "unable to parse " + std::string(text) + " as a duration");
    return duration;
}

} // namespace tiphys::crd
