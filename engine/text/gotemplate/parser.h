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
#include <utility>
#include <vector>

namespace tiphys::text::parse {

/// What all trees of one text share while it is read.
struct ParseState
{
    ParseState(std::string_view name, std::shared_ptr<NodeStore> nodes, Lexer textLexer,
               const FunctionTable &functionNames)
        : parseName(name), store(std::move(nodes)), lexer(std::move(textLexer)), functions(functionNames)
    {
    }

    bool hasFunction(std::string_view name) const { return functions.find(name) || builtinFunctions().find(name); }
    /// A number for each variable name of the text; "$" is 0.
    int numberOfVariable(std::string_view name);
    /// Adds a finished tree; Go's message if it defines a template twice.
    std::optional<std::string> add(std::unique_ptr<Tree> tree);

    std::string parseName;
    std::shared_ptr<NodeStore> store;
    Lexer lexer;
    const FunctionTable &functions;
    std::map<std::string_view, int> variableNumbers{{"$", 0}};
    std::vector<std::unique_ptr<Tree>> trees;
    bool hasEqualNames = false;       ///< two trees had one name, of which one was kept
    std::optional<std::string> error; ///< the first one; nothing is read after it
    int nesting = 0;                  ///< of control structures and parentheses, over all trees
    std::vector<Node *> unfinished;   ///< nodes of the lists that are being read, the innermost last
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
        ListNode *list = nullptr;
        Node *end = nullptr; ///< end or else; nullptr after an error
    };

    const Item &next();
    const Item &peek();
    void backUp() { ++m_peekCount; }
    void backUp2(const Item &item);
    void backUp3(const Item &second, const Item &first);
    const Item &nextNonSpace();
    const Item &peekNonSpace();

    std::nullptr_t fail(std::string_view message);
    std::nullptr_t unexpected(const Item &item, std::string_view context);
    std::optional<Item> expect(ItemType type, std::string_view context);
    bool finish();

    bool parseDefinition();
    ListEnd itemList();
    Node *textOrAction();
    Node *action();
    Node *loopControl(const Item &word, NodeType type);
    Node *control(Control kind);
    bool elsePart(Control kind, BranchNode &branch, const Node &end);
    Node *elseControl();
    Node *blockControl();
    Node *templateControl();
    std::optional<std::string> templateName(const Item &item, std::string_view context);
    PipeNode *pipeline(std::string_view context, ItemType end);
    bool declarations(PipeNode &pipe, std::string_view context);
    /// The nodes of the innermost list: those behind \p first of the unfinished ones.
    template <typename T = Node>
    std::span<T *const> finished(std::size_t first);
    template <typename T, typename... Arguments>
    T *make(Arguments &&...arguments)
    {
        return m_state.store->make<T>(std::forward<Arguments>(arguments)...);
    }
    bool checkPipeline(const PipeNode &pipe, std::string_view context);
    CommandNode *command();
    /// nullptr without an error if the next item is no operand.
    Node *operand();
    Node *withFields(Node *term);
    Node *term();
    Node *parenthesized();
    Node *number(const Item &item);
    Node *stringLiteral(const Item &item);
    Node *usedVariable(const Item &item);
    VariableNode *variable(std::size_t position, std::string_view name);
    bool enter();
    bool hasFailed() const { return m_state.error.has_value(); }

    ParseState &m_state;
    std::unique_ptr<Tree> m_tree;
    Item m_tokens[3];
    int m_peekCount = 0;
    std::vector<std::string_view> m_variables{"$"};
    std::vector<std::string_view> m_names; ///< of the chain that is being read
    int m_actionLine = 0;
    int m_rangeDepth = 0;
    int m_parenDepth = 0;
};

} // namespace tiphys::text::parse
