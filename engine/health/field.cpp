// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/field.h"

#include "base/text.h"
#include "object/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tiphys::health::kinds {

namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

std::string_view trimmedOfBlanks(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

/// An integer of \p base with an optional sign, within int64.
std::optional<double> integerOf(std::string_view text, unsigned base)
{
    const bool isNegative = text.starts_with('-');
    if (isNegative || text.starts_with('+'))
        text.remove_prefix(1);
    if (text.empty())
        return std::nullopt;
    const std::uint64_t limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + isNegative;
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = static_cast<unsigned>(digitOf(c));
        if (digit >= base || value > (limit - digit) / base)
            return std::nullopt;
        value = value * base + digit;
    }
    return isNegative ? -static_cast<double>(value) : static_cast<double>(value);
}

/// Text as arithmetic reads it: an integer with Go's prefixes, else a decimal.
std::optional<double> numberIn(std::string_view text)
{
    text = trimmedOfBlanks(text);
    std::string_view digits = text;
    const bool isNegative = digits.starts_with('-');
    if (isNegative || digits.starts_with('+'))
        digits.remove_prefix(1);
    std::optional<double> integer;
    if (digits.size() > 2 && digits[0] == '0' && digitOf(digits[1]) > 9) {
        const char mark = static_cast<char>(digits[1] | 0x20);
        const unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
        if (base != 0 && digitOf(digits[2]) < 16)
            integer = integerOf(digits.substr(2), base);
    } else if (digits.size() > 1 && digits[0] == '0' && digitOf(digits[1]) <= 9) {
        integer = integerOf(digits.substr(1), 8);
    } else if (!digits.empty() && digitOf(digits[0]) <= 9) {
        integer = integerOf(digits, 10);
    }
    if (integer)
        return isNegative ? -*integer : *integer;
    return object::detail::doubleOf(text);
}

std::optional<double> operandOf(const Term &term)
{
    if (term.kind() == Kind::Number)
        return term.number();
    return term.kind() == Kind::Text ? numberIn(term.text()) : std::nullopt;
}

/// The kind of an operand once text that is a number counts as one.
Kind operandKind(const Term &term)
{
    return operandOf(term) ? Kind::Number : term.kind();
}

void failTyped(Evaluation &evaluation, std::string_view function, std::string_view wanted, Kind found)
{
    evaluation.fail("bad argument #1 to " + std::string(function) + " (" + std::string(wanted) + " expected, got "
                    + std::string(text(found)) + ")");
}

/// A failure that names two operands: "attempt to compare nil with number".
void failPair(Evaluation &evaluation, std::string_view what, Kind left, std::string_view between, Kind right)
{
    evaluation.fail(std::string(what) + ' ' + std::string(text(left)) + ' ' + std::string(between) + ' '
                    + std::string(text(right)));
}

/// True if both are numbers or both texts; fails otherwise.
bool areComparable(Evaluation &evaluation, const Term &left, const Term &right)
{
    if (left.kind() == right.kind() && left.isPrintable())
        return true;
    failPair(evaluation, "attempt to compare", left.kind(), "with", right.kind());
    return false;
}

} // namespace

std::string_view text(Kind kind)
{
    switch (kind) {
    case Kind::Nil: return "nil";
    case Kind::Bool: return "boolean";
    case Kind::Number: return "number";
    case Kind::Text: return "string";
    case Kind::Table: return "table";
    }
    return {};
}

Term::Term(const Field &field) : m_kind(field.kind())
{
    if (m_kind == Kind::Text)
        m_text = field.value().stringOr();
    else if (m_kind == Kind::Number)
        m_number = field.value().numberOrZero();
}

void Term::appendTo(std::string &out) const
{
    if (m_kind == Kind::Text)
        out += m_text;
    else if (m_kind == Kind::Number && std::abs(m_number) < kTwoTo63 && m_number == std::trunc(m_number))
        out += std::to_string(static_cast<std::int64_t>(m_number));
    else if (m_kind == Kind::Number && std::abs(m_number) >= 1e-4)
        object::detail::appendJsonNumber(out, m_number);
    else if (m_kind == Kind::Number)
        object::detail::appendShortest(out, m_number);
}

Kind Field::kind() const
{
    if (m_value.isNull())
        return Kind::Nil;
    if (m_value.isBool())
        return Kind::Bool;
    if (m_value.isString())
        return Kind::Text;
    return m_value.isNumber() ? Kind::Number : Kind::Table;
}

Field Field::operator[](std::string_view key) const
{
    const Kind found = kind();
    if (found == Kind::Table)
        return {m_value[key], m_evaluation};
    if (found != Kind::Text)
        m_evaluation->fail("attempt to index a non-table object(" + std::string(text(found)) + ") with key '"
                           + std::string(key) + "'");
    return {{}, m_evaluation};
}

Field Field::item(std::size_t index) const
{
    if (!isTable() && !m_value.isString()) {
        (void)(*this)[std::to_string(index)];
        return {{}, m_evaluation};
    }
    std::size_t number = 0;
    for (std::size_t i = 0; m_value.isList() && i < m_value.size(); ++i) {
        const object::View value = m_value.at(i);
        if (!value.isNull() && ++number == index)
            return {value, m_evaluation};
    }
    return {{}, m_evaluation};
}

std::size_t Field::length() const
{
    if (m_value.isString())
        return m_value.stringOr().size();
    if (!isTable())
        m_evaluation->fail("__len undefined");
    std::size_t count = 0;
    for (std::size_t i = 0; m_value.isList() && i < m_value.size(); ++i)
        count += m_value.at(i).isNull() ? 0 : 1;
    return count;
}

Field::Entries Field::items() const
{
    if (!isTable())
        failTyped(*m_evaluation, "ipairs", "table", kind());
    return {m_value.isList() ? m_value : object::View(), m_evaluation};
}

Field::Entries Field::each() const
{
    if (!isTable())
        failTyped(*m_evaluation, "pairs", "table", kind());
    return {m_value, m_evaluation};
}

bool Field::isEmptyTable() const
{
    if (!isTable())
        failTyped(*m_evaluation, "next", "table", kind());
    const Entries entries(m_value, m_evaluation);
    return entries.begin() == entries.end();
}

bool Field::operator==(const Field &other) const
{
    if (m_value.isNumber() && other.m_value.isNumber())
        return m_value.numberOrZero() == other.m_value.numberOrZero();
    if (isTable() || other.isTable())
        return m_value.isSameAs(other.m_value);
    if (m_value.isString() && other.m_value.isString())
        return m_value.stringOr() == other.m_value.stringOr();
    if (m_value.isBool() && other.m_value.isBool())
        return m_value.boolOr(false) == other.m_value.boolOr(false);
    return m_value.isNull() && other.m_value.isNull();
}

Field::Entries::Iterator::Iterator(const Entries *entries, bool isEnd) : m_entries(entries)
{
    if (isEnd)
        m_place = entries->m_table.size();
    else
        skipNulls();
}

void Field::Entries::Iterator::skipNulls()
{
    const object::View &table = m_entries->m_table;
    while (m_place < table.size() && (table.isList() ? table.at(m_place) : table.valueAt(m_place)).isNull())
        ++m_place;
}

Field::Entries::Entry Field::Entries::Iterator::operator*() const
{
    const object::View &table = m_entries->m_table;
    if (table.isList())
        return {Term(m_number), Field(table.at(m_place), m_entries->m_evaluation)};
    return {Term(table.keyAt(m_place)), Field(table.valueAt(m_place), m_entries->m_evaluation)};
}

Field::Entries::Iterator &Field::Entries::Iterator::operator++()
{
    ++m_place;
    ++m_number;
    skipNulls();
    return *this;
}

std::string concat(Evaluation &evaluation, std::initializer_list<Term> parts)
{
    std::string joined;
    Kind right = Kind::Nil;
    for (std::size_t i = parts.size(); i-- > 0;) {
        const Term &part = parts.begin()[i];
        const bool isLast = i + 1 == parts.size();
        if (!isLast && (!part.isPrintable() || (right != Kind::Text && right != Kind::Number))) {
            failPair(evaluation, "cannot perform concat operation between", part.kind(), "and", right);
            return {};
        }
        right = isLast ? part.kind() : Kind::Text;
    }
    for (const Term &part : parts)
        part.appendTo(joined);
    return joined;
}

std::string join(Evaluation &evaluation, const std::vector<Term> &parts, std::string_view separator)
{
    std::string joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].isPrintable()) {
            evaluation.fail("invalid value (" + std::string(text(parts[i].kind())) + ") at index "
                            + std::to_string(i + 1) + " in table for concat");
            return {};
        }
        if (i > 0)
            joined += separator;
        parts[i].appendTo(joined);
    }
    return joined;
}

bool isLess(Evaluation &evaluation, Term left, Term right)
{
    if (!areComparable(evaluation, left, right))
        return false;
    return left.kind() == Kind::Number ? left.number() < right.number() : left.text() < right.text();
}

bool isAtMost(Evaluation &evaluation, Term left, Term right)
{
    if (!areComparable(evaluation, left, right))
        return false;
    return left.kind() == Kind::Number ? left.number() <= right.number() : left.text() <= right.text();
}

double sum(Evaluation &evaluation, Term left, Term right)
{
    const std::optional<double> a = operandOf(left);
    const std::optional<double> b = operandOf(right);
    if (!a || !b)
        failPair(evaluation, "cannot perform add operation between", operandKind(left), "and", operandKind(right));
    return a.value_or(0) + b.value_or(0);
}

double difference(Evaluation &evaluation, Term left, Term right)
{
    const std::optional<double> a = operandOf(left);
    const std::optional<double> b = operandOf(right);
    if (!a || !b)
        failPair(evaluation, "cannot perform sub operation between", operandKind(left), "and", operandKind(right));
    return a.value_or(0) - b.value_or(0);
}

std::optional<double> toNumber(const Term &term)
{
    if (term.kind() == Kind::Number)
        return term.number();
    if (term.kind() != Kind::Text)
        return std::nullopt;
    const std::string_view text = trimmedOfBlanks(term.text());
    if (text.find('.') != std::string_view::npos)
        return object::detail::doubleOf(text);
    if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return integerOf(text.substr(2), 16);
    return integerOf(text, 10);
}

std::string textArgument(Evaluation &evaluation, const Term &term, std::string_view function)
{
    std::string out;
    if (!term.isPrintable())
        failTyped(evaluation, function, "string", term.kind());
    term.appendTo(out);
    return out;
}

std::size_t countOf(const Field &field)
{
    if (!field.isTable()) {
        failTyped(field.evaluation(), "getn", "table", field.kind());
        return 0;
    }
    return field.length();
}

std::optional<std::string_view> receiverOf(const Field &field, std::string_view name)
{
    if (field.kind() == Kind::Text)
        return field.value().stringOr();
    if (field[name].isNil() || field.isTable())
        field.evaluation().fail("attempt to call a non-function object");
    return std::nullopt;
}

Health verdict(HealthCode status, const Term &message)
{
    if (!message.isNil() && message.kind() != Kind::Text)
        return noStatus();
    return {status, std::string(message.text()), false, false};
}

} // namespace tiphys::health::kinds
