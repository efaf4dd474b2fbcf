// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/json_path.h"

#include "base/text.h"
#include "object/json.h"
#include "object/number_text.h"
#include "rollout/analysis/expression_value.h"
#include "rollout/number.h"

#include <array>
#include <optional>
#include <string>

namespace tiphys::rollout::provider {

using object::Value;

enum class JsonPathKind { Text, Literal, Field, Array, Wildcard, Recursive, Union, Filter };

struct JsonPathNode
{
    using Nodes = std::vector<std::shared_ptr<const JsonPathNode>>;

    JsonPathKind kind = JsonPathKind::Text;
    std::string text; ///< name of a field, operator of a filter
    Value literal;
    std::array<std::optional<std::int64_t>, 3> bounds{};
    bool isOneItem = false;   ///< of an Array: the end was derived from the begin
    std::vector<Nodes> parts; ///< branches of a Union; left and right of a Filter
};

namespace {

using Nodes = JsonPathNode::Nodes;
using Values = std::vector<Value>;

constexpr int kMostDepth = 50;
constexpr std::size_t kMostValues = 200'000;

std::unexpected<Error> invalid(std::string message)
{
    return failure(ErrorCode::InvalidInput, std::move(message));
}

bool isWordStart(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || static_cast<unsigned char>(c) >= 0x80;
}

bool endsWord(char c)
{
    return std::string_view(" \t\r\n.,[]$@{}").find(c) != std::string_view::npos;
}

void add(Nodes &nodes, JsonPathNode node)
{
    nodes.push_back(std::make_shared<const JsonPathNode>(std::move(node)));
}

/// The nodes of one action: what stands between braces.
class ActionParser
{
public:
    ActionParser(std::string_view text, int depth) : m_text(text), m_depth(depth) {}

    Expected<Nodes> run()
    {
        if (m_depth > kMostDepth)
            return failure(ErrorCode::LimitExceeded, "the JSONPath is nested too deeply");
        while (m_at < m_text.size()) {
            if (const Expected<void> parsed = next(); !parsed)
                return std::unexpected(parsed.error());
        }
        return std::move(m_nodes);
    }

private:
    std::string_view rest() const { return m_text.substr(m_at); }

    Expected<void> next()
    {
        const char c = m_text[m_at];
        if (rest().starts_with("[?("))
            return filter();
        if (rest().starts_with(".."))
            return recursive();
        if (c == ' ' || c == '@' || c == '$') {
            ++m_at;
            return {};
        }
        if (c == '[')
            return array();
        if (c == '"' || c == '\'')
            return quote(c);
        if (c == '.') {
            ++m_at;
            field();
            return {};
        }
        if (c == '+' || c == '-' || (c >= '0' && c <= '9'))
            return number();
        if (isWordStart(c))
            return word();
        return invalid("unrecognized character in action: '" + std::string(1, c) + "'");
    }

    void field()
    {
        std::string name;
        while (m_at < m_text.size() && !endsWord(m_text[m_at])) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            name += m_text[m_at++];
        }
        if (name == "*")
            add(m_nodes, {.kind = JsonPathKind::Wildcard});
        else
            add(m_nodes, {.kind = JsonPathKind::Field, .text = name});
    }

    Expected<void> recursive()
    {
        if (!m_nodes.empty() && m_nodes.back()->kind == JsonPathKind::Recursive)
            return invalid("invalid multiple recursive descent");
        m_at += 2;
        add(m_nodes, {.kind = JsonPathKind::Recursive});
        if (m_at < m_text.size() && isWordStart(m_text[m_at]))
            field();
        return {};
    }

    Expected<void> word()
    {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && !endsWord(m_text[m_at]))
            ++m_at;
        const std::string name(m_text.substr(from, m_at - from));
        if (name == "true" || name == "false") {
            add(m_nodes, {.kind = JsonPathKind::Literal, .literal = Value(name == "true")});
            return {};
        }
        if (name == "range" || name == "end")
            return failure(ErrorCode::Unsupported, "loops in a JSONPath are not supported");
        return invalid("unrecognized identifier " + name);
    }

    Expected<void> number()
    {
        const std::size_t from = m_at++;
        while (m_at < m_text.size() && (m_text[m_at] == '.' || (m_text[m_at] >= '0' && m_text[m_at] <= '9')))
            ++m_at;
        const std::string_view text = m_text.substr(from, m_at - from);
        if (const auto whole = decimalOf(text))
            add(m_nodes, {.kind = JsonPathKind::Literal, .literal = Value(*whole)});
        else if (const auto number = object::detail::doubleOf(text))
            add(m_nodes, {.kind = JsonPathKind::Literal, .literal = Value(*number)});
        else
            return invalid("cannot parse number " + std::string(text));
        return {};
    }

    Expected<void> quote(char end)
    {
        std::string text;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != end; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            text += m_text[m_at];
        }
        if (m_at >= m_text.size())
            return invalid("unterminated quoted string");
        ++m_at;
        add(m_nodes, {.kind = JsonPathKind::Literal, .literal = Value(text)});
        return {};
    }

    Expected<void> array()
    {
        const std::size_t close = m_text.find(']', m_at);
        if (close == std::string_view::npos)
            return invalid("unterminated array");
        const std::string_view inner = m_text.substr(m_at + 1, close - m_at - 1);
        m_at = close + 1;
        const std::vector<std::string_view> branches = split(inner, ',');
        if (branches.size() < 2)
            return subscript(inner);
        JsonPathNode node{.kind = JsonPathKind::Union};
        for (const std::string_view branch : branches) {
            const Expected<Nodes> nodes = ActionParser("[" + std::string(trimmed(branch)) + "]", m_depth + 1).owned();
            if (!nodes)
                return std::unexpected(nodes.error());
            node.parts.push_back(*nodes);
        }
        add(m_nodes, std::move(node));
        return {};
    }

    ActionParser(std::string text, int depth) : m_owned(std::move(text)), m_text(m_owned), m_depth(depth) {}
    Expected<Nodes> owned() { return run(); }

    Expected<void> subscript(std::string_view inner)
    {
        if (inner.size() >= 2 && inner.starts_with('\'') && inner.ends_with('\'')) {
            std::string name;
            for (const char c : inner.substr(1, inner.size() - 2))
                if (c != '\\')
                    name += c;
            add(m_nodes, {.kind = JsonPathKind::Field, .text = name});
            return {};
        }
        JsonPathNode node{.kind = JsonPathKind::Array};
        const std::vector<std::string_view> bounds = split(inner == "*" ? ":" : inner, ':');
        if (bounds.size() > 3)
            return invalid("invalid array index " + std::string(inner));
        for (std::size_t i = 0; i < bounds.size(); ++i) {
            if (bounds[i].empty())
                continue;
            node.bounds[i] = decimalOf(bounds[i]);
            if (!node.bounds[i])
                return invalid("invalid array index " + std::string(inner));
        }
        node.isOneItem = bounds.size() == 1;
        if (node.isOneItem && !node.bounds[0])
            return invalid("invalid array index " + std::string(inner));
        add(m_nodes, std::move(node));
        return {};
    }

    Expected<void> filter()
    {
        std::size_t end = m_at + 3;
        for (char pair = '\0'; end < m_text.size(); ++end) {
            const char c = m_text[end];
            if (pair == '\0' && c == ')')
                break;
            if (pair == '\0' && (c == '"' || c == '\''))
                pair = c;
            else if (c == pair && m_text[end - 1] != '\\')
                pair = '\0';
        }
        if (end >= m_text.size())
            return invalid("unterminated filter");
        if (end + 1 >= m_text.size() || m_text[end + 1] != ']')
            return invalid("unclosed array expect ]");
        const std::string_view inner = m_text.substr(m_at + 3, end - m_at - 3);
        m_at = end + 2;
        const std::size_t op = inner.find_first_of("!<>=");
        JsonPathNode node{.kind = JsonPathKind::Filter, .text = "exists"};
        std::vector<std::string_view> sides{inner};
        if (op != std::string_view::npos && op > 0) {
            const std::size_t after = inner.find_first_not_of("!<>=", op);
            if (after != std::string_view::npos) {
                node.text = inner.substr(op, after - op);
                sides = {inner.substr(0, op), inner.substr(after)};
            }
        }
        for (const std::string_view side : sides) {
            const Expected<Nodes> nodes = ActionParser(side, m_depth + 1).run();
            if (!nodes)
                return std::unexpected(nodes.error());
            node.parts.push_back(*nodes);
        }
        add(m_nodes, std::move(node));
        return {};
    }

    std::string m_owned;
    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth;
    Nodes m_nodes;
};

class Walk
{
public:
    Expected<Values> run(Values values, const Nodes &nodes)
    {
        for (const auto &node : nodes) {
            Expected<Values> next = step(values, *node);
            if (!next)
                return next;
            m_seen += next->size();
            if (m_seen > kMostValues)
                return failure(ErrorCode::LimitExceeded, "the JSONPath finds too much");
            values = std::move(*next);
        }
        return values;
    }

private:
    Expected<Values> step(const Values &values, const JsonPathNode &node)
    {
        switch (node.kind) {
        case JsonPathKind::Text: return Values{Value(node.text)};
        case JsonPathKind::Literal: return Values(values.size(), node.literal);
        case JsonPathKind::Field: return fields(values, node.text);
        case JsonPathKind::Array: return items(values, node);
        case JsonPathKind::Wildcard: return children(values);
        case JsonPathKind::Recursive: return descendants(values, 0);
        case JsonPathKind::Union: return branches(values, node);
        case JsonPathKind::Filter: return filtered(values, node);
        }
        return values;
    }

    static Expected<Values> fields(const Values &values, const std::string &name)
    {
        if (values.empty())
            return Values();
        Values found;
        for (const Value &value : values) {
            // A field without a name is the value itself: `{.}`.
            if (const auto member = value.find(name))
                found.push_back(*member);
        }
        if (found.empty())
            return failure(ErrorCode::NotFound, name + " is not found");
        return found;
    }

    static Expected<Values> items(const Values &values, const JsonPathNode &node)
    {
        Values found;
        for (const Value &value : values) {
            if (value.isNull())
                continue;
            if (!value.isList())
                return invalid(expression::Operand(value).typeName() + " is not array or slice");
            const std::int64_t size = static_cast<std::int64_t>(value.size());
            std::int64_t from = node.bounds[0].value_or(0);
            std::int64_t to = node.isOneItem ? from + 1 : node.bounds[1].value_or(size);
            if (from < 0)
                from += size;
            if (to < 0 || (to == 0 && node.isOneItem))
                to += size;
            if (to == from)
                return Values();
            const auto outside = [size](std::int64_t index) {
                return invalid("array index out of bounds: index " + std::to_string(index) + ", length "
                               + std::to_string(size));
            };
            if (from >= size || from < 0)
                return outside(from);
            if (to > size || to < 0)
                return outside(to - 1);
            if (from > to)
                return invalid("starting index " + std::to_string(from) + " is greater than ending index "
                               + std::to_string(to));
            const std::int64_t stride = node.bounds[2].value_or(1);
            if (stride <= 0)
                return invalid("step must be > 0");
            for (std::int64_t i = from; i < to; i += stride)
                found.push_back(value.at(static_cast<std::size_t>(i)));
        }
        return found;
    }

    static Expected<Values> children(const Values &values)
    {
        Values found;
        for (const Value &value : values) {
            for (const auto &[key, member] : value.sortedEntries())
                found.push_back(member);
            for (const Value &item : value.items())
                found.push_back(item);
        }
        return found;
    }

    Expected<Values> descendants(const Values &values, int depth)
    {
        Values found;
        if (depth > 1000)
            return failure(ErrorCode::LimitExceeded, "the answer is nested too deeply");
        for (const Value &value : values) {
            const Expected<Values> inner = children({value});
            if (inner->empty())
                continue;
            found.push_back(value);
            const Expected<Values> below = descendants(*inner, depth + 1);
            if (!below)
                return below;
            m_seen += below->size();
            if (m_seen > kMostValues)
                return failure(ErrorCode::LimitExceeded, "the JSONPath finds too much");
            found.insert(found.end(), below->begin(), below->end());
        }
        return found;
    }

    Expected<Values> branches(const Values &values, const JsonPathNode &node)
    {
        Values found;
        for (const Nodes &branch : node.parts) {
            const Expected<Values> part = run(values, branch);
            if (!part)
                return part;
            found.insert(found.end(), part->begin(), part->end());
        }
        return found;
    }

    Expected<Values> filtered(const Values &values, const JsonPathNode &node)
    {
        Values found;
        for (const Value &value : values) {
            if (!value.isList())
                return invalid(object::toJson(value) + " is not array or slice and cannot be filtered");
            for (const Value &item : value.items()) {
                const Expected<Values> left = run({item}, node.parts[0]);
                if (node.text == "exists") {
                    if (left && !left->empty())
                        found.push_back(item);
                    continue;
                }
                if (!left)
                    return left;
                const Expected<Values> right = run({item}, node.parts[1]);
                if (!right)
                    return right;
                if (left->empty() || right->empty())
                    continue;
                if (left->size() > 1 || right->size() > 1)
                    return invalid("can only compare one element at a time");
                const Expected<bool> passed = compared(node.text, left->front(), right->front());
                if (!passed)
                    return std::unexpected(passed.error());
                if (*passed)
                    found.push_back(item);
            }
        }
        return found;
    }

    /// Whole numbers and others do not compare.
    static Expected<bool> compared(const std::string &op, const Value &left, const Value &right)
    {
        if (op != "==" && op != "!=" && op != "<" && op != ">" && op != "<=" && op != ">=")
            return invalid("unrecognized filter operator " + op);
        const bool isSameKind = (left.isBool() && right.isBool()) || (left.isString() && right.isString())
                                || (left.isInteger() && right.isInteger())
                                || (left.isNumber() && right.isNumber() && left.isInteger() == right.isInteger());
        if (!isSameKind)
            return invalid("incompatible types for comparison");
        const expression::Outcome outcome = expression::applied(op, left, right);
        if (!outcome)
            return invalid("invalid type for comparison");
        return outcome->value.boolOr(false);
    }

    std::size_t m_seen = 0;
};

} // namespace

Expected<JsonPath> JsonPath::parse(std::string_view text)
{
    std::vector<Nodes> actions;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        if (open != 0) {
            Nodes literal;
            add(literal, {.kind = JsonPathKind::Text, .text = std::string(text.substr(0, open))});
            actions.push_back(std::move(literal));
            text = open == std::string_view::npos ? std::string_view() : text.substr(open);
            continue;
        }
        std::size_t close = 1;
        for (char pair = '\0'; close < text.size() && (pair != '\0' || text[close] != '}'); ++close) {
            if (pair == '\0' && (text[close] == '"' || text[close] == '\''))
                pair = text[close];
            else if (text[close] == pair && text[close - 1] != '\\')
                pair = '\0';
        }
        if (close >= text.size())
            return invalid("unclosed action");
        Expected<Nodes> nodes = ActionParser(text.substr(1, close - 1), 0).run();
        if (!nodes)
            return std::unexpected(nodes.error());
        actions.push_back(std::move(*nodes));
        text.remove_prefix(close + 1);
    }
    return JsonPath(std::move(actions));
}

Expected<std::vector<Value>> JsonPath::find(const Value &value) const
{
    std::vector<Value> found;
    for (const Nodes &action : m_actions) {
        const Expected<Values> part = Walk().run({value}, action);
        if (!part)
            return part;
        found.insert(found.end(), part->begin(), part->end());
    }
    return found;
}

} // namespace tiphys::rollout::provider
