// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/number_node.h"
#include "text/gotemplate/parser.h"
#include "text/gotemplate/quote.h"

#include "base/text.h"

#include <algorithm>
#include <utility>

namespace tiphys::text::parse {

namespace {

/// Go's limit is 10,000; the stack of a thread is smaller here.
constexpr int kMaxParenDepth = 500;

/// Splits ".a.b" into names.
std::vector<std::string> namesOf(std::string_view fields)
{
    std::vector<std::string> names;
    for (const std::string_view name : split(fields.substr(1), '.'))
        names.emplace_back(name);
    return names;
}

} // namespace

NodePtr TreeParser::operand()
{
    NodePtr node = term();
    if (!node || peek().type != ItemType::Field)
        return node;
    return withFields(std::move(node));
}

NodePtr TreeParser::withFields(NodePtr node)
{
    const std::size_t position = peek().position;
    std::vector<std::string> names;
    while (peek().type == ItemType::Field)
        names.emplace_back(next().value.substr(1));
    switch (node->type) {
    case NodeType::Field: {
        auto &field = static_cast<FieldNode &>(*node);
        std::ranges::move(names, std::back_inserter(field.names));
        node->position = static_cast<std::uint32_t>(position);
        return node;
    }
    case NodeType::Variable: {
        auto &variable = static_cast<VariableNode &>(*node);
        std::ranges::move(names, std::back_inserter(variable.names));
        node->position = static_cast<std::uint32_t>(position);
        return node;
    }
    case NodeType::Bool:
    case NodeType::String:
    case NodeType::Number:
    case NodeType::Nil:
    case NodeType::Dot: return fail("unexpected . after term " + goQuoted(textOf(*node)));
    default: break;
    }
    auto chain = std::make_unique<ChainNode>(position, std::move(node));
    chain->names = std::move(names);
    return chain;
}

NodePtr TreeParser::term()
{
    const Item item = nextNonSpace();
    switch (item.type) {
    case ItemType::Identifier:
        if (!m_state.hasFunction(item.value))
            return fail("function " + goQuoted(item.value) + " not defined");
        return std::make_unique<IdentifierNode>(item.position, item.value);
    case ItemType::Dot: return std::make_unique<WordNode>(NodeType::Dot, item.position);
    case ItemType::Nil: return std::make_unique<WordNode>(NodeType::Nil, item.position);
    case ItemType::Bool: return std::make_unique<WordNode>(NodeType::Bool, item.position, item.value == "true");
    case ItemType::Variable: return usedVariable(item);
    case ItemType::Field: {
        auto field = std::make_unique<FieldNode>(item.position);
        field->names = namesOf(item.value);
        return field;
    }
    case ItemType::CharConstant:
    case ItemType::Complex:
    case ItemType::Number: return number(item);
    case ItemType::LeftParen: return parenthesized();
    case ItemType::String:
    case ItemType::RawString: return stringLiteral(item);
    default: break;
    }
    backUp();
    return nullptr;
}

NodePtr TreeParser::parenthesized()
{
    if (m_parenDepth >= kMaxParenDepth || !enter())
        return fail("max expression depth exceeded");
    ++m_parenDepth;
    ++m_state.nesting;
    NodePtr pipe = pipeline("parenthesized pipeline", ItemType::RightParen);
    --m_parenDepth;
    --m_state.nesting;
    return pipe;
}

NodePtr TreeParser::number(const Item &item)
{
    auto node = numberNodeOf(item);
    if (!node)
        return fail(node.error());
    return std::move(*node);
}

NodePtr TreeParser::stringLiteral(const Item &item)
{
    const std::optional<std::string> text = unquoted(item.value);
    if (!text)
        return fail("invalid syntax");
    return std::make_unique<StringNode>(item.position, item.value, *text);
}

NodePtr TreeParser::usedVariable(const Item &item)
{
    if (std::ranges::find(m_variables, item.value) == m_variables.end())
        return fail("undefined variable " + goQuoted(item.value));
    return variable(item.position, item.value);
}

std::unique_ptr<VariableNode> TreeParser::variable(std::size_t position, std::string_view name)
{
    auto node = std::make_unique<VariableNode>(position);
    node->variable = name;
    node->number = m_state.numberOfVariable(node->variable);
    return node;
}

} // namespace tiphys::text::parse
