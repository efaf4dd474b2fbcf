// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/float_text.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::text::detail {

/// Writes scalars with the flags, width and precision of one verb: Go's fmt package below the level of values.
/// Source: golang src/fmt/format.go@go1.26
class Formatter
{
public:
    struct Flags
    {
        bool hasWidth = false;
        bool hasPrecision = false;
        bool minus = false;
        bool plus = false;
        bool sharp = false;
        bool space = false;
        bool zero = false;
        bool plusV = false;  ///< %+v
        bool sharpV = false; ///< %#v
        int width = 0;
        int precision = 0;
    };

    explicit Formatter(std::string &out) : m_out(out) {}
    Flags flags;

    std::string &out() { return m_out; }
    void padded(std::string_view text);
    void boolean(bool value) { padded(value ? "true" : "false"); }
    /// \p isSigned  whether \p value is the two's complement of an int64
    void integer(std::uint64_t value, int base, bool isSigned, char32_t verb);
    void hex0x(std::uint64_t value, bool hasPrefix);
    void unicode(std::uint64_t value);
    void character(std::uint64_t value);
    void quotedCharacter(std::uint64_t value);
    void text(std::string_view text);
    void hexText(std::string_view text, bool isUpper);
    void quoted(std::string_view text);
    void number(double value, FloatBits bits, char verb, int precision);

private:
    void padding(int count);
    std::string_view truncated(std::string_view text) const;
    void restoreSharpDigits(std::string &number, char verb, int precision) const;

    std::string &m_out;
};

} // namespace tiphys::text::detail
