// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/number_node.h"
#include "text/gotemplate/parser.h"
#include "text/gotemplate/quote.h"

#include <algorithm>
#include <utility>

namespace tiphys::text::parse {

namespace {

/// Go's limit is 10,000; the stack of a thread is smaller here.
constexpr int kMaxParenDepth = 500;

} // namespace

Node *TreeParser::operand()
{
    Node *node = term();
    if (!node || peek().type != ItemType::Field)
        return node;
    return withFields(node);
}

Node *TreeParser::withFields(Node *node)
{
    const std::size_t position = peek().position;
    const auto addTo = [this](FieldNames &names) {
        m_names.assign(names.begin(), names.end());
        while (peek().type == ItemType::Field)
            m_names.push_back(next().value.substr(1));
        names = m_state.store->copied(std::span<const std::string_view>(m_names));
    };
    switch (node->type) {
    case NodeType::Field: {
        addTo(static_cast<FieldNode &>(*node).names);
        node->position = static_cast<std::uint32_t>(position);
        return node;
    }
    case NodeType::Variable: {
        addTo(static_cast<VariableNode &>(*node).names);
        node->position = static_cast<std::uint32_t>(position);
        return node;
    }
    case NodeType::Bool:
    case NodeType::String:
    case NodeType::Number:
    case NodeType::Nil:
    case NodeType::Dot:
        while (peek().type == ItemType::Field)
            next();
        return fail("unexpected . after term " + goQuoted(textOf(*node)));
    default: break;
    }
    auto *chain = make<ChainNode>(position, node);
    addTo(chain->names);
    return chain;
}

Node *TreeParser::term()
{
    const Item item = nextNonSpace();
    switch (item.type) {
    case ItemType::Identifier:
        if (!m_state.hasFunction(item.value))
            return fail("function " + goQuoted(item.value) + " not defined");
        return make<IdentifierNode>(item.position, item.value);
    case ItemType::Dot: return make<WordNode>(NodeType::Dot, item.position);
    case ItemType::Nil: return make<WordNode>(NodeType::Nil, item.position);
    case ItemType::Bool: return make<WordNode>(NodeType::Bool, item.position, item.value == "true");
    case ItemType::Variable: return usedVariable(item);
    case ItemType::Field: {
        auto *field = make<FieldNode>(item.position);
        const std::string_view name = item.value.substr(1);
        field->names = m_state.store->copied(std::span(&name, 1));
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

Node *TreeParser::parenthesized()
{
    if (m_parenDepth >= kMaxParenDepth || !enter())
        return fail("max expression depth exceeded");
    ++m_parenDepth;
    ++m_state.nesting;
    Node *pipe = pipeline("parenthesized pipeline", ItemType::RightParen);
    --m_parenDepth;
    --m_state.nesting;
    return pipe;
}

Node *TreeParser::number(const Item &item)
{
    const auto node = numberNodeOf(item, *m_state.store);
    return node ? *node : fail(node.error());
}

Node *TreeParser::stringLiteral(const Item &item)
{
    const std::optional<std::string> text = unquoted(item.value);
    if (!text)
        return fail("invalid syntax");
    return make<StringNode>(item.position, item.value, m_state.store->string(*text));
}

Node *TreeParser::usedVariable(const Item &item)
{
    if (std::ranges::find(m_variables, item.value) == m_variables.end())
        return fail("undefined variable " + goQuoted(item.value));
    return variable(item.position, item.value);
}

VariableNode *TreeParser::variable(std::size_t position, std::string_view name)
{
    auto *node = make<VariableNode>(position);
    node->variable = name;
    node->number = m_state.numberOfVariable(node->variable);
    return node;
}

} // namespace tiphys::text::parse
