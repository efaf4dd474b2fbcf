// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/execution.h"
#include "text/gotemplate/quote.h"

#include <utility>

namespace tiphys::text::detail {

using parse::NodeType;

namespace {

template <typename T>
const T &as(const parse::Node &node)
{
    return static_cast<const T &>(node);
}

/// The member \p name of a map that has no method of that name; nullptr if there is none.
const TemplateValue *plainMember(const TemplateValue &map, std::string_view name)
{
    if (map.kind() != Kind::Map)
        return nullptr;
    const TypeMethods *methods = map.type().methods;
    return methods && methods->method(map, name) ? nullptr : map.find(name);
}

} // namespace

bool Execution::pipeline(const Held &dot, const parse::PipeNode *pipe, Held &result)
{
    result = {};
    if (!pipe)
        return true;
    at(*pipe);
    const Held *final = nullptr;
    Held previous;
    for (const auto &stage : pipe->commands) {
        if (!command(dot, *stage, final, result))
            return false;
        result.isInterface = false;
        if (&stage != &pipe->commands.back()) {
            previous = std::move(result);
            final = &previous;
        }
    }
    for (const auto &declaration : pipe->declarations) {
        if (!pipe->isAssign) {
            m_variables.push_back({declaration->number, result});
            continue;
        }
        Held *held = variable(declaration->number);
        if (!held)
            return fail("undefined variable: " + std::string(declaration->variable));
        *held = result;
    }
    return true;
}

Held *Execution::variable(int number)
{
    for (std::size_t i = m_variables.size(); i > m_frame.base; --i) {
        if (m_variables[i - 1].number == number)
            return &m_variables[i - 1].held;
    }
    return nullptr;
}

bool Execution::notAFunction(Call call)
{
    if (!call.hasArguments())
        return true;
    return fail("can't give argument to non-function " + parse::textOf(*call.words->front()));
}

bool Execution::command(const Held &dot, const parse::CommandNode &node, const Held *final, Held &result)
{
    const parse::Node &first = *node.arguments.front();
    const Call call{&node.arguments, final};
    switch (first.type) {
    case NodeType::Field: return fieldNode(dot, as<parse::FieldNode>(first), call, result);
    case NodeType::Chain: return chainNode(dot, as<parse::ChainNode>(first), call, result);
    case NodeType::Identifier: return function(dot, as<parse::IdentifierNode>(first), node, call, result);
    case NodeType::Pipe: return notAFunction(call) && pipeline(dot, &as<parse::PipeNode>(first), result);
    case NodeType::Variable: return variableNode(dot, as<parse::VariableNode>(first), call, result);
    default: break;
    }
    at(first);
    if (!notAFunction(call))
        return false;
    if (first.type == NodeType::Dot) {
        result = dot;
        return true;
    }
    if (first.type == NodeType::Nil)
        return fail("nil is not a command");
    return literal(first, result);
}

bool Execution::literal(const parse::Node &node, Held &result)
{
    result.isInterface = false;
    switch (node.type) {
    case NodeType::Bool: result.value = TemplateValue::boolean(as<parse::WordNode>(node).isTrue); return true;
    case NodeType::String: result.value = as<parse::StringNode>(node).value; return true;
    case NodeType::Number: return constant(as<parse::NumberNode>(node), result);
    default: return fail("can't evaluate command " + goQuoted(parse::textOf(node)));
    }
}

bool Execution::constant(const parse::NumberNode &node, Held &result)
{
    at(node);
    result.isInterface = false;
    switch (node.ideal) {
    case parse::NumberNode::Ideal::Int: result.value = TemplateValue::integer(node.signedValue); return true;
    case parse::NumberNode::Ideal::Float: result.value = TemplateValue::float64(node.floatValue); return true;
    case parse::NumberNode::Ideal::Complex:
        result.value = TemplateValue::complex(node.real, node.imaginary);
        return true;
    case parse::NumberNode::Ideal::Overflow: break;
    }
    return fail(std::string(node.text) + " overflows int");
}

bool Execution::fieldNode(const Held &dot, const parse::FieldNode &node, Call call, Held &result)
{
    at(node);
    return fieldChain(dot, dot, node, node.names, call, result);
}

bool Execution::chainNode(const Held &dot, const parse::ChainNode &node, Call call, Held &result)
{
    at(node);
    if (node.node->type == NodeType::Nil)
        return fail("indirection through explicit nil in " + parse::textOf(node));
    Held start;
    return chainStart(dot, *node.node, start) && fieldChain(dot, start, node, node.names, call, result);
}

bool Execution::chainStart(const Held &dot, const parse::Node &node, Held &result)
{
    at(node);
    if (node.type == NodeType::Pipe)
        return pipeline(dot, &as<parse::PipeNode>(node), result);
    return function(dot, as<parse::IdentifierNode>(node), node, {}, result);
}

bool Execution::variableNode(const Held &dot, const parse::VariableNode &node, Call call, Held &result)
{
    at(node);
    const Held *held = variable(node.number);
    if (!held)
        return fail("undefined variable: " + std::string(node.variable));
    if (!node.names.empty()) {
        // A copy: calls on the way may declare variables.
        const Held receiver = *held;
        return fieldChain(dot, receiver, node, node.names, call, result);
    }
    if (!notAFunction(call))
        return false;
    result = *held;
    return true;
}

bool Execution::fieldChain(const Held &dot, const Held &receiver, const parse::Node &node,
                           const parse::FieldNames &names, Call call, Held &result)
{
    // Members of maps that only lead on are looked at, not copied.
    const TemplateValue *at = &receiver.value;
    bool isInterface = receiver.isInterface;
    std::size_t i = 0;
    for (const std::size_t end = names.size() - (call.hasArguments() && !names.empty() ? 1 : 0); i < end; ++i) {
        const TemplateValue *member = plainMember(*at, names[i]);
        if (!member)
            break;
        isInterface = at->type().element->kind == Kind::Interface;
        at = member;
    }
    result = {*at, isInterface};
    for (; i < names.size(); ++i) {
        const bool isLast = i + 1 == names.size();
        if (!field(dot, names[i], node, isLast ? call : Call{}, result))
            return false;
    }
    return true;
}

/// Replaces \p held by its field, member or the result of its method.
bool Execution::field(const Held &dot, std::string_view name, const parse::Node &node, Call call, Held &held)
{
    if (held.isInvalid()) {
        if (m_frame.set->options().missingKey == MissingKey::Error)
            return fail("nil data; no entry for key " + goQuoted(name));
        return true;
    }
    if (held.value.isNil())
        return fail("nil pointer evaluating interface {}." + std::string(name));
    if (held.value.kind() == Kind::Map && !held.value.type().methods)
        return mapMember(held, name, call, held);
    if (const TypeMethods *methods = held.value.type().methods) {
        if (const FunctionPtr method = methods->method(held.value, name)) {
            Held result;
            if (!this->call(dot, {method.get(), name, &node, false}, call, result))
                return false;
            held = std::move(result);
            return true;
        }
    }
    const std::string_view typeName = held.typeName();
    switch (held.value.kind()) {
    case Kind::Map: return mapMember(held, name, call, held);
    case Kind::Pointer:
    case Kind::Struct: return objectField(held, name, call, typeName, held);
    default: return fail("can't evaluate field " + std::string(name) + " in type " + std::string(typeName));
    }
}

bool Execution::objectField(const Held &held, std::string_view name, Call call, std::string_view typeName, Held &result)
{
    if (held.value.kind() == Kind::Pointer && held.value.isNilOfItsType())
        return fail("nil pointer evaluating " + std::string(typeName) + '.' + std::string(name));
    std::optional<TemplateValue> found;
    if (const TypeMethods *methods = held.value.type().methods)
        found = methods->field(held.value, name);
    if (!found)
        return fail("can't evaluate field " + std::string(name) + " in type " + std::string(typeName));
    if (call.hasArguments())
        return fail(std::string(name) + " has arguments but cannot be invoked as function");
    result = {std::move(*found), false};
    return true;
}

bool Execution::mapMember(const Held &held, std::string_view name, Call call, Held &result)
{
    if (call.hasArguments())
        return fail(std::string(name) + " is not a method but has arguments");
    const Type &element = *held.value.type().element;
    const bool isInterface = element.kind == Kind::Interface;
    if (const TemplateValue *member = held.value.find(name)) {
        TemplateValue value = *member;
        result = {std::move(value), isInterface};
        return true;
    }
    switch (m_frame.set->options().missingKey) {
    case MissingKey::Invalid: result = {}; return true;
    case MissingKey::Zero: result = {TemplateValue::zeroOf(element), isInterface}; return true;
    case MissingKey::Error: break;
    }
    return fail("map has no entry for key " + goQuoted(name));
}

} // namespace tiphys::text::detail
