// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/lexer.h"
#include "text/gotemplate/node.h"
#include "text/gotemplate/template_set.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::text::parse {

/// What all trees of one text share while it is read.
struct ParseState
{
    ParseState(std::string_view name, std::shared_ptr<const std::string> content, Lexer textLexer,
               const FunctionTable &functionNames)
        : parseName(name), text(std::move(content)), lexer(std::move(textLexer)), functions(functionNames)
    {
    }

    bool hasFunction(std::string_view name) const { return functions.find(name) || builtinFunctions().find(name); }
    /// A number for each variable name of the text; "$" is 0.
    int numberOfVariable(const std::string &name);
    /// Adds a finished tree; Go's message if it defines a template twice.
    std::optional<std::string> add(std::unique_ptr<Tree> tree);

    std::string parseName;
    std::shared_ptr<const std::string> text;
    Lexer lexer;
    const FunctionTable &functions;
    std::map<std::string, int, std::less<>> variableNumbers{{"$", 0}};
    std::vector<std::unique_ptr<Tree>> trees;
    bool hasEqualNames = false;       ///< two trees had one name, of which one was kept
    std::optional<std::string> error; ///< the first one; nothing is read after it
    int nesting = 0;                  ///< of control structures and parentheses, over all trees
};

/// Reads one tree. A function that fails sets ParseState::error and gives nullptr.
/// Source: golang src/text/template/parse/parse.go@go1.26
class TreeParser
{
public:
    TreeParser(ParseState &state, std::string_view name);

    /// The whole text with its definitions; adds the tree. False after an error.
    bool parseText();

private:
    struct Control
    {
        NodeType type;
        std::string_view name;
    };
    struct ListEnd
    {
        std::unique_ptr<ListNode> list;
        NodePtr end; ///< end or else; nullptr after an error
    };

    Item next();
    Item peek();
    void backUp() { ++m_peekCount; }
    void backUp2(const Item &item);
    void backUp3(const Item &second, const Item &first);
    Item nextNonSpace();
    Item peekNonSpace();

    std::nullptr_t fail(std::string_view message);
    std::nullptr_t unexpected(const Item &item, std::string_view context);
    std::optional<Item> expect(ItemType type, std::string_view context);
    bool finish();

    bool parseDefinition();
    ListEnd itemList();
    NodePtr textOrAction();
    NodePtr action();
    NodePtr loopControl(const Item &word, NodeType type);
    NodePtr control(Control kind);
    bool elsePart(Control kind, BranchNode &branch, NodePtr end);
    NodePtr elseControl();
    NodePtr blockControl();
    NodePtr templateControl();
    std::optional<std::string> templateName(const Item &item, std::string_view context);
    std::unique_ptr<PipeNode> pipeline(std::string_view context, ItemType end);
    bool declarations(PipeNode &pipe, std::string_view context);
    bool checkPipeline(const PipeNode &pipe, std::string_view context);
    std::unique_ptr<CommandNode> command();
    /// nullptr without an error if the next item is no operand.
    NodePtr operand();
    NodePtr withFields(NodePtr term);
    NodePtr term();
    NodePtr parenthesized();
    NodePtr number(const Item &item);
    NodePtr stringLiteral(const Item &item);
    NodePtr usedVariable(const Item &item);
    std::unique_ptr<VariableNode> variable(std::size_t position, std::string_view name);
    bool enter();
    bool hasFailed() const { return m_state.error.has_value(); }

    ParseState &m_state;
    std::unique_ptr<Tree> m_tree;
    Item m_tokens[3];
    int m_peekCount = 0;
    std::vector<std::string> m_variables{"$"};
    int m_actionLine = 0;
    int m_rangeDepth = 0;
    int m_parenDepth = 0;
};

} // namespace tiphys::text::parse
