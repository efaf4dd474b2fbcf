// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/expression_types.h"

#include "rollout/analysis/regular_expression.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace tiphys::rollout::expression {

namespace {

using Kind = TypeKind;

constexpr StaticType kAny{Kind::Any, Kind::Any};
constexpr StaticType kBool{Kind::Bool, Kind::Any};
constexpr StaticType kInteger{Kind::Integer, Kind::Any};
constexpr StaticType kFloat{Kind::Float, Kind::Any};
constexpr StaticType kString{Kind::String, Kind::Any};
constexpr StaticType kList{Kind::List, Kind::Any};
constexpr StaticType kMap{Kind::Map, Kind::Any};

std::string_view nameOf(Kind kind)
{
    switch (kind) {
    case Kind::Nil: return "<nil>";
    case Kind::Any: return "interface {}";
    case Kind::Bool: return "bool";
    case Kind::Integer: return "int";
    case Kind::Integer64: return "int64";
    case Kind::Float: return "float64";
    case Kind::String: return "string";
    case Kind::List: return "[]interface {}";
    case Kind::Map: return "map[string]interface {}";
    case Kind::Time: return "time.Time";
    case Kind::Duration: return "time.Duration";
    case Kind::Function: break;
    }
    return "func";
}

bool isAny(StaticType type)
{
    return type.kind == Kind::Any;
}
bool isInteger(StaticType type)
{
    return type.kind == Kind::Integer || type.kind == Kind::Integer64 || type.kind == Kind::Duration;
}
bool isNumber(StaticType type)
{
    return isInteger(type) || type.kind == Kind::Float;
}
bool isText(StaticType type)
{
    return type.kind == Kind::String;
}
bool isTime(StaticType type)
{
    return type.kind == Kind::Time;
}
bool isDuration(StaticType type)
{
    return type.kind == Kind::Duration;
}

using Test = bool (*)(StaticType);

/// One of both may be anything where the other passes a test, or both may.
bool mayBe(StaticType left, StaticType right, std::initializer_list<Test> tests)
{
    const auto passes = [&tests](StaticType type) {
        return isAny(type) || std::ranges::any_of(tests, [type](Test test) { return test(type); });
    };
    return (isAny(left) || isAny(right)) && passes(left) && passes(right);
}

bool isComparable(StaticType left, StaticType right)
{
    return left.kind == Kind::Nil || right.kind == Kind::Nil || left.kind == right.kind
           || (isNumber(left) && isNumber(right)) || isAny(left) || isAny(right);
}

StaticType combined(StaticType left, StaticType right)
{
    if (left.kind == right.kind)
        return left;
    return left.kind == Kind::Float || right.kind == Kind::Float ? kFloat : kInteger;
}

class Checker
{
public:
    explicit Checker(const Environment &environment) : m_environment(environment) {}

    Expected<void> run(const Node &tree)
    {
        visit(tree);
        if (m_error)
            return std::unexpected(*m_error);
        return {};
    }

private:
    struct Variable
    {
        std::string name;
        StaticType type;
    };
    struct Predicate
    {
        StaticType element;
        std::string_view builtin;
    };

    StaticType fail(std::string message)
    {
        if (!m_error)
            m_error = Error(ErrorCode::InvalidInput, std::move(message));
        return kAny;
    }

    StaticType visit(const Node &node)
    {
        switch (node.kind) {
        case NodeKind::Nil: return {Kind::Nil, Kind::Any};
        case NodeKind::Bool: return kBool;
        case NodeKind::Integer: return kInteger;
        case NodeKind::Float: return kFloat;
        case NodeKind::String: return kString;
        case NodeKind::Name: return name(node);
        case NodeKind::Unary: return unary(node);
        case NodeKind::Binary: return binary(node);
        case NodeKind::Member: return member(node);
        case NodeKind::Slice: return slice(node);
        case NodeKind::Chain: return visit(*node.parts[0]);
        case NodeKind::Call: return call(node);
        case NodeKind::Builtin: return builtin(node);
        case NodeKind::Element: return element(node);
        case NodeKind::Variable: return variable(node);
        case NodeKind::Conditional: return conditional(node);
        case NodeKind::List:
            for (const NodePtr &item : node.parts)
                visit(*item);
            return kList;
        case NodeKind::Map:
            for (const NodePtr &part : node.parts)
                visit(*part);
            return kMap;
        }
        return kAny;
    }

    StaticType name(const Node &node)
    {
        for (auto known = m_variables.rbegin(); known != m_variables.rend(); ++known) {
            if (known->name == node.text)
                return known->type;
        }
        if (node.text == "result" && m_environment.result)
            return *m_environment.result;
        if (isFunction(node.text) || isBuiltin(node.text))
            return {Kind::Function, Kind::Any};
        return fail("unknown name " + node.text);
    }

    bool isFunction(std::string_view text) const
    {
        if (text == "isNaN" || text == "isInf")
            return true;
        return m_environment.hasConversions
               && (text == "asInt" || text == "asFloat" || text == "isNil" || text == "default");
    }

    StaticType unary(const Node &node)
    {
        const StaticType type = visit(*node.parts[0]);
        const bool isLogical = node.text == "!" || node.text == "not";
        if (isAny(type))
            return isLogical ? kBool : kAny;
        if (isLogical ? type.kind == Kind::Bool : isNumber(type))
            return type;
        return fail("invalid operation: " + node.text + " (mismatched type " + type.shown() + ")");
    }

    StaticType binary(const Node &node)
    {
        const StaticType left = visit(*node.parts[0]);
        const StaticType right = visit(*node.parts[1]);
        if (m_error)
            return kAny;
        if (node.text == "matches" && node.parts[1]->kind == NodeKind::String) {
            const Expected<bool> compiled = matches(node.parts[1]->text, "");
            if (!compiled)
                return fail(compiled.error().message());
        }
        if (const std::optional<StaticType> result = resultOf(node, left, right))
            return *result;
        return fail("invalid operation: " + node.text + " (mismatched types " + left.shown() + " and " + right.shown()
                    + ")");
    }

    std::optional<StaticType> resultOf(const Node &node, StaticType left, StaticType right)
    {
        const std::string_view op = node.text;
        const auto isBool = [](StaticType type) { return type.kind == Kind::Bool; };
        const auto numbers = isNumber(left) && isNumber(right);
        const auto texts = isText(left) && isText(right);
        const auto when = [](bool fits, StaticType type) { return fits ? std::optional(type) : std::nullopt; };
        if (op == "==" || op == "!=")
            return when(isComparable(left, right), kBool);
        if (op == "or" || op == "||" || op == "and" || op == "&&")
            return when((isBool(left) && isBool(right)) || mayBe(left, right, {isBool}), kBool);
        if (op == "<" || op == ">" || op == "<=" || op == ">=")
            return when(numbers || texts || (isTime(left) && isTime(right))
                            || mayBe(left, right, {isNumber, isText, isTime}),
                        kBool);
        if (op == "+")
            return sum(left, right);
        if (op == "-")
            return difference(left, right);
        if (op == "*")
            return numbers ? combined(left, right) : when(mayBe(left, right, {isNumber}), kAny);
        if (op == "/" || op == "**" || op == "^")
            return when(numbers || mayBe(left, right, {isNumber}), kFloat);
        if (op == "%")
            return isInteger(left) && isInteger(right) ? combined(left, right)
                                                       : when(mayBe(left, right, {isInteger}), kAny);
        if (op == "in")
            return membership(left, right, *node.parts[1]);
        if (op == "matches" || op == "contains" || op == "startsWith" || op == "endsWith")
            return when(texts || mayBe(left, right, {isText}), kBool);
        if (op == "..")
            return when((isInteger(left) && isInteger(right)) || mayBe(left, right, {isInteger}),
                        {Kind::List, Kind::Integer});
        // "??"
        if (left.kind == Kind::Nil)
            return right;
        return right.kind == Kind::Nil || right == left ? left : kAny;
    }

    static std::optional<StaticType> sum(StaticType left, StaticType right)
    {
        if (isText(left) && isText(right))
            return kString;
        if ((isTime(left) && isDuration(right)) || (isDuration(left) && isTime(right)))
            return StaticType{Kind::Time, Kind::Any};
        if (isNumber(left) && isNumber(right))
            return combined(left, right);
        return mayBe(left, right, {isNumber, isText, isTime, isDuration}) ? std::optional(kAny) : std::nullopt;
    }

    static std::optional<StaticType> difference(StaticType left, StaticType right)
    {
        if (isTime(left) && isTime(right))
            return StaticType{Kind::Duration, Kind::Any};
        if (isTime(left) && isDuration(right))
            return StaticType{Kind::Time, Kind::Any};
        if (isNumber(left) && isNumber(right))
            return combined(left, right);
        return mayBe(left, right, {isNumber, isTime}) ? std::optional(kAny) : std::nullopt;
    }

    /// The type of all items of a list that is written out, if it is one.
    std::optional<StaticType> elementOfLiteral(const Node &list)
    {
        if (list.kind != NodeKind::List || list.parts.empty())
            return std::nullopt;
        const StaticType first = visit(*list.parts[0]);
        for (const NodePtr &item : list.parts) {
            if (visit(*item).kind != first.kind)
                return std::nullopt;
        }
        return first;
    }

    std::optional<StaticType> membership(StaticType left, StaticType right, const Node &list)
    {
        if (right.kind == Kind::Map) {
            if (left.kind != Kind::Nil && !isAny(left) && !isText(left))
                return fail("cannot use " + left.shown() + " as type string in map key");
            return kBool;
        }
        if (right.kind == Kind::List) {
            const StaticType item{right.element, Kind::Any};
            const std::optional<StaticType> known = elementOfLiteral(list);
            if (known && !isComparable(left, *known))
                return fail("cannot use " + left.shown() + " as type " + known->shown() + " in array");
            if (!isComparable(left, item))
                return fail("cannot use " + left.shown() + " as type " + item.shown() + " in array");
            return kBool;
        }
        return isAny(right) || (isAny(left) && isText(right)) ? std::optional(kBool) : std::nullopt;
    }

    StaticType member(const Node &node)
    {
        const StaticType base = visit(*node.parts[0]);
        const StaticType property = visit(*node.parts[1]);
        const bool isField = node.parts[1]->kind == NodeKind::String;
        if (base.kind == Kind::Nil && isField)
            return fail("type <nil> has no field " + node.parts[1]->text);
        if (isAny(base))
            return kAny;
        if (base.kind == Kind::Map) {
            if (!isText(property) && !isAny(property))
                return fail("cannot use " + property.shown() + " to get an element from " + base.shown());
            return kAny;
        }
        if (base.kind == Kind::List) {
            if (!isInteger(property) && !isAny(property))
                return fail("array elements can only be selected using an integer (got " + property.shown() + ")");
            return {base.element, Kind::Any};
        }
        if ((isTime(base) || isDuration(base)) && isField)
            return fail("type " + base.shown() + " has no field " + node.parts[1]->text);
        return fail("type " + base.shown() + "[" + property.shown() + "] is undefined");
    }

    StaticType slice(const Node &node)
    {
        const StaticType base = visit(*node.parts[0]);
        if (!isAny(base) && !isText(base) && base.kind != Kind::List)
            return fail("cannot slice " + base.shown());
        for (const NodePtr &bound : {node.parts[1], node.parts[2]}) {
            if (!bound)
                continue;
            const StaticType type = visit(*bound);
            if (!isInteger(type) && !isAny(type))
                return fail("non-integer slice index " + type.shown());
        }
        return base;
    }

    StaticType call(const Node &node)
    {
        if (!isFunction(node.text)) {
            const StaticType callee = name(node);
            return m_error ? kAny : fail(callee.shown() + " is not callable");
        }
        const std::size_t wanted = node.text == "default" ? 2 : 1;
        if (node.parts.size() != wanted)
            return fail((node.parts.size() > wanted ? "too many arguments to call " : "not enough arguments to call ")
                        + node.text);
        std::vector<StaticType> types;
        for (const NodePtr &argument : node.parts)
            types.push_back(visit(*argument));
        if (node.text == "isNaN" || node.text == "isInf") {
            // Integers are turned into floats only where they are literals.
            const bool isFloat =
                types[0].kind == Kind::Float || isAny(types[0]) || node.parts[0]->kind == NodeKind::Integer;
            if (!isFloat)
                return fail("cannot use " + types[0].shown() + " as argument (type float64) to call " + node.text
                            + " ");
            return kBool;
        }
        if (node.text == "asInt")
            return {Kind::Integer64, Kind::Any};
        if (node.text == "asFloat")
            return kFloat;
        return node.text == "isNil" ? kBool : kAny;
    }

    StaticType builtin(const Node &node)
    {
        if (isPredicate(node.text))
            return predicate(node);
        std::vector<StaticType> types;
        for (const NodePtr &argument : node.parts)
            types.push_back(visit(*argument));
        if (m_error)
            return kAny;
        if (!fits(node.text, types))
            return kAny;
        if (node.text == "abs" || node.text == "get")
            return node.text == "abs" && !types.empty() ? types[0] : kAny;
        return typeOfBuiltin(node.text, types);
    }

    /// False after a failure.
    bool fits(std::string_view name, const std::vector<StaticType> &types)
    {
        static constexpr std::string_view kOfOne[] = {"len",   "abs",    "ceil",    "floor",    "round", "int",
                                                      "float", "sum",    "mean",    "median",   "first", "last",
                                                      "keys",  "values", "toPairs", "fromPairs"};
        if (std::ranges::contains(kOfOne, name) && types.size() != 1) {
            fail("invalid number of arguments (expected 1, got " + std::to_string(types.size()) + ")");
            return false;
        }
        if (types.empty())
            return true;
        const StaticType type = types[0];
        const std::string shown = type.kind == Kind::Nil ? "%!s(<nil>)" : type.shown();
        if (name == "get" && types.size() == 2)
            return isGettable(type, types[1]);
        if (name == "join" && type.kind == Kind::List && type.element != Kind::Any && type.element != Kind::String)
            fail("cannot use " + shown + " as argument (type []string) to call join ");
        const std::optional<std::string> complaint = complaintAbout(name, type, shown);
        if (complaint)
            fail(*complaint);
        if ((name == "max" || name == "min") && !complaint) {
            for (const StaticType each : types) {
                if (isAny(each))
                    break;
                if (!isNumber(each))
                    fail("invalid argument for " + std::string(name) + " (type " + each.shown() + ")");
            }
        }
        return !m_error && hasTexts(name, types);
    }

    static std::optional<std::string> complaintAbout(std::string_view name, StaticType type, const std::string &shown)
    {
        struct Rule
        {
            std::string_view name;
            std::string_view before;
            std::string_view after;
            std::string_view kinds; ///< n number, s text, l list, m map
        };
        static constexpr Rule kRules[] = {{"len", "invalid argument for len (type ", ")", "slm"},
                                          {"abs", "invalid argument for abs (type ", ")", "n"},
                                          {"ceil", "invalid argument for ceil (type ", ")", "n"},
                                          {"floor", "invalid argument for floor (type ", ")", "n"},
                                          {"round", "invalid argument for floor (type ", ")", "n"},
                                          {"int", "invalid argument for int (type ", ")", "ns"},
                                          {"float", "invalid argument for float (type ", ")", "ns"},
                                          {"sum", "cannot sum ", "", "l"},
                                          {"mean", "cannot avg ", "", "l"},
                                          {"median", "cannot median ", "", "l"},
                                          {"first", "cannot get first element from ", "", "l"},
                                          {"last", "cannot get last element from ", "", "l"},
                                          {"take", "cannot take from ", "", "l"},
                                          {"keys", "cannot get keys from ", "", "m"},
                                          {"values", "cannot get values from ", "", "m"},
                                          {"toPairs", "cannot transform ", " to pairs", "m"},
                                          {"fromPairs", "cannot transform ", " from pairs", "l"},
                                          {"sort", "cannot sort ", "", "l"},
                                          {"sortBy", "cannot sort ", "", "l"}};
        const auto rule = std::ranges::find(kRules, name, &Rule::name);
        if (rule == std::end(kRules) || isAny(type))
            return std::nullopt;
        const char kind = isNumber(type)            ? 'n'
                          : isText(type)            ? 's'
                          : type.kind == Kind::List ? 'l'
                          : type.kind == Kind::Map  ? 'm'
                                                    : '?';
        if (rule->kinds.find(kind) != std::string_view::npos)
            return std::nullopt;
        return std::string(rule->before) + shown + std::string(rule->after);
    }

    bool isGettable(StaticType base, StaticType property)
    {
        if (isAny(base))
            return true;
        if (base.kind == Kind::Map) {
            if (isText(property) || isAny(property) || property.kind == Kind::Nil)
                return true;
            fail("cannot use " + property.shown() + " to get an element from " + base.shown());
        } else if (base.kind == Kind::List) {
            if (isInteger(property) || isAny(property))
                return true;
            fail("non-integer slice index " + property.shown());
        } else {
            fail("type " + base.shown() + " does not support indexing");
        }
        return false;
    }

    bool hasTexts(std::string_view name, const std::vector<StaticType> &types)
    {
        static constexpr std::string_view kFirst[] = {"trim",        "trimPrefix", "trimSuffix", "upper",    "lower",
                                                      "split",       "splitAfter", "replace",    "repeat",   "indexOf",
                                                      "lastIndexOf", "hasPrefix",  "hasSuffix",  "fromJSON", "toBase64",
                                                      "fromBase64",  "duration",   "date"};
        if (!std::ranges::contains(kFirst, name) || isAny(types[0]) || isText(types[0]) || types[0].kind == Kind::Nil)
            return true;
        fail("cannot use " + types[0].shown() + " as argument (type string) to call " + std::string(name) + " ");
        return false;
    }

    static StaticType typeOfBuiltin(std::string_view name, const std::vector<StaticType> &types)
    {
        static constexpr std::string_view kTexts[] = {"type",   "string",   "trim",      "trimPrefix", "trimSuffix",
                                                      "upper",  "lower",    "replace",   "repeat",     "join",
                                                      "toJSON", "toBase64", "fromBase64"};
        static constexpr std::string_view kIntegers[] = {"int", "indexOf", "lastIndexOf"};
        static constexpr std::string_view kBools[] = {"hasPrefix", "hasSuffix"};
        static constexpr std::string_view kFloats[] = {"float", "mean", "median"};
        static constexpr std::string_view kLists[] = {"keys", "values", "toPairs", "sort", "sortBy"};
        if (std::ranges::contains(kTexts, name))
            return kString;
        if (std::ranges::contains(kIntegers, name))
            return kInteger;
        if (std::ranges::contains(kBools, name))
            return kBool;
        if (std::ranges::contains(kFloats, name))
            return kFloat;
        if (std::ranges::contains(kLists, name))
            return kList;
        if (name == "split" || name == "splitAfter")
            return {Kind::List, Kind::String};
        if (name == "len")
            return kInteger;
        if (name == "ceil" || name == "floor" || name == "round")
            return kFloat;
        if (name == "fromPairs")
            return kMap;
        if (name == "now" || name == "date")
            return {Kind::Time, Kind::Any};
        if (name == "duration")
            return {Kind::Duration, Kind::Any};
        if (name == "take" && !types.empty())
            return types[0];
        if ((name == "first" || name == "last") && !types.empty() && types[0].kind == Kind::List)
            return {types[0].element, Kind::Any};
        if ((name == "max" || name == "min") && std::ranges::none_of(types, isAny) && !types.empty())
            return types[0];
        return kAny;
    }

    StaticType predicate(const Node &node)
    {
        const StaticType collection = visit(*node.parts[0]);
        if (collection.kind != Kind::List && !isAny(collection))
            return fail("builtin " + node.text + " takes only array (got " + collection.shown() + ")");
        m_predicates.push_back({{collection.element, Kind::Any}, node.text});
        const StaticType body = visit(*node.parts[1]);
        m_predicates.pop_back();
        if (node.parts.size() > 2)
            visit(*node.parts[2]);
        const bool yieldsAnything = node.text == "map" || node.text == "groupBy" || node.text == "reduce";
        if (!yieldsAnything && body.kind != Kind::Bool && !isAny(body))
            return fail("predicate should return boolean (got " + body.shown() + ")");
        if (node.text == "map")
            return {Kind::List, body.kind};
        if (node.text == "filter")
            return {Kind::List, collection.element};
        if (node.text == "groupBy")
            return kMap;
        if (node.text == "count" || node.text == "findIndex" || node.text == "findLastIndex")
            return kInteger;
        if (node.text == "find" || node.text == "findLast")
            return {collection.element, Kind::Any};
        return node.text == "reduce" ? kAny : kBool;
    }

    StaticType element(const Node &node)
    {
        if (m_predicates.empty())
            return fail("cannot use pointer accessor outside predicate");
        const Predicate &inner = m_predicates.back();
        if (node.text.empty())
            return inner.element;
        if (node.text == "index" && (inner.builtin == "map" || inner.builtin == "reduce"))
            return kInteger;
        if (node.text == "acc" && inner.builtin == "reduce")
            return kAny;
        return fail("unknown pointer #" + node.text);
    }

    StaticType variable(const Node &node)
    {
        if (node.text == "result" || isFunction(node.text))
            return fail("cannot redeclare " + node.text);
        if (isBuiltin(node.text))
            return fail("cannot redeclare builtin " + node.text);
        if (std::ranges::contains(m_variables, node.text, &Variable::name))
            return fail("cannot redeclare variable " + node.text);
        const StaticType type = visit(*node.parts[0]);
        m_variables.push_back({node.text, type});
        const StaticType result = visit(*node.parts[1]);
        m_variables.pop_back();
        return result;
    }

    StaticType conditional(const Node &node)
    {
        const StaticType condition = visit(*node.parts[0]);
        if (condition.kind != Kind::Bool && !isAny(condition))
            return fail("non-bool expression (type " + condition.shown() + ") used as condition");
        const StaticType yes = visit(*node.parts[1]);
        const StaticType no = visit(*node.parts[2]);
        if (yes.kind == Kind::Nil)
            return no;
        return no.kind == Kind::Nil || yes == no ? yes : kAny;
    }

    const Environment &m_environment;
    std::vector<Variable> m_variables;
    std::vector<Predicate> m_predicates;
    std::optional<Error> m_error;
};

} // namespace

std::string StaticType::shown() const
{
    if (kind == TypeKind::List && element != TypeKind::Any)
        return "[]" + std::string(nameOf(element));
    return std::string(nameOf(kind));
}

Expected<void> check(const Node &tree, const Environment &environment)
{
    return Checker(environment).run(tree);
}

} // namespace tiphys::rollout::expression
