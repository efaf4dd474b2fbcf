// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression_evaluator.h"

#include "rollout/number.h"

#include <cmath>

namespace tiphys::rollout::expression {

using object::Value;

namespace {

constexpr int kMostSteps = 1'000'000;

class Evaluator
{
public:
    explicit Evaluator(const Meaning &meaning) : m_meaning(meaning) {}

    Outcome run(const Node &node)
    {
        if (++m_steps > kMostSteps)
            return failure(ErrorCode::LimitExceeded, "the expression runs too long");
        switch (node.kind) {
        case NodeKind::Nil: return Operand();
        case NodeKind::Bool: return Operand(Value(node.integer != 0));
        case NodeKind::Integer: return Operand(Value(node.integer));
        case NodeKind::Float: return Operand(Value(node.number));
        case NodeKind::String: return Operand(Value(node.text));
        case NodeKind::Name: return name(node);
        case NodeKind::Unary: return unary(node);
        case NodeKind::Binary: return binary(node);
        case NodeKind::Member: return member(node);
        case NodeKind::Slice: return slice(node);
        case NodeKind::Chain: return chain(node);
        case NodeKind::Call: return call(node);
        case NodeKind::Builtin: return isPredicate(node.text) ? predicate(node) : builtin(node);
        case NodeKind::Element: return element(node);
        case NodeKind::Variable: return variable(node);
        case NodeKind::Conditional: return conditional(node);
        case NodeKind::List: return list(node);
        case NodeKind::Map: return map(node);
        }
        return Operand();
    }

private:
    struct Scope
    {
        Value item;
        std::size_t index = 0;
        Operand accumulated;
    };

    Outcome name(const Node &node)
    {
        for (auto known = m_variables.rbegin(); known != m_variables.rend(); ++known) {
            if (known->first == node.text)
                return known->second;
        }
        if (node.text == "result")
            return Operand(m_meaning.result);
        return problem("functions as values are not supported: " + node.text);
    }

    Expected<bool> truth(const Node &node)
    {
        const Outcome value = run(node);
        if (!value)
            return std::unexpected(value.error());
        const auto flag = value->isPlain() ? value->value.asBool() : std::nullopt;
        if (!flag)
            return mismatch(*value, "bool");
        return *flag;
    }

    Outcome unary(const Node &node)
    {
        if (node.text == "!" || node.text == "not") {
            const Expected<bool> flag = truth(*node.parts[0]);
            return flag ? Outcome(Operand(Value(!*flag))) : std::unexpected(flag.error());
        }
        const Outcome value = run(*node.parts[0]);
        return value && node.text == "-" ? negated(*value) : value;
    }

    Outcome binary(const Node &node)
    {
        const std::string_view op = node.text;
        if (op == "or" || op == "||" || op == "and" || op == "&&") {
            const Expected<bool> left = truth(*node.parts[0]);
            if (!left)
                return std::unexpected(left.error());
            const bool decides = op == "or" || op == "||";
            return *left == decides ? Outcome(Operand(Value(*left))) : run(*node.parts[1]);
        }
        const Outcome left = run(*node.parts[0]);
        if (!left)
            return left;
        if (op == "??" && !left->isNil())
            return left;
        const Outcome right = run(*node.parts[1]);
        if (!right || op == "??")
            return right;
        // An index that was not found is no number, and the library compares these two as numbers.
        if (left->isNil() && right->isInteger() && node.parts[0]->kind == NodeKind::Builtin
            && node.parts[0]->text.ends_with("Index"))
            return mismatch(*left, "int");
        const Outcome result = applied(op, *left, *right);
        if (result && op == "..") {
            m_steps += static_cast<int>(result->value.size());
        } else if (op == "in" && right->value.isList()) {
            m_steps += static_cast<int>(right->value.size());
        }
        return result;
    }

    Outcome member(const Node &node)
    {
        const Outcome base = run(*node.parts[0]);
        if (!base || m_isChainBroken)
            return base;
        if (node.isOptional && base->isNil()) {
            m_isChainBroken = true;
            return Operand();
        }
        const Outcome property = run(*node.parts[1]);
        return property ? fetched(*base, *property) : property;
    }

    Outcome slice(const Node &node)
    {
        const Outcome base = run(*node.parts[0]);
        if (!base || m_isChainBroken)
            return base;
        Operand bounds[2];
        for (int i = 0; i < 2; ++i) {
            const NodePtr &part = node.parts[static_cast<std::size_t>(i) + 1];
            if (!part)
                continue;
            const Outcome bound = run(*part);
            if (!bound)
                return bound;
            bounds[i] = *bound;
        }
        return sliced(*base, bounds[0], bounds[1]);
    }

    Outcome chain(const Node &node)
    {
        const bool wasBroken = m_isChainBroken;
        m_isChainBroken = false;
        Outcome result = run(*node.parts[0]);
        m_isChainBroken = wasBroken;
        return result;
    }

    Expected<std::vector<Operand>> arguments(const Node &node)
    {
        std::vector<Operand> values;
        for (const NodePtr &part : node.parts) {
            const Outcome value = run(*part);
            if (!value)
                return std::unexpected(value.error());
            values.push_back(*value);
        }
        return values;
    }

    Outcome call(const Node &node)
    {
        const Expected<std::vector<Operand>> values = arguments(node);
        if (!values)
            return std::unexpected(values.error());
        // Both look at the result, whatever they are given.
        if (node.text == "isNil")
            return Operand(Value(m_meaning.result.isNull()));
        if (node.text == "default")
            return m_meaning.result.isNull() ? (*values)[1] : Operand(m_meaning.result);
        const Operand &argument = (*values)[0];
        if (node.text == "asInt" || node.text == "asFloat")
            return converted(node.text, argument);
        if (!argument.isNumber())
            return problem("reflect: Call using " + argument.typeName() + " as type float64");
        const double number = argument.value.asNumber().value_or(0);
        return Operand(Value(node.text == "isNaN" ? std::isnan(number) : std::isinf(number)));
    }

    static Outcome converted(const std::string &name, const Operand &argument)
    {
        const bool isInt = name == "asInt";
        if (argument.isNumber())
            return callBuiltin(isInt ? "int" : "float", {argument}, 0);
        if (!argument.isPlain() || !argument.value.isString())
            return problem(name + "() not supported on " + argument.typeName() + " " + printed(argument));
        const std::string text(argument.value.stringOr());
        if (isInt) {
            const std::optional<std::int64_t> number = decimalOf(text);
            return number ? Outcome(Operand(Value(*number)))
                          : problem("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
        const std::optional<double> number = floatOf(text);
        return number ? Outcome(Operand(Value(*number)))
                      : problem("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
    }

    Outcome builtin(const Node &node)
    {
        const Expected<std::vector<Operand>> values = arguments(node);
        if (!values)
            return std::unexpected(values.error());
        for (const Operand &value : *values)
            m_steps += static_cast<int>(value.value.size());
        return callBuiltin(node.text, *values, m_meaning.now.milliseconds * 1'000'000);
    }

    Outcome element(const Node &node)
    {
        if (m_scopes.empty())
            return problem("cannot use pointer accessor outside predicate");
        const Scope &scope = m_scopes.back();
        if (node.text == "index")
            return Operand(Value(static_cast<std::int64_t>(scope.index)));
        return node.text == "acc" ? scope.accumulated : Operand(scope.item);
    }

    Outcome variable(const Node &node)
    {
        const Outcome value = run(*node.parts[0]);
        if (!value)
            return value;
        m_variables.emplace_back(node.text, *value);
        Outcome result = run(*node.parts[1]);
        m_variables.pop_back();
        return result;
    }

    Outcome conditional(const Node &node)
    {
        const Expected<bool> condition = truth(*node.parts[0]);
        if (!condition)
            return std::unexpected(condition.error());
        return run(*node.parts[*condition ? 1 : 2]);
    }

    Outcome list(const Node &node)
    {
        std::vector<Value> items;
        for (const NodePtr &part : node.parts) {
            const Outcome item = run(*part);
            if (!item)
                return item;
            if (!item->isPlain())
                return failure(ErrorCode::Unsupported, "times and durations in lists are not supported");
            items.push_back(item->value);
        }
        return Operand(Value::list(items));
    }

    Outcome map(const Node &node)
    {
        std::vector<std::pair<std::string, Value>> members;
        for (std::size_t i = 0; i + 1 < node.parts.size(); i += 2) {
            const Outcome key = run(*node.parts[i]);
            if (!key)
                return key;
            const Outcome value = run(*node.parts[i + 1]);
            if (!value)
                return value;
            if (!key->value.isString())
                return mismatch(*key, "string");
            if (!value->isPlain())
                return failure(ErrorCode::Unsupported, "times and durations in maps are not supported");
            members.emplace_back(std::string(key->value.stringOr()), value->value);
        }
        return Operand(Value::map(members));
    }

    /// What the predicate gives for item \p index of \p items.
    Outcome tested(const Node &node, const std::vector<Value> &items, std::size_t index)
    {
        m_scopes.back().item = items[index];
        m_scopes.back().index = index;
        return run(*node.parts[1]);
    }

    Outcome predicate(const Node &node)
    {
        const Outcome collection = run(*node.parts[0]);
        if (!collection)
            return collection;
        if (!collection->value.isList())
            return problem("reflect: call of reflect.Value.Index on " + collection->typeName() + " Value");
        std::vector<Value> items;
        for (const Value &item : collection->value.items())
            items.push_back(item);
        m_scopes.emplace_back();
        Outcome result = node.text == "reduce"                          ? reduced(node, items)
                         : node.text == "map" || node.text == "groupBy" ? mapped(node, items)
                                                                        : searched(node, items);
        m_scopes.pop_back();
        return result;
    }

    Outcome reduced(const Node &node, const std::vector<Value> &items)
    {
        std::size_t from = 0;
        if (node.parts.size() > 2) {
            const Outcome start = run(*node.parts[2]);
            if (!start)
                return start;
            m_scopes.back().accumulated = *start;
        } else {
            if (items.empty())
                return problem("reflect: slice index out of range");
            m_scopes.back().accumulated = Operand(items[from++]);
        }
        for (std::size_t i = from; i < items.size(); ++i) {
            const Outcome value = tested(node, items, i);
            if (!value)
                return value;
            m_scopes.back().accumulated = *value;
        }
        return m_scopes.back().accumulated;
    }

    Outcome mapped(const Node &node, const std::vector<Value> &items)
    {
        std::vector<Value> results;
        std::vector<std::pair<std::string, std::vector<Value>>> groups;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const Outcome value = tested(node, items, i);
            if (!value)
                return value;
            if (!value->isPlain())
                return failure(ErrorCode::Unsupported, "times and durations in lists are not supported");
            if (node.text == "map") {
                results.push_back(value->value);
                continue;
            }
            if (!value->value.isString())
                return failure(ErrorCode::Unsupported, "keys of a map that are no texts are not supported");
            const std::string key(value->value.stringOr());
            auto group = groups.begin();
            while (group != groups.end() && group->first != key)
                ++group;
            if (group == groups.end())
                group = groups.emplace(groups.end(), key, std::vector<Value>());
            group->second.push_back(items[i]);
        }
        if (node.text == "map")
            return Operand(Value::list(results));
        std::vector<std::pair<std::string, Value>> members;
        for (const auto &[key, group] : groups)
            members.emplace_back(key, Value::list(group));
        return Operand(Value::map(members));
    }

    Outcome searched(const Node &node, const std::vector<Value> &items)
    {
        const std::string &name = node.text;
        const bool isBackwards = name == "findLast" || name == "findLastIndex";
        std::vector<Value> kept;
        std::int64_t count = 0;
        for (std::size_t step = 0; step < items.size(); ++step) {
            const std::size_t i = isBackwards ? items.size() - 1 - step : step;
            const Outcome value = tested(node, items, i);
            if (!value)
                return value;
            const auto flag = value->isPlain() ? value->value.asBool() : std::nullopt;
            if (!flag)
                return mismatch(*value, "bool");
            if (!*flag) {
                if (name == "all")
                    return Operand(Value(false));
                continue;
            }
            ++count;
            if (name == "any")
                return Operand(Value(true));
            if (name == "none")
                return Operand(Value(false));
            if (name == "find" || name == "findLast")
                return Operand(items[i]);
            if (name == "findIndex" || name == "findLastIndex")
                return Operand(Value(static_cast<std::int64_t>(i)));
            if (name == "filter")
                kept.push_back(items[i]);
        }
        if (name == "filter")
            return Operand(Value::list(kept));
        if (name == "count")
            return Operand(Value(count));
        if (name == "one")
            return Operand(Value(count == 1));
        if (name == "all" || name == "none")
            return Operand(Value(true));
        if (name == "any")
            return Operand(Value(false));
        // Nothing was found.
        return Operand();
    }

    const Meaning &m_meaning;
    std::vector<std::pair<std::string, Operand>> m_variables;
    std::vector<Scope> m_scopes;
    bool m_isChainBroken = false;
    int m_steps = 0;
};

} // namespace

Outcome evaluate(const Node &tree, const Meaning &meaning)
{
    return Evaluator(meaning).run(tree);
}

} // namespace tiphys::rollout::expression
