// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/node.h"

#include "text/gotemplate/quote.h"

#include <algorithm>

namespace tiphys::text::parse {

namespace {

void append(std::string &out, const Node &node);

void appendNames(std::string &out, const FieldNames &names)
{
    for (const std::string_view name : names) {
        out += '.';
        out += name;
    }
}

void appendOperand(std::string &out, const Node &node)
{
    if (node.type != NodeType::Pipe) {
        append(out, node);
        return;
    }
    out += '(';
    append(out, node);
    out += ')';
}

void appendVariable(std::string &out, const VariableNode &node)
{
    out += node.variable;
    appendNames(out, node.names);
}

void appendCommand(std::string &out, const CommandNode &node)
{
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        if (i > 0)
            out += ' ';
        appendOperand(out, *node.arguments[i]);
    }
}

void appendPipe(std::string &out, const PipeNode &node)
{
    for (std::size_t i = 0; i < node.declarations.size(); ++i) {
        if (i > 0)
            out += ", ";
        appendVariable(out, *node.declarations[i]);
    }
    if (!node.declarations.empty())
        out += node.isAssign ? " = " : " := ";
    for (std::size_t i = 0; i < node.commands.size(); ++i) {
        if (i > 0)
            out += " | ";
        appendCommand(out, *node.commands[i]);
    }
}

void appendBranch(std::string &out, const BranchNode &node)
{
    out += node.type == NodeType::If ? "{{if " : node.type == NodeType::With ? "{{with " : "{{range ";
    appendPipe(out, *node.pipe);
    out += "}}";
    append(out, *node.list);
    if (node.elseList) {
        out += "{{else}}";
        append(out, *node.elseList);
    }
    out += "{{end}}";
}

void appendTemplate(std::string &out, const TemplateNode &node)
{
    out += "{{template ";
    appendQuoted(out, node.name);
    if (node.pipe) {
        out += ' ';
        appendPipe(out, *node.pipe);
    }
    out += "}}";
}

template <typename T>
const T &as(const Node &node)
{
    return static_cast<const T &>(node);
}

void append(std::string &out, const Node &node)
{
    switch (node.type) {
    case NodeType::Text: out += as<TextNode>(node).text; break;
    case NodeType::Action:
        out += "{{";
        appendPipe(out, *as<ActionNode>(node).pipe);
        out += "}}";
        break;
    case NodeType::Bool: out += as<WordNode>(node).isTrue ? "true" : "false"; break;
    case NodeType::Break: out += "{{break}}"; break;
    case NodeType::Chain:
        appendOperand(out, *as<ChainNode>(node).node);
        appendNames(out, as<ChainNode>(node).names);
        break;
    case NodeType::Command: appendCommand(out, as<CommandNode>(node)); break;
    case NodeType::Continue: out += "{{continue}}"; break;
    case NodeType::Dot: out += '.'; break;
    case NodeType::Else: out += "{{else}}"; break;
    case NodeType::End: out += "{{end}}"; break;
    case NodeType::Field: appendNames(out, as<FieldNode>(node).names); break;
    case NodeType::Identifier: out += as<IdentifierNode>(node).name; break;
    case NodeType::If:
    case NodeType::Range:
    case NodeType::With: appendBranch(out, as<BranchNode>(node)); break;
    case NodeType::List:
        for (const Node *child : as<ListNode>(node).nodes)
            append(out, *child);
        break;
    case NodeType::Nil: out += "nil"; break;
    case NodeType::Number: out += as<NumberNode>(node).text; break;
    case NodeType::Pipe: appendPipe(out, as<PipeNode>(node)); break;
    case NodeType::String: out += as<StringNode>(node).quoted; break;
    case NodeType::Template: appendTemplate(out, as<TemplateNode>(node)); break;
    case NodeType::Variable: appendVariable(out, as<VariableNode>(node)); break;
    }
}

bool isSpaceOnly(std::string_view text)
{
    // Go trims Unicode white space here.
    for (std::size_t at = 0; at < text.size();) {
        if (std::string_view(" \t\n\v\f\r").find(text[at]) != std::string_view::npos) {
            ++at;
            continue;
        }
        static constexpr std::string_view kWide[] = {
            "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
            "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
        const auto *found =
            std::ranges::find_if(kWide, [&](std::string_view space) { return text.substr(at).starts_with(space); });
        if (found == std::end(kWide))
            return false;
        at += found->size();
    }
    return true;
}

} // namespace

std::string textOf(const Node &node)
{
    std::string out;
    append(out, node);
    return out;
}

bool isEmptyTree(const Node *node)
{
    if (!node)
        return true;
    if (node->type == NodeType::Text)
        return isSpaceOnly(as<TextNode>(*node).text);
    if (node->type != NodeType::List)
        return false;
    return std::ranges::all_of(as<ListNode>(*node).nodes, isEmptyTree);
}

std::string locationOf(const Tree &tree, const Node &node)
{
    const std::string_view before = std::string_view(tree.store->text()).substr(0, node.position);
    const std::size_t lineStart = before.rfind('\n') + 1;
    const auto line = 1 + std::ranges::count(before, '\n');
    return tree.parseName + ':' + std::to_string(line) + ':' + std::to_string(before.size() - lineStart);
}

} // namespace tiphys::text::parse
