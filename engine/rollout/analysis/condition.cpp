// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis/condition.h"

#include "rollout/analysis/expression.h"
#include "rollout/analysis/expression_evaluator.h"
#include "rollout/analysis/expression_types.h"

namespace tiphys::rollout {

using expression::TypeKind;
using object::Value;

namespace {

constexpr int kMostDepth = 1000;

expression::StaticType typeOf(const MetricAnswer &answer)
{
    const Value &value = answer.value;
    if (value.isNull())
        return {TypeKind::Nil, TypeKind::Any};
    if (value.isBool())
        return {TypeKind::Bool, TypeKind::Any};
    if (value.isString())
        return {TypeKind::String, TypeKind::Any};
    if (value.isInteger())
        return {TypeKind::Integer, TypeKind::Any};
    if (value.isNumber())
        return {TypeKind::Float, TypeKind::Any};
    if (value.isMap())
        return {TypeKind::Map, TypeKind::Any};
    return {TypeKind::List, answer.isFloatList ? TypeKind::Float : TypeKind::Any};
}

Expected<expression::Operand> outcomeOf(std::string_view text, const expression::Environment &environment,
                                        const expression::Meaning &meaning)
{
    const Expected<expression::NodePtr> tree = expression::parse(text);
    if (!tree)
        return std::unexpected(tree.error());
    const Expected<void> checked = expression::check(**tree, environment);
    if (!checked)
        return std::unexpected(checked.error());
    return expression::evaluate(**tree, meaning);
}

Value floats(const Value &value, int depth)
{
    if (value.isInteger())
        return Value(value.asNumber().value_or(0));
    if (depth > kMostDepth)
        return value;
    if (value.isList()) {
        std::vector<Value> items;
        for (const Value &item : value.items())
            items.push_back(floats(item, depth + 1));
        return Value::list(items);
    }
    if (value.isMap()) {
        std::vector<std::pair<std::string, Value>> members;
        for (const auto &[key, member] : value.entries())
            members.emplace_back(std::string(key), floats(member, depth + 1));
        return Value::map(members);
    }
    return value;
}

} // namespace

Expected<bool> holds(std::string_view condition, const MetricAnswer &answer, Moment now)
{
    const Expected<expression::Operand> outcome =
        outcomeOf(condition, {.result = typeOf(answer), .hasConversions = true}, {.result = answer.value, .now = now});
    if (!outcome)
        return std::unexpected(outcome.error());
    const auto flag = outcome->isPlain() ? outcome->value.asBool() : std::nullopt;
    if (!flag)
        return failure(ErrorCode::InvalidInput, "expected bool, but got " + outcome->typeName());
    return *flag;
}

Expected<AnalysisPhase> assess(const MetricAnswer &answer, const Metric &metric, Moment now)
{
    const bool hasSuccess = !metric.successCondition.empty();
    const bool hasFailure = !metric.failureCondition.empty();
    bool succeeds = false, fails = false;
    if (hasSuccess) {
        const Expected<bool> held = holds(metric.successCondition, answer, now);
        if (!held)
            return std::unexpected(held.error());
        succeeds = *held;
    }
    if (hasFailure) {
        const Expected<bool> held = holds(metric.failureCondition, answer, now);
        if (!held)
            return std::unexpected(held.error());
        fails = *held;
    }
    if (!hasSuccess && !hasFailure)
        return AnalysisPhase::Successful;
    if (!hasFailure)
        fails = !succeeds;
    if (!hasSuccess)
        succeeds = !fails;
    if (fails)
        return AnalysisPhase::Failed;
    return succeeds ? AnalysisPhase::Successful : AnalysisPhase::Inconclusive;
}

Expected<std::int64_t> timeOf(std::string_view text, Moment now)
{
    const Expected<expression::Operand> outcome =
        outcomeOf(text, {.result = std::nullopt, .hasConversions = false}, {.result = {}, .now = now});
    if (!outcome)
        return std::unexpected(outcome.error());
    if (outcome->kind != expression::Operand::Kind::Time)
        return failure(ErrorCode::InvalidInput, "expected time.Time, but got " + outcome->typeName());
    return outcome->nanoseconds;
}

Value withFloats(const Value &value)
{
    return floats(value, 0);
}

} // namespace tiphys::rollout
