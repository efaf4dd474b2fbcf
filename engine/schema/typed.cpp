// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/typed.h"

#include "base/text.h"
#include "object/builder.h"
#include "object/json.h"
#include "schema/quantity.h"
#include "schema/time_text.h"

#include <algorithm>
#include <limits>

namespace tiphys::schema {

namespace {

using object::Builder;
using object::Value;

class Typer
{
public:
    explicit Typer(UnknownFields unknown) : m_unknown(unknown) {}

    /// Writes \p value as \p type; false leaves the reason in error().
    bool write(const Type &type, const Value &value);
    Value finish() { return m_builder.finish(); }
    Error error() const { return Error(ErrorCode::InvalidInput, m_problem); }

private:
    bool writeScalar(Kind kind, const Value &value);
    bool writeInteger(const Value &value, std::int64_t least, std::int64_t most);
    bool writeIntOrString(const Value &value);
    bool writeList(const Type &type, const Value &value);
    bool writeMap(const Type &type, const Value &value);
    bool writeStruct(const Type &type, const Value &value);
    bool writeField(const Field &field, const Value &value);
    bool fails(std::string_view wanted);

    Builder m_builder;
    UnknownFields m_unknown;
    std::string m_problem;
    std::vector<std::string> m_path;
};

/// True if Go's zero value of the type is read from \p value.
bool isZero(const Type &type, const Value &value)
{
    switch (type.kind()) {
    case Kind::Bool: return value.isNull() || value == Value(false);
    case Kind::Int32:
    case Kind::Int64: return value.isNull() || value == Value(0);
    case Kind::Float: return value.isNull() || value.asNumber() == 0.0;
    case Kind::String: return value.isNull() || value.stringOr("x").empty();
    case Kind::Struct:
        return value.isNull() || std::ranges::all_of(type.fields(), [&](const Field &field) {
                   const Value member = value[field.name()];
                   return field.isPointer() ? member.isNull() : isZero(field.type(), member);
               });
    default: return value.isNull();
    }
}

/// True if `omitempty` leaves \p value of \p type out.
bool isOmitted(const Field &field, const Value &value)
{
    if (field.isPointer())
        return field.omitsEmpty() && value.isNull();
    if (field.omitsZero() && isZero(field.type(), value))
        return true;
    if (!field.omitsEmpty())
        return false;
    switch (field.type().kind()) {
    case Kind::Bytes: return value.isNull() || value == Value("");
    case Kind::Map: return value.isNull() || (value.isMap() && value.size() == 0);
    case Kind::List: return value.isNull() || (value.isList() && value.size() == 0);
    case Kind::Bool:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Float:
    case Kind::String: return isZero(field.type(), value);
    default: return false;
    }
}

bool isBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return false;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    return std::ranges::all_of(text.substr(0, text.size() - padding), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    });
}

bool Typer::fails(std::string_view wanted)
{
    if (m_problem.empty())
        m_problem = join(m_path, ".") + ": wanted " + std::string(wanted);
    return false;
}

bool Typer::writeInteger(const Value &value, std::int64_t least, std::int64_t most)
{
    const std::optional<std::int64_t> number = value.isNull() ? 0 : value.asInt();
    if (!number || *number < least || *number > most)
        return fails("an integer");
    m_builder.integer(*number);
    return true;
}

bool Typer::writeIntOrString(const Value &value)
{
    if (value.isString()) {
        m_builder.value(value);
        return true;
    }
    return writeInteger(value, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
}

bool Typer::writeScalar(Kind kind, const Value &value)
{
    using Int32 = std::numeric_limits<std::int32_t>;
    using Int64 = std::numeric_limits<std::int64_t>;
    const auto writeText = [this](const std::optional<std::string> &text, std::string_view wanted) {
        if (!text)
            return fails(wanted);
        m_builder.string(*text);
        return true;
    };
    switch (kind) {
    case Kind::Bool:
        if (!value.isBool() && !value.isNull())
            return fails("true or false");
        m_builder.boolean(value.boolOr(false));
        return true;
    case Kind::Int32: return writeInteger(value, Int32::min(), Int32::max());
    case Kind::Int64: return writeInteger(value, Int64::min(), Int64::max());
    case Kind::Float:
        if (!value.isNumber() && !value.isNull())
            return fails("a number");
        m_builder.value(value.isNull() ? Value(0) : value);
        return true;
    case Kind::String:
        if (!value.isString() && !value.isNull())
            return fails("a string");
        m_builder.string(value.stringOr());
        return true;
    case Kind::Bytes:
        if (value.isNull()) {
            m_builder.null();
            return true;
        }
        // Go's decoder skips line breaks inside base64 text.
        {
            std::string text(value.stringOr("?"));
            std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
            if (!isBase64(text))
                return fails("base64 text");
            m_builder.string(text);
            return true;
        }
    case Kind::Quantity: {
        if (!value.isString() && !value.isNumber() && !value.isNull())
            return fails("a quantity");
        const std::string text = value.isString() ? std::string(trimmed(value.stringOr()))
                                 : value.isNull() ? "0"
                                                  : object::toJson(value);
        const std::optional<Quantity> quantity = Quantity::parsed(text);
        return writeText(quantity ? std::optional(quantity->text()) : std::nullopt, "a quantity");
    }
    case Kind::IntOrString: return writeIntOrString(value);
    case Kind::Time:
    case Kind::MicroTime:
        if (value.isNull()) {
            m_builder.null();
            return true;
        }
        return writeText(kind == Kind::Time ? utcSeconds(value.stringOr()) : utcMicroseconds(value.stringOr()),
                         "a time of RFC 3339");
    case Kind::Duration: {
        const std::optional<std::int64_t> nanoseconds = value.isNull() ? 0 : parsedDuration(value.stringOr("?"));
        return writeText(nanoseconds ? std::optional(durationText(*nanoseconds)) : std::nullopt, "a duration");
    }
    default: m_builder.value(value); return true;
    }
}

bool Typer::writeList(const Type &type, const Value &value)
{
    if (value.isNull()) {
        m_builder.null();
        return true;
    }
    if (!value.isList())
        return fails("a list");
    m_builder.beginList();
    std::size_t index = 0;
    for (const Value &item : value.items()) {
        m_path.push_back(std::to_string(index++));
        if (!write(*type.element(), item))
            return false;
        m_path.pop_back();
    }
    m_builder.endList();
    return true;
}

bool Typer::writeMap(const Type &type, const Value &value)
{
    if (value.isNull()) {
        m_builder.null();
        return true;
    }
    if (!value.isMap())
        return fails("a map");
    m_builder.beginMap();
    for (const auto &[key, member] : value.entries()) {
        m_path.emplace_back(key);
        m_builder.key(key);
        if (!write(*type.element(), member))
            return false;
        m_path.pop_back();
    }
    m_builder.endMap();
    return true;
}

bool Typer::writeField(const Field &field, const Value &value)
{
    m_path.emplace_back(field.name());
    const bool isNullPointer = field.isPointer() && value.isNull();
    if (!isOmitted(field, value)) {
        m_builder.key(field.name());
        if (isNullPointer)
            m_builder.null();
        else if (!write(field.type(), value))
            return false;
    }
    m_path.pop_back();
    return true;
}

bool Typer::writeStruct(const Type &type, const Value &value)
{
    if (!value.isMap() && !value.isNull())
        return fails("a map");
    const auto fields = type.fields();
    std::size_t matched = 0;
    for (const Field &field : fields)
        matched += value.contains(field.name()) ? 1 : 0;
    // Go matches names without regard to case where no exact match took the field.
    std::vector<std::pair<const Field *, Value>> folded;
    if (matched < value.size()) {
        for (const auto &[key, member] : value.entries()) {
            if (type.exactField(key))
                continue;
            if (const Field *field = type.field(key))
                folded.emplace_back(field, member);
            else if (m_unknown == UnknownFields::Refuse)
                return fails("no field " + quoted(key));
        }
    }
    m_builder.beginMap();
    for (const Field &field : fields) {
        std::optional<Value> member = value.find(field.name());
        for (const auto &[foldedField, foldedValue] : folded) {
            if (foldedField == &field)
                member = foldedValue;
        }
        if (!writeField(field, member.value_or(Value())))
            return false;
    }
    m_builder.endMap();
    return true;
}

bool Typer::write(const Type &type, const Value &value)
{
    switch (type.kind()) {
    case Kind::Map: return writeMap(type, value);
    case Kind::List: return writeList(type, value);
    case Kind::Struct: return writeStruct(type, value);
    default: return writeScalar(type.kind(), value);
    }
}

} // namespace

Expected<Value> asTyped(const Value &value, const Type &type, UnknownFields unknown)
{
    Typer typer(unknown);
    if (!typer.write(type, value))
        return std::unexpected(typer.error());
    return typer.finish();
}

Expected<Value> asDuration(const Value &value)
{
    const std::optional<std::int64_t> nanoseconds = parsedDuration(value.stringOr("?"));
    if (!nanoseconds)
        return failure(ErrorCode::InvalidInput, "wanted a duration");
    return Value(durationText(*nanoseconds));
}

} // namespace tiphys::schema
