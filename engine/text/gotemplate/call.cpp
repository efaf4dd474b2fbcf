// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/builtins.h"
#include "text/gotemplate/execution.h"
#include "text/gotemplate/quote.h"

#include <array>
#include <utility>

namespace tiphys::text::detail {

using parse::NodeType;

namespace {

template <typename T>
const T &as(const parse::Node &node)
{
    return static_cast<const T &>(node);
}

/// Go's reflect.Value.String of what a pipeline calls.
std::string nameOfPiped(const TemplateValue &value)
{
    if (value.isString())
        return std::string(value.text());
    return value.isNil() ? "<invalid Value>" : '<' + std::string(value.typeName()) + " Value>";
}

} // namespace

/// Arguments of one call: few live in place.
class Execution::Values
{
public:
    explicit Values(std::size_t count) : m_count(count)
    {
        if (count > m_few.size())
            m_many.resize(count);
    }
    TemplateValue &operator[](std::size_t index) { return m_many.empty() ? m_few[index] : m_many[index]; }
    Arguments all() { return m_many.empty() ? Arguments(m_few.data(), m_count) : Arguments(m_many); }

private:
    std::size_t m_count;
    std::array<TemplateValue, 4> m_few;
    std::vector<TemplateValue> m_many;
};

bool Execution::function(const Held &dot, const parse::IdentifierNode &node, const parse::Node &place, Call call,
                         Held &result)
{
    at(node);
    const Function *found = m_set->functions().find(node.name);
    const bool isBuiltin = !found;
    if (!found)
        found = builtinFunctions().find(node.name);
    if (!found)
        return fail(goQuoted(node.name) + " is not a defined function");
    return this->call(dot, {found, node.name, &place, isBuiltin}, call, result);
}

bool Execution::checkCount(const Callee &callee, std::size_t written, bool hasFinal)
{
    const Signature &signature = callee.function->signature;
    const std::size_t given = written + (hasFinal ? 1 : 0);
    const std::size_t wanted = signature.parameters.size();
    const std::string start = "wrong number of args for " + std::string(callee.name) + ": want ";
    if (signature.isVariadic) {
        if (given + 1 < wanted)
            return fail(start + "at least " + std::to_string(wanted - 1) + " got " + std::to_string(written));
    } else if (given != wanted) {
        return fail(start + std::to_string(wanted) + " got " + std::to_string(given));
    }
    return true;
}

bool Execution::call(const Held &dot, const Callee &callee, Call call, Held &result)
{
    const Signature &signature = callee.function->signature;
    const std::size_t written = call.words ? call.words->size() - 1 : 0;
    const std::size_t given = written + (call.final ? 1 : 0);
    const std::size_t wanted = signature.parameters.size();
    if (signature.isVariadic ? given + 1 < wanted : given != wanted)
        return checkCount(callee, written, call.final != nullptr);
    if (!takeStep())
        return false;
    if (callee.isBuiltin && (callee.name == "and" || callee.name == "or"))
        return andOr(dot, callee, call, result);
    if (isStackUsedUp())
        return fail("exceeded maximum template depth (100000)", ErrorCode::LimitExceeded);

    const auto parameter = [&](std::size_t i) -> const Type & {
        return *signature.parameters[signature.isVariadic && i + 1 >= wanted ? wanted - 1 : i];
    };
    Values arguments(given);
    std::uint64_t interfaces = 0;
    Held held;
    for (std::size_t i = 0; i < written; ++i) {
        if (!argument(dot, parameter(i), *(*call.words)[i + 1], held))
            return false;
        if (held.isInterface && i < 64)
            interfaces |= std::uint64_t(1) << i;
        arguments[i] = std::move(held.value);
    }
    if (call.final) {
        held = *call.final;
        if (!fits(held, parameter(given - 1)))
            return false;
        arguments[given - 1] = std::move(held.value);
    }
    if (callee.isBuiltin && callee.name == "call") {
        const std::string name = written > 0 ? parse::textOf(*(*call.words)[1]) : nameOfPiped(arguments[0]);
        return finishCall(callee, calledValue(name, arguments.all(), *this), result);
    }
    // The only ones that tell an interface from what is in it.
    if (callee.isBuiltin && interfaces != 0) {
        if (callee.name == "len" && arguments[0].isNil())
            return finishCall(callee, templateError("len of nil pointer"), result);
        if (callee.name == "slice")
            return finishCall(callee, sliced(arguments.all(), interfaces), result);
    }
    return finishCall(callee, callee.function->call(arguments.all(), *this), result);
}

bool Execution::finishCall(const Callee &callee, CallResult outcome, Held &result)
{
    if (!outcome) {
        at(*callee.node);
        return failWith("error calling " + std::string(callee.name) + ": ", std::move(outcome.error()));
    }
    // Only functions whose result is an interface can give nil without a type.
    const bool isInterface = outcome->isNil();
    result = {std::move(*outcome), isInterface};
    return true;
}

bool Execution::andOr(const Held &dot, const Callee &callee, Call call, Held &result)
{
    const bool isOr = callee.name == "or";
    const std::size_t words = call.words ? call.words->size() : 1;
    for (std::size_t i = 1; i < words; ++i) {
        if (!argument(dot, types::kReflectValue, *(*call.words)[i], result))
            return false;
        if (isTrue(result.value) == isOr)
            return true;
    }
    if (call.final)
        result = *call.final;
    return true;
}

bool Execution::argument(const Held &dot, const Type &type, const parse::Node &node, Held &result)
{
    at(node);
    switch (node.type) {
    case NodeType::Dot: result = dot; return fits(result, type);
    case NodeType::Nil:
        if (!canBeNil(type))
            return fail("cannot assign nil to " + std::string(type.name));
        result = {};
        return fits(result, type);
    case NodeType::Field: return fieldNode(dot, as<parse::FieldNode>(node), {}, result) && fits(result, type);
    case NodeType::Variable: return variableNode(dot, as<parse::VariableNode>(node), {}, result) && fits(result, type);
    case NodeType::Pipe: return pipeline(dot, &as<parse::PipeNode>(node), result) && fits(result, type);
    case NodeType::Identifier:
        return function(dot, as<parse::IdentifierNode>(node), node, {}, result) && fits(result, type);
    case NodeType::Chain: return chainNode(dot, as<parse::ChainNode>(node), {}, result) && fits(result, type);
    default: return literalArgument(type, node, result);
    }
}

bool Execution::literalArgument(const Type &type, const parse::Node &node, Held &result)
{
    result.isInterface = false;
    if (&type == &types::kAny || &type == &types::kReflectValue)
        return literal(node, result);
    switch (type.kind) {
    case Kind::Bool:
        if (node.type != NodeType::Bool)
            return fail("expected bool; found " + parse::textOf(node));
        result.value = TemplateValue::boolean(as<parse::WordNode>(node).isTrue);
        return true;
    case Kind::String:
        if (node.type != NodeType::String)
            return fail("expected string; found " + parse::textOf(node));
        result.value = as<parse::StringNode>(node).value.as(type);
        return true;
    default: return numberArgument(type, node, result);
    }
}

bool Execution::numberArgument(const Type &type, const parse::Node &node, Held &result)
{
    const parse::NumberNode *number = node.type == NodeType::Number ? &as<parse::NumberNode>(node) : nullptr;
    if (type.isInteger()) {
        if (!number || !number->isInt)
            return fail("expected integer; found " + parse::textOf(node));
        result.value = TemplateValue::signedOf(type, number->signedValue);
    } else if (type.isUnsigned()) {
        if (!number || !number->isUint)
            return fail("expected unsigned integer; found " + parse::textOf(node));
        result.value = TemplateValue::unsignedOf(type, number->unsignedValue);
    } else if (type.isFloat()) {
        if (!number || !number->isFloat)
            return fail("expected float; found " + parse::textOf(node));
        result.value = TemplateValue::floatOf(type, number->floatValue);
    } else {
        return fail("can't handle " + parse::textOf(node) + " for arg of type " + std::string(type.name));
    }
    return true;
}

bool Execution::fits(Held &held, const Type &type)
{
    if (&type == &types::kReflectValue || &type == &types::kAny)
        return true;
    if (held.isInvalid()) {
        if (!canBeNil(type))
            return fail("invalid value; expected " + std::string(type.name));
        if (type.kind != Kind::Interface)
            held.value = TemplateValue::nilOf(type);
        return true;
    }
    const auto wrong = [&] {
        return fail("wrong type for value; expected " + std::string(type.name) + "; got "
                    + std::string(held.value.isNil() ? types::kAny.name : held.value.typeName()));
    };
    if (held.value.isNil())
        return type.kind == Kind::Interface && !held.isInterface ? true : wrong();
    if (!isAssignable(held.value.type(), type))
        return wrong();
    held.isInterface = false;
    if (type.kind != Kind::Interface && !held.value.is(type))
        held.value = held.value.as(type);
    return true;
}

} // namespace tiphys::text::detail
