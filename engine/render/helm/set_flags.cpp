// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/set_flags.h"

#include "base/text.h"
#include "object/json.h"
#include "render/helm/chart_metadata.h"

#include <charconv>
#include <optional>

namespace tiphys::render {

using object::Value;

namespace {

constexpr int kMostLevels = 30;
constexpr std::int64_t kMostIndex = 65536;

std::string inDoubleQuotes(std::string_view text)
{
    return object::toJson(Value(text));
}

std::unexpected<Error> bad(std::string text)
{
    return failure(ErrorCode::InvalidInput, std::move(text));
}

std::string goType(const Value &value)
{
    if (value.isNull())
        return "nil";
    if (value.isBool())
        return "bool";
    if (value.isString())
        return "string";
    if (value.isInteger())
        return "int64";
    if (value.isNumber())
        return "float64";
    return value.isList() ? "[]interface {}" : "map[string]interface {}";
}

std::unexpected<Error> conversionError(const Value &value, std::string_view wanted)
{
    return bad("unable to parse key: interface conversion: interface {} is " + goType(value) + ", not "
               + std::string(wanted));
}

/// Length of the JSON value at the start of \p text (white space before it included); nothing if there is none.
std::optional<std::size_t> jsonLength(std::string_view text)
{
    std::size_t i = text.find_first_not_of(" \t\r\n");
    if (i == std::string_view::npos)
        return std::nullopt;
    int depth = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i)
                i += text[i] == '\\' ? 1 : 0;
            if (i >= text.size())
                return std::nullopt;
        } else if (c == '{' || c == '[') {
            ++depth;
            continue;
        } else if (c == '}' || c == ']') {
            --depth;
        } else if (depth == 0) {
            while (i + 1 < text.size() && !std::string_view(", \t\r\n").contains(text[i + 1]))
                ++i;
        }
        if (depth <= 0)
            return i + 1;
    }
    return std::nullopt;
}

Value typedValue(const std::string &text)
{
    const std::string lower = asciiLower(text);
    if (lower == "true" || lower == "false")
        return Value(lower == "true");
    if (lower == "null")
        return {};
    if (text == "0")
        return Value(0);
    if (!text.empty() && text.front() != '0') {
        // Go's ParseInt takes a plus sign too.
        const std::string_view digits = std::string_view(text).substr(text.front() == '+' ? 1 : 0);
        std::int64_t number = 0;
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        const bool isSigned = text.front() == '+' && digits.starts_with('-');
        if (problem == std::errc() && end == digits.data() + digits.size() && !isSigned)
            return Value(number);
    }
    return Value(text);
}

/// Whether parsing goes on: false at the end of the text.
using Step = Expected<bool>;

class Parser
{
public:
    Parser(SetKind kind, std::string_view text, const ReadSetFile &read) : m_kind(kind), m_rest(text), m_read(read) {}

    Expected<Value> parse(Value values)
    {
        while (true) {
            const Step step = key(values, 0);
            if (!step)
                return std::unexpected(step.error());
            if (!*step)
                return values;
        }
    }

private:
    struct Piece
    {
        std::string text;
        char stop = 0; ///< 0 at the end of the text
    };

    bool hasEscapes() const { return m_kind != SetKind::Literal; }

    Piece until(std::string_view stops)
    {
        Piece piece;
        while (!m_rest.empty()) {
            char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (stops.contains(c)) {
                piece.stop = c;
                return piece;
            }
            if (c == '\\' && hasEscapes()) {
                if (m_rest.empty())
                    return piece;
                c = m_rest.front();
                m_rest.remove_prefix(1);
            }
            piece.text += c;
        }
        return piece;
    }

    static void set(Value &map, const std::string &name, const Value &value)
    {
        if (!name.empty())
            map = map.with(name, value);
    }

    Step key(Value &map, int level)
    {
        const Piece piece = until(hasEscapes() ? "=[,." : "=[.");
        switch (piece.stop) {
        case '[': return listKey(map, piece.text, level);
        case '=': {
            Value value;
            const Step step = valueOf(value);
            if (step)
                set(map, piece.text, value);
            return step;
        }
        case ',': return bad("key " + inDoubleQuotes(piece.text) + " has no value (cannot end with ,)");
        case '.': return mapKey(map, piece.text, level + 1);
        default: break;
        }
        if (piece.text.empty())
            return false;
        return bad("key " + inDoubleQuotes(piece.text) + " has no value");
    }

    Step mapKey(Value &map, const std::string &name, int level)
    {
        if (level > kMostLevels)
            return bad("value name nested level is greater than maximum supported nested level of 30");
        Value inner = Value::map({});
        if (const std::optional<Value> known = map.find(name)) {
            if (!known->isMap())
                return conversionError(*known, "map[string]interface {}");
            inner = *known;
        }
        const Step step = key(inner, level);
        if (step && *step && inner.isEmpty())
            return bad("key map " + inDoubleQuotes(name) + " has no value");
        if (!inner.isEmpty())
            set(map, name, inner);
        return step;
    }

    Step listKey(Value &map, const std::string &name, int level)
    {
        const Expected<std::optional<std::int64_t>> index = keyIndex();
        if (!index)
            return std::unexpected(index.error());
        if (!*index)
            return false;
        Value list = Value::list({});
        if (const std::optional<Value> known = map.find(name)) {
            if (!known->isList())
                return conversionError(*known, "[]interface {}");
            list = *known;
        }
        const Step step = listItem(list, **index, level);
        set(map, name, list);
        return step;
    }

    /// Nothing if the text ends before the index does: Helm takes that for the end of the flag.
    Expected<std::optional<std::int64_t>> keyIndex()
    {
        const Piece piece = until("]");
        if (piece.stop == 0)
            return std::nullopt;
        std::string_view digits = piece.text;
        if (digits.starts_with('+'))
            digits.remove_prefix(1);
        std::int64_t index = 0;
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (problem == std::errc::result_out_of_range)
            return bad("error parsing index: strconv.Atoi: parsing " + inDoubleQuotes(piece.text)
                       + ": value out of range");
        if (problem != std::errc() || end != digits.data() + digits.size())
            return bad("error parsing index: strconv.Atoi: parsing " + inDoubleQuotes(piece.text) + ": invalid syntax");
        return index;
    }

    Expected<void> setIndex(Value &list, std::int64_t index, const Value &value) const
    {
        if (index < 0)
            return bad("negative " + std::to_string(index) + " index not allowed");
        if (index > kMostIndex)
            return bad("index of " + std::to_string(index) + " is greater than maximum supported index of 65536");
        std::vector<Value> items;
        for (const Value &item : list.items())
            items.push_back(item);
        if (items.size() <= static_cast<std::size_t>(index))
            items.resize(static_cast<std::size_t>(index) + 1);
        items[static_cast<std::size_t>(index)] = value;
        list = Value::list(items);
        return {};
    }

    Step listItem(Value &list, std::int64_t index, int level)
    {
        if (index < 0)
            return bad("negative " + std::to_string(index) + " index not allowed");
        const Piece piece = until("[.=");
        if (!piece.text.empty())
            return bad("unexpected data at end of array index: " + inDoubleQuotes(piece.text));
        const Value known =
            static_cast<std::size_t>(index) < list.size() ? list.at(static_cast<std::size_t>(index)) : Value();
        Value value;
        Step step = false;
        switch (piece.stop) {
        case '=': step = valueOf(value); break;
        case '[': {
            const Expected<std::optional<std::int64_t>> next = keyIndex();
            if (!next)
                return std::unexpected(next.error());
            if (!*next)
                return false;
            if (!known.isNull() && !known.isList())
                return conversionError(known, "[]interface {}");
            value = known.isList() ? known : Value::list({});
            step = listItem(value, **next, level);
            break;
        }
        case '.':
            value = known.isMap() ? known : Value::map({});
            step = key(value, level);
            // At the end of the text only a map that was there keeps the change.
            if (step && !*step && !known.isMap())
                return false;
            break;
        default: return false;
        }
        if (!step)
            return step;
        if (const Expected<void> done = setIndex(list, index, value); !done)
            return std::unexpected(done.error());
        return step;
    }

    Step valueOf(Value &value)
    {
        if (m_kind == SetKind::Json)
            return jsonValue(value);
        if (m_kind == SetKind::Literal) {
            value = Value(m_rest);
            m_rest = {};
            return true;
        }
        if (m_rest.empty()) {
            value = Value("");
            return false;
        }
        if (m_rest.front() == '{') {
            m_rest.remove_prefix(1);
            return listValue(value);
        }
        const Expected<Value> read = converted(until(",").text);
        if (!read)
            return std::unexpected(read.error());
        value = *read;
        return true;
    }

    Step listValue(Value &value)
    {
        std::vector<Value> items;
        while (true) {
            const Piece piece = until(",}");
            if (piece.stop == 0)
                return bad("list must terminate with '}'");
            const Expected<Value> item = converted(piece.text);
            if (!item)
                return std::unexpected(item.error());
            items.push_back(*item);
            if (piece.stop == '}')
                break;
        }
        if (m_rest.starts_with(','))
            m_rest.remove_prefix(1);
        value = Value::list(items);
        return true;
    }

    Expected<Value> converted(const std::string &text) const
    {
        if (m_kind == SetKind::String)
            return Value(text);
        if (m_kind == SetKind::Typed)
            return typedValue(text);
        if (!m_read)
            return bad("no files can be read here");
        const Expected<std::string> content = m_read(text);
        if (!content)
            return std::unexpected(content.error());
        return Value(*content);
    }

    /// Skips blanks and one comma; true if the value before was empty.
    bool skipEmpty()
    {
        while (!m_rest.empty()) {
            const char c = m_rest.front();
            if (c != ',' && !std::string_view(" \t\r\n\v\f").contains(c))
                return false;
            m_rest.remove_prefix(1);
            if (c == ',')
                return true;
        }
        return true;
    }

    Step jsonValue(Value &value)
    {
        if (skipEmpty())
            return true;
        const std::optional<std::size_t> length = jsonLength(m_rest);
        if (!length)
            return bad("no JSON");
        const Expected<Value> parsed = object::parseJson(m_rest.substr(0, *length));
        if (!parsed)
            return std::unexpected(parsed.error());
        value = withDoubles(*parsed);
        m_rest.remove_prefix(*length);
        skipEmpty();
        return true;
    }

    SetKind m_kind;
    std::string_view m_rest;
    const ReadSetFile &m_read;
};

std::string_view flagOf(SetKind kind)
{
    switch (kind) {
    case SetKind::Typed: return "--set";
    case SetKind::String: return "--set-string";
    case SetKind::Json: return "--set-json";
    case SetKind::File: return "--set-file";
    case SetKind::Literal: return "--set-literal";
    }
    return "";
}

} // namespace

Expected<Value> withSetFlag(const Value &values, SetKind kind, std::string_view flag, const ReadSetFile &read)
{
    if (kind == SetKind::Json && trimmed(flag).starts_with('{')) {
        const Expected<Value> parsed = object::parseJson(trimmed(flag));
        if (!parsed || !parsed->isMap())
            return bad("failed parsing --set-json data JSON: " + std::string(flag));
        return mergedMaps(values, withDoubles(*parsed));
    }
    Expected<Value> changed = Parser(kind, flag, read).parse(values);
    if (changed)
        return changed;
    if (kind == SetKind::Json)
        return bad("failed parsing --set-json data " + std::string(flag));
    return std::unexpected(changed.error().in("failed parsing " + std::string(flagOf(kind)) + " data"));
}

} // namespace tiphys::render
