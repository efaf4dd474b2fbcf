// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "health/health.h"
#include "object/view.h"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// Objects as the health scripts of Argo CD see them: null is nil, all numbers are doubles, lists lose their nulls,
/// and what a script may not do with a value (index nil, join a table to text) makes the evaluation fail.
///
/// A failure is kept in the Evaluation and everything read afterwards is nil, so that rules need no checks: the
/// first failure is the answer, whatever the rule returns.
/// Source: github.com/yuin/gopher-lua vm.go state.go baselib.go tablelib.go@v1.1.2, argo-cd util/lua/lua.go
/// (decodeValue)@v3.5.1
namespace tiphys::health::kinds {

/// What a value is to a script.
enum class Kind : std::uint8_t { Nil, Bool, Number, Text, Table };
/// Its name in failures: nil, boolean, number, string, table.
std::string_view text(Kind kind);

/// The first failure of one rule on one object.
class Evaluation
{
public:
    void fail(std::string failure)
    {
        if (m_failure.empty())
            m_failure = std::move(failure);
    }
    bool hasFailed() const { return !m_failure.empty(); }
    const std::string &failure() const { return m_failure; }

private:
    std::string m_failure;
};

class Field;

/// A scalar or the mere kind of a value: what messages are made of and comparisons take. Text is borrowed.
class Term
{
public:
    Term() = default;
    Term(std::string_view text) : m_kind(Kind::Text), m_text(text) {}
    Term(const char *text) : Term(std::string_view(text)) {}
    Term(const std::string &text) : Term(std::string_view(text)) {}
    Term(double number) : m_kind(Kind::Number), m_number(number) {}
    Term(int number) : Term(static_cast<double>(number)) {}
    Term(std::size_t number) : Term(static_cast<double>(number)) {}
    Term(const Field &field);

    Kind kind() const { return m_kind; }
    bool isNil() const { return m_kind == Kind::Nil; }
    /// Text or number: what can be joined to text.
    bool isPrintable() const { return m_kind == Kind::Text || m_kind == Kind::Number; }
    std::string_view text() const { return m_text; }
    double number() const { return m_number; }
    /// Appends text or number as the scripts' `..` does.
    void appendTo(std::string &out) const;

private:
    Kind m_kind = Kind::Nil;
    std::string_view m_text;
    double m_number = 0;
};

/// A value of the object, or one below it; lives as long as the object does.
class Field
{
public:
    class Entries;

    Field(object::View value, Evaluation *evaluation) : m_value(value), m_evaluation(evaluation) {}

    Kind kind() const;
    bool isNil() const { return m_value.isNull(); }
    bool exists() const { return !m_value.isNull(); }
    /// Everything but nil and false.
    bool isTruthy() const { return exists() && !(m_value.isBool() && !m_value.boolOr(true)); }
    bool isTable() const { return m_value.isMap() || m_value.isList(); }
    const object::View &value() const { return m_value; }
    Evaluation &evaluation() const { return *m_evaluation; }

    /// The member \p key; nil of lists and text; fails on nil, numbers and booleans.
    Field operator[](std::string_view key) const;
    /// Item \p index of a list, counted from 1; nil of anything else that may be indexed.
    Field item(std::size_t index) const;
    /// `#`: items of a list, bytes of text, 0 for maps; fails on others.
    std::size_t length() const;
    /// Items of a list in order, nothing for maps; fails on others ("bad argument #1 to ipairs …").
    Entries items() const;
    /// Items of a list or values of a map; fails on others ("bad argument #1 to pairs …").
    Entries each() const;
    /// True for a table without entries; fails on others ("bad argument #1 to next …").
    bool isEmptyTable() const;

    /// This if it is truthy, else \p fallback: `field or "text"`.
    Term orElse(Term fallback) const { return isTruthy() ? Term(*this) : fallback; }
    /// This if it is truthy, else \p fallback: `field or other`.
    Field orElse(const Field &fallback) const { return isTruthy() ? *this : fallback; }

    bool is(bool expected) const { return m_value.isBool() && m_value.boolOr(!expected) == expected; }
    bool operator==(std::string_view text) const { return m_value.isString() && m_value.stringOr() == text; }
    bool operator==(const char *text) const { return *this == std::string_view(text); }
    bool operator==(double number) const { return m_value.isNumber() && m_value.numberOrZero() == number; }
    bool operator==(int number) const { return *this == static_cast<double>(number); }
    /// Equal scalars of one kind, or the same table.
    bool operator==(const Field &other) const;

private:
    object::View m_value;
    Evaluation *m_evaluation;
};

/// Items with their keys: numbers from 1 for lists, text for maps.
class Field::Entries
{
public:
    struct Entry
    {
        Term key;
        Field value;
    };
    class Iterator
    {
    public:
        Iterator(const Entries *entries, bool isEnd);
        Entry operator*() const;
        Iterator &operator++();
        bool operator==(const Iterator &other) const { return m_place == other.m_place; }

    private:
        void skipNulls();

        const Entries *m_entries;
        std::size_t m_place = 0;  ///< in the list or map
        std::size_t m_number = 1; ///< nulls do not count
    };
    Entries(object::View table, Evaluation *evaluation) : m_table(table), m_evaluation(evaluation) {}
    Iterator begin() const { return {this, false}; }
    Iterator end() const { return {this, true}; }

private:
    object::View m_table;
    Evaluation *m_evaluation;
};

/// \p parts as one text, from the right: fails where a part is neither text nor number.
std::string concat(Evaluation &evaluation, std::initializer_list<Term> parts);
/// `table.concat(parts, separator)`.
std::string join(Evaluation &evaluation, const std::vector<Term> &parts, std::string_view separator);
/// `left < right` and `left <= right`: numbers or texts; fails on anything else.
bool isLess(Evaluation &evaluation, Term left, Term right);
bool isAtMost(Evaluation &evaluation, Term left, Term right);
/// `left + right` and `left - right`; text that is a number counts.
double sum(Evaluation &evaluation, Term left, Term right);
double difference(Evaluation &evaluation, Term left, Term right);
/// `tonumber(field)`: numbers and decimal or hexadecimal text.
std::optional<double> toNumber(const Term &term);
/// \p term where \p function wants text: numbers are printed; fails on others.
std::string textArgument(Evaluation &evaluation, const Term &term, std::string_view function);
/// `table.getn(field)`: as length(), of tables only.
std::size_t countOf(const Field &field);

/// `object.status.conditions`, nil where the object has no status.
inline Field conditionsBelow(const Field &object)
{
    const Field status = object["status"];
    return status.exists() ? status["conditions"] : status;
}
/// True if `object.metadata.generation` is \p place[\p key]; both may be nil. The object is read first.
inline bool isGeneration(const Field &object, const Field &place, std::string_view key)
{
    const Field generation = object["metadata"]["generation"];
    return generation == place[key];
}
/// The text that a method of text (\p name: "find") is called on; nothing, and a failure, for anything else.
std::optional<std::string_view> receiverOf(const Field &field, std::string_view name);

/// A verdict with \p message: text or nil; with anything else the verdict is without status, as the table that a
/// script returns is not readable then.
Health verdict(HealthCode status, const Term &message);
inline Health healthy(const Term &message = {})
{
    return verdict(HealthCode::Healthy, message);
}
inline Health progressing(const Term &message = {})
{
    return verdict(HealthCode::Progressing, message);
}
inline Health degraded(const Term &message = {})
{
    return verdict(HealthCode::Degraded, message);
}
inline Health suspended(const Term &message = {})
{
    return verdict(HealthCode::Suspended, message);
}
inline Health unknown(const Term &message = {})
{
    return verdict(HealthCode::Unknown, message);
}
/// What an empty answer of a script is: no status, which worsens nothing.
inline Health noStatus()
{
    return {};
}

} // namespace tiphys::health::kinds
