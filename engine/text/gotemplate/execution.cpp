// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/execution.h"

#include "text/gotemplate/printer.h"
#include "text/gotemplate/quote.h"

#include <algorithm>
#include <utility>

namespace tiphys::text::detail {

using parse::NodeType;

namespace {

template <typename T>
const T &as(const parse::Node &node)
{
    return static_cast<const T &>(node);
}

/// Where the stack is now. Sanitizers keep variables elsewhere, so that the compiler is asked where it can be.
std::uintptr_t stackPosition()
{
#if defined(__GNUC__)
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
#else
    const char here = 0;
    const auto address = reinterpret_cast<std::uintptr_t>(&here);
    return address;
#endif
}

} // namespace

/// Keeps the frame of the caller and brings it back.
class Execution::FrameGuard
{
public:
    explicit FrameGuard(Execution &execution) : m_execution(execution), m_frame(execution.m_frame) {}
    ~FrameGuard()
    {
        m_execution.m_variables.resize(std::min(m_execution.m_variables.size(), m_size));
        m_execution.m_frame = m_frame;
        m_execution.m_set = m_frame.set;
    }
    FrameGuard(const FrameGuard &) = delete;
    FrameGuard &operator=(const FrameGuard &) = delete;

private:
    Execution &m_execution;
    Frame m_frame;
    std::size_t m_size = m_execution.m_variables.size();
};

Execution::Execution(const TemplateSet &set, Budget &budget, std::string_view rootName)
    : m_budget(budget), m_set(&set), m_rootName(rootName), m_stackStart(stackPosition())
{
    m_frame.set = &set;
    m_variables.reserve(32);
}

TemplateExpected<std::string> Execution::run(const parse::Tree &tree, const TemplateValue &data)
{
    if (!nested(*m_set, tree, data))
        return takenError();
    return std::move(m_out);
}

CallResult Execution::execute(std::string_view name, const TemplateValue &data)
{
    return execute(*m_set, name, data);
}

CallResult Execution::execute(const TemplateSet &set, std::string_view name, const TemplateValue &data)
{
    const parse::Tree *tree = set.find(name);
    if (!tree)
        return templateError("template: no template " + goQuoted(name) + " associated with template "
                             + goQuoted(m_rootName));
    const std::size_t start = m_out.size();
    if (!nested(set, *tree, data)) {
        m_out.resize(start);
        return takenError();
    }
    TemplateValue text = TemplateValue::string(std::string_view(m_out).substr(start));
    m_out.resize(start);
    return text;
}

bool Execution::nested(const TemplateSet &set, const parse::Tree &tree, const TemplateValue &data)
{
    const FrameGuard guard(*this);
    m_set = &set;
    m_frame = {&set, &tree, tree.root, m_variables.size()};
    const Held dot{data, false};
    m_variables.push_back({0, dot});
    return walkList(dot, *tree.root) != Flow::Error;
}

std::unexpected<TemplateError> Execution::takenError()
{
    TemplateError error = std::move(*m_error);
    m_error.reset();
    return std::unexpected(std::move(error));
}

bool Execution::fail(std::string message, ErrorCode code)
{
    TemplateError error(code, {});
    error.isExecution = true;
    error.text = "template: " + parse::locationOf(*m_frame.tree, *m_frame.node) + ": executing "
                 + goQuoted(m_frame.tree->name) + " at <" + parse::textOf(*m_frame.node) + ">: " + message;
    m_error = std::move(error);
    return false;
}

bool Execution::failWith(std::string_view prefix, TemplateError cause)
{
    fail(std::string(prefix) + cause.text, cause.code);
    m_error->cause = std::make_shared<const TemplateError>(std::move(cause));
    return false;
}

bool Execution::exceeded(std::string_view what)
{
    return fail(budgetExceeded(what).error().text, ErrorCode::LimitExceeded);
}

bool Execution::isStackUsedUp(std::size_t reserve) const
{
    const std::uintptr_t here = stackPosition();
    return (here > m_stackStart ? here - m_stackStart : m_stackStart - here) + reserve > m_budget.stackBytes;
}

bool Execution::takeStep()
{
    return m_budget.takeSteps(1) || exceeded("steps");
}

bool Execution::write(std::string_view text)
{
    if (!m_budget.takeOutput(text.size()))
        return exceeded("output");
    m_out += text;
    return true;
}

Execution::Flow Execution::walkList(const Held &dot, const parse::ListNode &list)
{
    if (isStackUsedUp()) {
        fail("exceeded maximum template depth (100000)", ErrorCode::LimitExceeded);
        return Flow::Error;
    }
    for (const parse::Node *node : list.nodes) {
        const Flow flow = walk(dot, *node);
        if (flow != Flow::Next)
            return flow;
    }
    return Flow::Next;
}

Execution::Flow Execution::walk(const Held &dot, const parse::Node &node)
{
    at(node);
    if (!takeStep())
        return Flow::Error;
    switch (node.type) {
    case NodeType::Text: return write(as<parse::TextNode>(node).text) ? Flow::Next : Flow::Error;
    case NodeType::Action: return walkAction(dot, as<parse::ActionNode>(node));
    case NodeType::If:
    case NodeType::With: return walkBranch(dot, as<parse::BranchNode>(node));
    case NodeType::Range: return walkRange(dot, as<parse::BranchNode>(node));
    case NodeType::Template: return walkTemplate(dot, as<parse::TemplateNode>(node));
    case NodeType::List: return walkList(dot, as<parse::ListNode>(node));
    case NodeType::Break: return Flow::Break;
    case NodeType::Continue: return Flow::Continue;
    default: break;
    }
    fail("unknown node: " + parse::textOf(node));
    return Flow::Error;
}

Execution::Flow Execution::walkAction(const Held &dot, const parse::ActionNode &node)
{
    Held value;
    if (!pipeline(dot, node.pipe, value))
        return Flow::Error;
    // Variables stay until the next end.
    if (node.pipe->declarations.empty() && !print(node, value.value))
        return Flow::Error;
    return Flow::Next;
}

Execution::Flow Execution::walkBranch(const Held &dot, const parse::BranchNode &node)
{
    const std::size_t mark = m_variables.size();
    Held value;
    if (!pipeline(dot, node.pipe, value))
        return Flow::Error;
    Flow flow = Flow::Next;
    if (isTrue(value.value))
        flow = walkList(node.type == NodeType::With ? value : dot, *node.list);
    else if (node.elseList)
        flow = walkList(dot, *node.elseList);
    m_variables.resize(mark);
    return flow;
}

Execution::Flow Execution::walkRange(const Held &dot, const parse::BranchNode &node)
{
    const std::size_t mark = m_variables.size();
    Held value;
    if (!pipeline(dot, node.pipe, value))
        return Flow::Error;
    bool hasRun = false;
    Flow flow = Flow::Next;
    const Kind kind = value.value.kind();
    if (kind >= Kind::Int && kind <= Kind::Uintptr) {
        flow = rangeOverInteger(node, value, hasRun);
    } else if (kind == Kind::Slice) {
        flow = rangeOverList(node, value, hasRun);
    } else if (kind == Kind::Map) {
        flow = rangeOverMap(node, value, hasRun);
    } else if (kind != Kind::Invalid) {
        // Go looks behind the pointer, where the error has no method.
        const bool isError = value.value.is(types::kErrorString);
        fail("range can't iterate over "
             + (isError ? '{' + std::string(value.value.text()) + '}' : plainText(value.value)));
        return Flow::Error;
    }
    if (flow == Flow::Break)
        flow = Flow::Next;
    if (flow == Flow::Next && !hasRun && node.elseList)
        flow = walkList(dot, *node.elseList);
    m_variables.resize(std::min(m_variables.size(), mark));
    return flow;
}

Execution::Flow Execution::rangeOverInteger(const parse::BranchNode &node, const Held &value, bool &hasRun)
{
    const Type &type = value.value.type();
    if (node.pipe->declarations.size() > 1) {
        fail("can't use " + plainText(value.value) + " to iterate over more than one variable");
        return Flow::Error;
    }
    const std::uint64_t count = type.isInteger() && value.value.integer() < 0 ? 0 : value.value.unsignedInteger();
    for (std::uint64_t i = 0; i < count; ++i) {
        hasRun = true;
        const Flow flow = iterate(node, {}, {TemplateValue::unsignedOf(type, i), false});
        if (flow != Flow::Next)
            return flow;
    }
    return Flow::Next;
}

Execution::Flow Execution::rangeOverList(const parse::BranchNode &node, const Held &value, bool &hasRun)
{
    const bool isInterface = value.value.type().element->kind == Kind::Interface;
    const bool needsIndex = node.pipe->declarations.size() > 1;
    for (std::size_t i = 0; i < value.value.size(); ++i) {
        hasRun = true;
        Held index;
        if (needsIndex)
            index.value = TemplateValue::integer(static_cast<std::int64_t>(i));
        const Flow flow = iterate(node, std::move(index), {value.value.item(i), isInterface});
        if (flow != Flow::Next)
            return flow;
    }
    return Flow::Next;
}

Execution::Flow Execution::rangeOverMap(const parse::BranchNode &node, const Held &value, bool &hasRun)
{
    const bool isInterface = value.value.type().element->kind == Kind::Interface;
    // The body may change the map; Go goes over what was there before.
    for (MapEntry &entry : value.value.snapshot()) {
        hasRun = true;
        const Flow flow = iterate(node, {std::move(entry.key), false}, {std::move(entry.value), isInterface});
        if (flow != Flow::Next)
            return flow;
    }
    return Flow::Next;
}

Execution::Flow Execution::iterate(const parse::BranchNode &node, Held index, Held element)
{
    const std::size_t mark = m_variables.size();
    if (!takeStep())
        return Flow::Error;
    if (!node.pipe->declarations.empty() && !setRangeVariables(*node.pipe, std::move(index), element))
        return Flow::Error;
    const Flow flow = walkList(element, *node.list);
    m_variables.resize(mark);
    return flow == Flow::Continue ? Flow::Next : flow;
}

bool Execution::setRangeVariables(const parse::PipeNode &pipe, Held index, const Held &element)
{
    const auto &declared = pipe.declarations;
    const bool hasIndex = declared.size() > 1;
    if (!pipe.isAssign) {
        m_variables.back().held = element;
        if (hasIndex)
            m_variables[m_variables.size() - 2].held = std::move(index);
        return true;
    }
    for (std::size_t i = 0; i < declared.size(); ++i) {
        Held *held = variable(declared[i]->number);
        if (!held)
            return fail("undefined variable: " + std::string(declared[i]->variable));
        *held = hasIndex && i == 0 ? index : element;
    }
    return true;
}

Execution::Flow Execution::walkTemplate(const Held &dot, const parse::TemplateNode &node)
{
    const parse::Tree *tree = m_set->find(node.name);
    if (!tree) {
        fail("template " + goQuoted(node.name) + " not defined");
        return Flow::Error;
    }
    // Before anything else in the called template can meet the limit.
    if (isStackUsedUp(m_budget.stackBytes / 16)) {
        fail("exceeded maximum template depth (100000)", ErrorCode::LimitExceeded);
        return Flow::Error;
    }
    Held data;
    if (!pipeline(dot, node.pipe, data))
        return Flow::Error;
    const FrameGuard guard(*this);
    m_frame.tree = tree;
    m_frame.node = tree->root;
    m_frame.base = m_variables.size();
    m_variables.push_back({0, data});
    return walkList(data, *tree->root) == Flow::Error ? Flow::Error : Flow::Next;
}

bool Execution::print(const parse::Node &node, const TemplateValue &value)
{
    at(node);
    if (value.is(types::kString))
        return write(value.text());
    if (value.isNil())
        return write("<no value>");
    if (value.kind() == Kind::Func)
        return fail("can't print " + parse::textOf(node) + " of type " + std::string(value.typeName()));
    // Printed itself, a struct that a pointer leads to has the methods of the pointer; as an argument it has not.
    const TypeMethods *own = value.kind() == Kind::Struct ? value.type().methods : nullptr;
    if (const FunctionPtr string = own ? own->method(value, "String") : nullptr) {
        const CallResult printed = string->call({}, *this);
        if (printed)
            return write(printed->text());
    }
    const std::size_t limit = std::min<std::uint64_t>(kMaxPrintedBytes, m_budget.outputBytes);
    std::string text;
    Printer(text, limit).operand(value, 'v');
    if (text.size() > limit)
        return exceeded("output");
    // Printing looks behind pointers that have no text of their own.
    const TypeMethods *methods = value.type().methods;
    const bool hasText = methods && (methods->isError() || methods->isStringer());
    const bool isBehindPointer = value.kind() == Kind::Pointer && !hasText && text.starts_with('&');
    return write(isBehindPointer ? std::string_view(text).substr(1) : std::string_view(text));
}

TemplateExpected<std::string> executed(const TemplateSet &set, const parse::Tree &tree, const TemplateValue &data,
                                       Budget &budget, std::string_view rootName)
{
    return Execution(set, budget, rootName).run(tree, data);
}

} // namespace tiphys::text::detail
