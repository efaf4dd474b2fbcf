// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/format.h"
#include "text/gotemplate/formatter.h"
#include "text/gotemplate/value.h"

#include <span>
#include <string>
#include <string_view>

namespace tiphys::text::detail {

/// Prints values with verbs: Go's fmt package at the level of values.
/// Source: golang src/fmt/print.go@go1.26
class Printer
{
public:
    /// \p limit  bytes of \p out at which printing stops: a value that shares its parts can be longer than any memory
    explicit Printer(std::string &out, std::size_t limit = kMaxPrintedBytes) : m_format(out), m_limit(limit) {}

    /// One operand of Print, Println or a verb.
    void operand(const TemplateValue &value, char32_t verb);
    void formatted(std::string_view format, std::span<const TemplateValue> operands);
    /// Operands as Print and Println have them.
    void spaced(std::span<const TemplateValue> operands);
    void line(std::span<const TemplateValue> operands);

private:
    /// How a place holds its value: an interface that is nil prints otherwise than other nils.
    enum class Holder { Interface, Concrete };

    std::string &out() { return m_format.out(); }
    void badVerb(const TemplateValue &value, char32_t verb);
    bool byMethod(const TemplateValue &value, char32_t verb);
    void value(const TemplateValue &value, char32_t verb, int depth);
    void element(const TemplateValue &value, Holder holder, char32_t verb, int depth);
    void boolean(const TemplateValue &value, char32_t verb);
    void integer(const TemplateValue &value, std::uint64_t bits, bool isSigned, char32_t verb);
    void number(const TemplateValue &value, double number, char32_t verb);
    void complex(const TemplateValue &value, char32_t verb);
    void text(const TemplateValue &value, std::string_view text, char32_t verb);
    void bytes(const TemplateValue &value, char32_t verb, std::string_view typeName);
    void map(const TemplateValue &value, char32_t verb, int depth);
    void list(const TemplateValue &value, char32_t verb, int depth);
    void object(const TemplateValue &value, char32_t verb, int depth);
    void address(const TemplateValue &value, char32_t verb);

    class Directive;
    Formatter m_format;
    std::size_t m_limit;
    bool m_isInError = false;
};

} // namespace tiphys::text::detail
