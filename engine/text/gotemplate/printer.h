// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    explicit Printer(std::string &out) : m_format(out) {}

    /// One operand of Print, Println or a verb.
    void operand(const TemplateValue &value, char32_t verb);
    void formatted(std::string_view format, std::span<const TemplateValue> operands);

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
    bool m_isInError = false;
};

} // namespace tiphys::text::detail
