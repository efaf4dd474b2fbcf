// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <locale>
#include <sstream>
#include <type_traits>

namespace tiphys::object::detail {

namespace {

/// The shortest digits that read back as the number: 0.DIGITS times ten to the power of point.
struct Decimal
{
    bool isNegative = false;
    std::string digits;
    int point = 0;
};

template <typename Float>
Decimal shortestDecimal(Float value)
{
    Decimal decimal;
    decimal.isNegative = std::signbit(value);
    char text[48] = {};
    const std::to_chars_result end =
        std::to_chars(text, text + sizeof text, std::abs(value), std::chars_format::scientific);
    const std::string_view all(text, static_cast<std::size_t>(end.ptr - text));
    const std::size_t e = all.find('e');
    for (const char c : all.substr(0, e)) {
        if (c != '.')
            decimal.digits += c;
    }
    decimal.point = std::atoi(all.substr(e + 1).data()) + 1;
    return decimal;
}

void appendPlain(std::string &out, const Decimal &decimal)
{
    const int size = static_cast<int>(decimal.digits.size());
    if (decimal.point <= 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-decimal.point), '0');
        out += decimal.digits;
    } else if (decimal.point >= size) {
        out += decimal.digits;
        out.append(static_cast<std::size_t>(decimal.point - size), '0');
    } else {
        const auto point = static_cast<std::size_t>(decimal.point);
        out.append(decimal.digits, 0, point);
        out += '.';
        out.append(decimal.digits, point);
    }
}

void appendScientific(std::string &out, const Decimal &decimal, int exponentDigits)
{
    out += decimal.digits[0];
    if (decimal.digits.size() > 1) {
        out += '.';
        out.append(decimal.digits, 1);
    }
    const int exponent = decimal.point - 1;
    out += exponent < 0 ? "e-" : "e+";
    const std::string power = std::to_string(std::abs(exponent));
    if (static_cast<int>(power.size()) < exponentDigits)
        out += '0';
    out += power;
}

void appendGeneral(std::string &out, const Decimal &decimal)
{
    // Go's shortest form counts as precision 6 here.
    constexpr int kPlainBelow = 6;
    if (decimal.isNegative)
        out += '-';
    const int exponent = decimal.point - 1;
    if (exponent < -4 || exponent >= kPlainBelow)
        appendScientific(out, decimal, 2);
    else
        appendPlain(out, decimal);
}

template <typename Integer>
std::optional<Integer> writtenInteger(double value)
{
    constexpr double kExactBelow = 9007199254740992.0;
    constexpr double kNone = 1e21;
    if (value != std::trunc(value) || std::abs(value) >= kNone)
        return std::nullopt;
    if (value < 0 && std::is_unsigned_v<Integer>)
        return std::nullopt;
    if (std::abs(value) < kExactBelow)
        return static_cast<Integer>(value);
    Integer integer = 0;
    std::string text;
    appendJsonNumber(text, value);
    const char *end = text.data() + text.size();
    const std::from_chars_result read = std::from_chars(text.data(), end, integer);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return integer;
}

} // namespace

std::optional<std::int64_t> writtenInt64(double value)
{
    return writtenInteger<std::int64_t>(value);
}

std::optional<std::uint64_t> writtenUint64(double value)
{
    return writtenInteger<std::uint64_t>(value);
}

std::optional<double> doubleOf(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
#if defined(__cpp_lib_to_chars)
    const std::from_chars_result end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ptr != text.data() + text.size() || text.empty())
        return std::nullopt;
    if (end.ec == std::errc::result_out_of_range) {
        // Too small is zero in Go, too large is an error: the exponent or a leading zero tells which it was.
        const std::size_t e = text.find_first_of("eE");
        const std::size_t first = text.find_first_not_of("-0");
        const bool isSmall = e != std::string_view::npos ? text.substr(e + 1).starts_with('-')
                                                         : first != std::string_view::npos && text[first] == '.';
        if (!isSmall)
            return std::nullopt;
        return text.starts_with('-') ? -0.0 : 0.0;
    }
#else
    std::istringstream stream{std::string(text)};
    stream.imbue(std::locale::classic());
    stream >> value;
    if (!stream.eof() || text.empty())
        return std::nullopt;
    if (stream.fail() && value != 0)
        return std::nullopt;
#endif
    if (!std::isfinite(value))
        return std::nullopt;
    return value;
}

void appendJsonNumber(std::string &out, double value)
{
    const Decimal decimal = shortestDecimal(value);
    if (decimal.isNegative)
        out += '-';
    const double size = std::abs(value);
    if (size != 0 && (size < 1e-6 || size >= 1e21))
        appendScientific(out, decimal, 1);
    else
        appendPlain(out, decimal);
}

void appendShortest(std::string &out, double value, FloatWidth width)
{
    const bool isSingle = width == FloatWidth::Single;
    if (isSingle)
        value = static_cast<double>(static_cast<float>(value));
    if (std::isnan(value)) {
        out += ".nan";
    } else if (std::isinf(value)) {
        out += value < 0 ? "-.inf" : ".inf";
    } else {
        const Decimal decimal = isSingle ? shortestDecimal(static_cast<float>(value)) : shortestDecimal(value);
        appendGeneral(out, decimal);
    }
}

} // namespace tiphys::object::detail
