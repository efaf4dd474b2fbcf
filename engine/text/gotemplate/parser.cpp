// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/parser.h"

#include "text/gotemplate/quote.h"

#include <algorithm>
#include <array>

namespace tiphys::text::parse {

namespace {

/// Go nests without end; here the stack ends somewhere.
constexpr int kMaxNesting = 600;

class NestingGuard
{
public:
    explicit NestingGuard(int &depth) : m_depth(depth) { ++m_depth; }
    ~NestingGuard() { --m_depth; }
    NestingGuard(const NestingGuard &) = delete;
    NestingGuard &operator=(const NestingGuard &) = delete;

private:
    int &m_depth;
};

} // namespace

int ParseState::numberOfVariable(std::string_view name)
{
    return variableNumbers.emplace(name, static_cast<int>(variableNumbers.size())).first->second;
}

std::optional<std::string> ParseState::add(std::unique_ptr<Tree> tree)
{
    const auto same = std::ranges::find_if(trees, [&](const auto &known) { return known->name == tree->name; });
    if (same == trees.end()) {
        trees.push_back(std::move(tree));
        return std::nullopt;
    }
    hasEqualNames = true;
    if ((*same)->isEmpty) {
        *same = std::move(tree);
        return std::nullopt;
    }
    if (!tree->isEmpty)
        return "template: multiple definition of template " + goQuoted(tree->name);
    return std::nullopt;
}

TreeParser::TreeParser(ParseState &state, std::string_view name) : m_state(state), m_tree(std::make_unique<Tree>())
{
    m_tree->name = name;
    m_tree->parseName = state.parseName;
    m_tree->store = state.store;
}

const Item &TreeParser::next()
{
    if (m_peekCount > 0)
        --m_peekCount;
    else
        m_tokens[0] = m_state.lexer.next();
    return m_tokens[m_peekCount];
}

const Item &TreeParser::peek()
{
    if (m_peekCount > 0)
        return m_tokens[m_peekCount - 1];
    m_peekCount = 1;
    m_tokens[0] = m_state.lexer.next();
    return m_tokens[0];
}

void TreeParser::backUp2(const Item &item)
{
    m_tokens[1] = item;
    m_peekCount = 2;
}

void TreeParser::backUp3(const Item &second, const Item &first)
{
    m_tokens[1] = first;
    m_tokens[2] = second;
    m_peekCount = 3;
}

const Item &TreeParser::nextNonSpace()
{
    while (next().type == ItemType::Space) {}
    return m_tokens[m_peekCount];
}

const Item &TreeParser::peekNonSpace()
{
    const Item &item = nextNonSpace();
    backUp();
    return item;
}

std::nullptr_t TreeParser::fail(std::string_view message)
{
    if (!m_state.error)
        m_state.error =
            "template: " + m_state.parseName + ':' + std::to_string(m_tokens[0].line) + ": " + std::string(message);
    return nullptr;
}

std::nullptr_t TreeParser::unexpected(const Item &item, std::string_view context)
{
    if (item.type != ItemType::Error)
        return fail("unexpected " + textOf(item) + " in " + std::string(context));
    std::string message(item.value);
    if (m_actionLine != 0 && m_actionLine != item.line) {
        message += item.value.ends_with(" action") ? " started at " : " in action started at ";
        message += m_state.parseName + ':' + std::to_string(m_actionLine);
    }
    return fail(message);
}

std::optional<Item> TreeParser::expect(ItemType type, std::string_view context)
{
    const Item item = nextNonSpace();
    if (item.type == type)
        return item;
    unexpected(item, context);
    return std::nullopt;
}

bool TreeParser::finish()
{
    m_tree->isEmpty = isEmptyTree(m_tree->root);
    if (const auto problem = m_state.add(std::move(m_tree)))
        fail(*problem);
    return !hasFailed();
}

template <typename T>
std::span<T *const> TreeParser::finished(std::size_t first)
{
    std::vector<Node *> &nodes = m_state.unfinished;
    const std::span<T *> list = m_state.store->array<T *>(nodes.size() - first);
    std::ranges::transform(std::span(nodes).subspan(first), list.begin(),
                           [](Node *node) { return static_cast<T *>(node); });
    nodes.resize(first);
    return list;
}

bool TreeParser::enter()
{
    if (m_state.nesting < kMaxNesting)
        return true;
    fail("max expression depth exceeded");
    return false;
}

bool TreeParser::parseText()
{
    auto *root = make<ListNode>(peek().position);
    m_tree->root = root;
    const std::size_t first = m_state.unfinished.size();
    while (peek().type != ItemType::Eof) {
        if (peek().type == ItemType::LeftDelim) {
            const Item delimiter = next();
            if (nextNonSpace().type == ItemType::Define) {
                if (!TreeParser(m_state, "definition").parseDefinition())
                    return false;
                continue;
            }
            backUp2(delimiter);
        }
        Node *node = textOrAction();
        if (!node)
            return false;
        if (node->type == NodeType::End || node->type == NodeType::Else) {
            fail("unexpected " + textOf(*node));
            return false;
        }
        m_state.unfinished.push_back(node);
    }
    root->nodes = finished(first);
    return finish();
}

bool TreeParser::parseDefinition()
{
    constexpr std::string_view kContext = "define clause";
    const Item name = nextNonSpace();
    if (name.type != ItemType::String && name.type != ItemType::RawString) {
        unexpected(name, kContext);
        return false;
    }
    std::optional<std::string> text = unquoted(name.value);
    if (!text) {
        fail("invalid syntax");
        return false;
    }
    m_tree->name = std::move(*text);
    if (!expect(ItemType::RightDelim, kContext))
        return false;
    ListEnd body = itemList();
    if (!body.end)
        return false;
    if (body.end->type != NodeType::End) {
        fail("unexpected " + textOf(*body.end) + " in " + std::string(kContext));
        return false;
    }
    m_tree->root = body.list;
    return finish();
}

TreeParser::ListEnd TreeParser::itemList()
{
    ListEnd result;
    if (!enter())
        return result;
    const NestingGuard guard(m_state.nesting);
    result.list = make<ListNode>(peekNonSpace().position);
    const std::size_t first = m_state.unfinished.size();
    while (peekNonSpace().type != ItemType::Eof) {
        Node *node = textOrAction();
        if (!node)
            return result;
        if (node->type == NodeType::End || node->type == NodeType::Else) {
            result.list->nodes = finished(first);
            result.end = node;
            return result;
        }
        m_state.unfinished.push_back(node);
    }
    fail("unexpected EOF");
    return result;
}

Node *TreeParser::textOrAction()
{
    const Item item = nextNonSpace();
    if (item.type == ItemType::Text)
        return make<TextNode>(item.position, item.value);
    if (item.type != ItemType::LeftDelim)
        return unexpected(item, "input");
    m_actionLine = item.line;
    Node *node = action();
    m_actionLine = 0;
    return node;
}

Node *TreeParser::action()
{
    const Item item = nextNonSpace();
    switch (item.type) {
    case ItemType::Block: return blockControl();
    case ItemType::Break: return loopControl(item, NodeType::Break);
    case ItemType::Continue: return loopControl(item, NodeType::Continue);
    case ItemType::Else: return elseControl();
    case ItemType::End: {
        const auto delimiter = expect(ItemType::RightDelim, "end");
        if (!delimiter)
            return nullptr;
        return make<WordNode>(NodeType::End, delimiter->position);
    }
    case ItemType::If: return control({NodeType::If, "if"});
    case ItemType::Range: return control({NodeType::Range, "range"});
    case ItemType::Template: return templateControl();
    case ItemType::With: return control({NodeType::With, "with"});
    default: break;
    }
    backUp();
    const std::size_t position = peek().position;
    PipeNode *pipe = pipeline("command", ItemType::RightDelim);
    if (!pipe)
        return nullptr;
    return make<ActionNode>(position, pipe);
}

Node *TreeParser::loopControl(const Item &word, NodeType type)
{
    const std::string name = type == NodeType::Break ? "{{break}}" : "{{continue}}";
    const Item item = nextNonSpace();
    if (item.type != ItemType::RightDelim)
        return unexpected(item, name);
    if (m_rangeDepth == 0)
        return fail(name + " outside {{range}}");
    return make<WordNode>(type, word.position);
}

Node *TreeParser::control(Control kind)
{
    const std::size_t variables = m_variables.size();
    auto *branch = make<BranchNode>(kind.type, 0);
    branch->pipe = pipeline(kind.name, ItemType::RightDelim);
    if (!branch->pipe)
        return nullptr;
    branch->position = branch->pipe->position;
    const int inRange = kind.type == NodeType::Range ? 1 : 0;
    m_rangeDepth += inRange;
    ListEnd body = itemList();
    m_rangeDepth -= inRange;
    if (!body.end)
        return nullptr;
    branch->list = body.list;
    if (body.end->type == NodeType::Else && !elsePart(kind, *branch, *body.end))
        return nullptr;
    m_variables.resize(variables);
    return branch;
}

bool TreeParser::elsePart(Control kind, BranchNode &branch, const Node &end)
{
    const ItemType following = peek().type;
    const bool continues = (kind.type == NodeType::If && following == ItemType::If)
                           || (kind.type == NodeType::With && following == ItemType::With);
    if (continues) {
        next();
        if (!enter())
            return false;
        const NestingGuard guard(m_state.nesting);
        auto *rest = make<ListNode>(end.position);
        Node *nested = control(kind);
        if (!nested)
            return false;
        rest->nodes = m_state.store->copied(std::span<Node *const>(&nested, 1));
        branch.elseList = rest;
        return true;
    }
    ListEnd rest = itemList();
    if (!rest.end)
        return false;
    if (rest.end->type != NodeType::End) {
        fail("expected end; found " + textOf(*rest.end));
        return false;
    }
    branch.elseList = rest.list;
    return true;
}

Node *TreeParser::elseControl()
{
    const Item following = peekNonSpace();
    if (following.type == ItemType::If || following.type == ItemType::With)
        return make<WordNode>(NodeType::Else, following.position);
    const auto delimiter = expect(ItemType::RightDelim, "else");
    if (!delimiter)
        return nullptr;
    return make<WordNode>(NodeType::Else, delimiter->position);
}

Node *TreeParser::blockControl()
{
    constexpr std::string_view kContext = "block clause";
    const Item item = nextNonSpace();
    std::optional<std::string> name = templateName(item, kContext);
    if (!name)
        return nullptr;
    auto *node = make<TemplateNode>(item.position);
    node->name = m_state.store->copied(*name);
    node->pipe = pipeline(kContext, ItemType::RightDelim);
    if (!node->pipe)
        return nullptr;
    TreeParser block(m_state, *name);
    ListEnd body = block.itemList();
    if (!body.end)
        return nullptr;
    if (body.end->type != NodeType::End)
        return fail("unexpected " + textOf(*body.end) + " in " + std::string(kContext));
    block.m_tree->root = body.list;
    if (!block.finish())
        return nullptr;
    return node;
}

Node *TreeParser::templateControl()
{
    constexpr std::string_view kContext = "template clause";
    const Item item = nextNonSpace();
    std::optional<std::string> name = templateName(item, kContext);
    if (!name)
        return nullptr;
    auto *node = make<TemplateNode>(item.position);
    node->name = m_state.store->copied(*name);
    if (nextNonSpace().type == ItemType::RightDelim)
        return node;
    backUp();
    node->pipe = pipeline(kContext, ItemType::RightDelim);
    if (!node->pipe)
        return nullptr;
    return node;
}

std::optional<std::string> TreeParser::templateName(const Item &item, std::string_view context)
{
    if (item.type != ItemType::String && item.type != ItemType::RawString) {
        unexpected(item, context);
        return std::nullopt;
    }
    std::optional<std::string> name = unquoted(item.value);
    if (!name)
        fail("invalid syntax");
    return name;
}

PipeNode *TreeParser::pipeline(std::string_view context, ItemType end)
{
    auto *pipe = make<PipeNode>(peekNonSpace().position);
    if (!declarations(*pipe, context))
        return nullptr;
    const std::size_t first = m_state.unfinished.size();
    while (true) {
        const Item item = nextNonSpace();
        if (item.type == end) {
            pipe->commands = finished<CommandNode>(first);
            return checkPipeline(*pipe, context) ? pipe : nullptr;
        }
        switch (item.type) {
        case ItemType::Bool:
        case ItemType::CharConstant:
        case ItemType::Complex:
        case ItemType::Dot:
        case ItemType::Field:
        case ItemType::Identifier:
        case ItemType::Number:
        case ItemType::Nil:
        case ItemType::RawString:
        case ItemType::String:
        case ItemType::Variable:
        case ItemType::LeftParen: {
            backUp();
            CommandNode *stage = command();
            if (!stage)
                return nullptr;
            m_state.unfinished.push_back(stage);
            break;
        }
        default: return unexpected(item, context);
        }
    }
}

bool TreeParser::declarations(PipeNode &pipe, std::string_view context)
{
    std::array<VariableNode *, 2> declared{};
    std::size_t count = 0;
    while (true) {
        const Item name = peekNonSpace();
        if (name.type != ItemType::Variable)
            return true;
        next();
        const Item after = peek();
        const Item following = peekNonSpace();
        const bool isComma = following.type == ItemType::Char && following.value == ",";
        if (following.type != ItemType::Assign && following.type != ItemType::Declare && !isComma) {
            if (after.type == ItemType::Space)
                backUp3(name, after);
            else
                backUp2(name);
            return true;
        }
        nextNonSpace();
        if (!isComma)
            pipe.isAssign = following.type == ItemType::Assign;
        declared.at(count++) = variable(name.position, name.value);
        pipe.declarations = m_state.store->copied(std::span<VariableNode *const>(declared.data(), count));
        m_variables.emplace_back(name.value);
        if (!isComma)
            return true;
        if (context != "range" || pipe.declarations.size() >= 2) {
            fail("too many declarations in " + std::string(context));
            return false;
        }
        const ItemType second = peekNonSpace().type;
        if (second != ItemType::Variable && second != ItemType::RightDelim && second != ItemType::RightParen) {
            fail("range can only initialize variables");
            return false;
        }
    }
}

bool TreeParser::checkPipeline(const PipeNode &pipe, std::string_view context)
{
    if (pipe.commands.empty()) {
        fail("missing value for " + std::string(context));
        return false;
    }
    for (std::size_t i = 1; i < pipe.commands.size(); ++i) {
        switch (pipe.commands[i]->arguments[0]->type) {
        case NodeType::Bool:
        case NodeType::Dot:
        case NodeType::Nil:
        case NodeType::Number:
        case NodeType::String: fail("non executable command in pipeline stage " + std::to_string(i + 1)); return false;
        default: break;
        }
    }
    return true;
}

CommandNode *TreeParser::command()
{
    auto *node = make<CommandNode>(peekNonSpace().position);
    const std::size_t first = m_state.unfinished.size();
    while (true) {
        peekNonSpace();
        Node *argument = operand();
        if (hasFailed())
            return nullptr;
        if (argument)
            m_state.unfinished.push_back(argument);
        const Item item = next();
        if (item.type == ItemType::Space)
            continue;
        if (item.type == ItemType::RightDelim || item.type == ItemType::RightParen)
            backUp();
        else if (item.type != ItemType::Pipe)
            return unexpected(item, "operand");
        break;
    }
    node->arguments = finished(first);
    if (node->arguments.empty())
        return fail("empty command");
    return node;
}

} // namespace tiphys::text::parse
