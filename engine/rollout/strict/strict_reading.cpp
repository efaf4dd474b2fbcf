// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/strict/strict_reading.h"

#include "base/text.h"
#include "object/json.h"
#include "object/number_text.h"
#include "rollout/strict/time_problem.h"
#include "schema/quantity.h"

#include <charconv>
#include <limits>
#include <vector>

namespace tiphys::rollout {

using object::Value;

namespace {

using Kind = GoType::Kind;

/// What a YAML document is brought into before it is read: a type, or anything.
using Target = std::optional<GoType>;

bool isOpaque(const GoType &type)
{
    return type.kind == Kind::Any || type.kind == Kind::IntOrString || type.kind == Kind::Quantity
           || type.kind == Kind::Time;
}

Target targetOf(const GoType &type)
{
    return isOpaque(type) ? Target() : Target(type);
}

/// What the member \p key of a document is brought into where the document itself is \p target.
Target memberTarget(const Target &target, std::string_view key)
{
    if (!target)
        return {};
    if (target->kind == Kind::Map)
        return targetOf(elementOf(*target));
    if (target->kind != Kind::Struct)
        return {};
    const std::optional<GoField> field = fieldOf(*target, key);
    if (!field)
        return {};
    // A known flaw: the struct within is taken for its member.
    return field->embeddedType ? field->embeddedType : targetOf(field->type);
}

Target itemTarget(const Target &target)
{
    return target && target->kind == Kind::List ? targetOf(elementOf(*target)) : Target();
}

/// A scalar as text where a text is wanted.
Value asText(const Value &value)
{
    if (value.isBool())
        return Value(value.boolOr(false) ? "true" : "false");
    if (value.isInteger())
        return Value(object::toJson(value));
    std::string text;
    object::detail::appendShortest(text, value.asNumber().value_or(0), object::detail::FloatWidth::Single);
    return Value(text);
}

std::string_view wordOf(const Value &value)
{
    if (value.isString())
        return "string";
    if (value.isBool())
        return "bool";
    if (value.isList())
        return "array";
    return value.isMap() ? "object" : "number";
}

/// What Go says of \p text, which is no quantity.
std::string quantityProblem(std::string_view text)
{
    const auto skip = [&text](std::string_view set) {
        const std::size_t end = text.find_first_not_of(set);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    };
    const bool isEmpty = text.empty();
    if (text.starts_with('+') || text.starts_with('-'))
        text.remove_prefix(1);
    skip("0123456789");
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        skip("0123456789");
    }
    skip("eEinumkKMGTP");
    if (text.starts_with('+') || text.starts_with('-'))
        text.remove_prefix(1);
    skip("0123456789");
    return isEmpty || !text.empty() ? "quantities must match the regular expression "
                                      "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
                                    : "unable to parse quantity's suffix";
}

/// Reads like Go's decoder: the first small problem is told in the end, a big one at once.
class StrictReader
{
public:
    Value read(const Value &value, const GoType &type, const Target &target);
    const std::string &problem() const { return m_fatal.empty() ? m_first : m_fatal; }

private:
    Value readStruct(const Value &value, const GoType &type, const Target &target);
    Value readList(const Value &value, const GoType &type, const Target &target);
    Value readMap(const Value &value, const GoType &type, const Target &target);
    Value readInteger(const Value &value, const GoType &type);
    Value readIntOrString(const Value &value);
    Value readQuantity(const Value &value);
    Value readTime(const Value &value);

    void save(std::string problem)
    {
        if (m_first.empty())
            m_first = std::move(problem);
    }
    void fail(std::string problem)
    {
        if (m_fatal.empty())
            m_fatal = std::move(problem);
    }
    std::string mismatch(std::string_view word, std::string_view type) const
    {
        return "json: cannot unmarshal " + std::string(word) + " into Go struct field " + m_struct + "."
               + join(m_path, ".") + " of type " + std::string(type);
    }
    /// What stands where there is nothing.
    static Value zeroOf(const GoType &type);

    std::string m_struct;
    std::vector<std::string> m_path;
    std::string m_first;
    std::string m_fatal;
};

Value StrictReader::zeroOf(const GoType &type)
{
    switch (type.kind) {
    case Kind::String: return Value("");
    case Kind::Quantity: return Value("0");
    case Kind::Bool: return Value(false);
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Float: return Value(0);
    case Kind::Struct: return Value::map({});
    default: return {};
    }
}

Value StrictReader::readStruct(const Value &value, const GoType &type, const Target &target)
{
    std::vector<std::pair<std::string, Value>> members;
    const std::string outer = m_struct;
    const std::size_t depth = m_path.size();
    for (const auto &[key, member] : value.sortedEntries()) {
        const std::optional<GoField> field = fieldOf(type, key);
        if (!field) {
            save("json: unknown field " + object::toJson(Value(key)));
            continue;
        }
        if (!field->embedded.empty())
            m_path.emplace_back(field->embedded);
        m_path.emplace_back(field->name);
        m_struct = type.name.substr(type.name.rfind('.') + 1);
        const Value read = this->read(member, field->type, memberTarget(target, key));
        if (!read.isNull())
            members.emplace_back(field->name, read);
        m_path.resize(depth);
        m_struct = outer;
        if (!m_fatal.empty())
            break;
    }
    return Value::map(members);
}

Value StrictReader::readList(const Value &value, const GoType &type, const Target &target)
{
    const GoType element = elementOf(type);
    const Target elementTarget = itemTarget(target);
    std::vector<Value> items;
    for (const Value &item : value.items()) {
        if (!m_fatal.empty())
            break;
        items.push_back(item.isNull() ? zeroOf(element) : read(item, element, elementTarget));
    }
    return Value::list(items);
}

Value StrictReader::readMap(const Value &value, const GoType &type, const Target &target)
{
    const GoType element = elementOf(type);
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[key, member] : value.sortedEntries()) {
        if (!m_fatal.empty())
            break;
        members.emplace_back(key, member.isNull() ? zeroOf(element) : read(member, element, memberTarget(target, key)));
    }
    return Value::map(members);
}

/// The integer that \p text writes; nothing if it is too large or none.
std::optional<std::int64_t> integerOf(const std::string &text, Kind kind)
{
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    using Int32 = std::numeric_limits<std::int32_t>;
    if (kind == Kind::Int32 && (number < Int32::min() || number > Int32::max()))
        return std::nullopt;
    return number;
}

Value StrictReader::readInteger(const Value &value, const GoType &type)
{
    const std::string text = object::toJson(value);
    const std::optional<std::int64_t> number = integerOf(text, type.kind);
    if (!number) {
        save(mismatch("number " + text, type.name));
        return {};
    }
    return Value(*number);
}

Value StrictReader::readIntOrString(const Value &value)
{
    if (value.isString())
        return value;
    const std::string text = object::toJson(value);
    const std::optional<std::int64_t> number = value.isNumber() ? integerOf(text, Kind::Int32) : std::nullopt;
    if (!number) {
        fail(mismatch(value.isNumber() ? "number " + text : std::string(wordOf(value)), "int32"));
        return {};
    }
    return Value(*number);
}

Value StrictReader::readQuantity(const Value &value)
{
    const std::string text = value.isString() ? std::string(trimmed(value.stringOr())) : object::toJson(value);
    if (!schema::Quantity::parsed(text))
        fail(quantityProblem(text));
    return value;
}

Value StrictReader::readTime(const Value &value)
{
    if (!value.isString())
        fail(mismatch(wordOf(value), "string"));
    else if (const std::string problem = timeProblem(value.stringOr()); !problem.empty())
        fail(problem);
    return value;
}

Value StrictReader::read(const Value &value, const GoType &type, const Target &target)
{
    if (value.isNull() || type.kind == Kind::Any)
        return value;
    switch (type.kind) {
    case Kind::IntOrString: return readIntOrString(value);
    case Kind::Quantity: return readQuantity(value);
    case Kind::Time: return readTime(value);
    case Kind::Struct:
        if (value.isMap())
            return readStruct(value, type, target);
        break;
    case Kind::List:
        if (value.isList())
            return readList(value, type, target);
        break;
    case Kind::Map:
        if (value.isMap())
            return readMap(value, type, target);
        break;
    case Kind::Bool:
        if (value.isBool())
            return value;
        break;
    case Kind::Int32:
    case Kind::Int64:
        if (value.isNumber())
            return readInteger(value, type);
        break;
    case Kind::Float:
        if (value.isNumber())
            return value;
        break;
    case Kind::String:
        if (value.isString())
            return value;
        if ((value.isNumber() || value.isBool()) && target && target->kind == Kind::String)
            return asText(value);
        break;
    case Kind::Any: break;
    }
    save(mismatch(wordOf(value), type.name));
    return {};
}

} // namespace

Expected<Value> strictlyRead(const Value &document, const GoType &type)
{
    StrictReader reader;
    const Value read = reader.read(document, type, type);
    if (!reader.problem().empty())
        return failure(ErrorCode::InvalidInput, reader.problem());
    return read;
}

} // namespace tiphys::rollout
