// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/utf8.h"
#include "text/gotemplate/printer.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tiphys::text::detail {

namespace {

constexpr std::int64_t kMaxNumber = 1000000;

bool isTooLarge(std::int64_t number)
{
    return number > kMaxNumber || number < -kMaxNumber;
}

/// An operand used as width or precision.
std::optional<int> integerOf(const TemplateValue &value)
{
    std::int64_t number = 0;
    if (value.isNil())
        return std::nullopt;
    if (value.type().isInteger())
        number = value.integer();
    else if (value.type().isUnsigned())
        number =
            value.unsignedInteger() > kMaxNumber ? kMaxNumber + 1 : static_cast<std::int64_t>(value.unsignedInteger());
    else
        return std::nullopt;
    if (isTooLarge(number))
        return std::nullopt;
    return static_cast<int>(number);
}

} // namespace

/// Reads the verbs of one format from left to right.
class Printer::Directive
{
public:
    Directive(Printer &printer, std::string_view format, std::span<const TemplateValue> operands)
        : m_printer(printer), m_flags(printer.m_format.flags), m_format(format), m_operands(operands)
    {
    }

    void run()
    {
        while (m_at < m_format.size()) {
            const std::size_t percent = std::min(m_format.find('%', m_at), m_format.size());
            m_printer.out().append(m_format, m_at, percent - m_at);
            m_at = percent;
            if (m_at < m_format.size() && !verb())
                break;
        }
        if (!m_isReordered && m_operand < m_operands.size())
            extra();
    }

private:
    bool isAt(char c) const { return m_at < m_format.size() && m_format[m_at] == c; }

    /// One verb; false at the end of the format.
    bool verb()
    {
        ++m_at;
        m_flags = {};
        m_isIndexGood = true;
        if (simple())
            return true;
        m_isAfterIndex = argumentIndex();
        width();
        precision();
        if (!m_isAfterIndex)
            m_isAfterIndex = argumentIndex();
        if (m_at >= m_format.size()) {
            m_printer.out() += "%!(NOVERB)";
            return false;
        }
        const auto letter = object::detail::codePointAt(m_format, m_at);
        m_at += letter.size;
        print(letter.value);
        return true;
    }

    /// Flags, and the verb if it follows at once.
    bool simple()
    {
        for (; m_at < m_format.size(); ++m_at) {
            const char c = m_format[m_at];
            switch (c) {
            case '#': m_flags.sharp = true; break;
            case '0': m_flags.zero = true; break;
            case '+': m_flags.plus = true; break;
            case '-': m_flags.minus = true; break;
            case ' ': m_flags.space = true; break;
            default:
                if (c < 'a' || c > 'z' || m_operand >= m_operands.size())
                    return false;
                ++m_at;
                printOperand(static_cast<char32_t>(c));
                return true;
            }
        }
        return false;
    }

    void printOperand(char32_t letter)
    {
        if (letter == 'v' || letter == 'w') {
            m_flags.sharpV = std::exchange(m_flags.sharp, false);
            m_flags.plusV = std::exchange(m_flags.plus, false);
        }
        m_printer.operand(m_operands[m_operand], letter);
        ++m_operand;
    }

    void print(char32_t letter)
    {
        if (letter == '%')
            m_printer.out() += '%';
        else if (!m_isIndexGood)
            complain(letter, "(BADINDEX)");
        else if (m_operand >= m_operands.size())
            complain(letter, "(MISSING)");
        else
            printOperand(letter);
    }

    void complain(char32_t letter, std::string_view what)
    {
        m_printer.out() += "%!";
        object::detail::appendUtf8(m_printer.out(), letter);
        m_printer.out() += what;
    }

    /// Digits from the current place; nothing if there are none or too many (then all is skipped, as in Go).
    std::optional<int> digits(std::size_t end)
    {
        std::int64_t number = 0;
        std::size_t at = m_at;
        for (; at < end && m_format[at] >= '0' && m_format[at] <= '9'; ++at) {
            if (isTooLarge(number)) {
                m_at = end;
                return std::nullopt;
            }
            number = number * 10 + (m_format[at] - '0');
        }
        if (std::exchange(m_at, at) == at)
            return std::nullopt;
        return static_cast<int>(number);
    }

    /// "[3]": which operand comes next.
    bool argumentIndex()
    {
        if (!isAt('['))
            return false;
        m_isReordered = true;
        const std::size_t start = m_at;
        const std::size_t close = m_format.find(']', start + 1);
        if (m_format.size() - start < 3 || close == m_format.npos) {
            m_at = start + 1;
            m_isIndexGood = false;
            return false;
        }
        m_at = start + 1;
        const std::optional<int> number = digits(close);
        const bool isNumber = number && m_at == close;
        m_at = close + 1;
        if (isNumber && *number >= 1 && static_cast<std::size_t>(*number) <= m_operands.size()) {
            m_operand = static_cast<std::size_t>(*number) - 1;
            return true;
        }
        m_isIndexGood = false;
        return isNumber;
    }

    std::optional<int> starOperand()
    {
        if (m_operand >= m_operands.size())
            return std::nullopt;
        return integerOf(m_operands[m_operand++]);
    }

    void width()
    {
        if (isAt('*')) {
            ++m_at;
            const std::optional<int> number = starOperand();
            m_flags.hasWidth = number.has_value();
            m_flags.width = number.value_or(0);
            if (!number)
                m_printer.out() += "%!(BADWIDTH)";
            if (m_flags.width < 0) {
                m_flags.width = -m_flags.width;
                m_flags.minus = true;
                m_flags.zero = false;
            }
            m_isAfterIndex = false;
            return;
        }
        const std::optional<int> number = digits(m_format.size());
        m_flags.hasWidth = number.has_value();
        m_flags.width = number.value_or(0);
        if (m_isAfterIndex && number)
            m_isIndexGood = false;
    }

    void precision()
    {
        if (!isAt('.') || m_at + 1 >= m_format.size())
            return;
        ++m_at;
        if (m_isAfterIndex)
            m_isIndexGood = false;
        m_isAfterIndex = argumentIndex();
        if (isAt('*')) {
            ++m_at;
            std::optional<int> number = starOperand();
            if (number && *number < 0)
                number.reset();
            m_flags.hasPrecision = number.has_value();
            m_flags.precision = number.value_or(0);
            if (!number)
                m_printer.out() += "%!(BADPREC)";
            m_isAfterIndex = false;
            return;
        }
        m_flags.precision = digits(m_format.size()).value_or(0);
        m_flags.hasPrecision = true;
    }

    void extra()
    {
        m_flags = {};
        std::string &out = m_printer.out();
        out += "%!(EXTRA ";
        for (bool isFirst = true; m_operand < m_operands.size(); ++m_operand) {
            if (!std::exchange(isFirst, false))
                out += ", ";
            const TemplateValue &operand = m_operands[m_operand];
            out += operand.typeName();
            if (operand.isNil())
                continue;
            out += '=';
            m_printer.operand(operand, 'v');
        }
        out += ')';
    }

    Printer &m_printer;
    Formatter::Flags &m_flags;
    std::string_view m_format;
    std::span<const TemplateValue> m_operands;
    std::size_t m_at = 0;
    std::size_t m_operand = 0;
    bool m_isAfterIndex = false;
    bool m_isReordered = false;
    bool m_isIndexGood = true;
};

void Printer::formatted(std::string_view format, std::span<const TemplateValue> operands)
{
    Directive(*this, format, operands).run();
}

} // namespace tiphys::text::detail
