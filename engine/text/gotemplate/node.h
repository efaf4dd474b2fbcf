// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/node_store.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

/// The parse tree of templates. Immutable once read: shared between renders and threads. Nodes live in the store of their
/// text, and names and literals are parts of it.
/// Source: golang src/text/template/parse/node.go@go1.26
namespace tiphys::text::parse {

enum class NodeType : std::uint8_t {
    Text,
    Action,
    Bool,
    Break,
    Chain,
    Command,
    Continue,
    Dot,
    Else, ///< while parsing only
    End,  ///< while parsing only
    Field,
    Identifier,
    If,
    List,
    Nil,
    Number,
    Pipe,
    Range,
    String,
    Template,
    Variable,
    With,
};

struct Node
{
    Node(NodeType nodeType, std::size_t place) : type(nodeType), position(static_cast<std::uint32_t>(place)) {}
    Node(const Node &) = delete;
    Node &operator=(const Node &) = delete;

    NodeType type;
    std::uint32_t position; ///< byte offset in the text of the tree
};
using Nodes = std::span<Node *const>;

struct ListNode final : Node
{
    explicit ListNode(std::size_t place) : Node(NodeType::List, place) {}
    Nodes nodes;
};

struct TextNode final : Node
{
    TextNode(std::size_t place, std::string_view content) : Node(NodeType::Text, place), text(content) {}
    std::string_view text;
};

/// Dot, nil, true, false, break, continue, else, end.
struct WordNode final : Node
{
    WordNode(NodeType nodeType, std::size_t place, bool isTrueWord = false) : Node(nodeType, place), isTrue(isTrueWord)
    {
    }
    bool isTrue;
};

struct IdentifierNode final : Node
{
    IdentifierNode(std::size_t place, std::string_view identifier) : Node(NodeType::Identifier, place), name(identifier)
    {
    }
    std::string_view name;
};

/// The fields of a chain, without their dots.
using FieldNames = std::span<const std::string_view>;

/// `.a.b`
struct FieldNode final : Node
{
    explicit FieldNode(std::size_t place) : Node(NodeType::Field, place) {}
    FieldNames names;
};

/// `$x.a.b`
struct VariableNode final : Node
{
    explicit VariableNode(std::size_t place) : Node(NodeType::Variable, place) {}
    std::string_view variable; ///< with its dollar sign
    int number = 0;            ///< of the variable's name within one text; "$" is 0
    FieldNames names;          ///< fields after it
};

/// `(…).a.b`, `function.a`
struct ChainNode final : Node
{
    ChainNode(std::size_t place, const Node *first) : Node(NodeType::Chain, place), node(first) {}
    const Node *node;
    FieldNames names;
};

struct NumberNode final : Node
{
    /// What the literal is where nothing else is asked for: its spelling decides.
    enum class Ideal : std::uint8_t { Int, Float, Complex, Overflow };

    NumberNode(std::size_t place, std::string_view literal) : Node(NodeType::Number, place), text(literal) {}
    std::string_view text;
    Ideal ideal = Ideal::Int;
    bool isInt = false;
    bool isUint = false;
    bool isFloat = false;
    bool isComplex = false;
    std::int64_t signedValue = 0;
    std::uint64_t unsignedValue = 0;
    double floatValue = 0;
    double real = 0; ///< with imaginary: if isComplex
    double imaginary = 0;
};

struct StringNode final : Node
{
    StringNode(std::size_t place, std::string_view literal, const TemplateValue &text)
        : Node(NodeType::String, place), quoted(literal), value(text)
    {
    }
    std::string_view quoted;
    const TemplateValue &value;
};

struct CommandNode final : Node
{
    explicit CommandNode(std::size_t place) : Node(NodeType::Command, place) {}
    Nodes arguments;
};

struct PipeNode final : Node
{
    explicit PipeNode(std::size_t place) : Node(NodeType::Pipe, place) {}
    bool isAssign = false;
    std::span<VariableNode *const> declarations;
    std::span<CommandNode *const> commands;
};

struct ActionNode final : Node
{
    ActionNode(std::size_t place, const PipeNode *pipeline) : Node(NodeType::Action, place), pipe(pipeline) {}
    const PipeNode *pipe;
};

/// if, with, range.
struct BranchNode final : Node
{
    BranchNode(NodeType nodeType, std::size_t place) : Node(nodeType, place) {}
    const PipeNode *pipe = nullptr;
    const ListNode *list = nullptr;
    const ListNode *elseList = nullptr; ///< nullptr if absent
};

/// `template` and `block`.
struct TemplateNode final : Node
{
    explicit TemplateNode(std::size_t place) : Node(NodeType::Template, place) {}
    std::string_view name;
    const PipeNode *pipe = nullptr; ///< nullptr if absent
};

/// One template.
struct Tree
{
    std::string name;
    std::string parseName;                  ///< of the text it was read from, for messages
    std::shared_ptr<const NodeStore> store; ///< of the text, whatever names it was read under
    const ListNode *root = nullptr;
    bool isEmpty = true; ///< nothing but white space and comments
};

/// \p node as Go prints it in messages.
std::string textOf(const Node &node);
/// Whether there is nothing but white space and comments.
bool isEmptyTree(const Node *node);
/// "NAME:LINE:COLUMN" of a node; columns are bytes from 0.
std::string locationOf(const Tree &tree, const Node &node);

} // namespace tiphys::text::parse
