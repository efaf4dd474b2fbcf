// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/float_text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace tiphys::text {

namespace {

/// The digits of a number without its sign: 0.DIGITS times ten to the power of point. No zeros at the end.
struct Digits
{
    std::string digits;
    int point = 0;

    int size() const { return static_cast<int>(digits.size()); }
    char at(int index) const { return index < size() ? digits[static_cast<std::size_t>(index)] : '0'; }
};

Digits withoutTrailingZeros(Digits digits)
{
    while (!digits.digits.empty() && digits.digits.back() == '0')
        digits.digits.pop_back();
    if (digits.digits.empty())
        digits.point = 0;
    return digits;
}

/// Reads "d.ddde±dd".
Digits digitsOfScientific(std::string_view text)
{
    Digits digits;
    const std::size_t e = text.find('e');
    for (const char c : text.substr(0, e)) {
        if (c != '.')
            digits.digits += c;
    }
    digits.point = std::atoi(std::string(text.substr(e + 1)).c_str()) + 1;
    return withoutTrailingZeros(std::move(digits));
}

/// Reads "ddd.ddd".
Digits digitsOfFixed(std::string_view text)
{
    Digits digits;
    const std::size_t dot = std::min(text.find('.'), text.size());
    for (const char c : text) {
        if (c != '.')
            digits.digits += c;
    }
    const std::size_t zeros = std::min(digits.digits.find_first_not_of('0'), digits.digits.size());
    digits.digits.erase(0, zeros);
    digits.point = static_cast<int>(dot) - static_cast<int>(zeros);
    return withoutTrailingZeros(std::move(digits));
}

Digits shortestDigits(double number, FloatBits bits)
{
    char text[64];
    const std::to_chars_result end =
        bits == FloatBits::Single
            ? std::to_chars(text, text + sizeof text, static_cast<float>(number), std::chars_format::scientific)
            : std::to_chars(text, text + sizeof text, number, std::chars_format::scientific);
    return digitsOfScientific({text, static_cast<std::size_t>(end.ptr - text)});
}

Digits roundedDigits(double number, char format, int precision)
{
    // A double has no more than 767 digits, and none after the 1074th place.
    if (format == 'f') {
        std::string text(1500, '\0');
        const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed,
                                       std::min(precision, 1100));
        return digitsOfFixed({text.data(), static_cast<std::size_t>(end.ptr - text.data())});
    }
    const bool isGeneral = format == 'g' || format == 'G';
    const int places = isGeneral ? std::max(precision, 1) - 1 : precision;
    std::string text(900, '\0');
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific,
                                   std::min(places, 800));
    return digitsOfScientific({text.data(), static_cast<std::size_t>(end.ptr - text.data())});
}

void appendScientific(std::string &out, const Digits &digits, int precision, char e)
{
    out += digits.at(0);
    if (precision > 0) {
        out += '.';
        for (int i = 1; i <= precision; ++i)
            out += digits.at(i);
    }
    int exponent = digits.size() == 0 ? 0 : digits.point - 1;
    out += e;
    out += exponent < 0 ? '-' : '+';
    exponent = std::abs(exponent);
    if (exponent < 10)
        out += '0';
    out += std::to_string(exponent);
}

void appendFixed(std::string &out, const Digits &digits, int precision)
{
    if (digits.point > 0) {
        for (int i = 0; i < digits.point; ++i)
            out += digits.at(i);
    } else {
        out += '0';
    }
    if (precision <= 0)
        return;
    out += '.';
    for (int i = 0; i < precision; ++i) {
        const int index = digits.point + i;
        out += index < 0 ? '0' : digits.at(index);
    }
}

void appendGeneral(std::string &out, const Digits &digits, char format, int precision)
{
    const bool isShortest = precision < 0;
    const int wanted = isShortest ? digits.size() : std::max(precision, 1);
    int limit = wanted;
    if (limit > digits.size() && digits.size() >= digits.point)
        limit = digits.size();
    if (isShortest)
        limit = 6;
    const int exponent = digits.point - 1;
    if (exponent < -4 || exponent >= limit) {
        appendScientific(out, digits, std::min(wanted, digits.size()) - 1, format == 'G' ? 'E' : 'e');
        return;
    }
    appendFixed(out, digits, std::max(digits.size() - digits.point, 0));
}

/// Mantissa and exponent as the format of the float stores them.
struct Binary
{
    std::uint64_t mantissa = 0;
    int exponent = 0; ///< of the mantissa's highest bit
    int mantissaBits = 0;
};

Binary binaryOf(double number, FloatBits bits)
{
    Binary binary;
    const bool isSingle = bits == FloatBits::Single;
    const std::uint64_t pattern =
        isSingle ? std::bit_cast<std::uint32_t>(static_cast<float>(number)) : std::bit_cast<std::uint64_t>(number);
    binary.mantissaBits = isSingle ? 23 : 52;
    const int exponentMask = isSingle ? 0xff : 0x7ff;
    binary.mantissa = pattern & ((std::uint64_t(1) << binary.mantissaBits) - 1);
    binary.exponent = static_cast<int>(pattern >> binary.mantissaBits) & exponentMask;
    if (binary.exponent == 0)
        binary.exponent = 1;
    else
        binary.mantissa |= std::uint64_t(1) << binary.mantissaBits;
    binary.exponent -= isSingle ? 127 : 1023;
    return binary;
}

void appendBinary(std::string &out, const Binary &binary)
{
    const int exponent = binary.exponent - binary.mantissaBits;
    out += std::to_string(binary.mantissa);
    out += exponent >= 0 ? "p+" : "p";
    out += std::to_string(exponent);
}

void roundHex(std::uint64_t &mantissa, int &exponent, int precision)
{
    const int shift = precision * 4;
    const std::uint64_t extra = (mantissa << shift) & ((std::uint64_t(1) << 60) - 1);
    mantissa >>= 60 - shift;
    if ((extra | (mantissa & 1)) > std::uint64_t(1) << 59)
        ++mantissa;
    mantissa <<= 60 - shift;
    if (mantissa & (std::uint64_t(1) << 61)) {
        mantissa >>= 1;
        ++exponent;
    }
}

void appendHexFloat(std::string &out, const Binary &binary, char format, int precision)
{
    const std::string_view hex = format == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    std::uint64_t mantissa = binary.mantissa;
    int exponent = mantissa == 0 ? 0 : binary.exponent;
    mantissa <<= 60 - binary.mantissaBits;
    while (mantissa != 0 && (mantissa & (std::uint64_t(1) << 60)) == 0) {
        mantissa <<= 1;
        --exponent;
    }
    if (precision >= 0 && precision < 15)
        roundHex(mantissa, exponent, precision);
    out += '0';
    out += format;
    out += static_cast<char>('0' + (mantissa >> 60 & 1));
    mantissa <<= 4;
    if (precision > 0 || (precision < 0 && mantissa != 0))
        out += '.';
    for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; ++i) {
        out += hex[mantissa >> 60 & 15];
        mantissa <<= 4;
    }
    out += format == 'X' ? 'P' : 'p';
    out += exponent < 0 ? '-' : '+';
    exponent = std::abs(exponent);
    if (exponent < 10)
        out += '0';
    out += std::to_string(exponent);
}

} // namespace

void appendFloat(std::string &out, double number, char format, int precision, FloatBits bits)
{
    if (std::isnan(number)) {
        out += "NaN";
        return;
    }
    if (std::isinf(number)) {
        out += number < 0 ? "-Inf" : "+Inf";
        return;
    }
    if (bits == FloatBits::Single)
        number = static_cast<double>(static_cast<float>(number));
    if (std::signbit(number))
        out += '-';
    number = std::abs(number);
    if (format == 'b')
        return appendBinary(out, binaryOf(number, bits));
    if (format == 'x' || format == 'X')
        return appendHexFloat(out, binaryOf(number, bits), format, precision);
    Digits digits;
    if (number != 0)
        digits = precision < 0 ? shortestDigits(number, bits) : roundedDigits(number, format, precision);
    if (format == 'e' || format == 'E')
        appendScientific(out, digits, precision < 0 ? digits.size() - 1 : precision, format);
    else if (format == 'f')
        appendFixed(out, digits, precision < 0 ? std::max(digits.size() - digits.point, 0) : precision);
    else
        appendGeneral(out, digits, format, precision);
}

} // namespace tiphys::text
