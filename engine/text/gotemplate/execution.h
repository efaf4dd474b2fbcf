// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"
#include "text/gotemplate/node.h"
#include "text/gotemplate/template_set.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::text::detail {

/// A value and how it is held: in an interface (an element of a map[string]any, say) or as it is. Only an interface
/// can be nil and still tell its type in messages.
struct Held
{
    TemplateValue value;
    bool isInterface = false;

    /// Go's invalid reflect.Value: no value at all.
    bool isInvalid() const { return !isInterface && value.isNil(); }
    std::string_view typeName() const { return isInterface ? types::kAny.name : value.typeName(); }
};

/// Executes one template and those it calls.
///
/// Functions give false after an error, which is in m_error; the node of the last step is where it happened.
/// Source: golang src/text/template/exec.go@go1.26
class Execution final : public CallContext
{
public:
    Execution(const TemplateSet &set, Budget &budget, std::string_view rootName);

    TemplateExpected<std::string> run(const parse::Tree &tree, const TemplateValue &data);

    Budget &budget() override { return m_budget; }
    const TemplateSet &templates() const override { return *m_set; }
    CallResult execute(std::string_view name, const TemplateValue &data) override;
    CallResult execute(const TemplateSet &set, std::string_view name, const TemplateValue &data) override;

private:
    enum class Flow { Next, Break, Continue, Error };

    struct Variable
    {
        int number;
        Held held;
    };
    /// The words of a command or nothing: the first is the callee.
    struct Call
    {
        const parse::Nodes *words = nullptr;
        const Held *final = nullptr; ///< value of the stage before; nullptr if there is none

        bool hasArguments() const { return final || (words && words->size() > 1); }
    };
    struct Callee
    {
        const Function *function;
        std::string_view name;
        const parse::Node *node; ///< where errors of the function itself are reported
        bool isBuiltin;
    };
    /// What belongs to one template call and comes back after it.
    struct Frame
    {
        const TemplateSet *set;
        const parse::Tree *tree;
        const parse::Node *node;
        std::size_t base; ///< of its variables
    };
    class FrameGuard;
    class Values;

    // Nodes that write (execution.cpp).
    Flow walkList(const Held &dot, const parse::ListNode &list);
    Flow walk(const Held &dot, const parse::Node &node);
    Flow walkAction(const Held &dot, const parse::ActionNode &node);
    Flow walkBranch(const Held &dot, const parse::BranchNode &node);
    Flow walkRange(const Held &dot, const parse::BranchNode &node);
    Flow rangeOverInteger(const parse::BranchNode &node, const Held &value, bool &hasRun);
    Flow rangeOverList(const parse::BranchNode &node, const Held &value, bool &hasRun);
    Flow rangeOverMap(const parse::BranchNode &node, const Held &value, bool &hasRun);
    Flow iterate(const parse::BranchNode &node, Held index, Held element);
    bool setRangeVariables(const parse::PipeNode &pipe, Held index, const Held &element);
    Flow walkTemplate(const Held &dot, const parse::TemplateNode &node);
    bool print(const parse::Node &node, const TemplateValue &value);
    bool write(std::string_view text);
    bool takeStep();

    // Nodes that give values (evaluation.cpp).
    bool pipeline(const Held &dot, const parse::PipeNode *pipe, Held &result);
    bool command(const Held &dot, const parse::CommandNode &node, const Held *final, Held &result);
    bool literal(const parse::Node &node, Held &result);
    bool constant(const parse::NumberNode &node, Held &result);
    bool fieldNode(const Held &dot, const parse::FieldNode &node, Call call, Held &result);
    bool chainNode(const Held &dot, const parse::ChainNode &node, Call call, Held &result);
    bool variableNode(const Held &dot, const parse::VariableNode &node, Call call, Held &result);
    bool fieldChain(const Held &dot, const Held &receiver, const parse::Node &node, const parse::FieldNames &names,
                    Call call, Held &result);
    bool field(const Held &dot, std::string_view name, const parse::Node &node, Call call, Held &held);
    bool objectField(const Held &held, std::string_view name, Call call, std::string_view typeName, Held &result);
    bool mapMember(const Held &held, std::string_view name, Call call, Held &result);
    bool notAFunction(Call call);
    Held *variable(int number);

    // Calls (call.cpp).
    bool function(const Held &dot, const parse::IdentifierNode &node, const parse::Node &place, Call call,
                  Held &result);
    bool call(const Held &dot, const Callee &callee, Call call, Held &result);
    bool checkCount(const Callee &callee, std::size_t written, bool hasFinal);
    bool andOr(const Held &dot, const Callee &callee, Call call, Held &result);
    bool callValue(const Held &dot, const Callee &callee, Call call, Held &result);
    bool argument(const Held &dot, const Type &type, const parse::Node &node, Held &result);
    bool literalArgument(const Type &type, const parse::Node &node, Held &result);
    bool numberArgument(const Type &type, const parse::Node &node, Held &result);
    bool chainStart(const Held &dot, const parse::Node &node, Held &result);
    bool fits(Held &held, const Type &type);
    bool finishCall(const Callee &callee, CallResult outcome, Held &result);

    void at(const parse::Node &node) { m_frame.node = &node; }
    bool fail(std::string message, ErrorCode code = ErrorCode::InvalidInput);
    bool failWith(std::string_view prefix, TemplateError cause);
    bool exceeded(std::string_view what);
    bool isStackUsedUp(std::size_t reserve = 0) const;
    /// What \p tree writes goes behind m_out.
    bool nested(const TemplateSet &set, const parse::Tree &tree, const TemplateValue &data);
    std::unexpected<TemplateError> takenError();

    Budget &m_budget;
    const TemplateSet *m_set;
    std::string m_rootName;
    Frame m_frame{};
    std::string m_out; ///< of the template and, behind it, of those that it includes now
    std::vector<Variable> m_variables;
    std::optional<TemplateError> m_error;
    std::uintptr_t m_stackStart = 0;
};

/// Executes \p tree of \p set; the text, or Go's error.
TemplateExpected<std::string> executed(const TemplateSet &set, const parse::Tree &tree, const TemplateValue &data,
                                       Budget &budget, std::string_view rootName);

} // namespace tiphys::text::detail
